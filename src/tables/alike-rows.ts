/** Rows that are equal in what is known of them, and whether a column differs among them. */
import { saysNothing } from './cell-numbers.ts';
import type { ColumnLook } from './columns.ts';

/** One small whole number a row: the same for rows that are equal in what was asked. */
export type Alike = Int32Array;

/** @param values one a row */
export function alike(values: readonly (string | number | null | undefined)[]): Alike {
  const known = new Map<string | number | null | undefined, number>();
  // With a function of its own `Int32Array.from` takes several times as long.
  return Int32Array.from(values.map((value) => numberOf(known, value)));
}

function numberOf<T>(known: Map<T, number>, value: T): number {
  const before = known.get(value);
  if (before !== undefined) return before;
  known.set(value, known.size);
  return known.size - 1;
}

/** Several steps look at the same columns. */
const seen = new WeakMap<ColumnLook, Alike>();

/** Rows whose cells are the same number, however it is written, or the same words. */
export function alikeIn(look: ColumnLook): Alike {
  const known = seen.get(look);
  if (known) return known;
  const own = alike(look.cells.map((cell, i) => (Number.isNaN(look.numbers[i]!) ? cell : look.numbers[i]!)));
  seen.set(look, own);
  return own;
}

/** Rows that are alike in each; those that are null are not asked. */
export function alikeInAll(first: Alike, ...others: (Alike | null)[]): Alike {
  return others.reduce<Alike>((both, other) => {
    if (other === null) return both;
    const most = other.reduce((a, b) => Math.max(a, b), 0) + 1;
    const known = new Map<number, number>();
    return both.map((one, i) => numberOf(known, one * most + other[i]!));
  }, first);
}

export const joined = (parts: (string | null)[]): string | null =>
  parts.filter((part) => part !== null && part !== '').join(', ') || null;

/** Rows that are alike, by their places. */
export function groupsOf(rows: readonly number[], key: Alike): number[][] {
  const groups = new Map<number, number[]>();
  for (const i of rows) {
    const group = groups.get(key[i]!);
    if (group) group.push(i);
    else groups.set(key[i]!, [i]);
  }
  return [...groups.values()];
}

/** Whether rows that are alike in the first are so in the second: it parts them alike, or more coarsely. */
export function determines(of: Alike, what: Alike, rows: readonly number[]): boolean {
  const known = new Map<number, number>();
  return rows.every((i) => {
    const before = known.get(of[i]!);
    if (before === undefined) known.set(of[i]!, what[i]!);
    return before === undefined || before === what[i]!;
  });
}

export function varies(look: ColumnLook, group: readonly number[]): boolean {
  const own = alikeIn(look);
  return group.some((i) => own[i] !== own[group[0]!]);
}

/** The same, where a gap may be anything. */
export function differs(look: ColumnLook, group: readonly number[]): boolean {
  if (!varies(look, group)) return false;
  return varies(
    look,
    group.filter((i) => !saysNothing(look.cells[i]!)),
  );
}
