/** A part that is loaded when it is asked for, of the page or of a worker: after a new deployment those of an open page may be gone. */
import { InputError } from './parse.ts';

const FIELD = 'page';

/** Told across workers by its field, as what a page can mend by being loaded again. */
export const isMissingPart = (error: unknown): boolean => error instanceof InputError && error.field === FIELD;

/** @throws InputError in one sentence where the part cannot be loaded. */
export async function loadPart<T>(part: () => Promise<T>): Promise<T> {
  try {
    return await part();
  } catch {
    throw new InputError(FIELD, 'A part of the page could not be loaded; load the page again.');
  }
}
