/** What was measured of both recipes with the same seeds, side by side. */
import type { Comparison } from '../../model/scaling-results.ts';
import type { ComparedRecipe } from './runs.ts';

type Point = ComparedRecipe['points'][number];

/** Equal losses at fewer widths may be by construction: at its base width a rule changes nothing. */
const LEAST_WIDTHS = 3;

/** Whether all losses that the two have of one width and seed are the same numbers. */
export const areSame = (measured: Comparison['measured']): boolean =>
  measured.length >= LEAST_WIDTHS &&
  measured.every(({ difference, standardError }) => difference === 0 && !standardError);

/** A - B at each width that both have with a seed in common; x is the geometric mean where theirs differ. */
export function measuredDifferences(a: readonly Point[], b: readonly Point[]): Comparison['measured'] {
  return a.flatMap((point) => {
    const partner = b.find(({ width }) => width === point.width);
    const differences = point.losses.flatMap(({ seed, loss }) => {
      const other = partner?.losses.find((one) => one.seed === seed);
      return other ? [loss - other.loss] : [];
    });
    if (!partner || differences.length === 0) return [];
    const n = differences.length;
    const difference = differences.reduce((sum, one) => sum + one, 0) / n;
    const squares = differences.reduce((sum, one) => sum + (one - difference) ** 2, 0);
    const standardError = n > 1 ? Math.sqrt(squares / (n - 1) / n) : null;
    const x = point.x === partner.x ? point.x : Math.sqrt(point.x * partner.x);
    return [{ x, difference, standardError, seeds: n }];
  });
}
