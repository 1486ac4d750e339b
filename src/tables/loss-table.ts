/** A table of measured losses, as people keep them: CSV with any usual delimiter, with or without a header. */
import Papa from 'papaparse';
import { InputError } from '../model/parse.ts';
import { unguarded } from './csv.ts';
import { withExponent } from './typed-number.ts';
import { chooseColumns, lengthColumn, type Column, type Columns, type ColumnRequest } from './loss-columns.ts';

export interface LossPoint {
  x: number;
  loss: number;
  /** Standard error of the loss, and the runs whose mean it is, where the table has them. */
  standardError?: number;
  seeds?: number;
  tokens?: number;
}

export interface LossSeries {
  /** Null where the table has no series column. */
  name: string | null;
  points: LossPoint[];
  /** x of the rows whose loss is empty. */
  targets: number[];
  /** The same rows with their tokens, where there is a column of these. */
  jointTargets: { n: number; d: number }[];
}

export interface LossTable {
  columns: Columns;
  /** In the order in which they first appear. */
  series: LossSeries[];
}

/** A record and its number in the file, counted as a spreadsheet does: from 1, header and blank lines included. */
export interface Row {
  number: number;
  cells: string[];
}

/** A table whose cells are told apart, but not yet what they mean. */
export interface Cells {
  /** Names of the columns; their numbers from 1 where the first row is one of numbers. */
  header: string[];
  /** Whether those names are the table's own. */
  isNamed: boolean;
  rows: Row[];
  /** NaN for what is not written as a finite decimal number, such as 1.3e9, 1.3B or 1,300,000,000. */
  parse(cell: string): number;
  isNumeric(cell: string): boolean;
}

/**
 * Reads a table. Lines that are blank or begin with # are skipped; a row with an empty loss is a target of its series.
 * @throws InputError naming the row and column at fault and what is allowed.
 */
export function parseLossTable(text: string, request: ColumnRequest = {}): LossTable {
  return lossesIn(readCells(text), request);
}

/** Also where a bracket is missing or names are not quoted; but [width] may head a column. */
function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  if (/^\s*(\[\s*[[{\d.-]|\{\s*("|\w+\s*:))/.test(text)) return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** @throws InputError where the text has no rows, or one longer than its header. */
export function readCells(text: string): Cells {
  if (text.trim() === '') throw new InputError('file', 'The file is empty; it needs a column of x and one of losses.');
  if (isJson(text)) {
    throw new InputError(
      'file',
      'The file is JSON; it needs to be a table, such as CSV, with a row for each loss and columns of x and losses.',
    );
  }
  const delimiter = delimiterOf(text);
  const rows = readRows(text, delimiter);
  // Between commas a decimal comma is quoted; a single group of thousands would be, too.
  const decimalComma =
    delimiter !== ',' ||
    rows.some(({ cells }) => cells.some((cell) => DECIMAL_COMMA.test(cell) && !GROUPED.test(cell)));
  const parse = (cell: string) => parseNumber(cell, decimalComma);
  const isNumeric = (cell: string) => looksNumeric(cell, parse);

  const hasHeader = rows.length > 0 && !rows[0]!.cells.some((cell) => cell !== '' && isNumeric(cell));
  const data = hasHeader ? rows.slice(1) : rows;
  const header = hasHeader ? rows[0]!.cells : (rows[0]?.cells ?? []).map((_, i) => String(i + 1));
  if (data.length === 0) throw new InputError('file', 'The table has no rows of numbers, only a header.');
  const long = data.find(({ cells }) => cells.slice(header.length).some((cell) => cell !== ''));
  if (long) {
    throw new InputError(
      `row ${long.number}`,
      `Row ${long.number} has ${long.cells.length} cells, more than the ${header.length} of the first row.`,
    );
  }
  return { header, isNamed: hasHeader, rows: data, parse, isNumeric };
}

/**
 * The columns alone, which can be told although a row is at fault.
 * @throws InputError when a column asked for does not exist, or none can be found.
 */
export const columnsIn = ({ header, rows, isNumeric }: Cells, request: ColumnRequest = {}): Columns =>
  chooseColumns(header, rows, request, isNumeric);

/** @throws InputError as `parseLossTable` does. */
export function lossesIn(cells: Cells, request: ColumnRequest = {}): LossTable {
  const { header, rows } = cells;
  const columns = columnsIn(cells, request);
  const length = lengthColumn(header, columns);
  assertOneReading(cells, columns);
  const series = gather(cells, columns);
  if (length) assertOneLength(rows, columns, length);
  return { columns, series };
}

/** A mark before one group of three digits, and no zero before it. */
const GROUPED = /^[+-]?[1-9]\d{0,2}([.,])\d{3}(?![\d.,])/;
const MARK = /^[+-]?\d*([.,])\d+(?![\d.,])/;
const markOf = (number: string): string | undefined => MARK.exec(number)?.[1];

/**
 * 1,024 may be a thousand and a bit or one and a bit. What a column has besides can tell: 8,5 has a decimal mark for certain.
 * Where nothing tells, a size must not be guessed at: not behind a comma, and not behind a dot where commas mark decimals.
 * Losses are small, and told by their own column alone.
 */
function assertOneReading({ rows, parse }: Cells, { x, y, error, seeds, tokens }: Columns): void {
  const numbersIn = ({ index }: Column) =>
    rows
      .map(({ number, cells }) => ({ number, cell: cells[index] ?? '' }))
      .filter(({ cell }) => !Number.isNaN(parse(cell)));
  const present = [x, tokens, seeds, y, error].filter((column) => column !== null);
  const hasCommas = present.some((column) => numbersIn(column).some(({ cell }) => markOf(cell) === ','));
  for (const column of present) {
    const numbers = numbersIn(column);
    const marks = new Set(numbers.map(({ cell }) => markOf(cell)));
    const decimal = new Set(numbers.map(({ cell }) => (GROUPED.test(cell) ? undefined : markOf(cell))));
    const isSize = column !== y && column !== error;
    const isAsked = { ',': isSize || marks.has('.'), '.': isSize ? hasCommas : marks.has(',') };
    for (const { number, cell } of numbers) {
      const mark = GROUPED.exec(cell)?.[1] as ',' | '.' | undefined;
      if (mark && isAsked[mark] && !decimal.has(mark)) throw ambiguous(cell, mark, number, column.name);
    }
  }
}

function ambiguous(cell: string, mark: string, row: number, column: string): InputError {
  const whole = String(Number(withExponent(cell.replace(mark, ''))));
  const small = String(Number(withExponent(cell.replace(mark, '.'))));
  // With one more decimal it is no group, and not asked about again.
  const plain = GROUPED.test(small) ? `${small}0` : small;
  return new InputError(
    `row ${row}`,
    `Row ${row}, column "${column}": "${cell}" may mean ${whole} or ${small}; write ${whole} or ${plain}.`,
  );
}

function gather({ rows, parse }: Cells, columns: Columns): LossSeries[] {
  const byName = new Map<string | null, LossSeries>();
  const faults: InputError[] = [];
  for (const row of rows) {
    try {
      addRow(byName, row, columns, parse);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      faults.push(error);
    }
  }
  const [first, ...more] = faults;
  if (!first) return [...byName.values()];
  throw more.length === 0 ? first : new InputError(first.field, `${first.message} ${moreFaults(more.length)}`);
}

function addRow(
  byName: Map<string | null, LossSeries>,
  { number, cells }: Row,
  columns: Columns,
  parse: Cells['parse'],
): void {
  const at = (column: { index: number }) => cells[column.index] ?? '';
  const name = columns.series ? at(columns.series) : null;
  if (name === '')
    throw new InputError(`row ${number}`, `Row ${number}, column "${columns.series!.name}": no series is named.`);
  const series = byName.get(name) ?? { name, points: [], targets: [], jointTargets: [] };
  byName.set(name, series);
  const x = positive(at(columns.x), parse, number, columns.x.name, '');
  const tokens = columns.tokens ? positive(at(columns.tokens), parse, number, columns.tokens.name, '') : null;
  if (at(columns.y) === '') {
    series.targets.push(x);
    if (tokens !== null) series.jointTargets.push({ n: x, d: tokens });
  } else {
    const loss = positive(at(columns.y), parse, number, columns.y.name, ', or empty to have it predicted');
    const point: LossPoint = { x, loss };
    const error = columns.error && at(columns.error);
    if (error) point.standardError = standardError(error, parse, number, columns.error!.name);
    const seeds = columns.seeds && at(columns.seeds);
    if (seeds) point.seeds = countOf(seeds, parse, number, columns.seeds!.name);
    if (tokens !== null) point.tokens = tokens;
    series.points.push(point);
  }
}

const moreFaults = (count: number) => `${count} more ${count === 1 ? 'row is' : 'rows are'} faulty, too.`;

/** A law over x alone means losses after equal training; rows of other lengths would bend it without a sign. */
function assertOneLength(data: Row[], columns: Columns, length: Column): void {
  const lengths = new Map<string, string>();
  for (const { cells } of data) {
    const series = columns.series ? (cells[columns.series.index] ?? '') : '';
    const here = cells[length.index] ?? '';
    const before = lengths.get(series);
    if (before !== undefined && before !== here) {
      throw new InputError(
        'tokens',
        `Column "${length.name}" has ${before} and ${here}: a law over x alone needs losses after equal training. Keep the rows of one value, or make it the column of tokens, to fit both.`,
      );
    }
    lengths.set(series, here);
  }
}

function positive(cell: string, parse: (cell: string) => number, row: number, column: string, orElse: string): number {
  const value = parse(cell);
  if (Number.isFinite(value) && value > 0) return value;
  throw wrong(cell, row, column, `a finite number above 0${orElse}`);
}

function standardError(cell: string, parse: (cell: string) => number, row: number, column: string): number {
  const value = parse(cell);
  if (Number.isFinite(value) && value >= 0) return value;
  throw wrong(cell, row, column, 'a finite number of at least 0, or empty');
}

function countOf(cell: string, parse: (cell: string) => number, row: number, column: string): number {
  const value = parse(cell);
  if (Number.isInteger(value) && value >= 1) return value;
  throw wrong(cell, row, column, 'a whole number of at least 1, or empty');
}

function wrong(cell: string, row: number, column: string, allowed: string): InputError {
  const found = cell === '' ? 'empty' : `"${cell.length > 40 ? `${cell.slice(0, 40)}…` : cell}"`;
  return new InputError(`row ${row}`, `Row ${row}, column "${column}": must be ${allowed}, not ${found}.`);
}

/** A semicolon or tab never stands inside a number, a comma may: so they are looked for first. */
function delimiterOf(text: string): string {
  // Inside of quotation marks none of them delimits; but a mark may stand alone, as in 6".
  const lines = [firstLine(text.replace(/"(?:[^"]|"")*"/g, '""')), firstLine(text)];
  const found = lines.flatMap((line) => ['\t', ';', '|', ','].find((delimiter) => line.includes(delimiter)) ?? []);
  return found[0] ?? (/\S\s+\S/.test(lines[1]!) ? ' ' : ',');
}

function firstLine(text: string): string {
  const lines = text.split(/\r\n|\n|\r/).map((line) => line.trim());
  return lines.find((line) => line !== '' && !line.startsWith('#')) ?? '';
}

function readRows(text: string, delimiter: string): Row[] {
  // Columns lined up with several spaces are still one delimiter each.
  const source = delimiter === ' ' ? text.replace(/[ \t]+/g, ' ').replace(/^ | $/gm, '') : text;
  const { data, errors } = Papa.parse<string[]>(source, { delimiter });
  const problem = errors.find((error) => error.type === 'Quotes');
  if (problem) {
    const row = (problem.row ?? 0) + 1;
    throw new InputError(`row ${row}`, `Row ${row}: a quotation mark is opened and not closed properly.`);
  }
  return data
    .map((cells, i) => ({ number: i + 1, cells: cells.map((cell) => cell.trim()) }))
    .filter(({ cells }) => cells.some((cell) => cell !== '') && !cells[0]!.startsWith('#'))
    .map(({ number, cells }) => ({ number, cells: cells.map(unguarded) }));
}

const DECIMAL_COMMA = /^[+-]?\d*,\d+$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
/** One group of thousands could as well be three decimals. */
const THOUSANDS = /^[+-]?\d{1,3}(,\d{3}){2,}(?!\d|,)/;

/** NaN for everything that is not written as a finite decimal number. */
function parseNumber(cell: string, decimalComma: boolean): number {
  const isGrouped = THOUSANDS.test(cell);
  const plain = isGrouped ? cell.replaceAll(',', '') : decimalComma ? cell.replace(/^([+-]?\d*),(\d)/, '$1.$2') : cell;
  const decimal = withExponent(plain);
  return NUMBER.test(decimal) ? Number(decimal) : NaN;
}

/** Whether a cell of the first row is data rather than a name: a number, or what programs write in place of one. */
function looksNumeric(cell: string, parse: (cell: string) => number): boolean {
  return !Number.isNaN(parse(cell)) || /^[+-]?(nan|inf|infinity)$/i.test(cell);
}
