/** Tables whose cells may span rows and columns, as web pages and wikis write them, as rows of cells. */
import { InputError } from '../../model/parse.ts';
import { counted, quoted, type Row, type Sheet } from '../sheet.ts';
import { sheetOfRows } from './delimited.ts';

export interface SpanCell {
  text: string;
  isHead: boolean;
  rows: number;
  columns: number;
}

export interface SpanTable {
  /** What stands in or above it as its title. */
  title: string;
  lines: SpanCell[][];
  /** Whether others stand in its cells. */
  isLayout?: boolean;
}

/** A number, whatever its unit. */
const NUMBER = /^[~≈<>±+\-−]{0,2}[.,]?\d/;

/** Nobody spans more; a page that says so would be drawn for ever. */
const MOST_SPANNED = 500;

export const spanOf = (text: string | undefined): number => {
  const count = Number.parseInt(text ?? '', 10);
  return count >= 0 && count <= MOST_SPANNED ? count : 1;
};

/** @param around lines of text outside of the tables. @throws InputError where no table holds numbers, or several have other columns. */
export function sheetOfSpans(all: readonly SpanTable[], around: number): Sheet {
  const grids = all
    .filter((table) => !table.isLayout || isOfNumbers(table))
    .map(gridOf)
    .filter(({ rows }) => rows.length > 1 && rows.some(({ cells }) => cells.some((cell) => NUMBER.test(cell))));
  const [first, ...others] = grids;
  if (!first)
    throw new InputError(
      'file',
      'There is a table in the text, and no number in its cells; a column of sizes and one of losses are needed.',
    );
  const headOf = ({ rows, heads }: Grid) =>
    rows
      .slice(0, Math.max(1, heads))
      .map(({ cells }) => cells.join('\0'))
      .join('\n');
  if (others.some((one) => headOf(one) !== headOf(first))) {
    const titles = grids.map(({ title }, i) => title || `table ${i + 1}`);
    throw new InputError(
      'file',
      `The text holds ${grids.length} tables with other columns, ${quoted(titles)}: take one at a time.`,
    );
  }
  const said = [...(around > 0 ? [`${counted(around, 'line')} around the table passed over.`] : []), ...first.said];
  if (others.length === 0) return sheetOfRows(first.rows, said);
  const titles = grids.map(({ title }, i) => title || `table ${i + 1}`);
  const own = new Set(titles).size === titles.length ? titles : titles.map((title, i) => `${title} ${i + 1}`);
  const width = Math.max(...grids.flatMap(({ rows }) => rows.map(({ cells }) => cells.length)));
  const count = Math.max(1, first.heads);
  const withTitle = (row: Row, title: string): Row => ({
    number: row.number,
    cells: [...Array.from({ length: width }, (_, at) => row.cells[at] ?? ''), title],
  });
  const rows = grids.flatMap((grid, k) => grid.rows.slice(count).map((row) => withTitle(row, own[k]!)));
  const heads = first.rows.slice(0, count).map((row, i) => withTitle(row, i === count - 1 ? 'table' : ''));
  return sheetOfRows(
    [...heads, ...rows],
    [...said, `${grids.length} tables with the same columns are read as one: ${quoted(own)}.`],
  );
}

/** Whether most of its cells are numbers, as those of no table are that only places others. */
function isOfNumbers({ lines }: SpanTable): boolean {
  const cells = lines.flat();
  return cells.filter(({ text }) => NUMBER.test(text)).length > cells.length / 2;
}

interface Grid {
  title: string;
  rows: Row[];
  /** Lines of its header, where cells say that they are its. */
  heads: number;
  said: string[];
}

interface Placed {
  text: string;
  isHead: boolean;
  /** Whether it stands here because it spans: from above, or from the left. */
  from: 'here' | 'above' | 'left';
}

const EMPTY: Placed = { text: '', isHead: false, from: 'here' };

function gridOf({ title, lines }: SpanTable): Grid {
  const filled = lines.filter((line) => line.length > 0);
  const grid: Placed[][] = filled.map(() => []);
  filled.forEach((line, r) => {
    let c = 0;
    for (const cell of line) {
      while (grid[r]![c] !== undefined) c++;
      const down = cell.rows === 0 ? filled.length : cell.rows;
      for (let k = r; k < Math.min(filled.length, r + down); k++) {
        for (let m = 0; m < Math.max(1, cell.columns); m++) {
          const from = m > 0 ? 'left' : k > r ? 'above' : 'here';
          grid[k]![c + m] ??= { text: cell.text, isHead: cell.isHead, from };
        }
      }
      c += Math.max(1, cell.columns);
    }
  });
  const width = Math.max(0, ...grid.map((cells) => cells.length));
  const full = grid.map((cells) => Array.from({ length: width }, (_, c) => cells[c] ?? EMPTY));
  const isAlone = (cells: readonly Placed[]) =>
    width > 1 && cells.slice(1).every(({ from }) => from === 'left') && cells[0]!.from === 'here';
  const first = full.findIndex((cells) => !isAlone(cells));
  const last = full.findLastIndex((cells) => !isAlone(cells));
  const kept = full.slice(Math.max(0, first), last + 1);
  const heads = kept.findIndex((cells) => !cells.every(({ isHead, text }) => isHead || text === ''));
  const rows = kept.map((cells, r): Row => ({
    number: Math.max(0, first) + r + 1,
    cells: cells.map(({ text, from }) => {
      // In a header what spans stands once, as in a pivot table; below it each cell is as the spanning one says.
      const isOnce = r < heads ? from !== 'here' : from === 'left' && isAlone(cells);
      return isOnce ? '' : text;
    }),
  }));
  // Long tables say their header again, at their foot or in between.
  const header = rows.slice(0, Math.max(0, heads)).map(({ cells }) => cells.join('\0'));
  const isAgain = (r: number) =>
    r >= heads && kept[r]!.every(({ isHead }) => isHead) && header.includes(rows[r]!.cells.join('\0'));
  const once = rows.filter((_, r) => !isAgain(r));
  const passed = full.length - kept.length;
  const said = passed > 0 ? [`${counted(passed, 'line')} across the whole table passed over.`] : [];
  return { title: title || (first > 0 ? full[0]![0]!.text : ''), rows: once, heads: Math.max(0, heads), said };
}
