/** Cells that hold a number and how far it may be off, "3.70 ± 0.02", "3.70(2)" and "3.70 (0.02)", as two columns. */
import { saysDiverged, saysNothing, saysUnfinished } from './cell-numbers.ts';
import { meaningOf } from './meanings.ts';
import { quoted, type Sheet } from './sheet.ts';

const NUMBER = '[+-]?(?:\\d+(?:[.,]\\d+)?|[.,]\\d+)(?:e[+-]?\\d+)?';
/** What may stand before a loss and behind its error: dollars of LaTeX, "about", footnote marks, a number of runs, a unit. */
const BEFORE = '^\\$?\\s*[~≈]?\\s*';
const BEHIND =
  '\\s*\\$?\\s*[*†‡§]*\\s*(?:\\(?\\s*(?:n|N|seeds?|runs?)\\s*=?\\s*\\d+\\s*\\)?|\\(?\\d+ (?:seeds?|runs?)\\)?|nats?|bits?)?\\s*\\$?$';
const SIGN =
  '(?:±|\\+\\s?/\\s?-|\\+-|\\\\pm|(?<=[\\d\\s])pm(?=[\\d\\s])|_\\{\\s*(?:\\\\pm|±)?|_±|[([]\\s*(?:±|\\+/-|\\+-|\\\\pm))';
const WITH_ERROR = new RegExp(`${BEFORE}(${NUMBER})\\s*${SIGN}\\s*(${NUMBER})\\s*[)}\\]]?${BEHIND}`, 'i');
/** The last digits in brackets. */
const IN_LAST_DIGITS = new RegExp(`${BEFORE}([+-]?\\d+[.,](\\d+))\\((\\d{1,2})\\)${BEHIND}`);
/** "3.70 (0.02)" and "3.70 [3.68, 3.72]": how far it may be off, or between what it may lie. */
const IN_BRACKETS = new RegExp(
  `${BEFORE}(${NUMBER})\\s*[([{]\\s*(?:(?:std|sd|se|sem|σ|s)\\s*=?\\s*)?([+-]?\\d*[.,]\\d+(?:e[+-]?\\d+)?|\\d+e-\\d+)(?:\\s*(?:[;–—]|,\\s|\\.\\.+|to|-)\\s*(${NUMBER}))?\\s*[)}\\]]${BEHIND}`,
  'i',
);

/** What follows is no more certain than the spread or error it is: nobody says which, so its column has no name of either. */
export function errorsApart(sheet: Sheet): Sheet {
  if (!sheet.rows.some(({ cells }) => cells.some(mayHold))) return sheet;
  const found = sheet.header.flatMap((_, index) => {
    const filled = sheet.rows.map(({ cells }) => cells[index] ?? '').filter((cell) => !saysNothing(cell));
    const parted = filled.filter((cell) => partsOf(cell) !== null);
    // A training that diverged or came to no end has a word instead.
    const numbers = filled.filter((cell) => /\d/.test(cell) && !saysDiverged(cell) && !saysUnfinished(cell));
    return parted.length > 0 && parted.length >= numbers.length / 2 ? [index] : [];
  });
  if (found.length === 0) return sheet;
  const rows = sheet.rows.map(({ number, cells }) => {
    const parts = found.map((index) => partsOf(cells[index] ?? ''));
    const values = cells.map((cell, i) => parts[found.indexOf(i)]?.value ?? cell);
    while (values.length < sheet.header.length) values.push('');
    return { number, cells: [...values, ...parts.map((one) => one?.error ?? '')] };
  });
  const names = found.map((index) => sheet.header[index]!);
  const told = names.map((name) => toldInBrackets(name));
  const header = sheet.header.map((name, i) => told[found.indexOf(i)]?.value ?? name);
  const said = `What stands behind ± or in brackets in ${quoted(names)} is read as a column of its own.`;
  return {
    ...sheet,
    header: [...header, ...names.map((name, k) => told[k]?.other ?? `${name} spread`)],
    rows,
    said: [...sheet.said, said],
  };
}

/** "loss (acc)" and "SP (best lr)" say what stands in the brackets of their cells; null where that is a spread. */
function toldInBrackets(name: string): { value: string; other: string } | null {
  const [, value, inside] = /^(.+?)\s*\(([^()]{2,40})\)\s*$/.exec(name) ?? [];
  const meaning = inside === undefined ? null : meaningOf(inside);
  return meaning === 'metric' || meaning === 'rate' || meaning === 'setting' || meaning === 'perplexity'
    ? { value: value!, other: `${value}: ${inside}` }
    : null;
}

const mayHold = (cell: string): boolean => /[±([{]|\+\s?\/?\s?[-−]|\\pm|\dpm|\spm\s|_±/.test(cell);

function partsOf(written: string): { value: string; error: string } | null {
  const cell = written.replace(/[−–](?=\d)|(?<=[+/])[−–]/g, '-').replace(/^(\*\*|__|[*_`])(.+)\1$/, '$2');
  const plus = WITH_ERROR.exec(cell);
  if (plus) return { value: plus[1]!, error: plus[2]! };
  const [, value, decimals, last] = IN_LAST_DIGITS.exec(cell) ?? [];
  if (value !== undefined) return { value, error: String(Number(`${last}e-${decimals!.length}`)) };
  const [, mean, one, other] = IN_BRACKETS.exec(cell) ?? [];
  if (mean === undefined) return null;
  if (other === undefined) return { value: mean, error: one! };
  const [from, to] = [Number(one!.replace(',', '.')), Number(other.replace(',', '.'))];
  return { value: mean, error: String(Number((Math.abs(to - from) / 2).toPrecision(6))) };
}
