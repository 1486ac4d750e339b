/** A table of Markdown, also in the middle of other text: bars, a line of dashes below the header, emphasis in cells. */
import { headOfSeveralLines } from '../head-lines.ts';
import { counted, padded, type Row, type Sheet } from '../sheet.ts';
import { sheetOf } from './delimited.ts';

/** Dashes between bars, with colons where they align; outer bars are left out or written. */
function isAlignment(line: string): boolean {
  const cells = line.trim().replace(/^\|/, '').replace(/\|$/, '').split('|');
  return cells.every((cell) => /^:?-+:?$/.test(cell.trim()));
}

/** Where the lines of dashes stand: each below a line with as many bars. */
const alignmentsIn = (lines: readonly string[]): number[] =>
  lines.flatMap((line, i) =>
    i > 0 && line.includes('|') && isAlignment(line) && lines[i - 1]!.includes('|') && !isAlignment(lines[i - 1]!)
      ? [i]
      : [],
  );

/** Programs for terminals, and org-mode, cross their rules with plus signs; others draw them, and the bars, with lines of Unicode. */
const linesOf = (text: string, most?: number): string[] =>
  text.split(/\r\n|\n|\r/, most).map((line) => {
    if (isRule(line)) return line.replace(/[^-=─━┄┅┈┉═╌╍\s]/g, '|').replace(/[^|\s]/g, '-');
    return DRAWN_BAR.test(line) ? line.replace(DRAWN_BARS, '|') : line;
  });

const DRAWN_BAR = /[│┃┆┇┊┋║╎╏]/;
const DRAWN_BARS = /[│┃┆┇┊┋║╎╏]/g;

const isRule = (line: string): boolean => /[-=─━┄┅┈┉═╌╍]/.test(line) && /^[-+=|─-╿]+$/.test(line.trim());

export const isMarkdown = (text: string): boolean => alignmentsIn(linesOf(text, 2000)).length > 0;

/** @throws InputError where there are no rows below the header. */
export function readMarkdown(text: string): Sheet {
  const lines = linesOf(text);
  // A rule may also close a table.
  const all = alignmentsIn(lines).map((at) => tableAt(lines, at));
  // A rule below each row begins no table.
  const ends = all.map((_, i) => Math.max(0, ...all.slice(Math.max(0, i - 1), i).map(({ to }) => to)));
  const tables = all.filter(({ from, rows }, i) => i === 0 || (rows.length > 0 && from >= ends[i]!));
  const [first, ...others] = tables as [Table, ...Table[]];
  const same = others.filter(({ header }) => header.join('\0') === first.header.join('\0'));
  const taken = [first, ...same];
  const isIn = new Uint8Array(lines.length);
  for (const { from, to } of tables) isIn.fill(1, from, to);
  const around = lines.filter((line, i) => line.trim() !== '' && !isIn[i]);
  const passedOver = others.length - same.length;
  const said = [
    ...(around.length > 0 ? [`${counted(around.length, 'line')} around the table passed over.`] : []),
    ...(passedOver > 0
      ? [`${counted(passedOver, 'more table')} with other columns passed over: paste each on its own.`]
      : []),
  ];
  const header: Row = { number: first.at, cells: first.header };
  const several = same.length === 0 ? headOfSeveralLines([...first.heads, header, ...first.rows]) : null;
  if (several) return sheetOf(several.header, several.rows, [...said, ...several.said]);
  if (same.length === 0) return sheetOf(first.header, first.rows, said);
  const named = taken.flatMap(({ rows, above }, i) =>
    rows.map(({ number, cells }): Row => ({
      number,
      cells: [...padded(cells, first.header.length), above ?? `table ${i + 1}`],
    })),
  );
  return sheetOf([...first.header, 'table'], named, [
    ...said,
    `${taken.length} tables with the same columns are read as one.`,
  ]);
}

/** Lines above a table among which its title stands. */
const NEAR = 6;

interface Table {
  header: string[];
  /** Lines of the header above its last, as of a drawn table with a rule below both. */
  heads: Row[];
  rows: Row[];
  /** Places of its lines, and of the rule below its header. */
  from: number;
  at: number;
  to: number;
  /** The last text above it, which says what it is of. */
  above: string | null;
}

function tableAt(lines: readonly string[], at: number): Table {
  // Outer bars are left out or written; only the line of dashes has no empty cells that look like them.
  const columns = lines[at]!.split('|').filter((dashes) => dashes.trim() !== '').length;
  const outer: Outer = { first: lines[at]!.trim().startsWith('|'), last: lines[at]!.trim().endsWith('|') };
  const rows: Row[] = [];
  let to = at + 1;
  for (; to < lines.length && lines[to]!.includes('|'); to++) {
    const cells = cellsOf(lines[to]!, columns, outer);
    if (cells.some((cell) => !/^-*$/.test(cell))) rows.push({ number: to + 1, cells });
  }
  const isHead = (i: number) => i >= 0 && lines[i]!.includes('|') && !isAlignment(lines[i]!);
  let from = at - 1;
  const heads: Row[] = [];
  while (isHead(from - 1) && cellsOf(lines[from - 1]!, columns, outer).length === columns) {
    from--;
    heads.unshift({ number: from + 1, cells: cellsOf(lines[from]!, columns, outer) });
  }
  const text = lines.slice(Math.max(0, from - NEAR), from).findLast((line) => line.trim() !== '' && !isAlignment(line));
  const above = text === undefined || text.includes('|') ? null : text.replace(/^[#*_\s]+|[*_:\s]+$/g, '');
  return { header: padded(cellsOf(lines[at - 1]!, columns, outer), columns), heads, rows, from, at, to, above };
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
