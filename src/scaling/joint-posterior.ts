/**
 * What the points leave open about the joint law: given (α, β) the terms (E, A, B) are a trivariate Student t around least
 * squares, and the exponents are summed over a grid along the axes of their peak, each node by its marginal likelihood.
 * Priors as for the width law: log-uniform exponents, flat terms in units of the geometric means, 1/σ² for the noise.
 */
import { derivativesAt, jointAt, solveAt, solveLinear, type JointLadder, type JointSolution } from './joint-law.ts';
import { quantilesOf } from './mixture.ts';
import type { Interval, Level } from './report.ts';
import { MAX_FREEDOM } from './student-t.ts';
import { B_MAX, B_MIN } from './width-law.ts';

interface Node {
  weight: number;
  solution: JointSolution;
  /** s²: variance of one point. */
  variance: number;
  freedom: number;
  /** Inverse of the normal matrix of the columns 1, (N/gN)^-α, (D/gD)^-β. */
  inverse: number[][];
}

export interface JointPosterior {
  /** Predictive intervals for a new run at log(N/gN), log(D/gD). */
  predictive(n: number, d: number): (level: Level) => Interval;
  /** 80 % intervals; A and B in the units of N and D. */
  parameters(): { E: Interval; A: Interval; B: Interval; alpha: Interval; beta: Interval };
}

/** Smallest relative noise that is believed, as for the width law. */
const LEAST_NOISE = 5e-5;
/** Nodes lie at whole multiples of this many standard deviations, stretched outwards, along either axis of the peak. */
const STEP = 0.5;
const NODES = 8;

export function jointPosterior(ladder: JointLadder, best: JointSolution): JointPosterior {
  const nodes = nodesAround(ladder, best);
  const middle = (p: readonly { weight: number; location: number; scale: number; freedom: number }[]): Interval => {
    const quantile = quantilesOf(p.map((part) => ({ ...part, uniform: 0 })));
    return [Math.max(0, quantile(0.1)), Math.max(0, quantile(0.9))];
  };
  const termOf = (term: 0 | 1 | 2) =>
    middle(
      nodes.map(({ weight, solution, variance, freedom, inverse }) => {
        const { alpha, beta, E, A, B } = solution;
        const unit = [1, Math.exp(alpha * ladder.logN), Math.exp(beta * ladder.logD)][term]!;
        const location = unit * [E, A, B][term]!;
        return { weight, location, scale: unit * Math.sqrt(variance * inverse[term]![term]!), freedom };
      }),
    );
  return {
    predictive: (n, d) => {
      const quantile = quantilesOf(
        nodes.map(({ weight, solution, variance, freedom, inverse }) => {
          const column = [1, Math.exp(-solution.alpha * n), Math.exp(-solution.beta * d)];
          const spread = quadratic(inverse, column);
          const location = jointAt(solution, n, d);
          return { weight, location, scale: Math.sqrt(variance * (1 + spread)), freedom, uniform: 0 };
        }),
      );
      return (level) => {
        const tail = (1 - Number(level) / 100) / 2;
        return [Math.max(0, quantile(tail)), Math.max(0, quantile(1 - tail))];
      };
    },
    parameters: () => ({
      E: termOf(0),
      A: termOf(1),
      B: termOf(2),
      alpha: weightedMiddle(nodes.map(({ weight, solution }) => ({ weight, value: solution.alpha }))),
      beta: weightedMiddle(nodes.map(({ weight, solution }) => ({ weight, value: solution.beta }))),
    }),
  };
}

function nodesAround(ladder: JointLadder, best: JointSolution): Node[] {
  const points = ladder.loss.length;
  const freedom = Math.min(MAX_FREEDOM, points - 3);
  const mean = ladder.loss.reduce((sum, loss) => sum + loss, 0) / points;
  const least = (LEAST_NOISE * mean) ** 2 * freedom;
  const axes = peakAxes(ladder, best, (best.sse + least) / freedom);
  const found: { node: Node; logWeight: number }[] = [];
  for (let i = -NODES; i <= NODES; i++) {
    for (let k = -NODES; k <= NODES; k++) {
      const [u, v] = [Math.sinh(i * STEP), Math.sinh(k * STEP)];
      const alpha = best.alpha * Math.exp(u * axes[0]![0]! + v * axes[1]![0]!);
      const beta = best.beta * Math.exp(u * axes[0]![1]! + v * axes[1]![1]!);
      if (!(alpha >= B_MIN && alpha <= B_MAX && beta >= B_MIN && beta <= B_MAX)) continue;
      const solution = solveAt(ladder, alpha, beta);
      const { inverse, logDeterminant } = inverseNormal(ladder, alpha, beta);
      if (!Number.isFinite(logDeterminant)) continue;
      const sum = solution.sse + least;
      const stretch = Math.log(Math.cosh(i * STEP)) + Math.log(Math.cosh(k * STEP));
      const logWeight = (-freedom / 2) * Math.log(sum) - logDeterminant / 2 + stretch;
      found.push({ node: { weight: 0, solution, variance: sum / freedom, freedom, inverse }, logWeight });
    }
  }
  const top = Math.max(...found.map(({ logWeight }) => logWeight));
  const total = found.reduce((sum, { logWeight }) => sum + Math.exp(logWeight - top), 0);
  return found
    .map(({ node, logWeight }) => ({ ...node, weight: Math.exp(logWeight - top) / total }))
    .filter(({ weight }) => weight > 1e-9);
}

/** Two directions in (log α, log β), each one standard deviation of the peak long; at most a factor of e. */
function peakAxes(ladder: JointLadder, best: JointSolution, variance: number): number[][] {
  const normal = Array.from({ length: 5 }, () => new Array<number>(5).fill(0));
  for (let i = 0; i < ladder.loss.length; i++) {
    const columns = derivativesAt(best, ladder.n[i]!, ladder.d[i]!);
    for (let r = 0; r < 5; r++) for (let c = 0; c < 5; c++) normal[r]![c]! += columns[r]! * columns[c]!;
  }
  for (let r = 0; r < 5; r++) normal[r]![r]! = normal[r]![r]! * (1 + 1e-12) + 1e-12;
  const covariance = [3, 4].map((k) => solveLinear(normal.map((row, r) => [...row, r === k ? 1 : 0])).slice(3));
  const [[aa, ab], [, bb]] = covariance as [[number, number], [number, number]];
  const angle = Math.atan2(2 * ab, aa - bb) / 2;
  return [angle, angle + Math.PI / 2].map((one) => {
    const [x, y] = [Math.cos(one), Math.sin(one)];
    const length = Math.sqrt(Math.max(0, variance * (aa * x * x + 2 * ab * x * y + bb * y * y)));
    const size = Number.isFinite(length) ? Math.min(1, length) : 1;
    return [x * size, y * size];
  });
}

function inverseNormal(
  ladder: JointLadder,
  alpha: number,
  beta: number,
): { inverse: number[][]; logDeterminant: number } {
  const m = Array.from({ length: 3 }, () => new Array<number>(3).fill(0));
  for (let i = 0; i < ladder.loss.length; i++) {
    const column = [1, Math.exp(-alpha * ladder.n[i]!), Math.exp(-beta * ladder.d[i]!)];
    for (let r = 0; r < 3; r++) for (let c = 0; c < 3; c++) m[r]![c]! += column[r]! * column[c]!;
  }
  const [a, b, c, d, e, f] = [m[0]![0]!, m[0]![1]!, m[0]![2]!, m[1]![1]!, m[1]![2]!, m[2]![2]!];
  const [A, B, C, D, E, F] = [d * f - e * e, c * e - b * f, b * e - c * d, a * f - c * c, b * c - a * e, a * d - b * b];
  const determinant = a * A + b * B + c * C;
  const inverse = [
    [A, B, C],
    [B, D, E],
    [C, E, F],
  ].map((row) => row.map((value) => value / determinant));
  return { inverse, logDeterminant: Math.log(determinant) };
}

const quadratic = (m: number[][], v: number[]): number =>
  v.reduce((sum, one, r) => sum + one * v.reduce((inner, other, c) => inner + m[r]![c]! * other, 0), 0);

/** Weights at values taken as a distribution that is linear between them. */
function weightedMiddle(values: { weight: number; value: number }[]): Interval {
  const sorted = [...values].sort((p, q) => p.value - q.value);
  const quantile = (p: number) => {
    let below = 0;
    for (const [i, { weight, value }] of sorted.entries()) {
      if (below + weight / 2 >= p || i === sorted.length - 1) {
        const before = sorted[i - 1];
        if (!before) return value;
        const from = below - before.weight / 2;
        const share = Math.min(1, Math.max(0, (p - from) / (below + weight / 2 - from)));
        return before.value + share * (value - before.value);
      }
      below += weight;
    }
    return sorted[0]!.value;
  };
  return [quantile(0.1), quantile(0.9)];
}
