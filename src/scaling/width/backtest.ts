/** The fit's own record: what it would have predicted for each rung from the smaller ones alone. */
import { fitLaw } from './law.ts';
import { middleOf } from './predictive.ts';
import type { BacktestRow, FitPoint } from './report.ts';
import { rises } from './status.ts';
import { isLarger } from './width-law.ts';

/** A long table is fitted at this many lengths, spread evenly; a ladder has fewer rungs than that. */
const MOST_FITS = 64;

/**
 * For every k from 3 to n-1 the law through the k smallest x, and its prediction of each remaining point.
 * Points that share an x enter together. Where the k losses rise with x there is no prediction, and no row.
 */
export function backtest(points: readonly FitPoint[]): BacktestRow[] {
  const sorted = [...points].sort((p, q) => p.x - q.x || p.loss - q.loss);
  const groupEnds = sorted.flatMap((point, i) => (i > 0 && isLarger(point.x, sorted[i - 1]!.x) ? [i] : []));
  const lengths = groupEnds.slice(2);
  const chosen = lengths.filter((_, i) => {
    const share = MOST_FITS / lengths.length;
    return share >= 1 || Math.floor(i * share) !== Math.floor((i - 1) * share);
  });
  return chosen.flatMap((k) => predictRest(sorted.slice(0, k), sorted.slice(k)));
}

function predictRest(known: readonly FitPoint[], rest: readonly FitPoint[]): BacktestRow[] {
  const law = fitLaw(known);
  if (rises(known, law.parameters)) return [];
  return rest.map((point) => {
    const quantile = law.quantilesAt(point.x);
    const [lo, hi] = middleOf(quantile, '80');
    return { fittedOn: known.length, target: point.x, predicted: quantile(0.5), lo, hi, actual: point.loss };
  });
}
