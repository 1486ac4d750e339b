/**
 * Headers of several lines, as pivot tables have them: series or widths that span the columns below, the rest in the next line, and
 * perhaps a line that names the rows. They become one line; what spans stands before what it spans.
 */
import { marksOf, numberIn } from './cell-numbers.ts';
import { lossNamed, meaningOf } from './meanings.ts';
import type { Row } from './sheet.ts';

const NONE = new Set<never>();
const LOOSE = marksOf(NONE, NONE, true);
const isNumber = (cell: string | undefined): boolean => cell !== undefined && !Number.isNaN(numberIn(cell, LOOSE));
const isFilled = (cell: string | undefined): boolean => cell !== undefined && cell !== '';

/** Lines beyond which nobody stacks a header. */
const MOST_LINES = 4;
/** Rows that tell what stands below a header. */
const MOST_LOOKED_AT = 100;

export interface Headed {
  header: string[];
  rows: Row[];
  said: string[];
}

/** Null where the first row alone is the header, or none is. @param all every row, the header first */
export function headOfSeveralLines(all: readonly Row[]): Headed | null {
  const titles = titlesAbove(all);
  const rest = all.slice(titles);
  const count = linesOf(rest);
  const units = withUnits(rest);
  if (units)
    return { header: units, rows: rest.slice(2), said: ['A line below the names, of units or types, is no row.'] };
  if (count < 2) {
    if (titles === 0) return null;
    const [head, ...rows] = rest as [Row, ...Row[]];
    return { header: head.cells, rows, said: ['A title above the header is passed over.'] };
  }
  const lines = rest.slice(0, count).map(({ cells }) => cells);
  const rows = rest.slice(count);
  const width = Math.max(...rows.slice(0, MOST_LOOKED_AT).map(({ cells }) => cells.length));
  const said = [`The header has ${count} lines, read as one.`];
  return sideBySide(lines, rows, width, said) ?? { header: joinedHead(lines, rows, width), rows, said };
}

/** Lines with one cell alone, above a line that names columns. */
function titlesAbove(all: readonly Row[]): number {
  const filled = ({ cells }: Row) => cells.filter(isFilled).length;
  const count = all.slice(0, MOST_LINES).findIndex((row) => filled(row) > 1 || !isFilled(row.cells[0]));
  const next = all[count];
  if (count < 1 || next === undefined || all[count + 1] === undefined) return 0;
  const areWords = all.slice(0, count).every(({ cells }) => !isNumber(cells[0]));
  const isWide = all.slice(count).every((row) => filled(row) > 1);
  return areWords && isWide && (isWords(next) || runsAcross(next, all.slice(count + 1))) ? count : 0;
}

/** Names with the units that stand below them, "[B]" or "B" below "tokens"; types of columns, as programs print them, say nothing. */
function withUnits([head, units, data]: readonly Row[]): string[] | null {
  if (!head || !units || !data || !isWords(head)) return null;
  const filled = units.cells.filter((cell) => isFilled(cell) && !/^-+$/.test(cell));
  const areUnits = filled.length > 0 && filled.every((cell) => /^[([][^)\]]*[)\]]$/.test(cell) || UNIT.test(cell));
  const areTypes = filled.length > 0 && filled.every((cell) => TYPE.test(cell));
  if (!(areUnits || areTypes) || !data.cells.some(isNumber)) return null;
  return head.cells.map((name, at) => {
    const unit = units.cells[at] ?? '';
    if (areTypes || !/\p{L}/u.test(unit)) return name;
    return [name, UNIT.test(unit) ? `(${unit})` : unit].filter(isFilled).join(' ');
  });
}

const UNIT =
  /^(k|m|b|g|t|bn|thousands?|millions?|billions?|trillions?|mio\.?|mrd\.?|nats?|bits?|(nats?|bits?)\s?(\/|per )\s?(token|byte|char)|s|sec|seconds|min|h|hours|steps?|tokens?|params?|flops?|pf-?days|dims?|%|n)$/i;
const TYPE =
  /^(u?int(8|16|32|64)?|[iuf](8|16|32|64)|float(16|32|64)?|double|(big|small|tiny)int|integer|real|numeric|decimal(\(\d+, ?\d+\))?|(var)?char(\(\d+\))?|text|str(ing)?|object|bool(ean)?|<(chr|dbl|int|fct|lgl|num)>)$/i;

/** How many of the first rows are lines of a header; 1 or less where it is no header of several. */
function linesOf(all: readonly Row[]): number {
  const isHead = (row: Row, i: number) => isWords(row) || runsAcross(row, all.slice(i + 1));
  const found = all.slice(0, MOST_LINES + 1).findIndex((row, i) => !isHead(row, i));
  if (found < 2 || found > MOST_LINES) return found;
  const rows = all.slice(found);
  const lines = all.slice(0, found).map(({ cells }) => cells);
  const spans = lines.slice(0, -1).some((cells) => spansNumbers(cells, rows));
  return spans || namesRows(lines.at(-1)!, rows) ? found : 1;
}

/** Whether one of the cells across stands over the next column of numbers, too: that one is empty, or says the same again. */
function spansNumbers(cells: readonly string[], rows: readonly Row[]): boolean {
  const holdsNumbers = (at: number) => rows.some((row) => isNumber(row.cells[at]));
  for (let at = firstAcross(cells); at < cells.length; at++) {
    const next = cells[at + 1];
    if ((next === cells[at] || !isFilled(next)) && holdsNumbers(at + 1)) return true;
  }
  return false;
}

const isWords = ({ cells }: Row): boolean => cells.some(isFilled) && !cells.some(isNumber);

/** A line whose first cells alone are filled, and name the first columns. */
const namesRows = (cells: readonly string[], rows: readonly Row[]): boolean => {
  const filled = cells.filter(isFilled).length;
  const width = Math.max(...rows.slice(0, MOST_LOOKED_AT).map((row) => row.cells.filter(isFilled).length));
  const isNaming = filled > 0 && filled < width && cells.slice(0, filled).every(isFilled) && width - filled > 1;
  // A word alone that comes again further down heads a group of rows.
  return isNaming && !(filled === 1 && rows.some((row) => isAlone(row.cells)));
};

const isAlone = (cells: readonly string[]): boolean =>
  isFilled(cells[0]) && !isNumber(cells[0]) && !cells.slice(1).some(isFilled);

/** Numbers behind names, above what are losses. */
function runsAcross({ cells }: Row, below: readonly Row[]): boolean {
  const places = cells.flatMap((cell, at) => (isNumber(cell) ? [at] : []));
  if (places.length < 2 || isNumber(cells[0]) || places.length < cells.filter(isFilled).length - 2) return false;
  const body = below
    .slice(0, MOST_LOOKED_AT)
    .flatMap((row) => places.map((at) => numberIn(row.cells[at] ?? '', LOOSE)))
    .filter((value) => !Number.isNaN(value));
  const losses = body.filter((value) => value > 0 && value < 25 && !Number.isInteger(value)).length;
  if (body.length === 0 || losses < 0.6 * body.length) return false;
  // A line of widths or of rates; a row of the table has its losses among them.
  const own = places.map((at) => numberIn(cells[at]!, LOOSE));
  if (own.every((value) => Number.isInteger(value))) return true;
  const largest = Math.max(...own);
  const areSmallest = largest < 1 && body.every((value) => value >= largest);
  return areSmallest && mayNameRates(cells[0] ?? '', below);
}

/** What stands before rates names them, or the numbers below; a row of activations has the name of a module there, above others. */
const mayNameRates = (corner: string, below: readonly Row[]): boolean => {
  const meaning = meaningOf(corner);
  const isNamed = corner === '' || meaning === 'rate' || meaning === 'setting' || /[\\/|→]/.test(corner);
  return isNamed || below.slice(0, MOST_LOOKED_AT).some(({ cells: [first] }) => isNumber(first));
};

/** Where what stands across begins: the first filled cell behind the corner, or the first after a gap. */
function firstAcross(cells: readonly string[]): number {
  const at = cells.findIndex((cell, i) => i > 0 && isFilled(cell));
  return at < 0 ? cells.length : at;
}

/** What spans stands over the empty cells behind it. */
function spanned(cells: readonly string[], width: number): string[] {
  let over = '';
  return Array.from({ length: width }, (_, at) => {
    if (at > 0 && isFilled(cells[at])) over = cells[at]!;
    return at === 0 ? (cells[0] ?? '') : over;
  });
}

function joinedHead(lines: readonly string[][], rows: readonly Row[], width: number): string[] {
  const last = lines.at(-1)!;
  const isNaming = namesRows(last, rows);
  const across = isNaming ? lines.slice(0, -1) : lines;
  const bottom = across.at(-1)!;
  const lead = isNaming
    ? last.filter(isFilled).length
    : Math.max(1, ...across.slice(0, -1).map((cells) => (isFilled(cells[1]) ? 1 : firstAcross(cells))));
  const areNumbers = (cells: readonly string[]) => cells.slice(1).some(isNumber);
  const corner = (cells: readonly string[]) => cells.slice(0, lead).findLast(isFilled) ?? '';
  // Of two names in the corner the lower one names the numbers beside it, and the upper one the rows.
  const cornered = across.filter((cells) => isFilled(cells[0]));
  const isUpper = cornered.length > 1 && !areNumbers(cornered[0]!) && areNumbers(bottom);
  const naming = isNaming ? null : ((isUpper ? cornered[0] : cornered.at(-1)) ?? null);
  // A name that spans the corner of several lines stands in each of them, and names the rows.
  const namesAxis = (cells: readonly string[]) =>
    cells !== naming && areNumbers(cells) && corner(cells) !== naming?.[0] && meaningOf(corner(cells)) !== null;
  const axes = across.map((cells) => (namesAxis(cells) ? corner(cells) : ''));
  const over = across.map((cells, i) =>
    i < across.length - 1 ? spanned(cells, width) : Array.from({ length: width }, (_, at) => cells[at] ?? ''),
  );
  return Array.from({ length: width }, (_, at) => {
    if (at < lead)
      return isNaming ? (last[at] ?? '') : naming?.[at] || across.findLast((cells) => isFilled(cells[at]))?.[at] || '';
    const parts = over.flatMap((cells, i) =>
      isFilled(cells[at]) ? [axes[i] !== '' && isNumber(cells[at]) ? `${axes[i]}=${cells[at]!}` : cells[at]!] : [],
    );
    return [...new Set(parts)].join(' ');
  });
}

/** The same columns under each of several names, such as width, lr and loss under SP and again under muP: below each other. */
function sideBySide(lines: readonly string[][], rows: readonly Row[], width: number, said: string[]): Headed | null {
  if (lines.length !== 2) return null;
  const [top, bottom] = lines as [string[], string[]];
  const begins = (cell: string, at: number) => isFilled(cell) && cell !== top[at - 1];
  // A name above the first column, with none below it, is of the rows.
  const isOfRows = (at: number) => at === 0 && !isFilled(bottom[0]);
  const starts = top.flatMap((cell, at) => (begins(cell, at) && !isOfRows(at) ? [at] : []));
  const blocks = starts.map((from, k) => ({ name: top[from]!, from, to: starts[k + 1] ?? width }));
  const shape = ({ from, to }: { from: number; to: number }) => bottom.slice(from, to).filter(isFilled).join('\0');
  const last = blocks.at(-1);
  const same = blocks.filter((block) => last && shape(block) === shape(last));
  const names = last ? bottom.slice(last.from, last.to).filter(isFilled) : [];
  const isTold = same.length > 1 && names.length > 1 && names.some((name) => lossNamed(name)?.kind === 'loss');
  if (!isTold || same.some(({ name }) => isNumber(name))) return null;
  const kept = Array.from({ length: same[0]!.from }, (_, at) => at).filter(
    (at) => isFilled(bottom[at]) || isFilled(top[at]),
  );
  const stacked = rows.flatMap(({ number, cells }): Row[] =>
    same.flatMap(({ name, from }) => {
      const own = names.map((_, k) => cells[from + k] ?? '');
      return own.some(isFilled) ? [{ number, cells: [...kept.map((at) => cells[at] ?? ''), ...own, name] }] : [];
    }),
  );
  return {
    header: [...kept.map((at) => bottom[at] || top[at]!), ...names, 'series'],
    rows: stacked,
    said: [
      ...said,
      `The same columns stand under ${same.map(({ name }) => `"${name}"`).join(' and ')}, read as a series each.`,
    ],
  };
}
