/** Rows that are equal in what is known of them, and whether a column differs among them. */
import { saysNothing } from './cell-numbers.ts';
import type { ColumnLook } from './columns.ts';

/** A cell as what it is compared by. */
export function at(look: ColumnLook | null, i: number): string {
  if (!look) return '';
  const value = look.numbers[i]!;
  return Number.isNaN(value) ? look.cells[i]! : String(value);
}

export const joined = (parts: (string | null)[]): string | null =>
  parts.filter((part) => part !== null && part !== '').join(', ') || null;

/** Rows with the same key, by their places. */
export function groupsOf(rows: readonly number[], key: (i: number) => string): number[][] {
  const groups = new Map<string, number[]>();
  for (const i of rows) {
    const own = key(i);
    const group = groups.get(own);
    if (group) group.push(i);
    else groups.set(own, [i]);
  }
  return [...groups.values()];
}

export const varies = (look: ColumnLook, group: readonly number[]): boolean =>
  group.some((i) => at(look, i) !== at(look, group[0]!));

/** The same, where a gap may be anything. */
export function differs(look: ColumnLook, group: readonly number[]): boolean {
  return varies(
    look,
    group.filter((i) => !saysNothing(look.cells[i]!)),
  );
}
