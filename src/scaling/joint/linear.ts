/**
 * The joint law L(N, D) = E + A/N^α + B/D^β for given exponents, where it is linear in (E, A, B). All work is done in
 * N/gN and D/gD, g the geometric means, so that units change nothing but A and B.
 *
 * Losses at one N are as a rule evaluations of one training: what chance did to it, it did to all of them. So two losses
 * at one N may have a correlation ρ: every sum of products is then one of generalised least squares.
 */

/** Points prepared for fitting: log(N/gN), log(D/gD) and the loss. */
export interface JointLadder {
  n: number[];
  d: number[];
  loss: number[];
  logN: number;
  logD: number;
  /** Where the losses of each N end; they stand together. */
  ends: number[];
  /** ρ of two losses at one N; 0 for plain least squares. */
  correlation: number;
}

/** The best law for given exponents, with A and B in units of gN and gD. */
export interface JointSolution {
  alpha: number;
  beta: number;
  E: number;
  A: number;
  B: number;
  /** Σ r², in the sense of `inner` */
  sse: number;
}

/** Least squares without regard to signs; f and g are (N/gN)^-α and (D/gD)^-β. */
export interface FreeSolution extends JointSolution {
  fMean: number;
  gMean: number;
  lossMean: number;
  /** Σ (f - mean)², Σ (f - mean)(g - mean), Σ (g - mean)². */
  spread: [ff: number, fg: number, gg: number];
  /** What the points count for together: their number where ρ = 0. */
  weight: number;
}

/** Of Σ (f - mean)² Σ (g - mean)², below which share of it their determinant is rounding. */
const SINGULAR = 1e-13;

/** Sorting first makes the result independent of the order of the points, to the last bit. */
export function jointLadder(points: readonly { n: number; d: number; loss: number }[]): JointLadder {
  const sorted = [...points].sort((p, q) => p.n - q.n || p.d - q.d || p.loss - q.loss);
  const logsN = sorted.map(({ n }) => Math.log(n));
  const logsD = sorted.map(({ d }) => Math.log(d));
  const [logN, logD] = [mean(logsN), mean(logsD)];
  return {
    n: logsN.map((log) => log - logN),
    d: logsD.map((log) => log - logD),
    loss: sorted.map(({ loss }) => loss),
    logN,
    logD,
    ends: sorted.flatMap(({ n }, i) => (sorted[i + 1]?.n === n ? [] : [i + 1])),
    correlation: 0,
  };
}

/** uᵀ·C⁻¹·v, C the matrix of correlations: ones, ρ between two losses at one N, 0 between others. */
export function inner(
  { ends, correlation }: Pick<JointLadder, 'ends' | 'correlation'>,
  u: number[],
  v: number[],
): number {
  const sum = dot(u, v);
  if (correlation === 0) return sum;
  let shared = 0;
  let from = 0;
  for (const end of ends) {
    let [sumU, sumV] = [0, 0];
    for (let i = from; i < end; i++) {
      sumU += u[i]!;
      sumV += v[i]!;
    }
    shared += (sumU * sumV) / (1 - correlation + (end - from) * correlation);
    from = end;
  }
  return (sum - correlation * shared) / (1 - correlation);
}

/** log |C| */
export function logDeterminantOf({ ends, correlation }: JointLadder): number {
  return ends.reduce((sum, end, i) => {
    const count = end - (ends[i - 1] ?? 0);
    return sum + (count - 1) * Math.log(1 - correlation) + Math.log(1 + (count - 1) * correlation);
  }, 0);
}

/** The law at log(N/gN), log(D/gD). */
export const jointAt = ({ alpha, beta, E, A, B }: JointSolution, n: number, d: number): number =>
  E + A * Math.exp(-alpha * n) + B * Math.exp(-beta * d);

/** Least squares in (E, A, B); null where the two terms cannot be told apart. */
export function freeAt(ladder: JointLadder, alpha: number, beta: number): FreeSolution | null {
  return freeOf(ladder, columnsAt(ladder, alpha, beta));
}

/** (E, A, B) by non-negative least squares: the best over all choices of terms that are not zero. */
export function solveAt(ladder: JointLadder, alpha: number, beta: number): JointSolution {
  const columns = columnsAt(ladder, alpha, beta);
  const y = ladder.loss;
  const free = freeOf(ladder, columns);
  if (free && free.E >= 0 && free.A >= 0 && free.B >= 0) {
    const { E, A, B, sse } = free;
    return { alpha, beta, E, A, B, sse };
  }
  const found: JointSolution[] = [];
  const consider = (E: number, A: number, B: number) => {
    if (E >= 0 && A >= 0 && B >= 0) found.push({ alpha, beta, E, A, B, sse: sseOf(ladder, columns, E, A, B) });
  };
  const { p, q, lossMean } = columns;
  const alone = ({ at, mean: centre, square, exponent }: Column) => {
    const amplitude = square > 0 ? inner(ladder, at, y) / square / -exponent : 0;
    return { amplitude, floor: lossMean - amplitude * (1 - exponent * centre) };
  };
  const [byN, byD] = [alone(p), alone(q)];
  consider(byN.floor, byN.amplitude, 0);
  consider(byD.floor, 0, byD.amplitude);
  consider(lossMean, 0, 0);
  const [f, g] = [powersOf(p), powersOf(q)];
  const of = (one: number[], other: number[]) => inner(ladder, one, other);
  const [ff, gg, fg, fy, gy] = [of(f, f), of(g, g), of(f, g), of(f, y), of(g, y)];
  const both = ff * gg - fg * fg;
  if (both > 0) consider(0, (fy * gg - gy * fg) / both, (gy * ff - fy * fg) / both);
  consider(0, fy / ff, 0);
  consider(0, 0, gy / gg);
  return found.reduce((best, one) => (one.sse < best.sse ? one : best));
}

/** (1 - φ)/exponent instead of φ keeps the columns apart when an exponent is small; see `fitAt` of the width law. */
interface Column {
  exponent: number;
  mean: number;
  /** Less the mean. */
  at: number[];
  /** Σ at², in the sense of `inner` */
  square: number;
}

interface Columns {
  p: Column;
  q: Column;
  lossMean: number;
  /** 1ᵀ·C⁻¹·1 */
  weight: number;
}

function columnsAt(ladder: JointLadder, alpha: number, beta: number): Columns {
  const { n, d, loss } = ladder;
  const ones = loss.map(() => 1);
  const weight = inner(ladder, ones, ones);
  const meanOf = (values: number[]) => inner(ladder, ones, values) / weight;
  const columnOf = (t: number[], exponent: number): Column => {
    const values = t.map((value) => -Math.expm1(-exponent * value) / exponent);
    const centre = meanOf(values);
    const at = values.map((value) => value - centre);
    return { exponent, mean: centre, at, square: inner(ladder, at, at) };
  };
  return { p: columnOf(n, alpha), q: columnOf(d, beta), lossMean: meanOf(loss), weight };
}

const powersOf = ({ exponent, mean: centre, at }: Column) => at.map((value) => 1 - exponent * (value + centre));

function freeOf(ladder: JointLadder, columns: Columns): FreeSolution | null {
  const { p, q, lossMean, weight } = columns;
  const pq = inner(ladder, p.at, q.at);
  const both = p.square * q.square - pq * pq;
  if (!(both > SINGULAR * p.square * q.square)) return null;
  const rest = ladder.loss.map((value) => value - lossMean);
  const [py, qy] = [inner(ladder, p.at, rest), inner(ladder, q.at, rest)];
  const [alpha, beta] = [p.exponent, q.exponent];
  const A = (qy * pq - py * q.square) / both / alpha;
  const B = (py * pq - qy * p.square) / both / beta;
  const [fMean, gMean] = [1 - alpha * p.mean, 1 - beta * q.mean];
  const E = lossMean - A * fMean - B * gMean;
  return {
    ...{ alpha, beta, E, A, B, fMean, gMean, lossMean, weight },
    sse: sseOf(ladder, columns, E, A, B),
    spread: [alpha * alpha * p.square, alpha * beta * pq, beta * beta * q.square],
  };
}

function sseOf(ladder: JointLadder, { p, q }: Columns, E: number, A: number, B: number): number {
  const top = E + A * (1 - p.exponent * p.mean) + B * (1 - q.exponent * q.mean);
  const rest = ladder.loss.map((loss, i) => loss - top + A * p.exponent * p.at[i]! + B * q.exponent * q.at[i]!);
  return inner(ladder, rest, rest);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function dot(one: readonly number[], other: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += one[i]! * other[i]!;
  return sum;
}
