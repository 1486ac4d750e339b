/** Several tables of one text below each other, with blank lines between and a title above each, as people paste them. */
import { InputError } from '../../model/parse.ts';

export interface Blocks {
  /** The text with one header, and what is no row as blank lines, so that rows keep their numbers. */
  text: string;
  /** The table that each line belongs to, by the number of the line from 1. */
  titleOf: ReadonlyMap<number, string>;
  titles: string[];
}

/**
 * Null where there is one table only.
 * @throws InputError where the tables have other columns: nothing tells which one is meant
 */
export function blocksIn(text: string, delimiter: string, isHeader: (line: string) => boolean): Blocks | null {
  const lines = text.split(/\r\n|\n|\r/);
  // A comment may hold commas as any sentence does.
  const areRows = lines.map((line) => line.includes(delimiter) && line.trim() !== '' && !/^\s*#\s/.test(line));
  const starts = [...lines.keys()].filter((i) => {
    const isFirst = areRows[i] && !areRows[i - 1] && areRows[i + 1];
    return isFirst && isHeader(lines[i]!) && !isHeader(lines[i + 1]!);
  });
  if (starts.length < 2) return null;
  const headers = new Set(starts.map((at) => lines[at]!.trim()));
  if (headers.size > 1) {
    throw new InputError(
      'file',
      `The text holds ${starts.length} tables with other columns, from lines ${starts.map((at) => at + 1).join(', ')} on: take one at a time.`,
    );
  }
  const titles = starts.map((at, k) => {
    const before = k === 0 ? 0 : starts[k - 1]!;
    const above = before + lines.slice(before, at).findLastIndex((line) => line.trim() !== '');
    return above < before || areRows[above] ? `table ${k + 1}` : lines[above]!.trim().replace(/^[#*\s]+|[*:\s]+$/g, '');
  });
  const titleOf = new Map<number, string>();
  const kept = lines.map((line, i) => {
    const k = starts.findLastIndex((at) => at <= i);
    if (!areRows[i] || (i !== starts[0] && starts.includes(i))) return '';
    if (k >= 0) titleOf.set(i + 1, titles[k]!);
    return line;
  });
  return { text: kept.join('\n'), titleOf, titles };
}
