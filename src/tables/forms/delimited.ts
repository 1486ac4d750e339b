/** Delimited text: any separator, with or without a header, comments told from data, a header that is a comment. */
import Papa from 'papaparse';
import { InputError } from '../../model/parse.ts';
import { unguarded } from '../csv.ts';
import { marksOf, numberIn, saysDiverged } from '../cell-numbers.ts';
import { headOfSeveralLines } from '../head-lines.ts';
import { counted, padded, quoted, type Row, type Sheet } from '../sheet.ts';
import { blocksIn, type Blocks } from './blocks.ts';

const QUOTED = /"(?:[^"]|"")*"/g;
const SEP = /^\s*"?sep=(.)"?\s*$/i;
const NO_MARKS = new Set<never>();
const LOOSE = marksOf(NO_MARKS, NO_MARKS, true);

/** Whether a cell is data rather than a name: a number, or what programs write in place of one. */
export const looksNumeric = (cell: string): boolean => !Number.isNaN(numberIn(cell, LOOSE)) || saysDiverged(cell);

/** @throws InputError where a quotation mark is not closed, a row is longer than the header, or there are no rows. */
export function readDelimited(text: string): Sheet {
  const lines = text.split(/\r\n|\n|\r/);
  const at = lines.findIndex((line) => line.trim() !== '');
  const named = SEP.exec(lines[at] ?? '')?.[1];
  // The line stays as a blank one, so that rows keep their numbers.
  const whole = named ? lines.with(at, '').join('\n') : withoutRules(text);
  // Lines inside of a quoted cell are none of the table.
  const isPlain = !(whole.match(QUOTED) ?? []).some((cell) => /[\r\n]/.test(cell));
  const { text: body, isShortened } = isPlain ? withoutDots(whole) : { text: whole, isShortened: false };
  const delimiter = named ?? delimiterOf(body);
  const blocks =
    delimiter === ' ' || !isPlain ? null : blocksIn(body, delimiter, (line) => isHeadLine(line, delimiter));
  if (blocks) return joinedBlocks(blocks, delimiter);
  const {
    rows,
    header,
    passedOver,
    said: more = [],
  } = delimiter === ' ' ? headed(readSpaced(body)) : headed(readRows(body, delimiter));
  if (delimiter === ' ' && header && rows.length > 0 && rows.every(({ cells }) => cells.length < header.length - 1)) {
    throw new InputError(
      'file',
      `The header has ${header.length} words above ${rows[0]!.cells.length} columns: between columns whose names have blanks, two blanks or a comma are needed.`,
    );
  }
  if (delimiter === ',' && header) refuseDecimalCommas(header, rows);
  const said = [
    ...(passedOver > 0 ? [`${counted(passedOver, 'comment line')} passed over.`] : []),
    ...(isShortened
      ? ['The table was printed without its middle: a line of dots stands for rows that are not here.']
      : []),
    ...more,
  ];
  return sheetOf(header, rows, said);
}

/** A line of words, or one of words and numbers that runs across, as a header of widths does. */
const isHeadLine = (line: string, delimiter: string): boolean => {
  const cells = line.split(delimiter).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'));
  const filled = cells.filter((cell) => cell !== '');
  return (
    filled.length > 1 && !looksNumeric(cells[0]!) && (cells[0] === '' || filled.every((cell) => !looksNumeric(cell)))
  );
};

function joinedBlocks({ text, titleOf, titles }: Blocks, delimiter: string): Sheet {
  const { rows, header, said = [] } = headed(readRows(text, delimiter));
  const width = header?.length ?? 0;
  const named = rows.map(({ number, cells }) => ({
    number,
    cells: [...padded(cells, width), titleOf.get(number) ?? ''],
  }));
  return sheetOf(header && [...header, 'table'], named, [
    ...said,
    `${titles.length} tables with the same columns are read as one: ${quoted(titles)}.`,
  ]);
}

/** pandas prints of a long table the first and the last rows, dots between them, and its shape below. */
function withoutDots(text: string): { text: string; isShortened: boolean } {
  const bare = text.replace(/^\s*\[\d+ rows x \d+ columns\]\s*$/gm, '');
  const whole = bare.replace(/^(?=.*\.\.)[.…|,; \t]+$/gm, '');
  return { text: whole, isShortened: whole !== bare };
}

/**
 * One cell more in every row than there are names, and no decimal mark in any: the comma that parts the columns is the decimal mark, too.
 * @throws InputError where it is so: what belongs together cannot be told for certain.
 */
function refuseDecimalCommas(header: readonly string[], rows: readonly Row[]): void {
  const names = header.slice(0, header.findLastIndex((name) => name !== '') + 1);
  const [first] = rows;
  const isOneMore = rows.every(({ cells }) => cells.length === names.length + 1 && /^\d+$/.test(cells.at(-1)!));
  if (!first || names.length < 2 || !isOneMore || rows.some(({ cells }) => cells.some((cell) => /[.,]/.test(cell))))
    return;
  throw new InputError(
    `row ${first.number}`,
    `Every row has ${first.cells.length} cells under ${names.length} names (${names.join(', ')}), and none of them a decimal mark: where a comma stands inside the losses, write a dot there (3.87), or part the columns by semicolons.`,
  );
}

/** Columns that are lined up by several blanks may have names with one; where all lines agree on them, these are the columns. */
function readSpaced(text: string): ReturnType<typeof readRows> {
  const lines = text.split(/\r\n|\n|\r/).map((line) => line.trim().replace(/ {2,}|\t+/g, '\t'));
  const widths = new Set(lines.filter((line) => line !== '').map((line) => line.split('\t').length));
  return widths.size === 1 && !widths.has(1) ? readRows(lines.join('\n'), '\t') : readRows(text, ' ');
}

/** Lines that only draw, as reStructuredText has them, stay as blank ones; the double bars around a wiki's header are bars. */
const withoutRules = (text: string): string =>
  text
    .replace(/^[ \t]*[=-]{2,}([ \t]+[=-]{2,})+[ \t]*$/gm, '')
    .replace(/^\|\|.*\|\|[ \t]*$/gm, (line) => line.replaceAll('||', '|'));

/** @param header null where the rows have no names above them. @throws InputError as `readDelimited` does. */
export function sheetOf(names: string[] | null, rows: Row[], said: string[]): Sheet {
  const header = names && isShort(names, rows) ? ['', ...names] : names;
  const width = header?.length ?? rows[0]?.cells.length ?? 0;
  if (rows.length === 0) throw new InputError('file', 'The table has no rows of numbers, only a header.');
  const long = rows.find(({ cells }) => cells.length > width && cells.slice(width).some((cell) => cell !== ''));
  if (long) {
    throw new InputError(
      `row ${long.number}`,
      `Row ${long.number} has ${long.cells.length} cells, more than the ${width} of the first row.`,
    );
  }
  const all = header ?? Array.from({ length: width }, (_, i) => String(i + 1));
  const unnamed = header ? all.flatMap((name, i) => (name === '' ? [i] : [])) : [];
  return { header: all.map((name, i) => name || String(i + 1)), isNamed: header !== null, unnamed, rows, said };
}

/** Rows whose cells are told apart: the header is found among them. @throws InputError as `readDelimited` does. */
export function sheetOfRows(all: readonly Row[], said: string[]): Sheet {
  // No mark at the beginning of a cell makes a comment of it.
  const { header, rows, said: more = [] } = headed(all.map((row) => ({ row, isQuoted: true })));
  return sheetOf(header, rows, [...said, ...more]);
}

/** What begins a comment in Python, R and gnuplot, in MATLAB and LaTeX, and in C. */
const MARK = /^(#|%(\s|$)|\/\/)/;

/** R and pandas print the names of rows with no name above them. */
const isShort = (names: readonly string[], rows: readonly Row[]): boolean =>
  rows.every(({ cells }) => cells.length === names.length + 1) && rows.some(({ cells }) => cells.at(-1) !== '');

/** Tells comments from rows whose first cell only begins like one, and finds the header, which may be such a comment. */
function headed(all: { row: Row; isQuoted: boolean }[]): {
  header: string[] | null;
  rows: Row[];
  passedOver: number;
  said?: string[];
} {
  const isMarked = ({ row, isQuoted }: (typeof all)[number]) => !isQuoted && MARK.test(row.cells[0]!);
  const plain = all.filter((one) => !isMarked(one));
  const several = headOfSeveralLines(plain.map(({ row }) => row));
  if (several) return { ...several, passedOver: all.length - plain.length };
  const usual = usualWidth((plain.length > 0 ? plain : all).map(({ row }) => row.cells.length));
  const firstPlain = plain[0]?.row;
  // "diverged" and "nan" may be names of columns; a row has a number beside them.
  const isHeader = ({ cells }: Row) => !cells.some((cell) => !Number.isNaN(numberIn(cell, LOOSE)));
  const hasHeader =
    firstPlain !== undefined &&
    (isHeader(firstPlain) ||
      runsAcross(
        firstPlain,
        plain.slice(1).map(({ row }) => row),
      ));
  const isHead = (one: Row) =>
    isHeader(one) ||
    runsAcross(
      one,
      plain.map(({ row }) => row),
    );
  // Where every row begins with a mark, it is no mark of a comment.
  const areAllMarked = plain.length <= Number(hasHeader);
  let header: string[] | null = null;
  let passedOver = 0;
  const rows: Row[] = [];
  for (const one of all) {
    const { row } = one;
    if (!isMarked(one)) {
      if (row === firstPlain && hasHeader) header = row.cells;
      else rows.push(row);
      continue;
    }
    const bare = withoutMark(row.cells);
    // Other marks than a hash are rare, and in front of numbers they are names.
    const isName = !row.cells[0]!.startsWith('#') || areAllMarked;
    const hasNumbers = row.cells.length === usual && row.cells.slice(1).some((cell) => looksNumeric(cell));
    const isAbove = firstPlain === undefined || row.number < firstPlain.number;
    // A name with a hash in front has numbers beside it; switched-off lines of numbers have a number behind the hash, too.
    // With a blank behind it a hash is a mark also where columns are told by several blanks.
    const isOff =
      bare.length < row.cells.length ||
      (looksNumeric(bare[0] ?? '') && !hasWords(plain)) ||
      (isAbove && /^#\s/.test(row.cells[0]!) && isHead({ number: row.number, cells: bare }));
    // A hash by itself above a column of its own is that column's name.
    const isNumbering = row.cells[0] === '#' && row.cells.length === usual && isHead(row);
    if (hasNumbers && (isName || !isOff)) rows.push(row);
    else if (!hasHeader && isAbove && isNumbering && header === null) header = row.cells;
    else if (!hasHeader && isAbove && bare.length === usual && isHead({ number: row.number, cells: bare }))
      header = bare;
    else passedOver++;
  }
  return { header, rows, passedOver };
}

/**
 * Whether a first row of numbers behind one name stands above a table of losses: widths or rates across the top. Below it stand
 * numbers, too, or else only what is no size.
 */
function runsAcross({ cells }: Row, below: Row[]): boolean {
  const words = Math.max(
    1,
    cells.findIndex((cell) => cell !== '' && looksNumeric(cell)),
  );
  // Behind the numbers a column may have a name of its own, such as "best lr".
  const end = cells.findLastIndex((cell) => looksNumeric(cell)) + 1;
  const [corner, above] = [cells[0]!, cells.slice(words, end)];
  if (above.length < 2 || below.length === 0 || (corner !== '' && looksNumeric(corner))) return false;
  const numbers = above.map((cell) => numberIn(cell, LOOSE));
  if (numbers.some(Number.isNaN) || new Set(numbers).size < numbers.length) return false;
  const body = below.flatMap((row) => row.cells.slice(words, end)).map((cell) => numberIn(cell, LOOSE));
  const known = body.filter((value) => !Number.isNaN(value));
  const areLosses = known.length > 0 && known.every((value) => value > 0 && value < 25);
  if (!areLosses) return false;
  const isDown = below.every(({ cells: [first] }) => looksNumeric(first!)) || words > 1;
  return isDown || (numbers.every(Number.isInteger) && Math.min(...numbers) >= 4 && !known.every(Number.isInteger));
}

/** Whether the first column holds names in the rows that are rows for certain. */
const hasWords = (plain: { row: Row }[]): boolean => {
  const first = plain.slice(1).map(({ row }) => row.cells[0] ?? '');
  return first.length > 0 && first.filter((cell) => cell !== '' && !looksNumeric(cell)).length > first.length / 2;
};

/** "# N D loss" and "#N,D,loss" have three names. */
function withoutMark([first, ...rest]: string[]): string[] {
  const bare = first!.replace(/^(#+|%|\/\/)\s*/, '');
  return bare === '' ? rest : [bare, ...rest];
}

function usualWidth(widths: number[]): number {
  const counts = new Map<number, number>();
  for (const width of widths) counts.set(width, (counts.get(width) ?? 0) + 1);
  return [...counts].reduce((best, one) => (one[1] > best[1] ? one : best), [0, 0])[0];
}

const CANDIDATES = ['\t', ';', '|', ','] as const;

/** Without the blanks at its ends, which a pattern would look for at each of many. */
function withoutBlanks(line: string): string {
  let [from, to] = [0, line.length];
  while (line[from] === ' ') from++;
  while (to > from && line[to - 1] === ' ') to--;
  return line.slice(from, to);
}

/** A semicolon or tab never stands inside a number, a comma may: so they are looked for first. */
export function delimiterOf(text: string): string {
  const lines = text
    // Inside of quotation marks none of them delimits.
    .replace(QUOTED, '""')
    .split(/\r\n|\n|\r/)
    // A tab at an end stands beside an empty cell.
    .map(withoutBlanks)
    .filter((line) => line.trim() !== '');
  const plain = lines.filter((line) => !line.startsWith('#'));
  const seen = (plain.length > 0 ? plain : lines).slice(0, 20);
  // In a name a mark may stand once; what delimits stands in all lines.
  const inAll = CANDIDATES.find((mark) => seen.every((line) => line.includes(mark)) && isUsed(seen, mark));
  if (inAll) return inAll;
  const most = seen.filter((line) => /\S\s+\S/.test(line)).length;
  if (seen.length > 0 && most > seen.length / 2 && isSpaced(seen)) return ' ';
  const found = CANDIDATES.find((mark) => seen[0]?.includes(mark)) ?? CANDIDATES.find((mark) => text.includes(mark));
  return found ?? (most > 0 ? ' ' : ',');
}

/** Commas may be decimal marks, or stand in the names, of columns that spaces tell apart: those have more numbers then. */
function isUsed(lines: string[], mark: string): boolean {
  const parts = lines.slice(0, 2).map((line) => line.split(/\s+/).length);
  if (mark !== ',' || !isSpaced(lines) || parts[0] !== parts[1]) return true;
  const numbers = (by: RegExp) =>
    lines.flatMap((line) => line.split(by)).filter((cell) => cell !== '' && looksNumeric(cell.trim())).length;
  return numbers(/\s+/) <= numbers(/,/);
}

function isSpaced(lines: string[]): boolean {
  const widths = lines.slice(1, 6).map((line) => line.split(/\s+/).length);
  return widths.every((width) => width === widths[0] && width > 1);
}

function readRows(text: string, delimiter: string): { row: Row; isQuoted: boolean }[] {
  // Columns lined up with several spaces are still one delimiter each.
  const source = delimiter === ' ' ? text.replace(/[ \t]+/g, ' ').replace(/^ | $/gm, '') : text;
  const { data, errors } = Papa.parse<string[]>(source, { delimiter });
  const problem = errors.find((error) => error.type === 'Quotes');
  if (problem) {
    const row = (problem.row ?? 0) + 1;
    throw new InputError(`row ${row}`, `Row ${row}: a quotation mark is opened and not closed properly.`);
  }
  const mayBeQuoted = /"\s*#/.test(source);
  const quotedFirsts = mayBeQuoted
    ? new Set([...source.matchAll(/^\s*"((?:[^"]|"")*)"/gm)].map(([, cell]) => cell!.replaceAll('""', '"').trim()))
    : null;
  const isGuarded = source.includes("'");
  const rows: { row: Row; isQuoted: boolean }[] = [];
  for (const [i, raw] of data.entries()) {
    const cells = raw.map((cell) => cell.trim());
    if (cells.every((cell) => cell === '')) continue;
    const isQuoted = /^'+#/.test(cells[0]!) || (quotedFirsts?.has(cells[0]!) ?? false);
    // A file that spreadsheets wrote ends every line with a delimiter.
    rows.push({ row: { number: i + 1, cells: isGuarded ? cells.map(unguarded) : cells }, isQuoted });
  }
  return rows;
}
