/** Cells that cannot be what their column is, and cells that may be two numbers. */
import { isDoubtful, readingsOf, saysDiverged, saysNothing } from './cell-numbers.ts';
import type { Given, Question, Roles } from './roles.ts';
import type { Sheet } from './sheet.ts';

/** A cell that cannot be what its column is. */
export interface Fault {
  row: number;
  column: string;
  sentence: string;
}

const ALLOWED: Partial<Record<Given['role'] & string, { isRight(value: number): boolean; what: string }>> = {
  x: { isRight: (value) => value > 0, what: 'a finite number above 0' },
  y: { isRight: (value) => value > 0, what: 'a finite number above 0, or empty to have it predicted' },
  error: { isRight: (value) => value >= 0, what: 'a finite number of at least 0, or empty' },
  seeds: { isRight: (value) => value >= 1 && Number.isInteger(value), what: 'a whole number of at least 1, or empty' },
  tokens: { isRight: (value) => value > 0, what: 'a finite number above 0' },
  step: { isRight: (value) => value >= 0, what: 'a finite number of at least 0' },
};

/** Rows that can be read, by their places, and what is wrong with the others. */
export function rowsOf(
  sheet: Sheet,
  roles: Roles,
  needed: readonly ('x' | 'y' | 'error' | 'seeds' | 'tokens' | 'step')[],
  mayDiverge = true,
): { usable: number[]; faults: Fault[] } {
  const faults: Fault[] = [];
  const columns = needed.flatMap((role) => roles.of(role).map((look) => ({ role, look })));
  // Along a curve other things are logged at other steps.
  const loss = needed.includes('step') && roles.one('step') ? roles.one('y') : null;
  const usable = sheet.rows.flatMap(({ number }, i) => {
    if (loss && saysNothing(loss.cells[i]!)) return [];
    for (const { role, look } of columns) {
      const cell = look.cells[i]!;
      if (role === 'seeds' && saysNothing(roles.one('y')!.cells[i]!)) continue;
      const { isRight, what } = ALLOWED[role]!;
      const mayBeEmpty = role === 'y' || role === 'error' || role === 'seeds';
      if (mayBeEmpty && (saysNothing(cell) || (role === 'y' && mayDiverge && saysDiverged(cell)))) continue;
      const value = look.numbers[i]!;
      if (Number.isFinite(value) && isRight(value)) continue;
      faults.push({ row: number, column: look.name, sentence: wrong(cell, number, look.name, what) });
      return [];
    }
    return [i];
  });
  return { usable, faults };
}

export function wrong(cell: string, row: number, column: string, allowed: string): string {
  const found = cell === '' ? 'empty' : `"${cell.length > 40 ? `${cell.slice(0, 40)}…` : cell}"`;
  return `Row ${row}, column "${column}": must be ${allowed}, not ${found}.`;
}

/** 1,024 may be a thousand and a bit or one and a bit, and nothing in its column or in the table tells. */
export function doubtfulNumbers(sheet: Sheet, roles: Roles): Question[] {
  const needed = (['x', 'tokens', 'seeds', 'y', 'error', 'step', 'sweep'] as const).flatMap((role) => roles.of(role));
  for (const look of needed) {
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

/** The first fault as it is, and which other rows have one. */
export function faultsInWords(faults: readonly Fault[]): string {
  const [first, ...more] = faults;
  if (!first) return '';
  if (more.length === 0) return first.sentence;
  const named = more.slice(0, MOST_NAMED).map(({ row }) => row);
  const rest = more.length > MOST_NAMED ? ' and further ones' : '';
  return `${first.sentence} ${more.length} more ${more.length === 1 ? 'row is' : 'rows are'} faulty, too: ${named.join(', ')}${rest}.`;
}

/** Faulty rows that are told by their numbers. */
const MOST_NAMED = 12;
