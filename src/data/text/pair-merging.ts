/** Pieces as chains of tokens in which a pair of tokens becomes one: what training and encoding have in common. */
import type { DistinctPieces } from './pieces.ts';

/** Of the number of a token: 4,096 tokens at most. */
export const TOKEN_BITS = 12;

/** A pair as one number. */
export const pairOf = (left: number, right: number): number => (left << TOKEN_BITS) | right;
export const leftOf = (pair: number): number => pair >> TOKEN_BITS;
export const rightOf = (pair: number): number => pair & ((1 << TOKEN_BITS) - 1);

/** A place is that of a token's first byte among all bytes of the pieces. */
export class PieceChains {
  /** The token that begins at a place; -1 where none does. */
  readonly #tokens: Int32Array;
  /** Places of the tokens before and after; -1 at the ends of a piece. */
  readonly #before: Int32Array;
  readonly #after: Int32Array;
  readonly #pieces: Int32Array;
  readonly #firsts: Int32Array;

  /**
   * Each byte is a token at first.
   * @param from the first piece that is taken, and the bytes of those before it.
   */
  constructor(bytes: Uint8Array, { starts, ends, size }: DistinctPieces, from = { piece: 0, size: 0 }) {
    this.#tokens = new Int32Array(size - from.size);
    this.#before = new Int32Array(size - from.size);
    this.#after = new Int32Array(size - from.size);
    this.#pieces = new Int32Array(size - from.size);
    this.#firsts = new Int32Array(starts.length - from.piece);
    let place = 0;
    for (let piece = from.piece; piece < starts.length; piece++) {
      this.#firsts[piece - from.piece] = place;
      for (let i = starts[piece]; i < ends[piece]; i++, place++) {
        this.#tokens[place] = bytes[i];
        this.#before[place] = i === starts[piece] ? -1 : place - 1;
        this.#after[place] = i === ends[piece] - 1 ? -1 : place + 1;
        this.#pieces[place] = piece;
      }
    }
  }

  /** Every pair, by the place of its left token. */
  eachPair(take: (pair: number, place: number, piece: number) => void): void {
    for (let place = 0; place < this.#tokens.length; place++) {
      const next = this.#after[place];
      if (next >= 0) take(pairOf(this.#tokens[place], this.#tokens[next]), place, this.#pieces[place]);
    }
  }

  /**
   * Makes one token of the pair wherever it stands, from the left.
   * @param places in ascending order, also some where the pair stood once.
   * @param gone is told of neighbouring pairs that are no more, @param come of those that stand there instead.
   */
  merge(
    pair: number,
    into: number,
    places: readonly number[],
    come: (pair: number, place: number, piece: number) => void,
    gone?: (pair: number, piece: number) => void,
  ): void {
    const [left, right] = [leftOf(pair), rightOf(pair)];
    for (const place of places) {
      const next = this.#after[place];
      if (this.#tokens[place] !== left || next < 0 || this.#tokens[next] !== right) continue;
      const previous = this.#before[place];
      const following = this.#after[next];
      const piece = this.#pieces[place];
      if (gone && previous >= 0) gone(pairOf(this.#tokens[previous], left), piece);
      if (gone && following >= 0) gone(pairOf(right, this.#tokens[following]), piece);
      this.#tokens[place] = into;
      this.#tokens[next] = -1;
      this.#after[place] = following;
      if (following >= 0) this.#before[following] = place;
      if (previous >= 0) come(pairOf(this.#tokens[previous], into), previous, piece);
      if (following >= 0) come(pairOf(into, this.#tokens[following]), place, piece);
    }
  }

  /** Tokens of all pieces in their order. @param onEnd follows the last token of each. */
  eachToken(take: (token: number) => void, onEnd: () => void): void {
    for (const first of this.#firsts) {
      for (let place = first; place >= 0; place = this.#after[place]) take(this.#tokens[place]);
      onEnd();
    }
  }
}
