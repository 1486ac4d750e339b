/** Markdown tables, laid out as prettier leaves them. Cells must not hold "|". */

/**
 * @param words columns that are aligned to the left; the others, of numbers, to the right.
 */
export function markdownTable(head: string[], rows: string[][], words: number[] = [0]): string {
  const widths = head.map((title, column) => Math.max(3, title.length, ...rows.map((row) => row[column].length)));
  const padded = (cell: string, column: number) =>
    words.includes(column) ? cell.padEnd(widths[column]) : cell.padStart(widths[column]);
  const line = (cells: string[]) => `| ${cells.map(padded).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    words.includes(column) ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  return [line(head), line(rule), ...rows.map(line)].join('\n');
}
