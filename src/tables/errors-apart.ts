/** Cells that hold a number and how far it may be off, "3.70 ± 0.02" and "3.70(2)", as two columns. */
import { saysNothing } from './cell-numbers.ts';
import { quoted, type Sheet } from './sheet.ts';

const NUMBER = '[+-]?\\d+(?:[.,]\\d+)?(?:e[+-]?\\d+)?';
const WITH_ERROR = new RegExp(
  `^\\$?\\s*(${NUMBER})\\s*(?:±|\\+/-|\\+-|\\\\pm|_\\{\\s*\\\\pm|\\(±)\\s*(${NUMBER})\\s*[)}]?\\s*\\$?$`,
  'i',
);
/** The last digits in brackets. */
const IN_LAST_DIGITS = /^([+-]?\d+[.,](\d+))\((\d{1,2})\)$/;

/** What follows is no more certain than the spread or error it is: nobody says which, so its column has no name of either. */
export function errorsApart(sheet: Sheet): Sheet {
  if (!sheet.rows.some(({ cells }) => cells.some(mayHold))) return sheet;
  const found = sheet.header.flatMap((_, index) => {
    const filled = sheet.rows.map(({ cells }) => cells[index] ?? '').filter((cell) => !saysNothing(cell));
    const parted = filled.filter((cell) => partsOf(cell) !== null);
    return parted.length > filled.length / 2 ? [index] : [];
  });
  if (found.length === 0) return sheet;
  const rows = sheet.rows.map(({ number, cells }) => {
    const parts = found.map((index) => partsOf(cells[index] ?? ''));
    const values = cells.map((cell, i) => parts[found.indexOf(i)]?.value ?? cell);
    while (values.length < sheet.header.length) values.push('');
    return { number, cells: [...values, ...parts.map((one) => one?.error ?? '')] };
  });
  const names = found.map((index) => sheet.header[index]!);
  const said = `What stands behind ± in ${quoted(names)} is read as a column of its own.`;
  return {
    ...sheet,
    header: [...sheet.header, ...names.map((name) => `${name} spread`)],
    rows,
    said: [...sheet.said, said],
  };
}

const mayHold = (cell: string): boolean =>
  cell.includes('±') || cell.includes('(') || cell.includes('+/-') || cell.includes('+-') || cell.includes('\\pm');

function partsOf(cell: string): { value: string; error: string } | null {
  const plus = WITH_ERROR.exec(cell);
  if (plus) return { value: plus[1]!, error: plus[2]! };
  const [, value, decimals, last] = IN_LAST_DIGITS.exec(cell) ?? [];
  return value === undefined ? null : { value, error: String(Number(`${last}e-${decimals!.length}`)) };
}
