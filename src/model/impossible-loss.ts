import { EXTREME } from './parse.ts';

/** A loss that no model has: the mean of -log p lies above zero, and zero is what reads where nothing was computed. */
export const isImpossible = (loss: number): boolean => Number.isFinite(loss) && loss < 1 / EXTREME;

export class ImpossibleLoss extends Error {
  override readonly name = 'ImpossibleLoss';

  /** @param whose "The loss of … at step …". */
  constructor(whose: string, loss: number) {
    super(`${whose} came back as ${loss}: it was not computed, or the text leaves nothing to predict.`);
  }
}
