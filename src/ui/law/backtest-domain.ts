/** The losses that the chart of earlier predictions shows. */
import type { BacktestRow } from '../../scaling/width/report.ts';
import { paddedDomain } from '../chart/axis.ts';

/** Intervals may reach this many times as far as what was predicted and measured. */
const REACH = 2;

/**
 * Whole intervals, save those that would press all else together: a fit on three points may have an endless one. The
 * shortest is shown whole in any case, since a single prediction may be hit exactly.
 */
export function backtestDomain(
  rows: readonly Pick<BacktestRow, 'predicted' | 'actual' | 'lo' | 'hi'>[],
): [number, number] {
  const centre = rows.flatMap(({ predicted, actual }) => [predicted, actual]);
  const [lowest, highest] = [Math.min(...centre), Math.max(...centre)];
  const shortest = Math.min(...rows.map(({ lo, hi }) => hi - lo));
  const reach = Math.max(REACH * (highest - lowest), shortest);
  const ends = rows.flatMap(({ lo, hi }) => [Math.max(lo, lowest - reach), Math.min(hi, highest + reach)]);
  return paddedDomain([...centre, ...ends], 'lin', 0.06);
}
