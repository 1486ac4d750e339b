/** Names that stand once for a group of rows: in its first row alone, or in a line of their own above it. */
import { saysNothing } from './cell-numbers.ts';
import { padded, quoted, type Row, type Sheet } from './sheet.ts';

/** The first columns are filled where each name begins a group, and the next column begins anew below it. */
export function mergedFilled(sheet: Sheet): Sheet {
  const filled: number[] = [];
  let { rows } = sheet;
  for (let at = 0; at < sheet.header.length - 2; at++) {
    const cells = rows.map((row) => row.cells[at] ?? '');
    // Behind a column without gaps nothing is merged.
    if (cells.every((cell) => cell !== '')) break;
    const within = rows.map((row) => row.cells.slice(0, at).join('\0'));
    const next = rows.map((row) => row.cells[at + 1] ?? '');
    if (!areMerged(cells, next, within)) break;
    let above = '';
    rows = rows.map((row) => {
      above = row.cells[at] || above;
      return { number: row.number, cells: row.cells.with(at, above) };
    });
    filled.push(at);
  }
  if (filled.length === 0) return sheet;
  const names = quoted(filled.map((at) => sheet.header[at]!));
  return {
    ...sheet,
    rows,
    said: [...sheet.said, `Empty cells in ${names} are those below a merged one, read as the one above.`],
  };
}

/** @param within what stands in the columns before */
function areMerged(cells: readonly string[], next: readonly string[], within: readonly string[]): boolean {
  const starts = cells.flatMap((cell, i) => (cell === '' ? [] : [i]));
  if (starts[0] !== 0 || starts.length < 2 || cells.some((cell) => cell !== '' && saysNothing(cell))) return false;
  // A name that comes again, or a group of one, is a column with gaps.
  const names = starts.map((i) => `${within[i]}\0${cells[i]}`);
  const groups = starts.map((from, k) => next.slice(from, starts[k + 1]));
  if (new Set(names).size < names.length || groups.filter((group) => group.length > 1).length <= groups.length / 2)
    return false;
  const isTold = groups.every((group) => {
    const own = group.filter((cell, i) => cell !== '' && cell !== group[i - 1]);
    return group[0] !== '' && new Set(own).size === own.length;
  });
  const counts = new Map<string, number>();
  for (const group of groups) for (const cell of new Set(group)) counts.set(cell, (counts.get(cell) ?? 0) + 1);
  return isTold && [...counts].some(([cell, count]) => cell !== '' && count > 1);
}

/** Lines with one word and nothing else, each above rows of numbers: the word becomes a column. */
export function groupsNamed(sheet: Sheet): Sheet {
  if (!sheet.isNamed || sheet.header.length < 2) return sheet;
  const filled = (cells: readonly string[]) => cells.filter((cell) => cell !== '').length;
  const isHead = ({ cells }: Row) => cells[0] !== '' && filled(cells) === 1 && !/^[\d.]/.test(cells[0]!);
  const heads = sheet.rows.filter(isHead);
  const names = new Set(heads.map(({ cells }) => cells[0]!));
  const isBelow = sheet.rows.every(
    (row, i) => !isHead(row) || (sheet.rows[i + 1] !== undefined && !isHead(sheet.rows[i + 1]!)),
  );
  const areNumbers = sheet.rows.every((row) => isHead(row) || /^[-+.\d]/.test(row.cells[0] ?? ''));
  if (heads.length < 2 || names.size < heads.length || !isBelow || !areNumbers || !isHead(sheet.rows[0]!)) return sheet;
  let group = '';
  const rows = sheet.rows.flatMap((row): Row[] => {
    if (isHead(row)) {
      group = row.cells[0]!;
      return [];
    }
    return [{ ...row, cells: [...padded(row.cells, sheet.header.length), group] }];
  });
  const said = `Lines with one word alone, ${quoted([...names])}, name the group of the rows below them.`;
  return { ...sheet, header: [...sheet.header, 'group'], rows, said: [...sheet.said, said] };
}
