/** One head's pattern in words and as a table. */
import type { Table } from '../chart/table.ts';

/** Tokens of a passage that are drawn: of more, a cell would be smaller than a dot. */
export const MOST_TOKENS = 64;
/** Of a row, how many of the tokens it looks at most are told. */
const TOLD = 3;

const percent = (weight: number) => `${(100 * weight).toFixed(0)} %`;
const pieceWords = (piece: string) => piece.trim() || JSON.stringify(piece);

/** Positions of the tokens that a row looks at most, the first of them first. */
function mostOf(weights: ArrayLike<number>, n: number, row: number): number[] {
  const seen = Array.from({ length: row + 1 }, (_, j) => j);
  return seen.sort((one, other) => weights[row * n + other] - weights[row * n + one] || one - other).slice(0, TOLD);
}

/** “b” at 2 looks at “a” at 1 (80 %), “b” at 2 (20 %) */
export function lookWords(weights: ArrayLike<number>, pieces: readonly string[], row: number): string {
  const named = (j: number) => `“${pieceWords(pieces[j]!)}” at ${j + 1}`;
  const n = pieces.length;
  return `${named(row)} looks at ${mostOf(weights, n, row)
    .map((j) => `${named(j)} (${percent(weights[row * n + j])})`)
    .join(', ')}`;
}

/** What the head does on the whole. The first two tokens have too little to choose from. */
export function headWords(weights: ArrayLike<number>, n: number): string {
  if (n < 3) return '';
  const mean = (at: (row: number) => number) => {
    let sum = 0;
    for (let row = 2; row < n; row++) sum += weights[row * n + at(row)];
    return sum / (n - 2);
  };
  return `On average ${percent(mean((row) => row))} on the token itself, ${percent(mean((row) => row - 1))} on the one before it, ${percent(mean(() => 0))} on the first.`;
}

export function attentionTable(weights: ArrayLike<number>, pieces: readonly string[]): Table {
  const n = pieces.length;
  const places = ['most', 'second', 'third'];
  return {
    columns: [
      'position',
      'token',
      ...places.flatMap((place) => [`looks ${place} at`, `${place}, token`, `${place}, share`]),
    ],
    rows: pieces.map((piece, row) => {
      const most = mostOf(weights, n, row);
      return [
        ...[row + 1, pieceWords(piece)],
        ...places.flatMap((_, i) =>
          i < most.length
            ? [most[i] + 1, pieceWords(pieces[most[i]]!), weights[row * n + most[i]]]
            : [null, null, null],
        ),
      ];
    }),
  };
}
