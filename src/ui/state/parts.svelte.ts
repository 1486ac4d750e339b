/** Parts of the page that are loaded when they are asked for, and what is said where one is gone. */
import { MissingPart } from '../../model/missing-part.ts';

class Parts {
  /** Whether one could not be loaded; the page then offers to be loaded again. */
  areMissing = $state(false);
  /** Of what is loaded ahead, whether all is here by now; null until that is known. */
  areAllHere = $state<boolean | null>(null);

  /** @throws MissingPart where the part cannot be loaded. */
  load<T>(part: () => Promise<T>): Promise<T> {
    return this.heed(
      part().catch(() => {
        throw new MissingPart();
      }),
    );
  }

  /** What a worker answers, or its failure: a worker that cannot be loaded is said here too. */
  async heed<T>(answer: Promise<T>): Promise<T> {
    try {
      return await answer;
    } catch (error) {
      if (error instanceof MissingPart) this.areMissing = true;
      throw error;
    }
  }
}

export const parts = new Parts();
