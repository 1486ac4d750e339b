/**
 * L(N, D) = E + A/N^α + B/D^β with E, A, B >= 0 and α, β in [0.02, 4] (Hoffmann et al. 2022), by variable projection.
 *
 * For given (α, β) the law is linear in (E, A, B), a small non-negative least squares; only (α, β) are searched, from the
 * best cell of a grid by damped Gauss-Newton steps after each of which (E, A, B) are solved anew. All work is done in
 * N/gN and D/gD, g the geometric means, so that units change nothing but A and B.
 */
import { B_MAX, B_MIN } from './width-law.ts';

/** Points prepared for fitting: log(N/gN), log(D/gD) and the loss. */
export interface JointLadder {
  n: number[];
  d: number[];
  loss: number[];
  logN: number;
  logD: number;
}

/** The best law for given exponents, with A and B in units of gN and gD. */
export interface JointSolution {
  alpha: number;
  beta: number;
  E: number;
  A: number;
  B: number;
  /** Σ r² */
  sse: number;
}

const GRID = 22;
const MOST_STEPS = 200;

/** Sorting first makes the result independent of the order of the points, to the last bit. */
export function jointLadder(points: readonly { n: number; d: number; loss: number }[]): JointLadder {
  const sorted = [...points].sort((p, q) => p.n - q.n || p.d - q.d || p.loss - q.loss);
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const logsN = sorted.map(({ n }) => Math.log(n));
  const logsD = sorted.map(({ d }) => Math.log(d));
  const [logN, logD] = [mean(logsN), mean(logsD)];
  return {
    n: logsN.map((log) => log - logN),
    d: logsD.map((log) => log - logD),
    loss: sorted.map(({ loss }) => loss),
    logN,
    logD,
  };
}

/** (E, A, B) by non-negative least squares at given exponents: the best of all choices of terms that are not zero. */
export function solveAt(ladder: JointLadder, alpha: number, beta: number): JointSolution {
  // (1 - φ)/α instead of φ keeps the columns apart when an exponent is small; see fitAt of the width law.
  const p = ladder.n.map((t) => -Math.expm1(-alpha * t) / alpha);
  const q = ladder.d.map((t) => -Math.expm1(-beta * t) / beta);
  const y = ladder.loss;
  const count = y.length;
  const centred = (values: number[]) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / count;
    return { mean, at: values.map((value) => value - mean) };
  };
  const dot = (one: number[], other: number[]) => one.reduce((sum, value, i) => sum + value * other[i]!, 0);
  const [P, Q, Y] = [centred(p), centred(q), centred(y)];
  const [pp, qq, pq, py, qy] = [dot(P.at, P.at), dot(Q.at, Q.at), dot(P.at, Q.at), dot(P.at, Y.at), dot(Q.at, Y.at)];
  const found: JointSolution[] = [];
  const consider = (E: number, A: number, B: number) => {
    if (!(E >= 0 && A >= 0 && B >= 0)) return;
    let sse = 0;
    for (let i = 0; i < count; i++) sse += (y[i]! - E - A * (1 - alpha * p[i]!) - B * (1 - beta * q[i]!)) ** 2;
    found.push({ alpha, beta, E, A, B, sse });
  };
  /** Slopes against p and q are -αA and -βB. */
  const withFloor = (slopeP: number, slopeQ: number) => {
    const [A, B] = [-slopeP / alpha, -slopeQ / beta];
    consider(Y.mean - slopeP * P.mean - slopeQ * Q.mean - A - B, A, B);
  };
  const both = pp * qq - pq * pq;
  if (both > 0) withFloor((py * qq - qy * pq) / both, (qy * pp - py * pq) / both);
  if (found.length > 0) return found[0]!;
  withFloor(pp > 0 ? py / pp : 0, 0);
  withFloor(0, qq > 0 ? qy / qq : 0);
  withFloor(0, 0);
  const f = p.map((value) => 1 - alpha * value);
  const g = q.map((value) => 1 - beta * value);
  const [ff, gg, fg, fy, gy] = [dot(f, f), dot(g, g), dot(f, g), dot(f, y), dot(g, y)];
  const two = ff * gg - fg * fg;
  if (two > 0) consider(0, (fy * gg - gy * fg) / two, (gy * ff - fy * fg) / two);
  consider(0, fy / ff, 0);
  consider(0, 0, gy / gg);
  return found.reduce((best, one) => (one.sse < best.sse ? one : best));
}

const clamp = (exponent: number) => Math.min(B_MAX, Math.max(B_MIN, exponent));

/** The law with the smallest sum of squares. Needs three different N and three different D that are not proportional. */
export function fitJointLaw(ladder: JointLadder): JointSolution {
  const at = (i: number) => B_MIN * (B_MAX / B_MIN) ** (i / GRID);
  let best = solveAt(ladder, at(0), at(0));
  for (let i = 0; i <= GRID; i++) {
    for (let k = 0; k <= GRID; k++) {
      const here = solveAt(ladder, at(i), at(k));
      if (here.sse < best.sse) best = here;
    }
  }
  let damping = 1e-3;
  for (let i = 0; i < MOST_STEPS && damping < 1e12; i++) {
    const step = exponentStep(ladder, best, damping);
    const next = solveAt(ladder, clamp(best.alpha * Math.exp(step.alpha)), clamp(best.beta * Math.exp(step.beta)));
    if (next.sse < best.sse) {
      best = next;
      damping = Math.max(1e-14, damping / 10);
    } else damping *= 10;
  }
  return best;
}

/** Columns of the law's derivatives by E, A, B, log α and log β at one point. */
export function derivativesAt({ alpha, beta, A, B }: JointSolution, n: number, d: number): number[] {
  const f = Math.exp(-alpha * n);
  const g = Math.exp(-beta * d);
  return [1, f, g, -A * alpha * n * f, -B * beta * d * g];
}

/** The Gauss-Newton step of (log α, log β), the linear terms moving along with them. */
function exponentStep(ladder: JointLadder, solution: JointSolution, damping: number): { alpha: number; beta: number } {
  const normal = Array.from({ length: 5 }, () => new Array<number>(6).fill(0));
  for (let i = 0; i < ladder.loss.length; i++) {
    const columns = derivativesAt(solution, ladder.n[i]!, ladder.d[i]!);
    const residual = ladder.loss[i]! - jointAt(solution, ladder.n[i]!, ladder.d[i]!);
    for (let r = 0; r < 5; r++) {
      for (let c = 0; c < 5; c++) normal[r]![c]! += columns[r]! * columns[c]!;
      normal[r]![5]! += columns[r]! * residual;
    }
  }
  for (let r = 0; r < 5; r++) normal[r]![r]! = normal[r]![r]! * (1 + damping) + Number.MIN_VALUE;
  const step = solveLinear(normal);
  const bounded = (value: number) => (Number.isFinite(value) ? Math.max(-1, Math.min(1, value)) : 0);
  return { alpha: bounded(step[3]!), beta: bounded(step[4]!) };
}

/** The law at log(N/gN), log(D/gD). */
export const jointAt = ({ alpha, beta, E, A, B }: JointSolution, n: number, d: number): number =>
  E + A * Math.exp(-alpha * n) + B * Math.exp(-beta * d);

/** Solves M x = v given as rows [M | v], by elimination with pivots; entries may come out infinite when M is singular. */
export function solveLinear(rows: number[][]): number[] {
  const size = rows.length;
  const m = rows.map((row) => [...row]);
  for (let k = 0; k < size; k++) {
    let pivot = k;
    for (let r = k + 1; r < size; r++) if (Math.abs(m[r]![k]!) > Math.abs(m[pivot]![k]!)) pivot = r;
    [m[k], m[pivot]] = [m[pivot]!, m[k]!];
    for (let r = k + 1; r < size; r++) {
      const factor = m[r]![k]! / m[k]![k]!;
      for (let c = k; c <= size; c++) m[r]![c]! -= factor * m[k]![c]!;
    }
  }
  const x = new Array<number>(size).fill(0);
  for (let k = size - 1; k >= 0; k--) {
    let sum = m[k]![size]!;
    for (let c = k + 1; c < size; c++) sum -= m[k]![c]! * x[c]!;
    x[k] = sum / m[k]![k]!;
  }
  return x;
}
