/**
 * The joint law L(N, D) = E + A/N^α + B/D^β for given exponents, where it is linear in (E, A, B). All work is done in
 * N/gN and D/gD, g the geometric means, so that units change nothing but A and B.
 */

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

/** Least squares without regard to signs; f and g are (N/gN)^-α and (D/gD)^-β. */
export interface FreeSolution extends JointSolution {
  fMean: number;
  gMean: number;
  lossMean: number;
  /** Σ (f - mean)², Σ (f - mean)(g - mean), Σ (g - mean)². */
  spread: [ff: number, fg: number, gg: number];
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
  };
}

/** The law at log(N/gN), log(D/gD). */
export const jointAt = ({ alpha, beta, E, A, B }: JointSolution, n: number, d: number): number =>
  E + A * Math.exp(-alpha * n) + B * Math.exp(-beta * d);

/** Least squares in (E, A, B); null where the two terms cannot be told apart. */
export function freeAt(ladder: JointLadder, alpha: number, beta: number): FreeSolution | null {
  return freeOf(ladder.loss, columnsAt(ladder, alpha, beta));
}

/** (E, A, B) by non-negative least squares: the best over all choices of terms that are not zero. */
export function solveAt(ladder: JointLadder, alpha: number, beta: number): JointSolution {
  const columns = columnsAt(ladder, alpha, beta);
  const y = ladder.loss;
  const free = freeOf(y, columns);
  if (free && free.E >= 0 && free.A >= 0 && free.B >= 0) {
    const { E, A, B, sse } = free;
    return { alpha, beta, E, A, B, sse };
  }
  const found: JointSolution[] = [];
  const consider = (E: number, A: number, B: number) => {
    if (E >= 0 && A >= 0 && B >= 0) found.push({ alpha, beta, E, A, B, sse: sseOf(y, columns, E, A, B) });
  };
  const { p, q, lossMean } = columns;
  const alone = ({ at, mean: centre, square, exponent }: Column) => {
    const amplitude = square > 0 ? dot(at, y) / square / -exponent : 0;
    return { amplitude, floor: lossMean - amplitude * (1 - exponent * centre) };
  };
  const [byN, byD] = [alone(p), alone(q)];
  consider(byN.floor, byN.amplitude, 0);
  consider(byD.floor, 0, byD.amplitude);
  consider(lossMean, 0, 0);
  const [f, g] = [powersOf(p), powersOf(q)];
  const [ff, gg, fg, fy, gy] = [dot(f, f), dot(g, g), dot(f, g), dot(f, y), dot(g, y)];
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
  /** Σ at² */
  square: number;
}

interface Columns {
  p: Column;
  q: Column;
  lossMean: number;
}

const columnsAt = ({ n, d, loss }: JointLadder, alpha: number, beta: number): Columns => ({
  p: columnOf(n, alpha),
  q: columnOf(d, beta),
  lossMean: mean(loss),
});

function columnOf(t: number[], exponent: number): Column {
  const values = t.map((value) => -Math.expm1(-exponent * value) / exponent);
  const centre = mean(values);
  const at = values.map((value) => value - centre);
  return { exponent, mean: centre, at, square: dot(at, at) };
}

const powersOf = ({ exponent, mean: centre, at }: Column) => at.map((value) => 1 - exponent * (value + centre));

function freeOf(y: number[], columns: Columns): FreeSolution | null {
  const { p, q, lossMean } = columns;
  const pq = dot(p.at, q.at);
  const both = p.square * q.square - pq * pq;
  if (!(both > SINGULAR * p.square * q.square)) return null;
  const rest = y.map((value) => value - lossMean);
  const [py, qy] = [dot(p.at, rest), dot(q.at, rest)];
  const [alpha, beta] = [p.exponent, q.exponent];
  const A = (qy * pq - py * q.square) / both / alpha;
  const B = (py * pq - qy * p.square) / both / beta;
  const [fMean, gMean] = [1 - alpha * p.mean, 1 - beta * q.mean];
  const E = lossMean - A * fMean - B * gMean;
  return {
    ...{ alpha, beta, E, A, B, fMean, gMean, lossMean },
    sse: sseOf(y, columns, E, A, B),
    spread: [alpha * alpha * p.square, alpha * beta * pq, beta * beta * q.square],
  };
}

function sseOf(y: number[], { p, q }: Columns, E: number, A: number, B: number): number {
  const top = E + A * (1 - p.exponent * p.mean) + B * (1 - q.exponent * q.mean);
  let sum = 0;
  for (let i = 0; i < y.length; i++) {
    sum += (y[i]! - top + A * p.exponent * p.at[i]! + B * q.exponent * q.at[i]!) ** 2;
  }
  return sum;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function dot(one: readonly number[], other: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < one.length; i++) sum += one[i]! * other[i]!;
  return sum;
}
