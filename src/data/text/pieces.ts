/**
 * Text in pieces that no token of byte-pair encoding reaches across: those of GPT-2's pattern
 * `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`, read off the bytes themselves. That is faster than the
 * pattern, and goes on where bytes are no text.
 */
import { characterLength, codePointAt } from './utf8.ts';

/** A longer piece is cut: what one costs stays bounded also in a text without blanks. */
export const LONGEST_PIECE = 4096;

const UNKNOWN = 0;
const SPACE = 1;
const LETTER = 2;
const DIGIT = 3;
const OTHER = 4;

/** Where the piece ends that begins there. */
export function pieceEnd(bytes: Uint8Array, from: number): number {
  const limit = Math.min(bytes.length, from + LONGEST_PIECE);
  if (bytes[from] === 0x27) {
    const end = contractionEnd(bytes, from);
    if (end > from) return end;
  }
  let at = from;
  if (bytes[at] === 0x20 && at + 1 < limit && kindAt(bytes, at + 1) !== SPACE) at++;
  const kind = kindAt(bytes, at);
  let last = at;
  while (at < limit && kindAt(bytes, at) === kind) {
    last = at;
    at += lengthAt(bytes, at);
  }
  // A blank before a word belongs to the word, any other one before it stands alone.
  const isBeforeWord = kind === SPACE && at < limit && last > from;
  return isBeforeWord ? last : at;
}

const [APOSTROPHE_ONE, APOSTROPHE_TWO] = [new Set('stmd'), new Set(['re', 've', 'll'])];

function contractionEnd(bytes: Uint8Array, from: number): number {
  const one = String.fromCharCode(bytes[from + 1] ?? 0);
  if (APOSTROPHE_ONE.has(one)) return from + 2;
  return APOSTROPHE_TWO.has(one + String.fromCharCode(bytes[from + 2] ?? 0)) ? from + 3 : from;
}

const lengthAt = (bytes: Uint8Array, at: number): number => (bytes[at] < 0x80 ? 1 : characterLength(bytes, at));

/** Of each code point, once it was asked for. */
let kinds: Uint8Array | null = null;

function kindAt(bytes: Uint8Array, at: number): number {
  kinds ??= new Uint8Array(0x110000);
  const length = lengthAt(bytes, at);
  if (length === 1 && bytes[at] >= 0x80) return OTHER;
  const point = length === 1 ? bytes[at] : codePointAt(bytes, at, length);
  if (kinds[point] === UNKNOWN) kinds[point] = kindOf(String.fromCodePoint(point));
  return kinds[point];
}

function kindOf(character: string): number {
  // JavaScript's own \s has one character more and one less than Unicode's.
  if (/\p{White_Space}/u.test(character)) return SPACE;
  if (/\p{L}/u.test(character)) return LETTER;
  return /\p{N}/u.test(character) ? DIGIT : OTHER;
}

/** The different pieces of some bytes, and how often each occurs. */
export class DistinctPieces {
  readonly starts: number[] = [];
  readonly ends: number[] = [];
  readonly counts: number[] = [];
  /** Bytes of all of them. */
  size = 0;
  /** A table with open addressing: one more than the number of a piece, or 0. */
  #slots = new Int32Array(1 << 12);

  constructor(private readonly bytes: Uint8Array) {}

  /** @returns the number of the piece; -1 where it is new and there is no more room for it. */
  add(start: number, end: number, room = Infinity): number {
    let slot = this.#slotOf(start, end);
    if (this.#slots[slot] > 0) {
      const piece = this.#slots[slot] - 1;
      this.counts[piece]++;
      return piece;
    }
    if (this.size + end - start > room) return -1;
    if (2 * this.starts.length >= this.#slots.length) {
      this.#grow();
      slot = this.#slotOf(start, end);
    }
    this.size += end - start;
    this.starts.push(start);
    this.ends.push(end);
    this.counts.push(1);
    return (this.#slots[slot] = this.starts.length) - 1;
  }

  /** Where the piece stands, or would. */
  #slotOf(start: number, end: number): number {
    const mask = this.#slots.length - 1;
    let slot = hashOf(this.bytes, start, end) & mask;
    while (this.#slots[slot] > 0 && !this.#isAt(this.#slots[slot] - 1, start, end)) slot = (slot + 1) & mask;
    return slot;
  }

  #isAt(piece: number, start: number, end: number): boolean {
    const first = this.starts[piece];
    const length = end - start;
    if (this.ends[piece] - first !== length) return false;
    for (let i = 0; i < length; i++) if (this.bytes[first + i] !== this.bytes[start + i]) return false;
    return true;
  }

  #grow(): void {
    this.#slots = new Int32Array(4 * this.#slots.length);
    this.starts.forEach((start, piece) => (this.#slots[this.#slotOf(start, this.ends[piece])] = piece + 1));
  }
}

/** FNV-1a, with its upper half folded in: a table looks at the lower bits alone. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5;
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i], 0x01000193);
  return hash ^ (hash >>> 15);
}
