/**
 * What the points leave open about the joint law, as a finite mixture: given (α, β) the terms (E, A, B) are a trivariate
 * Student t around least squares, cut off where one would be negative; the exponents are summed over a grid along the axes
 * of their peak, and the correlation of losses of one training over a few values, each node by its marginal likelihood. Priors:
 * equal for each correlation, log-uniform exponents, 1/σ² for the noise variance, and flat in E, αA and βB, with A and B at
 * the geometric means. αA is how fast the loss falls there with log N: of that the points
 * tell, while a prior flat in A itself favours slow powers, whose A is large, and low floors with them.
 */
import { LEAST_NOISE } from '../assumed-noise.ts';
import { curvatureAt, fitJointLaw } from './law.ts';
import { freeAt, logDeterminantOf, type FreeSolution, type JointLadder, type JointSolution } from './linear.ts';
import { studentT } from '../numeric/student-t.ts';
import { B_MAX, B_MIN } from '../width/width-law.ts';

/** One Student t: the law at (f, g) is E + A·f + B·g, with variance s²·(constant + the form `inverse` of (f, g) - means). */
export interface JointComponent {
  weight: number;
  alpha: number;
  beta: number;
  E: number;
  A: number;
  B: number;
  freedom: number;
  /** s²: variance of one point. */
  variance: number;
  constant: number;
  fMean: number;
  gMean: number;
  inverse: Form;
  /** Where E was cut into cells: the width of this one, else 0. */
  cell: number;
}

/** A symmetric form of two variables. */
type Form = [ff: number, fg: number, gg: number];

/** Nodes lie at whole multiples of this many standard deviations, stretched outwards, along either axis of the peak. */
const STEP = 0.5;
const NODES = 8;
/** Log of the relative density below which a node is left out. */
const NEGLIGIBLE = -14;
/** The same for the peak of a whole correlation. */
const UNLIKELY = -7;
/** Probability of a negative term from which a component is cut into cells of E that respect the signs. */
const CUT_FROM = 1e-3;
const CELLS = 10;
/** Standard deviations by which A or B, given E, may lie below zero in the outermost cells. */
const BEYOND_ZERO = 2;

/**
 * How many times the noise that the evaluations of a training have in common is, as a variance, of what each has by itself.
 * Far apart, because the few trainings of a ladder tell it only roughly.
 */
const SHARED = [1, 4, 16, 64, 256, 1024];

interface Found {
  component: JointComponent;
  logWeight: number;
}

/**
 * @param best the least-squares law.
 * @param areShared whether the losses at one N are evaluations of one training.
 */
export function jointPosterior(ladder: JointLadder, best: JointSolution, areShared: boolean): JointComponent[] {
  const correlations = areShared ? SHARED.map((ratio) => ratio / (1 + ratio)) : [0];
  const peaks = correlations.flatMap((correlation) => {
    const correlated = { ...ladder, correlation };
    const law = correlation === 0 ? best : fitJointLaw(correlated);
    const free = freeAt(correlated, law.alpha, law.beta);
    return free ? [{ ladder: correlated, law, height: densityOf(correlated, free) }] : [];
  });
  const top = Math.max(...peaks.map(({ height }) => height));
  return normalised(
    peaks.flatMap((peak) => (peak.height > top + UNLIKELY ? componentsAround(peak.ladder, peak.law) : [])),
  );
}

/** Σ r², never less than that of the smallest noise that is believed. */
function sumOf(ladder: JointLadder, sse: number): number {
  const points = ladder.loss.length;
  const mean = ladder.loss.reduce((sum, loss) => sum + loss, 0) / points;
  return sse + (LEAST_NOISE * mean) ** 2 * (points - 3);
}

/** Log of the marginal likelihood times the prior, by (log α, log β). */
const densityOf = (ladder: JointLadder, { alpha, beta, sse, weight, spread }: FreeSolution): number =>
  -logDeterminantOf(ladder) / 2 -
  ((ladder.loss.length - 3) / 2) * Math.log(sumOf(ladder, sse)) -
  Math.log(weight * determinantOf(spread)) / 2 +
  Math.log(alpha * beta);

/** @param best in the middle of the grid. */
function componentsAround(ladder: JointLadder, best: JointSolution): Found[] {
  const freedom = ladder.loss.length - 3;
  const axes = peakAxes(ladder, best, sumOf(ladder, best.sse) / freedom);
  const area = Math.abs(axes[0]![0]! * axes[1]![1]! - axes[0]![1]! * axes[1]![0]!);
  const found: Found[] = [];
  for (let i = -NODES; i <= NODES; i++) {
    for (let k = -NODES; k <= NODES; k++) {
      const [u, v] = [Math.sinh(i * STEP), Math.sinh(k * STEP)];
      const alpha = best.alpha * Math.exp(u * axes[0]![0]! + v * axes[1]![0]!);
      const beta = best.beta * Math.exp(u * axes[0]![1]! + v * axes[1]![1]!);
      if (!(alpha >= B_MIN && alpha <= B_MAX && beta >= B_MIN && beta <= B_MAX)) continue;
      const free = freeAt(ladder, alpha, beta);
      if (!free) continue;
      const cell = Math.log(area * Math.cosh(i * STEP) * Math.cosh(k * STEP));
      const logDensity = densityOf(ladder, free) + cell;
      for (const component of componentsOf(free, freedom, sumOf(ladder, free.sse))) {
        if (component.weight > 0) found.push({ component, logWeight: logDensity + Math.log(component.weight) });
      }
    }
  }
  return found;
}

function normalised(found: readonly Found[]): JointComponent[] {
  const top = found.reduce((most, { logWeight }) => Math.max(most, logWeight), -Infinity);
  const kept = found.filter(({ logWeight }) => logWeight > top + NEGLIGIBLE);
  const total = kept.reduce((sum, { logWeight }) => sum + Math.exp(logWeight - top), 0);
  return kept.map(({ component, logWeight }) => ({ ...component, weight: Math.exp(logWeight - top) / total }));
}

/** Two directions in (log α, log β), each one standard deviation of the peak long; at most a factor of e. */
function peakAxes(ladder: JointLadder, best: JointSolution, variance: number): number[][] {
  const [aa, ab, bb] = curvatureAt(ladder, best);
  const angle = Math.atan2(2 * ab, aa - bb) / 2;
  return [angle, angle + Math.PI / 2].map((one) => {
    const [x, y] = [Math.cos(one), Math.sin(one)];
    const bend = (aa * x * x + 2 * ab * x * y + bb * y * y) / variance;
    const size = 1 / Math.sqrt(Math.max(1, bend));
    return [x * size, y * size];
  });
}

/** The t of (E, A, B) at one pair of exponents; where it reaches into negative terms, cut into cells of E. */
function componentsOf(free: FreeSolution, freedom: number, sum: number): JointComponent[] {
  const { alpha, beta, E, A, B, fMean, gMean, weight: points } = free;
  const variance = sum / freedom;
  const inverse = inverseOf(free.spread);
  const scaleOf = (form: number) => Math.sqrt(variance * form);
  const eScale = scaleOf(1 / points + formAt(inverse, fMean, gMean));
  const negative = (value: number, scale: number, of = freedom) => studentT(-value / scale, of).below;
  const below = negative(E, eScale) + negative(A, scaleOf(inverse[0])) + negative(B, scaleOf(inverse[2]));
  const whole = { alpha, beta, E, A, B, freedom, variance, constant: 1 / points, fMean, gMean, inverse, cell: 0 };
  if (below < CUT_FROM) return [{ ...whole, weight: 1 }];

  // Given E, (A, B) are a regression without a constant: its normal matrix, and how A and B move with E.
  const [ff, fg, gg] = free.spread;
  const given = inverseOf([ff + points * fMean * fMean, fg + points * fMean * gMean, gg + points * gMean * gMean]);
  const slopeA = -points * (given[0] * fMean + given[1] * gMean);
  const slopeB = -points * (given[1] * fMean + given[2] * gMean);
  const [aScale, bScale] = [scaleOf(given[0]), scaleOf(given[2])];
  let [from, to] = [0, free.lossMean];
  for (const [value, slope, scale] of [
    [A, slopeA, aScale],
    [B, slopeB, bScale],
  ] as const) {
    const end = E - (value + BEYOND_ZERO * scale) / slope;
    if (slope < 0) to = Math.min(to, end);
    else from = Math.max(from, end);
  }
  if (!(to > from)) return [];
  const [start, end] = [Math.asinh((from - E) / eScale), Math.asinh((to - E) / eScale)];
  const step = (end - start) / CELLS;
  return Array.from({ length: CELLS }, (_, i) => {
    const u = start + (i + 0.5) * step;
    const z = Math.sinh(u);
    const [a, b] = [A + slopeA * eScale * z, B + slopeB * eScale * z];
    const isFalling = (1 - negative(a, aScale, freedom + 1)) * (1 - negative(b, bScale, freedom + 1));
    return {
      ...{ alpha, beta, E: E + eScale * z, A: Math.max(0, a), B: Math.max(0, b) },
      freedom: freedom + 1,
      variance: (sum + variance * z * z) / (freedom + 1),
      ...{ constant: 0, fMean: 0, gMean: 0, inverse: given },
      cell: eScale * Math.cosh(u) * step,
      weight: studentT(z, freedom).density * Math.cosh(u) * step * isFalling,
    };
  });
}

const determinantOf = ([ff, fg, gg]: Form): number => ff * gg - fg * fg;

function inverseOf(form: Form): Form {
  const determinant = determinantOf(form);
  return [form[2] / determinant, -form[1] / determinant, form[0] / determinant];
}

/** The form at (f, g). */
export const formAt = ([ff, fg, gg]: Form, f: number, g: number): number => ff * f * f + 2 * fg * f * g + gg * g * g;
