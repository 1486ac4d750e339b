/** Byte-pair encoding on bytes: every byte is a token, and so are the strings of bytes that the training part repeats most. */
import type { OnProgress } from '../token-plan.ts';
import { bytesOfTokens, trainMerges } from './bpe-training.ts';
import { PieceChains, TOKEN_BITS } from './pair-merging.ts';
import { DistinctPieces, pieceEnd } from './pieces.ts';
import type { Tokenizer } from './tokenizer.ts';

/** Bytes that are encoded together. */
const BLOCK = 2 ** 22;
/** Bytes of different pieces whose tokens are remembered: a text that does not repeat itself must not fill the memory. */
const MOST_KNOWN = 2 ** 23;

export function trainBpe(training: Uint8Array, vocabulary: number, onProgress?: OnProgress): Tokenizer {
  const merges = trainMerges(training, vocabulary - 256, onProgress);
  const found = 256 + merges.length;
  return {
    ...bpeOf(merges),
    notes:
      found < vocabulary
        ? [`The training part repeats itself too little for ${vocabulary} tokens: there are ${found}.`]
        : [],
  };
}

/** @param merges pairs of tokens; the n-th becomes token 256 + n. */
export function bpeOf(merges: readonly number[]): Tokenizer {
  const bytes = bytesOfTokens(merges);
  /** When a pair is merged, by the pair, counted from 1. */
  const turns = new Uint16Array(bytes.length << TOKEN_BITS);
  merges.forEach((pair, rank) => (turns[pair] = rank + 1));
  return {
    vocabulary: bytes.length,
    unit: 'tokens',
    notes: [],
    bytesOf: (token) => bytes[token],
    encode: (text) => encoded(text, merges, turns),
  };
}

/** The pieces of a text whose tokens are known: those of piece p are `tokens[firsts[p]]` and on, up to `firsts[p + 1]`. */
class KnownPieces {
  readonly distinct: DistinctPieces;
  readonly tokens: number[] = [];
  readonly firsts = [0];
  #merged = 0;

  constructor(private readonly text: Uint8Array) {
    this.distinct = new DistinctPieces(text);
  }

  /** Pairs in the order in which they were found: what a merge brings can only be merged by one that was found later. */
  mergeNew(merges: readonly number[], turns: Uint16Array): void {
    const from = { piece: this.firsts.length - 1, size: this.#merged };
    const chains = new PieceChains(this.text, this.distinct, from);
    const places: number[][] = merges.map(() => []);
    const come = (pair: number, place: number) => {
      if (turns[pair] > 0) places[turns[pair] - 1].push(place);
    };
    chains.eachPair(come);
    merges.forEach((pair, rank) => chains.merge(pair, 256 + rank, places[rank], come));
    chains.eachToken(
      (token) => this.tokens.push(token),
      () => this.firsts.push(this.tokens.length),
    );
    this.#merged = this.distinct.size;
  }
}

function encoded(text: Uint8Array, merges: readonly number[], turns: Uint16Array): Uint32Array {
  const blocks: Uint32Array[] = [];
  let known = new KnownPieces(text);
  for (let start = 0; start < text.length;) {
    if (known.distinct.size > MOST_KNOWN) known = new KnownPieces(text);
    const pieces: number[] = [];
    const end = Math.min(text.length, start + BLOCK);
    while (start < end) {
      const next = pieceEnd(text, start);
      pieces.push(known.distinct.add(start, next));
      start = next;
    }
    known.mergeNew(merges, turns);
    blocks.push(tokensOf(pieces, known));
  }
  return joinedTokens(blocks);
}

function tokensOf(pieces: readonly number[], { tokens, firsts }: KnownPieces): Uint32Array {
  const all = new Uint32Array(pieces.reduce((sum, piece) => sum + firsts[piece + 1] - firsts[piece], 0));
  let count = 0;
  for (const piece of pieces) for (let i = firsts[piece]; i < firsts[piece + 1]; i++) all[count++] = tokens[i];
  return all;
}

function joinedTokens(blocks: readonly Uint32Array[]): Uint32Array {
  if (blocks.length === 1) return blocks[0];
  const all = new Uint32Array(blocks.reduce((sum, { length }) => sum + length, 0));
  let count = 0;
  for (const block of blocks) {
    all.set(block, count);
    count += block.length;
  }
  return all;
}
