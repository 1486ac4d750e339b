/** The text of a file. */
import { InputError } from '../../model/parse.ts';

const FIELD = 'corpus.file';
/** Of a file, in bytes: the trainer holds a text by its bytes, and its tokens beside them. */
const MOST_BYTES = 100e6;

/**
 * The text of a file's bytes, without its byte order mark.
 * @throws InputError when the bytes are empty, too many, binary, or no valid UTF-8.
 */
export function decodeUtf8(bytes: Uint8Array, file: string): string {
  if (bytes.length === 0) throw new InputError(FIELD, `${FIELD}: "${file}" is empty; choose a file of UTF-8 text.`);
  if (bytes.length > MOST_BYTES) {
    throw new InputError(FIELD, `${FIELD}: "${file}" has more than 100 MB; choose a smaller file, or cut it.`);
  }
  if (bytes.includes(0)) {
    throw new InputError(
      FIELD,
      `${FIELD}: "${file}" is a binary file (it holds zero bytes); choose a file of UTF-8 text.`,
    );
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(FIELD, `${FIELD}: "${file}" is not valid UTF-8; save it as UTF-8 text and choose it again.`);
  }
  if (text.length === 0) throw new InputError(FIELD, `${FIELD}: "${file}" is empty; choose a file of UTF-8 text.`);
  return text;
}
