/** What a text is known by. */
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';

/** SHA-256 of a text that comes in parts: of its UTF-8 bytes without a byte order mark. */
export class TextHash {
  readonly #hash = sha256.create();
  #isBegun = false;

  /** @param part cuts no character. @returns its bytes, with the mark where it has one. */
  add(part: string): Uint8Array {
    const bytes = utf8ToBytes(part);
    this.#hash.update(!this.#isBegun && part.startsWith('\uFEFF') ? bytes.subarray(3) : bytes);
    this.#isBegun ||= part !== '';
    return bytes;
  }

  /** In hex. */
  get value(): string {
    return bytesToHex(this.#hash.clone().digest());
  }
}

/** Characters at a time, so that of a long text no second copy is made. */
const SLICE = 2 ** 20;

export function hashText(text: string): string {
  const hash = new TextHash();
  for (let from = 0, to; from < text.length; from = to) {
    to = Math.min(text.length, from + SLICE);
    // Both halves of a surrogate pair belong to one character.
    if (to < text.length && (text.charCodeAt(to) & 0xfc00) === 0xdc00) to--;
    hash.add(text.slice(from, to));
  }
  return hash.value;
}
