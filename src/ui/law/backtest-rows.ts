/** Which earlier predictions the chart draws, and what they say: of those that are drawn, and of all where it draws a part. */
import type { BacktestRow } from '../../scaling/width/report.ts';
import { capital, countOf, countWords } from '../words.ts';

/** More columns than this cannot be told apart; then only the next larger width of each fit is shown. */
const MOST = 7;

export function shownRows(all: readonly BacktestRow[]): readonly BacktestRow[] {
  if (all.length <= MOST) return all;
  const isNearest = (row: BacktestRow) =>
    all.every((other) => other.fittedOn !== row.fittedOn || other.target >= row.target);
  return all.filter(isNearest).slice(-MOST);
}

const heldOf = (rows: readonly BacktestRow[]): string => {
  const held = rows.filter((row) => row.actual >= row.lo && row.actual <= row.hi).length;
  return held === 0 ? 'none' : countWords(held);
};

/** @param noun what sizes are called, in the singular and in the plural. */
export function backtestWords(
  shown: readonly BacktestRow[],
  all: readonly BacktestRow[],
  noun: readonly [one: string, many: string],
): string {
  if (all.length === 0) return `With four ${noun[1]}, each is also predicted from the smaller ones.`;
  const inside = 'held the loss inside the 80 % interval';
  if (all.length === 1)
    return `The one earlier prediction ${heldOf(all) === 'none' ? 'did not hold' : 'held'} the loss inside the 80 % interval.`;
  if (shown.length === all.length) {
    return `${capital(heldOf(all))} of ${countOf(all.length, 'earlier prediction')} ${inside}.`;
  }
  return `${capital(heldOf(shown))} of ${countOf(shown.length, 'earlier prediction')} of the next ${noun[0]} ${inside}; of all ${countWords(all.length)}, in the table, ${heldOf(all)}.`;
}
