/** A passage token by token: what is coloured, and the same as a table. */
import type { Table } from '../chart/table.ts';

/** The loss itself, or what of it is more than the true source would pay. */
export type Tint = 'loss' | 'excess';

export interface PassageModel {
  name: string;
  losses: ArrayLike<number>;
}

export interface PassageRow {
  name: string;
  /** What is coloured; a token that is cheaper than to the source has no colour. */
  values: number[];
  /** What the mean is taken of. */
  total: number[];
}

export function passageRows(
  models: readonly PassageModel[],
  truth: ArrayLike<number> | null,
  tint: Tint,
): PassageRow[] {
  const rows = models.map(({ name, losses }): PassageRow => {
    const total = Array.from(losses, (loss, i) => (tint === 'excess' && truth ? loss - truth[i]! : loss));
    return { name, total, values: total.map((value) => Math.max(0, value)) };
  });
  if (truth && tint === 'loss') {
    const total = Array.from(truth);
    rows.push({ name: 'true source', total, values: total });
  }
  return rows;
}

export const shareOf = (value: number, most: number): number => Math.min(1, Math.max(0, value / most));

export function passageTable(
  pieces: readonly string[],
  models: readonly PassageModel[],
  truth: ArrayLike<number> | null,
): Table {
  return {
    columns: ['position', 'token', ...models.map(({ name }) => name), ...(truth ? ['true source'] : [])],
    rows: pieces.map((piece, i) => [
      ...[i + 1, piece.trim() || JSON.stringify(piece)],
      ...models.map(({ losses }) => losses[i]!),
      ...(truth ? [truth[i]!] : []),
    ]),
  };
}
