/**
 * Tables as CSV for programs and spreadsheets alike. A spreadsheet runs a cell that begins like a formula, and names come from
 * whoever sent a file or a link: such texts get an apostrophe in front, and lose it again where they are read.
 */

/** What begins a formula, also in its full-width form, or a comment. */
const BEGINS = '[=+\\-@＝＋－＠\\t\\r#]';
/** Where a cell begins in some country: a spreadsheet that splits at semicolons heeds no quotation mark inside of its cell. */
const START = '(?<=^|[,;|\\t\\r\\n])';
const BARE = new RegExp(`${START}(?='*${BEGINS})`, 'g');
const GUARD = new RegExp(`${START}'(?='*${BEGINS})`, 'g');
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

const guarded = (text: string): string => (NUMBER.test(text) ? text : text.replace(BARE, "'"));

/** A text as it was before it was guarded. */
export const unguarded = (text: string): string => text.replace(GUARD, '');

function field(cell: string | number | null): string {
  if (cell === null) return '';
  const text = typeof cell === 'number' ? String(cell) : guarded(cell);
  return /[",;|\t\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** RFC 4180; numbers at full precision, nothing as an empty field. */
export const csvText = (rows: readonly (readonly (string | number | null)[])[]): string =>
  rows.map((row) => `${row.map(field).join(',')}\r\n`).join('');
