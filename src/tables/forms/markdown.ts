/** A table of Markdown, also in the middle of other text: bars, a line of dashes below the header, emphasis in cells. */
import { counted, padded, type Row, type Sheet } from '../sheet.ts';
import { sheetOf } from './delimited.ts';

const ALIGNMENT = /^\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)*\|?\s*$/;

/** Where the line of dashes stands: below a line with as many bars. */
function alignmentAt(lines: readonly string[]): number {
  return lines.findIndex(
    (line, i) => i > 0 && line.includes('|') && ALIGNMENT.test(line) && lines[i - 1]!.includes('|'),
  );
}

export const isMarkdown = (text: string): boolean => alignmentAt(text.split(/\r\n|\n|\r/, 2000)) > 0;

/** @throws InputError where there are no rows below the header. */
export function readMarkdown(text: string): Sheet {
  const lines = text.split(/\r\n|\n|\r/);
  const at = alignmentAt(lines);
  // Outer bars are left out or written; only the line of dashes has no empty cells that look like them.
  const columns = lines[at]!.split('|').filter((dashes) => dashes.trim() !== '').length;
  const outer: Outer = { first: lines[at]!.trim().startsWith('|'), last: lines[at]!.trim().endsWith('|') };
  const rows: Row[] = [];
  let end = at + 1;
  for (; end < lines.length && lines[end]!.includes('|'); end++) {
    const cells = cellsOf(lines[end]!, columns, outer);
    if (cells.some((cell) => cell !== '')) rows.push({ number: end + 1, cells });
  }
  const others = lines.filter((line, i) => line.trim() !== '' && (i < at - 1 || i >= end));
  const said = others.length > 0 ? [`${counted(others.length, 'line')} around the table passed over.`] : [];
  return sheetOf(padded(cellsOf(lines[at - 1]!, columns, outer), columns), rows, said);
}

/** Whether lines begin and end with a bar. */
interface Outer {
  first: boolean;
  last: boolean;
}

function cellsOf(line: string, columns: number, outer: Outer): string[] {
  const cells = line.split(/(?<!\\)\|/).map((cell) => plainCell(cell.trim()));
  const hasFirst = cells[0] === '' && (outer.first || cells.length > columns + 1);
  const hasLast = cells.at(-1) === '' && cells.length > 1 && (outer.last || cells.length - Number(hasFirst) > columns);
  return cells.slice(hasFirst ? 1 : 0, hasLast ? -1 : undefined);
}

/** Emphasis, code and struck-out marks around the whole cell, and links, are how it looks and not what it says. */
function plainCell(cell: string): string {
  const link = /^\[([^\]]*)\]\([^)]*\)$/.exec(cell);
  const inner = /^(\*\*\*|\*\*|\*|___|__|_|`|~~)(.+)\1$/.exec(link?.[1] ?? cell);
  return inner ? plainCell(inner[2]!.trim()) : (link?.[1] ?? cell).replaceAll('\\|', '|');
}
