/** What the points' standard errors say about their noise: weights, and the noise of one new measurement. */
import type { FitPoint } from './report.ts';

export interface Weighting {
  /** 1 / standardError² for each point, or 1 where standard errors are not used. */
  weights: number[];
  /** Variance of a new measurement in the units of 1 / weight. */
  newVariance: number;
  /** Whether 1 / weight is a known variance rather than an unknown common one. */
  known: boolean;
  notes: string[];
}

/** A standard error from two seeds is now and then near zero by luck; no point may count as if it were exact. */
const LEAST_SHARE_OF_MEDIAN = 0.1;

export function weightingOf(points: readonly FitPoint[]): Weighting {
  const given = points.map((point) => point.standardError ?? 0).filter((error) => error > 0);
  const equal = { weights: points.map(() => 1), newVariance: 1, known: false };
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
    notes: raised
      ? [
          `${raised === 1 ? 'One standard error is' : `${raised} standard errors are`} far below the others and was raised to a tenth of their median.`,
        ]
      : [],
  };
}
