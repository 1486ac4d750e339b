/** The text of a file, whatever its encoding, with what was guessed of it. */
import { InputError } from '../../model/parse.ts';
import { guessed, nameOf, unmarkedUtf16, type Encoding } from './encodings.ts';
import { knownFile } from './known-files.ts';

const FIELD = 'corpus.file';

/**
 * Bytes of a text. A string of as many characters is less than half of what any engine holds (2^29 in V8), and the trainer holds
 * some bytes for each.
 */
export const MOST_BYTES = 200e6;

export interface DecodedText {
  /** In the order in which they make the text: a long one is put together only where it has to be. */
  parts: readonly string[];
  encoding: Encoding;
  /** How it was read and why, as the end of a sentence; null where there was nothing to guess. */
  guess: string | null;
}

/** Bytes that are decoded at a time: milliseconds. */
const SLICE = 2 ** 18;
/** Bytes that are looked at for a guess. */
const SAMPLE = 2 ** 18;

/**
 * The text of a file's bytes, without its byte order mark.
 * @param chosen the encoding that a person chose in place of a guess.
 * @throws InputError when the bytes are empty, too many, or no text.
 */
export function decodeText(bytes: Uint8Array, file: string, chosen?: Encoding): DecodedText {
  const steps = decoding(bytes, file, chosen);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same in steps of milliseconds, each of which tells the bytes that are done. */
export function* decoding(
  bytes: Uint8Array,
  file: string,
  chosen?: Encoding,
): Generator<number, DecodedText, undefined> {
  if (bytes.length === 0) throw empty(file);
  if (bytes.length > MOST_BYTES) throw tooLarge(file);
  const known = knownFile(bytes);
  if (known) throw refused(file, `is ${known}, no text; save what it holds as plain text`);
  if (isUtf32(bytes)) throw refused(file, 'is in UTF-32, which is not read; save it as UTF-8');
  const marked = markOf(bytes);
  if (marked) return { ...(yield* decodedAs(marked, bytes, file)), guess: null };
  const head = bytes.subarray(0, SAMPLE);
  const utf16 = bytes.length % 2 === 0 && head.includes(0) ? unmarkedUtf16(head) : null;
  if (utf16) {
    if (chosen) return { ...(yield* decodedAs(chosen, bytes, file)), guess: null };
    const read = yield* decodedAs(utf16, bytes, file);
    return {
      ...read,
      guess: `read as ${nameOf(utf16)}, for its zero bytes stand where spaces and Latin letters have them there`,
    };
  }
  try {
    return { ...(yield* decodedAs('utf-8', bytes, file, { fatal: true })), guess: null };
  } catch (error) {
    if (error instanceof InputError) throw error;
  }
  if (controlsIn(head) > head.length * MOST_CONTROLS) {
    throw refused(file, 'is a binary file (it holds control characters); choose a file of text');
  }
  if (chosen) return { ...(yield* decodedAs(chosen, bytes, file)), guess: null };
  let first = 0;
  while (bytes[first] < 0x80) first++;
  const encoding = guessed(bytes.subarray(first, first + SAMPLE));
  const read = yield* decodedAs(encoding, bytes, file);
  return {
    ...read,
    guess:
      encoding === 'utf-8'
        ? `read as UTF-8 with ${replacedIn(read.parts)} in place of what is none`
        : `read as ${nameOf(encoding)}, for it is no valid UTF-8`,
  };
}

/** Of the UTF-8 bytes of what was pasted: it is text already, and nothing of it is guessed. */
export function* decodingPasted(bytes: Uint8Array, file: string): Generator<number, DecodedText, undefined> {
  if (bytes.length > MOST_BYTES) throw tooLarge(file);
  return { ...(yield* decodedAs('utf-8', bytes, file, { canHoldZeros: true })), guess: null };
}

/** @throws TypeError where it is `fatal` and the bytes are not what they must be. */
function* decodedAs(
  encoding: Encoding,
  bytes: Uint8Array,
  file: string,
  { fatal = false, canHoldZeros = encoding.startsWith('utf-16') } = {},
): Generator<number, Omit<DecodedText, 'guess'>, undefined> {
  const decoder = new TextDecoder(encoding, { fatal });
  const parts: string[] = [];
  for (let from = 0; from < bytes.length; from += SLICE) {
    const slice = bytes.subarray(from, from + SLICE);
    if (!canHoldZeros && slice.includes(0)) {
      throw refused(file, 'is a binary file (it holds zero bytes); choose a file of text');
    }
    // Node 20.18.3 to 24 reads Windows-1252 right in a stream only: https://github.com/nodejs/node/issues/56542.
    parts.push(decoder.decode(slice, { stream: true }));
    yield Math.min(from + SLICE, bytes.length);
  }
  parts.push(decoder.decode());
  if (parts.every((part) => part === '')) throw empty(file);
  return { parts, encoding };
}

/** By its mark. What it holds would pass for UTF-16 with a zero between its characters. */
const isUtf32 = ([a, b, c, d]: Uint8Array): boolean =>
  (a === 0xff && b === 0xfe && c === 0 && d === 0) || (a === 0 && b === 0 && c === 0xfe && d === 0xff);

function markOf([first, second]: Uint8Array): Encoding | null {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  return first === 0xfe && second === 0xff ? 'utf-16be' : null;
}

/** Share of a text's bytes: a few come with terminals and old printers. */
const MOST_CONTROLS = 0.005;

/** Those of which no text is made: not tabs, ends of lines and pages, nor the escape of colours. */
const isControl = (byte: number) => byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1a && byte !== 0x1b;

const controlsIn = (bytes: Uint8Array): number => bytes.reduce((sum, byte) => sum + (isControl(byte) ? 1 : 0), 0);

function replacedIn(parts: readonly string[]): string {
  let count = 0;
  for (const part of parts) for (let at = -1; (at = part.indexOf('\ufffd', at + 1)) >= 0;) count++;
  return count === 1 ? 'a mark (\ufffd)' : `${count.toLocaleString('en')} marks (\ufffd)`;
}

const refused = (file: string, why: string) => new InputError(FIELD, `${FIELD}: "${file}" ${why}.`);
const empty = (file: string) => refused(file, 'is empty; choose a file of text');

export const tooLarge = (file: string): InputError =>
  refused(file, `has more than ${MOST_BYTES / 1e6} MB; choose a smaller file, or cut it`);
