/** What a text is known by. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** Characters at a time: milliseconds, and no second copy of a long text. */
const SLICE = 2 ** 18;

/** SHA-256, in hex, of the text's UTF-8 bytes without a byte order mark. */
export function hashText(text: string): string {
  const steps = hashing(text);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same in steps of milliseconds, each of which tells the share that is done. */
export function* hashing(text: string): Generator<number, string, undefined> {
  const hash = sha256.create();
  let from = text.startsWith('\uFEFF') ? 1 : 0;
  while (from < text.length) {
    let to = Math.min(text.length, from + SLICE);
    // Both halves of a surrogate pair belong to one character.
    if (to < text.length && (text.charCodeAt(to) & 0xfc00) === 0xdc00) to--;
    hash.update(utf8ToBytes(text.slice(from, to)));
    from = to;
    yield from / text.length;
  }
  return bytesToHex(hash.digest());
}
