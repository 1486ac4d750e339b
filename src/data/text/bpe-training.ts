/**
 * Training of byte-pair encoding (Gage 1994, Sennrich, Haddow & Birch 2016; on bytes as in GPT-2): the pair of tokens that
 * occurs most often becomes one token, again and again. Counts are kept up to date where a merge changes them, so that a merge costs
 * what it changes and not the text.
 */
import type { OnProgress } from '../token-plan.ts';
import { leftOf, PieceChains, rightOf } from './pair-merging.ts';
import { DistinctPieces, pieceEnd } from './pieces.ts';

/** Bytes of different pieces that are looked at: more than prose of 100 MB has. Rarer pieces beyond it teach no merge. */
const MOST_DISTINCT = 2 ** 24;

/** Of the work, until it comes to merging. */
const COUNTING = 0.7;
const REPORTED_BYTES = 2 ** 20;

interface PairPlaces {
  count: number;
  places: number[];
}

/**
 * Pairs in the order in which they become tokens; the n-th becomes token 256 + n. Of pairs that occur equally often the one with the
 * lowest left token comes first, then the one with the lowest right token.
 * @returns fewer than `most` where no pair occurs twice any more.
 */
export function trainMerges(bytes: Uint8Array, most: number, onProgress?: OnProgress): number[] {
  const distinct = countedPieces(bytes, onProgress);
  const { counts } = distinct;
  const chains = new PieceChains(bytes, distinct);
  const pairs = new Map<number, PairPlaces>();
  const come = (pair: number, place: number, piece: number) => {
    const known = pairs.get(pair);
    if (known) {
      known.count += counts[piece];
      known.places.push(place);
    } else pairs.set(pair, { count: counts[piece], places: [place] });
  };
  const gone = (pair: number, piece: number) => {
    pairs.get(pair)!.count -= counts[piece];
  };
  chains.eachPair(come);
  const queue = new PairQueue();
  for (const [pair, { count }] of pairs) queue.push(pair, count);
  const merges: number[] = [];
  while (merges.length < most) {
    const pair = queue.pop((candidate) => pairs.get(candidate)?.count ?? 0);
    if (pair === null) break;
    const into = 256 + merges.length;
    const { places } = pairs.get(pair)!;
    const isNew = new Set<number>();
    chains.merge(pair, into, places, (next, place, piece) => (isNew.add(next), come(next, place, piece)), gone);
    pairs.delete(pair);
    for (const next of isNew) queue.push(next, pairs.get(next)?.count ?? 0);
    merges.push(pair);
    if (merges.length % 64 === 0) onProgress?.(COUNTING + ((1 - COUNTING) * merges.length) / most);
  }
  return merges;
}

function countedPieces(bytes: Uint8Array, onProgress?: OnProgress): DistinctPieces {
  const distinct = new DistinctPieces(bytes);
  let reported = 0;
  for (let start = 0; start < bytes.length;) {
    const end = pieceEnd(bytes, start);
    distinct.add(start, end, MOST_DISTINCT);
    start = end;
    if (start - reported < REPORTED_BYTES) continue;
    reported = start;
    onProgress?.((COUNTING * start) / bytes.length);
  }
  return distinct;
}

/**
 * Pairs by their counts, most frequent first: a heap. A count that fell meanwhile is noticed when its pair comes up; those of pairs that are in
 * the queue never rise, for a merge brings only pairs with a token that is new.
 */
class PairQueue {
  #pairs: number[] = [];
  #counts: number[] = [];

  push(pair: number, count: number): void {
    if (count < 2) return;
    let at = this.#pairs.length;
    for (; at > 0;) {
      const parent = (at - 1) >> 1;
      if (!this.#isBefore(pair, count, parent)) break;
      this.#set(at, this.#pairs[parent], this.#counts[parent]);
      at = parent;
    }
    this.#set(at, pair, count);
  }

  /** The most frequent one that occurs twice or more; null where there is none. */
  pop(countOf: (pair: number) => number): number | null {
    while (this.#pairs.length > 0) {
      const [pair, count] = [this.#pairs[0], this.#counts[0]];
      this.#dropFirst();
      const now = countOf(pair);
      if (now === count) return pair;
      this.push(pair, now);
    }
    return null;
  }

  #dropFirst(): void {
    const pair = this.#pairs.pop()!;
    const count = this.#counts.pop()!;
    const size = this.#pairs.length;
    if (size === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child + 1 < size && this.#isBefore(this.#pairs[child + 1], this.#counts[child + 1], child)) child++;
      if (child >= size || this.#isBefore(pair, count, child)) break;
      this.#set(at, this.#pairs[child], this.#counts[child]);
      at = child;
    }
    this.#set(at, pair, count);
  }

  #set(at: number, pair: number, count: number): void {
    this.#pairs[at] = pair;
    this.#counts[at] = count;
  }

  #isBefore(pair: number, count: number, other: number): boolean {
    const otherCount = this.#counts[other];
    // A pair as a number is its left token first.
    return count > otherCount || (count === otherCount && pair < this.#pairs[other]);
  }
}

/** What each token stands for. */
export function bytesOfTokens(merges: readonly number[]): Uint8Array[] {
  const bytes = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
  for (const pair of merges) {
    const [left, right] = [bytes[leftOf(pair)], bytes[rightOf(pair)]];
    const both = new Uint8Array(left.length + right.length);
    both.set(left);
    both.set(right, left.length);
    bytes.push(both);
  }
  return bytes;
}
