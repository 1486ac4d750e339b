/** What the calibration study found, in two sentences. */
import type { CalibrationMethod, CalibrationSource } from './figures.ts';

const WHAT = { simulated: 'simulated ladders', trained: 'ladders trained by this engine' };

export function readingOf({ id, ladders, targets, methods }: CalibrationSource): string {
  const [ours, ...others] = methods;
  const rivals = others.filter(({ coverage }) => coverage !== null).map((one) => `${one.name} ${heldWords(one, '80')}`);
  const counted = `Of ${targets} sealed predictions on ${ladders} ${WHAT[id]}, the 80 % intervals held ${heldWords(ours!, '80')} and the 95 % ones ${heldWords(ours!, '95')}.`;
  return `${counted} Promising the same 80 %, the others held: ${rivals.join('; ')}.`;
}

const heldWords = ({ coverage }: CalibrationMethod, level: '80' | '95') =>
  `${(100 * coverage![level].share).toFixed(0)} %`;
