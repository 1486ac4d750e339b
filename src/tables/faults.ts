/** Cells that cannot be what their column is, and cells that may be two numbers. */
import { isDoubtful, readingsOf, saysDiverged, saysItDiverged, saysNothing } from './cell-numbers.ts';
import { lossLogarithmOf } from './meanings.ts';
import type { Given, Question, Roles } from './roles.ts';
import { counted, type Sheet } from './sheet.ts';

/** A cell that cannot be what its column is. */
export interface Fault {
  row: number;
  column: string;
  cell: string;
  /** What its column must be; null where it needs a name. */
  allowed: string | null;
  sentence: string;
}

export const faultOf = (row: number, column: string, cell: string, allowed: string | null): Fault => ({
  ...{ row, column, cell, allowed },
  sentence:
    allowed === null
      ? `Row ${row}, column "${column}": no series is named.`
      : `Row ${row}, column "${column}": must be ${allowed}, not ${shown(cell)}.`,
});

const shown = (cell: string): string =>
  cell === '' ? 'empty' : `"${cell.length > 40 ? `${cell.slice(0, 40)}…` : cell}"`;

const ALLOWED: Partial<Record<Given['role'] & string, { isRight(value: number): boolean; what: string }>> = {
  x: { isRight: (value) => value > 0, what: 'a finite number above 0' },
  y: { isRight: (value) => value > 0, what: 'a finite number above 0, or empty to have it predicted' },
  error: { isRight: (value) => value >= 0, what: 'a finite number of at least 0, or empty' },
  seeds: { isRight: (value) => value >= 1 && Number.isInteger(value), what: 'a whole number of at least 1, or empty' },
  tokens: { isRight: (value) => value > 0, what: 'a finite number above 0' },
  step: { isRight: (value) => value >= 0, what: 'a finite number of at least 0' },
  sweep: { isRight: () => true, what: 'a finite number, or empty' },
};

/** Rows that can be read, by their places, and what is wrong with the others. */
export function rowsOf(
  sheet: Sheet,
  roles: Roles,
  needed: readonly ('x' | 'y' | 'error' | 'seeds' | 'tokens' | 'step' | 'sweep')[],
  mayDiverge = true,
  unfinished: ReadonlySet<number> = new Set(),
): { usable: number[]; faults: Fault[] } {
  const faults: Fault[] = [];
  const y = roles.one('y');
  const columns = needed.flatMap((role) =>
    roles.of(role).map((look) => ({
      role,
      look,
      ...ALLOWED[role]!,
      // A logarithm of a loss below 1 is below 0.
      isLogarithm: role === 'y' && lossLogarithmOf(look.name)?.base != null,
    })),
  );
  // Along a curve other things are logged at other steps.
  const loss = needed.includes('step') && roles.one('step') ? y : null;
  const usable = [...sheet.rows.keys()].filter((i) => {
    if ((loss && saysNothing(loss.cells[i]!)) || unfinished.has(i)) return false;
    for (const { role, look, isRight, what, isLogarithm } of columns) {
      const cell = look.cells[i]!;
      if (role === 'seeds' && y && saysNothing(y.cells[i]!)) continue;
      const mayBeEmpty = role !== 'x' && role !== 'tokens' && role !== 'step';
      if (mayBeEmpty && saysNothing(cell)) continue;
      if (role === 'y' && (mayDiverge ? saysDiverged(cell) : saysItDiverged(cell))) continue;
      const value = look.numbers[i]!;
      if (Number.isFinite(value) && (isLogarithm || isRight(value))) continue;
      faults.push(faultOf(sheet.rows[i]!.number, look.name, cell, what));
      return false;
    }
    return true;
  });
  return { usable, faults };
}

/** 1,024 may be a thousand and a bit or one and a bit, and nothing in its column or in the table tells. */
export function doubtfulNumbers(sheet: Sheet, roles: Roles): Question[] {
  const needed = (['x', 'tokens', 'seeds', 'y', 'error', 'step', 'sweep'] as const).flatMap((role) => roles.of(role));
  for (const look of needed) {
    if (look.marks['.'] !== 'ask' && look.marks[','] !== 'ask') continue;
    const i = look.cells.findIndex((cell) => {
      const mark = isDoubtful(cell);
      return mark !== null && look.marks[mark] === 'ask';
    });
    if (i < 0) continue;
    const cell = look.cells[i]!;
    const { whole, decimal } = readingsOf(cell);
    const small = /^[1-9]\d{0,2}\.\d{3}$/.test(String(decimal)) ? `${decimal}0` : String(decimal);
    const { number } = sheet.rows[i]!;
    return [
      {
        field: `row ${number}`,
        sentence: `Row ${number}, column "${look.name}": "${cell}" may mean ${whole} or ${decimal}; write ${whole} or ${small}.`,
        answers: [],
      },
    ];
  }
  return [];
}

/** Nats of a token beyond which a loss is none: of a million words each is as good as the others at 14. */
const LARGEST_LOSS = 25;

/** Losses that are larger than any is: sums over tokens, percents, perplexities under another name. */
export function tooLargeLosses(roles: Roles): Question[] {
  const loss = roles.one('y')!;
  const known = loss.numbers.filter((value) => Number.isFinite(value));
  const isOther = roles.isSettled('y') || loss.meaning === 'perplexity' || lossLogarithmOf(loss.name)?.base != null;
  if (isOther || known.length === 0 || known.some((value) => value <= LARGEST_LOSS)) return [];
  return [
    {
      field: `columns.${loss.index}`,
      sentence: `Column "${loss.name}" has ${known[0]!} and more such numbers, and no loss is above ${LARGEST_LOSS} nats per token: call a perplexity one (ppl), divide a sum by its tokens, or have it taken as it stands.`,
      answers: [{ label: 'the loss, as it stands', role: 'y', places: [loss.index] }],
    },
  ];
}

/** The first fault as it is, and which other rows have one. */
export function faultsInWords(faults: readonly Fault[]): string {
  const [first, ...more] = faults;
  if (!first) return '';
  if (more.length === 0) return first.sentence;
  const named = more.slice(0, MOST_NAMED).map(({ row }) => row);
  const rest = more.length > MOST_NAMED ? ' and further ones' : '';
  return `${first.sentence} ${more.length} more ${more.length === 1 ? 'row is' : 'rows are'} faulty, too: ${named.join(', ')}${rest}.`;
}

/** Every row that is left out and what stands there, by what its column must be; empty where none is. */
export function leftOutInWords(faults: readonly Fault[]): string {
  if (faults.length === 0) return '';
  const by = new Map<string, Fault[]>();
  for (const fault of faults) {
    const must = fault.allowed === null ? 'must name a series' : `must be ${fault.allowed}`;
    const key = `column "${fault.column}" ${must}`;
    by.set(key, [...(by.get(key) ?? []), fault]);
  }
  const parts = [...by].map(([what, all]) => {
    const rows = all
      .slice(0, MOST_SHOWN)
      .map(({ row, cell }) => `row ${row} ${cell === '' ? 'is' : 'has'} ${shown(cell)}`);
    const more = all.length > MOST_SHOWN ? ` and ${all.length - MOST_SHOWN} more up to row ${all.at(-1)!.row}` : '';
    return `${what}: ${rows.join(', ')}${more}`;
  });
  return `${counted(faults.length, 'row')} cannot be read and ${faults.length === 1 ? 'is' : 'are'} left out. ${parts
    .map((part) => `${part[0]!.toUpperCase()}${part.slice(1)}.`)
    .join(' ')}`;
}

/** Faulty rows that are shown with what stands there. */
const MOST_SHOWN = 100;

/** Faulty rows that are told by their numbers. */
const MOST_NAMED = 12;
