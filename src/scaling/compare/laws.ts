/**
 * Two laws at once, given the exponents of both and how their noise goes together: a generalised linear model in the
 * excess and floor of A and of B, whose posterior is a Student t in four variables.
 *
 * Noise of a run: variance σ² for A and κ²σ² for B, correlation ρ between the two runs of a pair. Each column of excess
 * is centred and scaled, so that the four unknowns are far from collinear however small b is: μ = level + m + s·q with
 * q = (φ - φ̄)/spread, hence excess A = s/spread and floor c = level + m - A·φ̄.
 */
import { backward, choleskyInPlace, forward } from '../numeric/cholesky.ts';
import { logExponentBounds } from '../width/exponent-bounds.ts';
import type { PairedRuns } from './runs.ts';
import { excessAt, secondAt, type LawForm } from '../width/law-forms.ts';

/** Half the step in log b over which φ is differentiated. */
const HALF = 1e-4;

/** What is fixed while the exponents are searched. */
export interface Setting {
  form: LawForm;
  /** ρ */
  correlation: number;
  /** κ: standard deviation of B's noise over that of A's. */
  ratio: number;
  logPrior: number;
  /** Per width: information of a run of A, of B, and between them, in units of 1/σ². */
  weightA: Float64Array;
  weightB: Float64Array;
  between: Float64Array;
  /** Right-hand sides per width, and the sum of squares of all losses. */
  rightA: Float64Array;
  rightB: Float64Array;
  squares: number;
  /** Log density of all that does not depend on the exponents. */
  logConstant: number;
}

/** The solution at one pair of exponents; arrays are the workspace's and are overwritten by the next one. */
export interface Solution {
  /** Least squares: s and m of A, then of B. */
  estimate: Float64Array;
  /** Lower Cholesky factor of the information, row by row. */
  factor: Float64Array;
  sse: number;
  /** ½ log |information| about the losses at the middle and the falls from the smallest to the largest x. */
  halfLogDeterminant: number;
  /** Mean of φ and spread of φ, of A and of B. */
  centre: [number, number];
  spread: [number, number];
}

export function settingOf(
  { rungs, pairs, runs }: PairedRuns,
  form: LawForm,
  correlation: number,
  ratio: number,
  logPrior: number,
): Setting {
  const gain = 1 / (1 - correlation ** 2);
  const [n, k, k2] = [rungs.length, ratio, ratio * ratio];
  const setting: Setting = {
    form,
    correlation,
    ratio,
    logPrior,
    weightA: new Float64Array(n),
    weightB: new Float64Array(n),
    between: new Float64Array(n),
    rightA: new Float64Array(n),
    rightB: new Float64Array(n),
    squares: 0,
    logConstant: logPrior + (pairs / 2) * Math.log(gain) - runs[1] * Math.log(ratio),
  };
  for (const [i, rung] of rungs.entries()) {
    const [sumA, sumB] = rung.sum;
    setting.weightA[i] = rung.pairs * gain + rung.alone[0];
    setting.weightB[i] = (rung.pairs * gain + rung.alone[1]) / k2;
    setting.between[i] = (-correlation * gain * rung.pairs) / k;
    setting.rightA[i] = gain * (sumA - (correlation * sumB) / k) + rung.aloneSum[0];
    setting.rightB[i] = gain * (sumB / k2 - (correlation * sumA) / k) + rung.aloneSum[1] / k2;
    setting.squares +=
      gain * (rung.squares[0] - (2 * correlation * rung.product) / k + rung.squares[1] / k2) +
      rung.aloneSquares[0] +
      rung.aloneSquares[1] / k2;
  }
  return setting;
}

/** Solves for excess and floor of both laws, again and again in one workspace. */
export class LawPair {
  readonly #runs: PairedRuns;
  readonly #counts: [Float64Array, Float64Array];
  readonly #first: [number, number];
  readonly #last: [number, number];
  /** φ at the smallest x less φ at the largest, of each recipe at the last solution. */
  readonly #falls: [number, number] = [0, 0];
  readonly #bounds: [[number, number], [number, number]];
  readonly #tangents: [Float64Array, Float64Array];
  /** q of each recipe, per width; 0 where it has no run. */
  readonly q: [Float64Array, Float64Array];
  readonly solution: Solution = {
    estimate: new Float64Array(4),
    factor: new Float64Array(16),
    sse: 0,
    halfLogDeterminant: 0,
    centre: [0, 0],
    spread: [0, 0],
  };

  constructor(runs: PairedRuns) {
    this.#runs = runs;
    const count = (side: 0 | 1) => Float64Array.from(runs.rungs, ({ pairs, alone }) => pairs + alone[side]);
    this.#counts = [count(0), count(1)];
    const ends = ([0, 1] as const).map((side) => {
      const t = runs.rungs.filter((_, i) => this.#counts[side][i]! > 0).map((rung) => rung.t[side]);
      return [Math.min(...t), Math.max(...t)];
    });
    this.#first = [ends[0]![0]!, ends[1]![0]!];
    this.#last = [ends[0]![1]!, ends[1]![1]!];
    this.#bounds = [logExponentBounds(ends[0]![1]! - ends[0]![0]!), logExponentBounds(ends[1]![1]! - ends[1]![0]!)];
    const perWidth = () => new Float64Array(runs.rungs.length);
    this.q = [perWidth(), perWidth()];
    this.#tangents = [perWidth(), perWidth()];
  }

  /** ρ of `excessAt` for one recipe. */
  second(side: 0 | 1, form: LawForm, b: number): number {
    return secondAt(form.bend, b, this.#first[side]);
  }

  /** Whether both log b lie within their bounds. */
  allows(a: number, b: number): boolean {
    return this.clamped(0, a) === a && this.clamped(1, b) === b;
  }

  /** log b of one recipe, brought within its bounds. */
  clamped(side: 0 | 1, logB: number): number {
    const [lo, hi] = this.#bounds[side];
    return Math.min(hi, Math.max(lo, logB));
  }

  /** ∂law/∂log b per width at the last solution, excess and floor held. */
  tangent(side: 0 | 1, form: LawForm, logB: number): Float64Array {
    const amplitude = this.solution.estimate[2 * side]! / this.solution.spread[side];
    const [less, more] = [Math.exp(logB - HALF), Math.exp(logB + HALF)];
    const [secondLess, secondMore] = [this.second(side, form, less), this.second(side, form, more)];
    const out = this.#tangents[side];
    for (let i = 0; i < out.length; i++) {
      const t = this.#runs.rungs[i]!.t[side];
      out[i] = (amplitude * (excessAt(more, secondMore, t) - excessAt(less, secondLess, t))) / (2 * HALF);
    }
    return out;
  }

  solve(setting: Setting, bA: number, bB: number): Solution {
    this.#column(0, setting.form, bA);
    this.#column(1, setting.form, bB);
    const { weightA, weightB, between, rightA, rightB, squares } = setting;
    const [qA, qB] = this.q;
    const { estimate: g, factor: m } = this.solution;
    m.fill(0);
    g.fill(0);
    for (let i = 0; i < qA.length; i++) {
      const [u, v] = [qA[i]!, qB[i]!];
      const [wA, wB, w] = [weightA[i]!, weightB[i]!, between[i]!];
      m[0]! += wA * u * u;
      m[4]! += wA * u;
      m[5]! += wA;
      m[8]! += w * u * v;
      m[9]! += w * v;
      m[10]! += wB * v * v;
      m[12]! += w * u;
      m[13]! += w;
      m[14]! += wB * v;
      m[15]! += wB;
      g[0]! += rightA[i]! * u;
      g[1]! += rightA[i]!;
      g[2]! += rightB[i]! * v;
      g[3]! += rightB[i]!;
    }
    const logDeterminant = choleskyInPlace(m);
    forward(m, g);
    this.solution.sse = Math.max(0, squares - (g[0]! ** 2 + g[1]! ** 2 + g[2]! ** 2 + g[3]! ** 2));
    backward(m, g);
    const [spreadA, spreadB] = this.solution.spread;
    const [fallA, fallB] = this.#falls;
    this.solution.halfLogDeterminant = logDeterminant / 2 + Math.log((spreadA * spreadB) / (fallA * fallB));
    return this.solution;
  }

  #column(side: 0 | 1, form: LawForm, b: number): void {
    const q = this.q[side];
    const counts = this.#counts[side];
    const second = this.second(side, form, b);
    let total = 0;
    let mean = 0;
    for (let i = 0; i < q.length; i++) {
      if (counts[i] === 0) continue;
      q[i] = excessAt(b, second, this.#runs.rungs[i]!.t[side]);
      total += counts[i]!;
      mean += counts[i]! * q[i]!;
    }
    mean /= total;
    let square = 0;
    for (let i = 0; i < q.length; i++) if (counts[i]! > 0) square += counts[i]! * (q[i]! - mean) ** 2;
    const spread = Math.sqrt(square / total);
    for (let i = 0; i < q.length; i++) q[i] = counts[i] === 0 ? 0 : (q[i]! - mean) / spread;
    this.solution.centre[side] = mean;
    this.solution.spread[side] = spread;
    this.#falls[side] = excessAt(b, second, this.#first[side]) - excessAt(b, second, this.#last[side]);
  }
}
