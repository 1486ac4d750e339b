/** Several files as one text: in the order of their names, with one blank line between. */
import { InputError } from '../../model/parse.ts';
import { MOST_BYTES, type DecodedText } from './decode.ts';
import { nameOf, type Encoding } from './encodings.ts';

const FIELD = 'corpus.file';
/** A folder with more is none of texts. */
export const MOST_FILES = 10_000;

/** @param path with that of its folder, where it has one. */
export interface NamedFile {
  path: string;
  /** Bytes. */
  size: number;
}

type Why = 'hidden' | 'too large' | 'empty' | 'no text';

export interface JoinedText {
  /** Says how many files it is of. */
  name: string;
  text: string;
  /** Those that the text is put together of. */
  parts: readonly string[];
  /** What was guessed, and what was left out, in sentences. */
  notes: string[];
  /** The encoding of the first file of which it was guessed. */
  guessed: Encoding | null;
}

/** Numbers by their value: chapter 2 comes before chapter 10. */
const { compare } = new Intl.Collator('en', { numeric: true });

/** What is joined of one or several files, before one is read. */
export class FilesToJoin<File extends NamedFile> {
  readonly taken: File[] = [];
  readonly #skipped: { path: string; why: Why }[] = [];
  readonly #read: { path: string; decoded: DecodedText }[] = [];

  /** @throws InputError where there are too many, or none can be taken. */
  constructor(given: readonly File[]) {
    if (given.length > MOST_FILES) {
      throw refused(
        `${given.length.toLocaleString('en')} files are more than the ${MOST_FILES.toLocaleString('en')} that are read; choose fewer`,
      );
    }
    const inOrder = [...given].sort((a, b) => compare(a.path, b.path) || (a.path < b.path ? -1 : 1));
    let bytes = 0;
    for (const file of inOrder) {
      const { path, size } = file;
      if (inOrder.length > 1 && /(^|\/)\./.test(path)) this.#skip(path, 'hidden');
      else if (inOrder.length > 1 && bytes + size > MOST_BYTES) this.#skip(path, 'too large');
      else {
        this.taken.push(file);
        bytes += size;
      }
    }
    if (this.taken.length === 0) throw this.#nothing();
  }

  add({ path }: File, decoded: DecodedText): void {
    this.#read.push({ path, decoded });
  }

  /** A file that cannot be read as text. @throws the reason, where it is the only one. */
  refuse({ path, size }: File, why: InputError): void {
    if (this.taken.length === 1 && this.#skipped.length === 0) throw why;
    this.#skip(path, size === 0 ? 'empty' : 'no text');
  }

  /** @throws InputError where nothing is left. */
  joined(): JoinedText {
    const read = this.#read;
    if (read.length === 0) throw this.#nothing();
    const guesses = read.flatMap(({ path, decoded: { guess } }) => (guess ? [{ path, guess }] : []));
    const told = read.length === 1 ? guesses.map(({ guess }) => sentence(guess)) : guessesOf(read);
    const parts =
      read.length === 1
        ? read[0].decoded.parts
        : read.flatMap(({ decoded }, i) => [...(i === 0 ? [] : ['\n\n']), ...withoutLastLines(decoded.parts)]);
    return {
      name: nameOfAll(read.map(({ path }) => path)),
      // Engines put that together once its characters are asked for, which here nobody does.
      text: parts.reduce((text, part) => text + part, ''),
      parts,
      notes: [...told, ...this.#leftOut()],
      guessed: read.find(({ decoded }) => decoded.guess !== null)?.decoded.encoding ?? null,
    };
  }

  #skip(path: string, why: Why): void {
    this.#skipped.push({ path, why });
  }

  #leftOut(): string[] {
    const skipped = this.#skipped;
    if (skipped.length === 0) return [];
    const kinds = [...new Set(skipped.map(({ why }) => why))].map((kind) => {
      const paths = skipped.filter(({ why }) => why === kind).map(({ path }) => path);
      return `${paths.length} ${kind} (${some(paths)})`;
    });
    return [`Left out: ${kinds.join(', ')}.`];
  }

  #nothing(): InputError {
    return refused(`of ${count(this.#skipped.length)} none can be used. ${this.#leftOut().join(' ')}`.trim());
  }
}

const refused = (why: string) => new InputError(FIELD, `${FIELD}: ${why}${/[.]$/.test(why) ? '' : '.'}`);

const count = (files: number) => (files === 1 ? '1 file' : `${files.toLocaleString('en')} files`);

const sentence = (words: string) => `${words[0]!.toUpperCase()}${words.slice(1)}.`;

const some = (paths: readonly string[]) =>
  paths.length <= 3 ? paths.join(', ') : `${paths.slice(0, 2).join(', ')} and ${paths.length - 2} others`;

/** By encoding, so that a thousand files make no thousand sentences. */
function guessesOf(read: readonly { path: string; decoded: DecodedText }[]): string[] {
  const guesses = read.filter(({ decoded }) => decoded.guess);
  const encodings = [...new Set(guesses.map(({ decoded }) => decoded.encoding))];
  return encodings.map((encoding) => {
    const paths = guesses.filter(({ decoded }) => decoded.encoding === encoding).map(({ path }) => path);
    return `Read as ${nameOf(encoding)} by a guess: ${some(paths)}.`;
  });
}

/** A folder is known by its name, files by the first and the last. */
function nameOfAll(paths: readonly string[]): string {
  const lastOf = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  const [first, last] = [paths[0]!, paths.at(-1)!];
  if (paths.length === 1) return lastOf(first);
  const [folder, ...rest] = first.split('/');
  const isOneFolder = rest.length > 0 && paths.every((path) => path.startsWith(`${folder}/`));
  return isOneFolder
    ? `${short(folder!)}, ${count(paths.length)}`
    : `${count(paths.length)}, ${short(lastOf(first))} to ${short(lastOf(last))}`;
}

const short = (name: string) => (name.length > 100 ? `${name.slice(0, 99)}…` : name);

function withoutLastLines(parts: readonly string[]): string[] {
  const left = [...parts];
  while (left.length > 0) {
    const last = left.pop()!;
    let end = last.length;
    while (end > 0 && (last[end - 1] === '\n' || last[end - 1] === '\r')) end--;
    if (end > 0) return [...left, last.slice(0, end)];
  }
  return [];
}
