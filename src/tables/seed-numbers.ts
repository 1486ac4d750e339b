/** Seeds as numbers, however a table tells its repeats apart. */
import type { ColumnLook } from './columns.ts';

/** @returns one a row: the seeds themselves where they are whole numbers of one column, else counted by their first appearance; 0 where there is no such column */
export function seedNumbers(columns: readonly ColumnLook[], rows: number): number[] {
  const [first] = columns;
  if (!first) return Array<number>(rows).fill(0);
  if (columns.length === 1 && first.isInteger && first.numbers.every((value) => !Number.isNaN(value)))
    return [...first.numbers];
  // A gap is no other seed.
  if (columns.length === 1 && first.distinct < 2) return Array<number>(rows).fill(0);
  const known = new Map<string, number>();
  return first.cells.map((_, i) => {
    const name = columns.map(({ cells }) => cells[i]!).join('\n');
    if (!known.has(name)) known.set(name, known.size);
    return known.get(name)!;
  });
}
