/** A table of LaTeX, or its rows alone: cells between ampersands, rows that end with two backslashes. */
import { headOfSeveralLines } from '../head-lines.ts';
import { type Row, type Sheet } from '../sheet.ts';
import { sheetOf } from './delimited.ts';

const ROW_END = /\\\\(?:\[[^\]]{0,40}\])?|\\tabularnewline/;

export const isLatex = (text: string): boolean =>
  text.split('\n', 2000).filter((line) => /&/.test(line) && ROW_END.test(line)).length > 1;

/** @throws InputError where there are no rows below the header. */
export function readLatex(text: string): Sheet {
  const rows: Row[] = [];
  let number = 1;
  for (const line of text.split(ROW_END)) {
    const lines = line.split('\n');
    // Rules and what begins a table stand in lines of their own, or before the first cell.
    const body = lines
      .filter((one) => !/^\s*(%|\\(begin|end|caption|label|centering|small|footnotesize)\b)/.test(one))
      .join(' ');
    const cells = body
      .replace(/\\(?:hline|(?:top|mid|bottom)rule|c(?:mid(?:rule|line)|line)(?:\([^)]*\))?\{[^}]*\})/g, '')
      .split(/(?<!\\)&/);
    // The text before a row ends in the line where the row begins to end.
    const at = number + lines.length - 1;
    number = at;
    if (cells.length > 1) rows.push({ number: at, cells: cells.flatMap(spannedCells).map(plainTex) });
  }
  const several = headOfSeveralLines(rows);
  if (several) return sheetOf(several.header, several.rows, several.said);
  const [header, ...rest] = rows;
  return sheetOf(header?.cells ?? [], rest, []);
}

/** What spans columns stands in the first of them. */
function spannedCells(cell: string): string[] {
  const [, count] = /\\multicolumn\{(\d{1,2})\}/.exec(cell) ?? [];
  return [cell, ...Array<string>(Math.max(0, Number(count ?? 1) - 1)).fill('')];
}

const LETTERS: readonly (readonly [RegExp, string])[] = [
  [/\\mu(?![a-z])/g, 'μ'],
  [/\\eta(?![a-z])/g, 'eta'],
  [/\\pm(?![a-z])/g, '±'],
  [/\\(times|cdot)(?![a-z])/g, '×'],
  [/\\infty(?![a-z])/g, 'inf'],
  [/\\(cell|row)color(\[[^\]]*\])?\{[^}]*\}/g, ''],
  [/\\([%#&_$])/g, '$1'],
  [/\\[,;!:]|~|\{,\}/g, ''],
];

/** How a cell looks is not what it says. */
export function plainTex(cell: string): string {
  let plain = cell.trim();
  for (let before = ''; before !== plain;) {
    before = plain;
    plain = plain.replace(
      /\\(?:textbf|textit|emph|underline|mathbf|mathrm|text|texttt|bf|it|num(?:\[[^\]]*\])?|numprint|makecell|textcolor\{[^}]*\}|multicolumn\{\d+\}\{[^}]*\}|multirow\{[^}]*\}\{[^}]*\})\s*\{([^{}]*)\}/g,
      '$1',
    );
  }
  for (const [sign, letter] of LETTERS) plain = plain.replace(sign, letter);
  return plain
    .replace(/(?<!\\)\$/g, '')
    .replace(/_?\{\s*(±[^}]*)\}/g, '$1')
    .replace(/\^\{([^}]*)\}/g, '^$1')
    .trim();
}
