/** Parts of the page that are loaded when they are asked for, and what is said where one is gone. */
import { isMissingPart, loadPart } from '../../model/missing-part.ts';

class Parts {
  /** Whether one could not be loaded; the page then offers to be loaded again. */
  areMissing = $state(false);

  /** @throws InputError in one sentence where the part cannot be loaded. */
  load<T>(part: () => Promise<T>): Promise<T> {
    return this.heed(loadPart(part));
  }

  /** What a worker answers, or its failure: a part that the worker lacks is said here too. */
  async heed<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (isMissingPart(error)) this.areMissing = true;
      throw error;
    }
  }
}

export const parts = new Parts();
