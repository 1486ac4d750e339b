/**
 * The width law L(x) = c + a·x^-b with a >= 0, c >= 0 and b in [0.02, 4], fitted by variable projection.
 *
 * For a given b the law is linear in (a, c), so the best (a, c) is a small non-negative least squares and only b is
 * searched: no start values, no local minima (Golub & Pereyra 1973). All work is done in x / g, g the geometric mean
 * of the points' x, with A = a·g^-b, so that the units of x change nothing but a.
 */

import { secondAt } from './law-forms.ts';

/** Points prepared for fitting: sorted, x as log(x / g), each with its weight. */
export interface LawPoints {
  /** log x - logScale. */
  t: number[];
  y: number[];
  /** 1 / standardError², or 1 for each point. */
  weight: number[];
  /** Mean of log x. */
  logScale: number;
}

/** The best law for one given b. */
export interface LinearFit {
  b: number;
  /** ρ of `excessAt`; 0 for the width law itself. */
  second: number;
  /** A = a·g^-b: the law's excess over its floor at the geometric mean of x. */
  amplitude: number;
  c: number;
  /** Σ w r². */
  sse: number;
  /** Least squares without the signs' constraint; equal to (amplitude, c) when both are non-negative. */
  free: { amplitude: number; c: number; sse: number };
  /** Σ w, Σ w φ / Σ w and Σ w (φ - mean)², where A·φ is the excess over the floor; φ = (x/g)^-b for the width law. */
  moments: { weight: number; mean: number; spread: number };
}

/** Different x that the three parameters of a law take. */
export const LEAST_SIZES = 3;
export const B_MIN = 0.02;
export const B_MAX = 4;
const GRID = 100;

/** Sorting first makes the result independent of the order of the points, to the last bit. */
export function lawPointsOf(points: readonly { x: number; loss: number; weight: number }[]): LawPoints {
  const sorted = [...points].sort((p, q) => p.x - q.x || p.loss - q.loss || p.weight - q.weight);
  const logs = sorted.map((point) => Math.log(point.x));
  const logScale = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  return {
    t: logs.map((log) => log - logScale),
    y: sorted.map((point) => point.loss),
    weight: sorted.map((point) => point.weight),
    logScale,
  };
}

/** x in ascending order, each once; what differs by less than one part in 10⁹ counts as the same. */
export function distinctX(points: readonly { x: number }[]): number[] {
  const sorted = points.map((point) => point.x).sort((p, q) => p - q);
  return sorted.filter((x, i) => i === 0 || isLarger(x, sorted[i - 1]!));
}

export const isLarger = (x: number, than: number): boolean => x > than * (1 + 1e-9);

/** (A, c) by weighted non-negative least squares at a given b, and a given share r of a second term at the smallest x. */
export function fitAt({ t, y, weight }: LawPoints, b: number, bend = 0): LinearFit {
  const n = t.length;
  const second = secondAt(bend, b, t[0]!);
  const part = second / (1 + second);
  // q = (1 - φ)/b instead of φ keeps the two columns apart when b is small: q tends to log x, φ to the constant 1.
  const q = new Array<number>(n);
  let total = 0;
  let qMean = 0;
  let yMean = 0;
  for (let i = 0; i < n; i++) {
    const less = -Math.expm1(-b * t[i]!);
    q[i] = (less / b) * (1 + part * (1 - less));
    total += weight[i]!;
    qMean += weight[i]! * q[i]!;
    yMean += weight[i]! * y[i]!;
  }
  qMean /= total;
  yMean /= total;
  let qq = 0;
  let qy = 0;
  let yy = 0;
  for (let i = 0; i < n; i++) {
    const dq = q[i]! - qMean;
    const dy = y[i]! - yMean;
    qq += weight[i]! * dq * dq;
    qy += weight[i]! * dq * dy;
    yy += weight[i]! * dy * dy;
  }
  const slope = -qy / qq;
  const mean = 1 - b * qMean;
  const sse = residualsOf({ y, weight }, q, qMean, yMean, slope);
  const free = { amplitude: slope / b, c: yMean - (slope / b) * mean, sse };
  const moments = { weight: total, mean, spread: b * b * qq };
  if (free.amplitude < 0) return { b, second, amplitude: 0, c: yMean, sse: yy, free, moments };
  if (free.c >= 0) return { b, second, amplitude: free.amplitude, c: free.c, sse, free, moments };
  // Without a floor: y = A φ. Losses are positive, hence so is A.
  let fy = 0;
  let ff = 0;
  for (let i = 0; i < n; i++) {
    const phi = 1 - b * q[i]!;
    fy += weight[i]! * phi * y[i]!;
    ff += weight[i]! * phi * phi;
  }
  const amplitude = fy / ff;
  const floorless = residualsOf({ y, weight }, q, qMean, amplitude * mean, amplitude * b);
  return { b, second, amplitude, c: 0, sse: floorless, free, moments };
}

/** Σ w r² of the line `level - slope·(q - middle)`. */
function residualsOf(
  { y, weight }: Pick<LawPoints, 'y' | 'weight'>,
  q: readonly number[],
  middle: number,
  level: number,
  slope: number,
): number {
  let sum = 0;
  for (let i = 0; i < q.length; i++) {
    const residual = y[i]! - level + slope * (q[i]! - middle);
    sum += weight[i]! * residual * residual;
  }
  return sum;
}

/** dSSE/db with (A, c) at their optimum; by the envelope theorem only φ's own derivative -t·φ counts. */
function slopeAt(ladder: LawPoints, b: number): number {
  const { amplitude, c } = fitAt(ladder, b);
  let sum = 0;
  for (let i = 0; i < ladder.t.length; i++) {
    const phi = Math.exp(-b * ladder.t[i]!);
    sum += ladder.weight[i]! * (ladder.y[i]! - c - amplitude * phi) * ladder.t[i]! * phi;
  }
  return 2 * amplitude * sum;
}

/** The law with the smallest weighted sum of squares. Needs at least three distinct x. */
export function fitWidthLaw(ladder: LawPoints): LinearFit {
  const at = (i: number) => B_MIN * (B_MAX / B_MIN) ** (i / GRID);
  let best = 0;
  let bestSse = Infinity;
  for (let i = 0; i <= GRID; i++) {
    const { sse } = fitAt(ladder, at(i));
    if (sse < bestSse) [best, bestSse] = [i, sse];
  }
  // The root of the derivative is sharp to rounding, where the minimum of the sum itself would be to its square root.
  let lo = Math.log(at(Math.max(0, best - 1)));
  let hi = Math.log(Math.min(B_MAX, at(best + 1)));
  if (best === 0 && slopeAt(ladder, B_MIN) >= 0) return fitAt(ladder, B_MIN);
  if (best === GRID && slopeAt(ladder, B_MAX) <= 0) return fitAt(ladder, B_MAX);
  for (let i = 0; i < 60 && hi - lo > 1e-15; i++) {
    const middle = (lo + hi) / 2;
    if (slopeAt(ladder, Math.exp(middle)) < 0) lo = middle;
    else hi = middle;
  }
  return fitAt(ladder, Math.exp((lo + hi) / 2));
}

/** The law at x. */
export function lawAt(fit: LinearFit, ladder: LawPoints, x: number): number {
  return fit.c + fit.amplitude * Math.exp(-fit.b * (Math.log(x) - ladder.logScale));
}

/** a of c + a·x^-b, in the units of x. */
export function amplitudeInUnits(fit: LinearFit, ladder: LawPoints): number {
  return fit.amplitude * Math.exp(fit.b * ladder.logScale);
}
