/** What stands in the columns of a table: their names' meaning beside what their contents look like. */
import { certainMarks, isDoubtful, marksOf, numberIn, saysDiverged, saysNothing, type Marks } from './cell-numbers.ts';
import { logarithmOf, meaningOf, plain, unitOf, type Meaning } from './meanings.ts';
import type { Sheet } from './sheet.ts';

export interface Column {
  index: number;
  /** The header's name, or the column's number from 1 where there is no header. */
  name: string;
}

export interface ColumnLook extends Column {
  meaning: Meaning | null;
  /** Trimmed cells, one a row. */
  cells: readonly string[];
  /** NaN where a cell is no number; read with a decimal mark where it could be two. */
  numbers: readonly number[];
  /** How its marks are read. */
  marks: Marks;
  /** Filled cells that are numbers, or say that a training diverged. */
  isNumeric: boolean;
  /** Every filled cell is a word. */
  isWords: boolean;
  isInteger: boolean;
  /** Number of different filled cells. */
  distinct: number;
  filled: number;
}

/** Losses, errors and rates are small; of sizes and counts people write thousands. */
const SMALL: ReadonlySet<Meaning> = new Set<Meaning>([
  'loss',
  'perplexity',
  'error',
  'spread',
  'auxiliary',
  'rate',
  'activation',
  'prediction',
]);

/** A day of any country's calendar, with or without an hour; an hour alone. */
const DATE =
  /^((\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4})([T ,_]+\d{1,2}[:h]\d{2}.{0,24})?|\d{1,2}:\d{2}(:\d{2})?)$/;

/** Several steps look at the same sheet. */
const seen = new WeakMap<Sheet, ColumnLook[]>();

export function looksAt(sheet: Sheet): ColumnLook[] {
  const known = seen.get(sheet);
  if (known) return known;
  const looks = looked(sheet);
  seen.set(sheet, looks);
  return looks;
}

function looked(sheet: Sheet): ColumnLook[] {
  const cellsOf = sheet.header.map((_, index) => sheet.rows.map(({ cells }) => cells[index] ?? ''));
  const meanings = sheet.header.map((name) => (sheet.isNamed ? meaningOf(name) : null));
  const certain = cellsOf.map((cells) => certainMarks(cells));
  // A loss of a thousand there is none: what could be read in two ways is a decimal there, and shows how the table writes them.
  const shown = cellsOf.map((cells, i) => {
    const doubtful =
      certain[i]!.size === 0 && isSmall(meanings[i]!, cells) ? cells.map(isDoubtful).find(Boolean) : null;
    return doubtful ? new Set([doubtful]) : certain[i]!;
  });
  const looks = sheet.header.map((name, index) => {
    const cells = cellsOf[index]!;
    const others = new Set(shown.flatMap((marks, i) => (i === index ? [] : [...marks])));
    const usual = marksOf(certain[index]!, others, isSmall(meanings[index]!, cells) || areInUnits(cells, others));
    const isAsked = usual['.'] === 'decimal' && areWholeInGroups(name, meanings[index]!, cells);
    const marks: Marks = isAsked ? { ...usual, '.': 'ask' } : usual;
    const numbers = cells.map((cell) => numberIn(cell, marks));
    // A number says something, and nothing of a divergence.
    const filled = cells.filter((cell, i) => !Number.isNaN(numbers[i]!) || !saysNothing(cell));
    const count = numbers.reduce((sum, value) => (Number.isNaN(value) ? sum : sum + 1), 0);
    const diverged = count === cells.length ? 0 : cells.filter(saysDiverged).length;
    const isNumeric = filled.length > 0 && count + diverged >= filled.length / 2 && count > 0;
    const distinct = new Set(filled).size;
    // Without a name, in a table that has names, whole numbers that never come back number the rows, unless rows are not so numbered.
    const isNumbering =
      sheet.isNamed && name === String(index + 1) && distinct === filled.length && isNumeric && !areChosen(numbers);
    // A letter such as c stands for compute only where its numbers could.
    const isLetter =
      plain(name).length === 1 && meanings[index] === 'compute' && numbers.every((value) => !(value >= 1000));
    const isWords = filled.length > 0 && count === 0 && diverged < filled.length;
    const own = isNumbering && numbers.every((value) => !(value % 1)) ? 'index' : isLetter ? null : meanings[index]!;
    // When a training was begun tells nothing of it.
    const meaning = own === null && isWords && filled.every((cell) => DATE.test(cell)) ? 'time' : own;
    return {
      ...{ index, name, meaning, cells, numbers, marks, isNumeric, isWords },
      isInteger: count > 0 && numbers.every((value) => Number.isNaN(value) || Number.isInteger(value)),
      distinct,
      filled: filled.length,
    };
  });
  return looks.map((look) => (isDifference(look, looks) ? { ...look, meaning: 'difference' } : look));
}

/** Columns among which differences are looked for: beyond so many one fits by chance. */
const MOST_COMPARED = 12;

/** A gap or a gain beside the two losses that it is between, to its last decimal. */
function isDifference(look: ColumnLook, looks: readonly ColumnLook[]): boolean {
  if (look.meaning !== null || !look.isNumeric || look.isInteger || look.filled < 3) return false;
  const others = looks.filter(
    (other) =>
      other !== look && !other.isInteger && other.isNumeric && (other.meaning === null || other.meaning === 'loss'),
  );
  if (others.length < 2 || others.length > MOST_COMPARED) return false;
  const decimals = Math.max(...look.cells.map((cell) => /[.,](\d+)$/.exec(cell)?.[1]!.length ?? 0));
  const isWithin = (one: ColumnLook, other: ColumnLook) =>
    look.numbers.every((value, i) => {
      const [a, b] = [one.numbers[i]!, other.numbers[i]!];
      const off = Math.abs(value) - Math.abs(a - b);
      // Of three such columns each is the sum or the difference of the others: the small one is meant.
      if (Math.abs(value) > Math.min(a, b) / 2) return false;
      return Number.isNaN(off) ? Number.isNaN(value) : Math.abs(off) <= 1.01 * 10 ** -decimals;
    });
  return others.some((one, k) => others.slice(k + 1).some((other) => isWithin(one, other)));
}

/** 64, 96, 128 and 1e6, 4e6: widths or parameters that somebody chose, and hardly what is left of the numbers of rows. */
function areChosen(numbers: readonly number[]): boolean {
  const known = numbers.filter((value) => !Number.isNaN(value));
  const [least] = extremesOf(known);
  const areWidths = least >= 16 && known.every((value) => value % 8 === 0 && oddPart(value) <= 15);
  return known.length > 1 && (least > 1e5 || areWidths);
}

/** What is left of a whole number without its factors of two. */
export const oddPart = (value: number): number => (value % 2 === 0 && value > 0 ? oddPart(value / 2) : value);

/** Behind a suffix a mark is a decimal one, where the table writes these so: 1,125B is no 1125 billion beside losses like 3,2. */
const areInUnits = (cells: readonly string[], others: ReadonlySet<string>): boolean =>
  others.size === 1 &&
  cells.every((cell) => isDoubtful(cell) === null || (/[a-z]\.?$/i.test(cell) && others.has(isDoubtful(cell)!)));

/** Counts that are whole by nature, and have no unit that would give them decimals. */
const WHOLE: ReadonlySet<Meaning> = new Set<Meaning>(['width', 'parameters', 'layers', 'tokens', 'steps']);

/** 512, 1.024 and 2.048 above a name for something whole: as likely thousands with a dot, whatever marks stand elsewhere. */
const areWholeInGroups = (name: string, meaning: Meaning | null, cells: readonly string[]): boolean =>
  meaning !== null &&
  WHOLE.has(meaning) &&
  unitOf(name) === 0 &&
  logarithmOf(name) === null &&
  cells.some((cell) => isDoubtful(cell) === '.') &&
  cells.every((cell) => saysNothing(cell) || /^\d{1,3}$/.test(cell) || /^[1-9]\d{0,2}(\.\d{3})+$/.test(cell));

/** Nobody writes a width of 3,918, and no column of losses is without decimals: sizes of one digit before the mark are the doubt. */
function isSmall(meaning: Meaning | null, cells: readonly string[]): boolean {
  if (meaning !== null) return SMALL.has(meaning);
  const filled = cells.filter((cell) => cell !== '');
  // 3,918 3,605 3,443: decimals of losses fall slowly; sizes of a ladder double.
  const values = filled.map((cell) => (isDoubtful(cell) ? Number(cell.replace(',', '.')) : NaN));
  if (values.length === 0 || values.some(Number.isNaN)) return false;
  return spanOf(values) < 1.5 && extremesOf(values)[1] < 20;
}

/** 1, 2, 3 or 0, 1, 2 down the rows. */
export const countsRows = ({ numbers }: ColumnLook): boolean =>
  numbers.length > 1 &&
  (numbers[0] === 0 || numbers[0] === 1) &&
  numbers.every((value, i) => value === numbers[0]! + i);

/** Numbers of 0 to 25 that are not all whole, as losses in nats are. */
export function looksLikeLosses({ numbers, isNumeric, isInteger, distinct }: ColumnLook): boolean {
  const known = numbers.filter((value) => !Number.isNaN(value));
  return (
    isNumeric && !isInteger && distinct > 1 && known.every((value) => value > 0 && value < 25) && spanOf(known) < 12
  );
}

/** Positive, over at least a factor of 1.5, and whole or large. */
export function looksLikeSizes(look: ColumnLook): boolean {
  const known = look.numbers.filter((value) => !Number.isNaN(value));
  if (!look.isNumeric || look.distinct < 2 || countsRows(look)) return false;
  return known.every((value) => value > 0) && spanOf(known) >= 1.5 && (look.isInteger || extremesOf(known)[1] > 25);
}

const spanOf = (values: readonly number[]): number => {
  const [least, most] = extremesOf(values);
  return most / least;
};

/** The least and the largest, of any number of values; Infinity and -Infinity of none. */
export function extremesOf(values: readonly number[]): [least: number, most: number] {
  let [least, most] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return [least, most];
}

export const isCalled = (name: string, wanted: string): boolean =>
  plain(name) === plain(wanted) && plain(wanted) !== '';
