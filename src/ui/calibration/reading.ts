/** What the calibration study found, in three sentences. */
import type { CalibrationMethod, CalibrationSource } from './figures.ts';

const WHAT = {
  simulated: 'simulated ladders',
  trained: 'ladders trained by this engine',
  careful: 'ladders trained by this engine with three seeds at a good learning rate',
};

export function readingOf({ id, ladders, targets, methods }: CalibrationSource): string {
  const [ours, ...others] = methods;
  const rivals = others.filter(({ coverage }) => coverage !== null).map((one) => `${one.name} ${heldWords(one, '80')}`);
  const counted = `Of ${targets} predictions on ${ladders} ${WHAT[id]}, the 80 % intervals held ${heldWords(ours!, '80')} and the 95 % ones ${heldWords(ours!, '95')}.`;
  const error = `Half of them missed by less than ${(100 * ours!.medianError).toFixed(2)} % of the loss.`;
  return `${counted} ${error} Promising the same 80 %, the others held: ${rivals.join('; ')}.`;
}

const heldWords = ({ coverage }: CalibrationMethod, level: '80' | '95') =>
  `${(100 * coverage![level].share).toFixed(0)} %`;
