/** The book that comes with the playground: a file beside the page, loaded once it is trained on. */
import { InputError } from '../model/parse.ts';

/** @throws InputError where it cannot be had. */
export async function loadBook(): Promise<string> {
  const path = import.meta.env.DEV ? '/corpora/moby-dick.txt' : '../corpora/moby-dick.txt';
  const answer = await fetch(new URL(path, self.location.href)).catch(() => null);
  if (!answer?.ok) {
    throw new InputError(
      'corpus.kind',
      'corpus.kind: the book could not be loaded; try again once the server answers, or choose another corpus.',
    );
  }
  return answer.text();
}
