/** The whole answer to a fit request: the law, its intervals, its predictions, its record, and what it cannot say. */
import { checkPositive, InputError } from '../../model/parse.ts';
import { backtest } from './backtest.ts';
import { fitLaw, type FittedLaw } from './law.ts';
import { middleOf } from './predictive.ts';
import type { FitPoint, FitReport, FitRequest, FitStatus, Level, PredictedLoss } from './report.ts';
import { ofNewRun } from './noise.ts';
import { assess, formNotes } from './status.ts';
import { distinctX, LEAST_SIZES } from './width-law.ts';

/**
 * Fits the width law and predicts the targets. The points come back in ascending x. Nothing is fitted or predicted with
 * fewer than three different x, or where the losses rise with x; the notes then say so.
 * @throws InputError naming the point or target that is not a usable number.
 */
export function fitReport(request: FitRequest): FitReport {
  request.points.forEach(checkPoint);
  request.targets.forEach((x, i) => checkPositive(x, `targets[${i}]`));
  request.grid.forEach((x, i) => checkPositive(x, `grid[${i}]`));
  const points = [...request.points].sort((p, q) => p.x - q.x || p.loss - q.loss);
  const xs = distinctX(points);
  checkReach(xs, request.targets);
  const law = xs.length >= LEAST_SIZES ? fitLaw(points) : null;
  const { status, notes } = assess(points, law?.parameters ?? null);
  if (!law || status === 'rising') return empty(points, status, notes);
  return {
    status,
    notes: [...notes, ...law.notes, ...formNotes(law.laws)],
    points,
    noise: ofNewRun(law.noise, request.seedDraws),
    laws: law.laws,
    leastSquares: law.parameters,
    intervals: law.parameterIntervals(),
    predictions: request.targets.map((x) => predict(law, x)),
    band: request.grid.map((x) => predict(law, x)),
    backtest: backtest(points),
  };
}

/** The prediction is the median: the least-squares law, which knows of one form only, missed by more on all trained ladders. */
function predict(law: FittedLaw, x: number): PredictedLoss {
  const quantile = law.quantilesAt(x);
  const interval = (level: Level) => middleOf(quantile, level);
  return {
    x,
    loss: quantile(0.5),
    intervals: { '50': interval('50'), '80': interval('80'), '95': interval('95') },
  };
}

const empty = (points: FitPoint[], status: FitStatus, notes: string[]): FitReport => ({
  status,
  notes,
  points,
  noise: null,
  laws: [],
  leastSquares: null,
  intervals: null,
  predictions: [],
  band: [],
  backtest: [],
});

/** Different x that a fit takes; its record alone is a fit for each of 64 lengths. */
const MOST_SIZES = 5000;

/** A law is for larger sizes: below the smallest a power soon says anything at all. */
function checkReach(xs: readonly number[], targets: readonly number[]): void {
  if (xs.length > MOST_SIZES) {
    throw new InputError('points', `points may have ${MOST_SIZES} different x at most, not ${xs.length}.`);
  }
  if (xs.length < LEAST_SIZES) return;
  const [first, last] = [xs[0]!, xs.at(-1)!];
  const least = first * (first / last);
  const i = targets.findIndex((x) => x < least);
  if (i < 0) return;
  const field = `targets[${i}]`;
  throw new InputError(
    field,
    `${field} must be at least ${Number(least.toPrecision(4))}, not ${targets[i]}: no farther below the smallest x than the largest lies above it.`,
  );
}

function checkPoint(point: FitPoint, i: number): void {
  checkPositive(point.x, `points[${i}].x`);
  checkPositive(point.loss, `points[${i}].loss`);
  const error = point.standardError;
  if (error !== undefined && error !== null && error !== 0) {
    const field = `points[${i}].standardError`;
    if (!(Number.isFinite(error) && error >= 0)) {
      throw new InputError(field, `${field} must be a finite number of at least 0, not ${error}.`);
    }
    checkPositive(error, field);
  }
  const { seeds } = point;
  if (seeds !== undefined && !(Number.isInteger(seeds) && seeds >= 1)) {
    const field = `points[${i}].seeds`;
    throw new InputError(field, `${field} must be a whole number of at least 1, not ${seeds}.`);
  }
}
