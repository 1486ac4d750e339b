/** How much each point counts, by the runs that it is the mean of or by the standard errors that came with it. */
import type { FitPoint } from './report.ts';

/** What the spread among the seeds of each width says of one run's noise, pooled over the widths. */
export interface Replicates {
  /** Σ (seeds - 1). */
  freedom: number;
  /** Σ (seeds - 1)·s². */
  sum: number;
  /** Widths with two seeds or more, and the fewest and most seeds there. */
  widths: number;
  seeds: [fewest: number, most: number];
}

export interface Weighting {
  /** 1 / standardError² for each point, or its number of runs. */
  weights: number[];
  /** Variance of a new run in the units of 1 / weight. */
  newVariance: number;
  /** Whether 1 / weight is a known variance rather than one in an unknown unit. */
  known: boolean;
  /** Null where no point is the mean of several seeds. */
  replicates: Replicates | null;
  notes: string[];
}

/** A standard error from two seeds is now and then near zero by luck; no point may count as if it were exact. */
const LEAST_SHARE_OF_MEDIAN = 0.1;

export function weightingOf(points: readonly FitPoint[]): Weighting {
  const counts = points.map((point) => point.seeds ?? 1);
  const replicates = replicatesOf(points);
  if (replicates) return { weights: counts, newVariance: 1, known: false, replicates, notes: [] };
  const given = points.map((point) => point.standardError ?? 0).filter((error) => error > 0);
  const equal = { weights: counts, newVariance: 1, known: false, replicates };
  if (given.length === 0) return { ...equal, notes: [] };
  if (given.length < points.length) {
    return { ...equal, notes: ['Only some points have a standard error, so all points count the same.'] };
  }
  const median = given.toSorted((p, q) => p - q)[Math.floor(given.length / 2)]!;
  const least = LEAST_SHARE_OF_MEDIAN * median;
  const variances = given.map((error) => Math.max(error, least) ** 2);
  const raised = given.filter((error) => error < least).length;
  return {
    weights: variances.map((variance) => 1 / variance),
    newVariance: variances.reduce((sum, variance) => sum + variance, 0) / variances.length,
    known: true,
    replicates,
    notes: raised
      ? [
          `${raised === 1 ? 'One standard error is' : `${raised} standard errors are`} far below the others and was raised to a tenth of their median.`,
        ]
      : [],
  };
}

function replicatesOf(points: readonly FitPoint[]): Replicates | null {
  const means = points.flatMap(({ seeds = 1, standardError }) =>
    seeds > 1 && standardError !== undefined ? [{ seeds, variance: seeds * standardError ** 2 }] : [],
  );
  if (means.length === 0) return null;
  const seeds = means.map((mean) => mean.seeds);
  return {
    freedom: means.reduce((sum, mean) => sum + mean.seeds - 1, 0),
    sum: means.reduce((sum, mean) => sum + (mean.seeds - 1) * mean.variance, 0),
    widths: means.length,
    seeds: [Math.min(...seeds), Math.max(...seeds)],
  };
}
