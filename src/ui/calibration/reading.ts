/** What the calibration study found, in words. */
import type { CalibrationMethod, CalibrationSource } from './figures.ts';

const WHAT = {
  simulated: 'simulated ladders',
  trained: 'ladders trained by this engine',
  careful: 'ladders trained by this engine with three seeds at a good learning rate',
};

/** How often the playground's own intervals held, in one sentence. */
export function findingOf({ id, ladders, targets, methods: [ours] }: CalibrationSource): string {
  const wide = ours!.width === null ? '' : `, in the median ${percent(ours!.width)} of the loss wide,`;
  return `Of ${targets} predictions on ${ladders} ${WHAT[id]}, the 80 % intervals${wide} held ${heldWords(ours!, '80')} and the 95 % ones ${heldWords(ours!, '95')}.`;
}

/** The finding, how far the predictions missed, and what other methods' intervals were worth. */
export function readingOf(source: CalibrationSource): string {
  const [ours, ...others] = source.methods;
  const rivals = others
    .filter(({ coverage }) => coverage !== null)
    .map((one) => `${one.name} ${heldWords(one, '80')}${one.width === null ? '' : ` (${percent(one.width)} wide)`}`);
  const error = `Half of the predictions missed by less than ${percent(ours!.medianError)} of the loss.`;
  return `${findingOf(source)} ${error} Promising the same 80 %, the others held: ${rivals.join('; ')}.`;
}

const percent = (share: number) => `${(100 * share).toFixed(2)} %`;

const heldWords = ({ coverage }: CalibrationMethod, level: '80' | '95') =>
  `${(100 * coverage![level].share).toFixed(0)} %`;
