/**
 * Predictions as they are commonly made. All intervals are for one new run, with the noise estimated from the residuals.
 * Weights and standard errors are not used.
 */
import type { FitPoint, Interval, Level } from '../../src/scaling/width/report.ts';
import { LEVELS } from '../../src/scaling/width/report.ts';
import { studentT } from '../../src/scaling/numeric/student-t.ts';
import type { MethodPrediction } from './methods.ts';

/** Exponents among which the least squares is sought, wider than any law here. */
const EXPONENTS: [number, number] = [1e-3, 20];
const GRID = 160;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/** A standard error times this reaches from the middle of an interval to its end. */
type Reach = (level: Level, freedom: number) => number;

/** As most scripts have it: the normal's quantile, whatever the number of points. */
export const normalReach: Reach = (level) => ({ '50': 0.6745, '80': 1.2816, '95': 1.96 })[level];
/** As the textbook has it. */
export const studentReach: Reach = (level, freedom) => tQuantile(0.5 + Number(level) / 200, freedom);

/**
 * L = c + a·x^-b by least squares, without bounds on a and c. The interval is the linearised one, of variance
 * s²·(1 + gᵀ(JᵀJ)⁻¹g) with n - 3 degrees of freedom, and absent with three points or a singular JᵀJ.
 */
export function leastSquares(points: readonly FitPoint[], xs: readonly number[], reach: Reach): MethodPrediction[] {
  const middle = Math.exp(points.reduce((sum, { x }) => sum + Math.log(x), 0) / points.length);
  const us = points.map(({ x }) => Math.log(x / middle));
  const { a, b, c, sse } = bestLaw(us, points);
  const gradient = (u: number) => [Math.exp(-b * u), -a * u * Math.exp(-b * u), 1];
  const factor = cholesky(normalMatrix(us.map(gradient)));
  const freedom = points.length - 3;
  return xs.map((x) => {
    const u = Math.log(x / middle);
    const loss = c + a * Math.exp(-b * u);
    if (freedom === 0 || !factor) return { loss, intervals: null };
    const leverage = forward(factor, gradient(u)).reduce((sum, one) => sum + one * one, 0);
    const error = Math.sqrt((sse / freedom) * (1 + leverage));
    return { loss, intervals: byLevel((level) => around(loss, error * reach(level, freedom))) };
  });
}

/** A straight line through log loss against log x, with its regression interval (n - 2 degrees of freedom). */
export function noFloor(points: readonly FitPoint[], xs: readonly number[]): MethodPrediction[] {
  const us = points.map(({ x }) => Math.log(x));
  const losses = points.map(({ loss }) => Math.log(loss));
  const { slope, meanX, meanY, sse, spread } = straightLine(us, losses);
  const freedom = points.length - 2;
  return xs.map((x) => {
    const off = Math.log(x) - meanX;
    const centre = meanY + slope * off;
    const error = Math.sqrt((sse / freedom) * (1 + 1 / us.length + (off * off) / spread));
    const interval = (level: Level): Interval => {
      const [lo, hi] = around(centre, error * studentReach(level, freedom));
      return [Math.exp(lo), Math.exp(hi)];
    };
    return { loss: Math.exp(centre), intervals: byLevel(interval) };
  });
}

/** The loss of the largest rung, as if nothing more were to be gained. */
export function lastPoint(points: readonly FitPoint[], xs: readonly number[]): MethodPrediction[] {
  const largest = points.reduce((best, point) => (point.x > best.x ? point : best));
  return xs.map(() => ({ loss: largest.loss, intervals: null }));
}

interface Law {
  a: number;
  b: number;
  c: number;
  sse: number;
}

/** Given b the law is a straight line in exp(-b·u); b is found on a grid of its logarithm and by golden section. */
function bestLaw(us: readonly number[], points: readonly FitPoint[]): Law {
  const losses = points.map(({ loss }) => loss);
  const at = (logB: number): Law => {
    const b = Math.exp(logB);
    const { slope, meanX, meanY, sse } = straightLine(
      us.map((u) => Math.exp(-b * u)),
      losses,
    );
    return { a: slope, b, c: meanY - slope * meanX, sse };
  };
  const [least, most] = EXPONENTS.map(Math.log) as [number, number];
  const step = (most - least) / GRID;
  const grid = Array.from({ length: GRID + 1 }, (_, i) => least + i * step);
  const start = grid.reduce((best, logB) => (at(logB).sse < at(best).sse ? logB : best));
  let [lo, hi] = [Math.max(least, start - step), Math.min(most, start + step)];
  for (let i = 0; i < 60; i++) {
    const [left, right] = [hi - GOLDEN * (hi - lo), lo + GOLDEN * (hi - lo)];
    if (at(left).sse < at(right).sse) hi = right;
    else lo = left;
  }
  return at((lo + hi) / 2);
}

function straightLine(xs: readonly number[], ys: readonly number[]) {
  const mean = (values: readonly number[]) => values.reduce((sum, one) => sum + one, 0) / values.length;
  const [meanX, meanY] = [mean(xs), mean(ys)];
  const spread = xs.reduce((sum, x) => sum + (x - meanX) ** 2, 0);
  const slope = xs.reduce((sum, x, i) => sum + (x - meanX) * (ys[i]! - meanY), 0) / spread;
  const sse = xs.reduce((sum, x, i) => sum + (ys[i]! - meanY - slope * (x - meanX)) ** 2, 0);
  return { slope, meanX, meanY, sse, spread };
}

const byLevel = (interval: (level: Level) => Interval) =>
  Object.fromEntries(LEVELS.map((level) => [level, interval(level)])) as Record<Level, Interval>;

const around = (centre: number, reach: number): Interval => [centre - reach, centre + reach];

/** The t below which a share p > 1/2 of Student's distribution lies, by bisection. */
export function tQuantile(p: number, freedom: number): number {
  let [lo, hi] = [0, 1];
  while (studentT(hi, freedom).below < p) hi *= 2;
  for (let i = 0; i < 60; i++) {
    const middle = (lo + hi) / 2;
    if (studentT(middle, freedom).below < p) lo = middle;
    else hi = middle;
  }
  return (lo + hi) / 2;
}

const normalMatrix = (rows: readonly number[][]): number[][] =>
  [0, 1, 2].map((i) => [0, 1, 2].map((j) => rows.reduce((sum, row) => sum + row[i]! * row[j]!, 0)));

/** The lower factor of a positive definite 3x3 matrix; null for one that is singular to rounding. */
function cholesky(matrix: readonly number[][]): number[][] | null {
  const lower = [0, 1, 2].map(() => [0, 0, 0]);
  for (let i = 0; i < 3; i++) {
    for (let j = 0; j <= i; j++) {
      let value = matrix[i]![j]!;
      for (let k = 0; k < j; k++) value -= lower[i]![k]! * lower[j]![k]!;
      if (i === j && !(value > 1e-14 * matrix[i]![i]!)) return null;
      lower[i]![j] = i === j ? Math.sqrt(value) : value / lower[j]![j]!;
    }
  }
  return lower;
}

/** Solves lower · z = right. */
function forward(lower: readonly number[][], right: readonly number[]): number[] {
  const z: number[] = [];
  right.forEach((value, i) => {
    z.push((value - z.reduce((sum, one, k) => sum + lower[i]![k]! * one, 0)) / lower[i]![i]!);
  });
  return z;
}
