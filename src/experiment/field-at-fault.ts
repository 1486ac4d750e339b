/** Engines and corpora name the field of what they were given; here it becomes the path in the experiment. */
import { InputError } from '../model/parse.ts';

/**
 * Waits for `work`; an InputError's field is put behind `recipe` (`recipes[0].batch`), and "width" becomes `width`.
 * The message stays as it is.
 */
export async function locate<T>(recipe: string, width: string | null, work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const field = error.field === 'width' && width ? width : `${recipe}.${error.field}`;
    throw new InputError(field, error.message);
  }
}
