/** The first lines of the book's story, to show what a model would train on. */
const BEGINNING = 'Call me Ishmael.';
const CHARACTERS = 700;

/** Reads no farther than it must. @throws Error where the book cannot be had. */
export async function bookPassage(): Promise<string> {
  const answer = await fetch(`${import.meta.env.BASE_URL}corpora/moby-dick.txt`).catch(() => null);
  const reader = answer?.ok ? answer.body?.pipeThrough(new TextDecoderStream()).getReader() : undefined;
  for (let text = ''; reader;) {
    const { value, done } = await reader.read();
    text += value ?? '';
    const at = text.indexOf(BEGINNING);
    if (at >= 0 && text.length >= at + CHARACTERS) {
      void reader.cancel();
      return `${text.slice(at, at + CHARACTERS)}…`;
    }
    if (done) break;
  }
  throw new Error('The book could not be loaded; try again once the server answers.');
}
