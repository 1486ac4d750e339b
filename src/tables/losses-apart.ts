/**
 * Cells that hold several losses: two beside each other ("2.31 / 2.45", "2.31-2.45") become columns, lists ("2.31, 2.33, 2.30") become
 * rows. What they are is told by the header, as in "train/val loss", or is asked.
 */
import { saysDiverged, saysNothing, saysUnfinished } from './cell-numbers.ts';
import { lossNamed, meaningOf, sideOf } from './meanings.ts';
import { padded, quoted, type Row, type Sheet } from './sheet.ts';

const NUMBER = '\\d+[.,]\\d+';
const TWO = new RegExp(`^~?(${NUMBER})\\s*(/|\\||[-−–—]|\\bto\\b|\\bbis\\b|\\.{2,3}|…)\\s*(${NUMBER})$`, 'i');
const LIST = new RegExp(`^[[({]?\\s*(${NUMBER}(?:(?:\\s*;\\s*|,\\s+|\\s+)${NUMBER})+)\\s*[\\])}]?$`);
const EACH = new RegExp(NUMBER, 'g');

/** The column that tells the losses of one cell apart. */
const PLACE = 'place in the cell';

export function lossesApart(sheet: Sheet): Sheet {
  if (!sheet.isNamed) return sheet;
  const index = sheet.header.findIndex((name, i) => isLoss(name) && holdsSeveral(sheet, i));
  if (index < 0) return sheet;
  const cellOf = (row: Row) => (row.cells[index] ?? '').trim();
  const isList = sheet.rows.some((row) => LIST.test(cellOf(row)));
  return isList ? asRows(sheet, index, cellOf) : asColumns(sheet, index, cellOf);
}

function isLoss(name: string): boolean {
  const loss = lossNamed(name);
  return loss ? loss.kind === 'loss' : meaningOf(name) === 'perplexity';
}

function holdsSeveral({ rows }: Sheet, index: number): boolean {
  const filled = rows
    .map(({ cells }) => (cells[index] ?? '').trim())
    .filter((cell) => !saysNothing(cell) && !saysDiverged(cell) && !saysUnfinished(cell));
  // Most columns are told by their first cells.
  if (!filled.slice(0, 4).some((cell) => TWO.test(cell) || LIST.test(cell))) return false;
  const several = filled.filter((cell) => TWO.test(cell) || LIST.test(cell));
  return several.length > 0 && several.length >= filled.length / 2;
}

function asColumns(sheet: Sheet, index: number, cellOf: (row: Row) => string): Sheet {
  const name = sheet.header[index]!;
  const names = sidesIn(name) ?? [`${name} left`, `${name} right`];
  const example = sheet.rows.map(cellOf).find((cell) => TWO.test(cell))!;
  return {
    ...sheet,
    header: [...sheet.header.map((one, i) => (i === index ? names[0]! : one)), names[1]!],
    rows: sheet.rows.map((row) => {
      const [, left, , right] = TWO.exec(cellOf(row)) ?? [];
      const cells = padded(row.cells, sheet.header.length);
      return { ...row, cells: [...cells.map((cell, i) => (i === index ? (left ?? cell) : cell)), right ?? ''] };
    }),
    said: [
      ...sheet.said,
      `The two numbers in cells of "${name}", such as ${example}, are read as columns of their own, ${quoted(names)}.`,
    ],
  };
}

/** "train/val loss" and "loss (train, val)" say which number is which. */
function sidesIn(name: string): string[] | null {
  const sides = name.split(/[^\p{L}]+/u).filter((word) => sideOf(word) !== null);
  const what = meaningOf(name) === 'perplexity' ? 'perplexity' : 'loss';
  return sides.length === 2 && sides[0] !== sides[1] ? sides.map((side) => `${side} ${what}`) : null;
}

function asRows(sheet: Sheet, index: number, cellOf: (row: Row) => string): Sheet {
  const name = sheet.header[index]!;
  return {
    ...sheet,
    header: [...sheet.header, PLACE],
    rows: sheet.rows.flatMap((row): Row[] => {
      const [, list] = LIST.exec(cellOf(row)) ?? [];
      const cells = padded(row.cells, sheet.header.length);
      const losses = list?.match(EACH) ?? [cells[index]!];
      return losses.map((loss, k) => ({
        ...row,
        cells: [...cells.map((cell, i) => (i === index ? loss : cell)), String(k + 1)],
      }));
    }),
    said: [...sheet.said, `Lists in cells of "${name}" are read as a row for each loss, told apart by "${PLACE}".`],
  };
}
