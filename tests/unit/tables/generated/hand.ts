/** What every form of text has in common: how its writer writes numbers, and the lines of a header. */
import type { Cell, Drawn, DrawnColumn } from './drawn.ts';
import type { Random } from './random.ts';

/** How numbers are written. */
export interface Hand {
  decimal: '.' | ',';
  /** Between groups of three in sizes above 9999; null for none. */
  thousands: string | null;
  /** Sizes as 125M and 1.3B. */
  hasSuffixes: boolean;
}

export const rowsOf = ({ columns }: Drawn) => columns[0]!.cells.map((_, i) => columns.map(({ cells }) => cells[i]!));

/** The names of the columns; of a pivot table now and then in two lines. */
export const headLines = ({ columns, lines }: Drawn, random: Random): string[][] =>
  lines && random.chance(0.6) ? lines : [columns.map(({ name }) => name)];

export function writtenCell(cell: Cell, { style }: DrawnColumn, { decimal, thousands, hasSuffixes }: Hand): string {
  if (typeof cell !== 'number') return cell ?? '';
  if (style === 'size' && hasSuffixes && cell >= 1e6) {
    const [power, letter] = cell >= 1e9 ? [1e9, 'B'] : [1e6, 'M'];
    const short = String(Number((cell / power).toPrecision(12)));
    if (Number(short) * power === cell) return short.replace('.', decimal) + letter;
  }
  if (style === 'size' && thousands !== null && Number.isInteger(cell) && cell >= 1000 && cell < 1e15) {
    return String(cell).replace(/\B(?=(\d{3})+$)/g, thousands);
  }
  return String(cell).replace('.', decimal);
}
