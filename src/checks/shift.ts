/** How far the best value moves as the model grows: a straight line through log2(minimum) over log2(width or layers). */
import type { Shift } from '../model/check-results.ts';
import { mean, standardError } from './mean.ts';
import type { LocatedMinimum } from './minimum.ts';
import { studentReach } from '../scaling/numeric/student-quantile.ts';

export interface MinimumAt extends LocatedMinimum {
  /** Width, or number of layers. */
  at: number;
}

/** At an end of the grid only a bound of the best value is known; 0 is no such end, for there is nothing below it. */
export const isOneSided = ({ minimum: { status, grid } }: MinimumAt): boolean =>
  (status === 'lower-end' && grid > 0) || status === 'upper-end';

/**
 * The line goes through the minima that are known from both sides, or through all where fewer than two are. Its 80 % interval
 * comes from the seeds, else from the scatter of three or more minima about it.
 * @param minima ascending in `at`
 * @returns null for fewer than two minima, and where a best value is 0, which has no logarithm
 */
export function shiftOf(minima: readonly MinimumAt[]): Shift | null {
  if (minima.length < 2 || minima.some(({ minimum }) => minimum.value <= 0)) return null;
  const known = minima.filter((one) => !isOneSided(one));
  const line = lineThrough(known.length >= 2 ? known : minima);
  const side = known.length >= 2 ? (sideFromSeeds(known, line) ?? sideFromScatter(known, line)) : null;
  return {
    perDoubling: line.slope,
    lo: side === null ? null : line.slope - side,
    hi: side === null ? null : line.slope + side,
    gridTotal: Math.log2(minima[minima.length - 1].minimum.grid / minima[0].minimum.grid),
  };
}

interface Line {
  slope: number;
  /** Weight of each minimum in the slope. */
  weights: number[];
}

function lineThrough(minima: readonly MinimumAt[]): Line {
  const xs = minima.map(({ at }) => Math.log2(at));
  const centre = mean(xs);
  const spread = xs.reduce((sum, x) => sum + (x - centre) ** 2, 0);
  const weights = xs.map((x) => (x - centre) / spread);
  return { slope: weighted(weights, minima.map(heightOf)), weights };
}

const heightOf = ({ minimum }: MinimumAt) => Math.log2(minimum.value);

const weighted = (weights: readonly number[], values: readonly number[]) =>
  weights.reduce((sum, weight, i) => sum + weight * values[i], 0);

/** From the slope of each seed's own minima, widened by what the fits' leans make of the slope; null for fewer than two seeds. */
function sideFromSeeds(minima: readonly MinimumAt[], { weights }: Line): number | null {
  const vertices = minima.map(({ fit }) => new Map(fit?.vertices.map(({ seed, x }) => [seed, x])));
  const seeds = [...vertices[0].keys()].filter((seed) => vertices.every((one) => one.has(seed)));
  const error = standardError(
    seeds.map((seed) =>
      weighted(
        weights,
        vertices.map((one) => one.get(seed)!),
      ),
    ),
  );
  if (error === null) return null;
  const lean = weighted(
    weights,
    minima.map(({ fit }) => fit!.lean),
  );
  return Math.hypot(studentReach(seeds.length - 1) * error, lean);
}

/** Null for fewer than three minima, and where one is only known to a grid step: on a grid no scatter may mean no resolution. */
function sideFromScatter(minima: readonly MinimumAt[], { slope, weights }: Line): number | null {
  const freedom = minima.length - 2;
  if (freedom < 1 || minima.some(({ fit }) => !fit)) return null;
  const heights = minima.map(heightOf);
  const centre = mean(heights);
  const total = heights.reduce((sum, height) => sum + (height - centre) ** 2, 0);
  const perWeight = weights.reduce((sum, weight) => sum + weight ** 2, 0);
  // The squares that the line explains are slope² / Σ weight².
  const residual = Math.max(total - slope ** 2 / perWeight, 0);
  return studentReach(freedom) * Math.sqrt((residual / freedom) * perWeight);
}
