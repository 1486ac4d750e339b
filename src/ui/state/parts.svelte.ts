/** Parts of the page that are loaded when they are asked for. After a new deployment those of an open page may be gone. */
import { InputError } from '../../model/parse.ts';

class Parts {
  /** Whether one could not be loaded; the page then offers to be loaded again. */
  areMissing = $state(false);

  /** @throws InputError in one sentence where the part cannot be loaded. */
  async load<T>(part: () => Promise<T>): Promise<T> {
    try {
      return await part();
    } catch {
      this.areMissing = true;
      throw new InputError('page', 'A part of the page could not be loaded; load the page again.');
    }
  }
}

export const parts = new Parts();
