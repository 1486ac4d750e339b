/** Byte-pair encoding: beside another implementation, beside the textbook, and there and back whatever the text is. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bpeOf, trainBpe } from '../../../../src/data/text/bpe.ts';
import { bytesOfTokens, trainMerges } from '../../../../src/data/text/bpe-training.ts';
import { leftOf, pairOf, rightOf } from '../../../../src/data/text/pair-merging.ts';
import { LONGEST_PIECE, pieceEnd } from '../../../../src/data/text/pieces.ts';
import { bytesOfText, joined, textOfBytes } from '../../../../src/data/text/utf8.ts';
import peer from './peer.json';

const PASSAGE = new Uint8Array(readFileSync(new URL('passage.txt', import.meta.url)));
const utf8 = (text: string) => new TextEncoder().encode(text);

function piecesOf(bytes: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let start = 0; start < bytes.length;) {
    const end = pieceEnd(bytes, start);
    pieces.push(bytes.subarray(start, end));
    start = end;
  }
  return pieces;
}

/** The algorithm as textbooks have it: count all pairs of all pieces, make one token of the first of the most frequent, begin again. */
function textbookMerges(bytes: Uint8Array, most: number): number[] {
  let pieces = piecesOf(bytes).map((piece) => [...piece]);
  const merges: number[] = [];
  while (merges.length < most) {
    const counts = new Map<number, number>();
    for (const piece of pieces) {
      for (let i = 1; i < piece.length; i++) {
        const pair = pairOf(piece[i - 1], piece[i]);
        counts.set(pair, (counts.get(pair) ?? 0) + 1);
      }
    }
    const [best] = [...counts].sort(([a, countA], [b, countB]) => countB - countA || a - b);
    if (!best || best[1] < 2) break;
    merges.push(best[0]);
    pieces = pieces.map((piece) => merged(piece, best[0], 255 + merges.length));
  }
  return merges;
}

function merged(tokens: readonly number[], pair: number, into: number): number[] {
  const result: number[] = [];
  for (let i = 0; i < tokens.length; i++) {
    const isPair = i + 1 < tokens.length && pairOf(tokens[i], tokens[i + 1]) === pair;
    result.push(isPair ? into : tokens[i]);
    if (isPair) i++;
  }
  return result;
}

const textbookEncoding = (bytes: Uint8Array, merges: readonly number[]): number[] =>
  piecesOf(bytes).flatMap((piece) =>
    merges.reduce((tokens, pair, rank) => merged(tokens, pair, 256 + rank), [...piece] as number[]),
  );

/** Few letters, so that they repeat; blanks, apostrophes, letters of several bytes, bytes that are no text. */
const repetitive = fc
  .array(fc.constantFrom('a', 'b', 'aa', 'ab', ' ', '  ', "'", "'ll", '\n', 'é', 'ж', '7', '½', '😀', '!'), {
    maxLength: 120,
  })
  .map((parts) => utf8(parts.join('')));
const anyBytes = fc.oneof(repetitive, fc.uint8Array({ maxLength: 200 }), fc.uint8Array({ maxLength: 200, max: 3 }));

describe('merges', () => {
  test('are those of Hugging Face’s tokenizers on a passage in many scripts', () => {
    const merges = trainMerges(PASSAGE, peer.merges.length);
    const bytes = bytesOfTokens(merges);
    expect(merges.map((pair) => [leftOf(pair), rightOf(pair)].map((token) => [...bytes[token]]))).toEqual(peer.merges);
  });

  test('are those of the textbook, whatever the bytes are', () => {
    fc.assert(
      fc.property(anyBytes, fc.integer({ min: 0, max: 60 }), (bytes, most) => {
        expect(trainMerges(bytes, most)).toEqual(textbookMerges(bytes, most));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test('end where no pair occurs twice, and a note says so', () => {
    const { vocabulary, notes } = trainBpe(utf8('abc abc'), 300);
    // ab, abc: the blank before the second one occurs once.
    expect(vocabulary).toBe(258);
    expect(notes).toEqual(['The training part repeats itself too little for 300 tokens: there are 258.']);
    expect(trainBpe(PASSAGE, 300).notes).toEqual([]);
  });

  test('come with the share of the work that is done', () => {
    const shares: number[] = [];
    trainMerges(utf8('many words, and words again. '.repeat(120_000)), 256, (share) => shares.push(share));
    expect(shares.length).toBeGreaterThan(2);
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBeLessThanOrEqual(1);
  });
});

describe('pieces', () => {
  test('are those of Hugging Face’s tokenizers on a passage in many scripts', () => {
    expect(piecesOf(PASSAGE).map(({ length }) => length)).toEqual(peer.pieces);
  });

  test('are those of GPT-2’s pattern for any text', () => {
    const pattern =
      /'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\p{White_Space}\p{L}\p{N}]+|\p{White_Space}+(?!\P{White_Space})|\p{White_Space}+/gu;
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.string({ unit: fc.constantFrom(' ', '\n', '\u00a0', '\u0085', 'a', "'", 's', 'l', '1', 'ж', '!', '\u3000') }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        expect(piecesOf(bytesOfText(text)).map(textOfBytes)).toEqual(text.match(pattern) ?? []);
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test('are cut where a text has no blanks', () => {
    const lengths = piecesOf(utf8('ж'.repeat(5000))).map(({ length }) => length);
    expect(Math.max(...lengths)).toBe(LONGEST_PIECE);
    expect(lengths.reduce((a, b) => a + b)).toBe(10_000);
  });
});

describe('encoding', () => {
  test('is that of the textbook, also of bytes that training has not seen', () => {
    const merges = trainMerges(PASSAGE, 400);
    const { encode } = bpeOf(merges);
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        expect([...encode(bytes)]).toEqual(textbookEncoding(bytes, merges));
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test('goes on over the ends of its blocks', () => {
    const passage = joined([PASSAGE, utf8('The end.')]);
    const long = joined(Array.from({ length: 330 }, () => passage));
    const { encode } = bpeOf(trainMerges(PASSAGE, 400));
    const once = encode(passage);
    const tokens = encode(long);
    expect(long.length).toBeGreaterThan(2 ** 22);
    expect(tokens).toHaveLength(330 * once.length);
    expect(tokens.slice(-once.length)).toEqual(once);
  });
});
