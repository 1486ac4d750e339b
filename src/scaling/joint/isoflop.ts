/**
 * IsoFLOP parabolas (Hoffmann et al. 2022, arXiv 2203.15556, approach 2): of models of several sizes trained for one budget
 * C = 6 N D the loss is about a parabola in log N, whose vertex is the best size for that budget.
 */
import { studentReach } from '../numeric/student-quantile.ts';
import { FLOPS_PER_PARAMETER_AND_TOKEN, type Estimate } from './frontier.ts';
import type { JointPoint } from './joint.ts';

interface Parabola {
  /** FLOPs: the geometric mean of its points. */
  compute: number;
  points: JointPoint[];
  /** loss = floor + curvature·(log N - log n)² */
  curvature: number;
  /** Parameters at the vertex, with an 80 % interval where there are more than three sizes. */
  n: { value: number; lo: number | null; hi: number | null };
  floor: number;
  /** Whether the vertex lies between the smallest and the largest size. */
  isInside: boolean;
}

export interface IsoFlop {
  /** Ascending in compute; budgets whose losses bend upwards. */
  parabolas: Parabola[];
  /** Power of C with which the best size grows, through vertices inside; its interval from their scatter, null for fewer than three. */
  exponent: (Omit<Estimate, 'interval'> & { lo: number | null; hi: number | null }) | null;
}

/** Budgets that differ by less than this are one: sizes and tokens are rounded. */
const SAME_BUDGET = 0.04;
/** Sizes that a parabola takes. */
const LEAST_OF_PARABOLA = 3;
/** Half of the widest interval of log N that is one: a factor of a million to either side says nothing. */
const WIDEST = Math.log(1e6);

/** @returns null where the points are not of shared budgets */
export function isoFlopOf(points: readonly JointPoint[]): IsoFlop | null {
  const groups = budgetsOf(points);
  const parabolas = groups.filter((group) => new Set(group.map(({ n }) => n)).size >= LEAST_OF_PARABOLA);
  const covered = parabolas.reduce((sum, group) => sum + group.length, 0);
  if (parabolas.length < 2 || covered < 0.8 * points.length) return null;
  const found = parabolas.flatMap((group) => parabolaThrough(group) ?? []);
  return found.length > 0 ? { parabolas: found, exponent: exponentOf(found.filter(({ isInside }) => isInside)) } : null;
}

const computeOf = ({ n, d }: JointPoint) => FLOPS_PER_PARAMETER_AND_TOKEN * n * d;

/** Budgets at which a frontier is wanted where none is asked for: those of the points, and ten and a hundred times their largest. */
export function budgetsFor(points: readonly JointPoint[], asked: readonly number[]): number[] {
  if (asked.length > 0) return [...asked].sort((p, q) => p - q);
  const own = points.map(computeOf);
  if (own.length === 0) return [];
  const most = own.reduce((largest, one) => Math.max(largest, one), 0);
  return [1, 10, 100].map((times) => Number((times * most).toPrecision(2)));
}

const GRID = 25;

/** Budgets at which a frontier is drawn: over those of the points, and a hundred times further. */
export function budgetGrid(points: readonly JointPoint[]): number[] {
  const own = points.map(computeOf).filter((one) => Number.isFinite(one) && one > 0);
  if (own.length === 0) return [];
  const [lo, hi] = [Math.min(...own), 100 * Math.max(...own)];
  return Array.from({ length: GRID }, (_, i) => lo * (hi / lo) ** (i / (GRID - 1)));
}

/** The points of each budget, ascending in compute. */
export function budgetsOf(points: readonly JointPoint[]): JointPoint[][] {
  const sorted = [...points].sort((p, q) => computeOf(p) - computeOf(q));
  return sorted.reduce<JointPoint[][]>((groups, point) => {
    const last = groups.at(-1);
    if (last && computeOf(point) <= computeOf(last[0]!) * (1 + SAME_BUDGET)) last.push(point);
    else groups.push([point]);
    return groups;
  }, []);
}

function parabolaThrough(points: JointPoint[]): Parabola | null {
  const logs = points.map(({ n }) => Math.log(n));
  const centre = logs.reduce((sum, log) => sum + log, 0) / logs.length;
  const rows = points.map(({ loss }, i) => ({ u: logs[i]! - centre, loss }));
  const fit = quadratic(rows);
  if (!fit || !(fit.c2 > 0)) return null;
  const { c0, c1, c2, inverse, rest } = fit;
  const vertex = -c1 / (2 * c2);
  const freedom = rows.length - 3;
  // By the derivatives of the vertex with respect to c1 and c2.
  const [g1, g2] = [-1 / (2 * c2), c1 / (2 * c2 ** 2)];
  const form = g1 * g1 * inverse[1][1] + 2 * g1 * g2 * inverse[1][2] + g2 * g2 * inverse[2][2];
  const reach = freedom > 0 ? studentReach(freedom) * Math.sqrt((rest / freedom) * Math.max(form, 0)) : Infinity;
  // All but flat, a parabola has its vertex anywhere.
  const side = reach < WIDEST ? reach : null;
  const at = (log: number) => Math.exp(centre + log);
  const compute = Math.exp(points.reduce((sum, point) => sum + Math.log(computeOf(point)), 0) / points.length);
  return {
    compute,
    points: [...points].sort((p, q) => p.n - q.n),
    curvature: c2,
    n: {
      value: at(vertex),
      lo: side === null ? null : at(vertex - side),
      hi: side === null ? null : at(vertex + side),
    },
    floor: c0 - c1 ** 2 / (4 * c2),
    isInside: vertex + centre >= Math.min(...logs) && vertex + centre <= Math.max(...logs),
  };
}

type Matrix = [[number, number, number], [number, number, number], [number, number, number]];

/** Least squares by c0 + c1·u + c2·u²; null where the sizes are too few. */
function quadratic(
  rows: readonly { u: number; loss: number }[],
): { c0: number; c1: number; c2: number; inverse: Matrix; rest: number } | null {
  const power = (k: number) => rows.reduce((sum, { u }) => sum + u ** k, 0);
  const [s0, s1, s2, s3, s4] = [0, 1, 2, 3, 4].map(power) as [number, number, number, number, number];
  const moment = (k: number) => rows.reduce((sum, { u, loss }) => sum + u ** k * loss, 0);
  const right = [moment(0), moment(1), moment(2)] as const;
  const [a, b, c] = [s2 * s4 - s3 * s3, s2 * s3 - s1 * s4, s1 * s3 - s2 * s2];
  const determinant = s0 * a + s1 * b + s2 * c;
  if (!(determinant > 1e-12 * s0 * s2 * s4)) return null;
  const inverse = [
    [a, b, c],
    [b, s0 * s4 - s2 * s2, s1 * s2 - s0 * s3],
    [c, s1 * s2 - s0 * s3, s0 * s2 - s1 * s1],
  ].map((row) => row.map((value) => value / determinant)) as Matrix;
  const [c0, c1, c2] = inverse.map((row) => row[0] * right[0] + row[1] * right[1] + row[2] * right[2]) as [
    number,
    number,
    number,
  ];
  const rest = rows.reduce((sum, { u, loss }) => sum + (loss - c0 - c1 * u - c2 * u * u) ** 2, 0);
  return { c0, c1, c2, inverse, rest };
}

function exponentOf(parabolas: readonly Parabola[]): IsoFlop['exponent'] {
  if (parabolas.length < 2) return null;
  const points = parabolas.map(({ compute, n }) => ({ u: Math.log(compute), v: Math.log(n.value) }));
  const mean = (of: 'u' | 'v') => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [u0, v0] = [mean('u'), mean('v')];
  const spread = points.reduce((sum, { u }) => sum + (u - u0) ** 2, 0);
  const value = points.reduce((sum, { u, v }) => sum + (u - u0) * (v - v0), 0) / spread;
  const freedom = points.length - 2;
  if (freedom < 1) return { value, lo: null, hi: null };
  const rest = points.reduce((sum, { u, v }) => sum + (v - v0 - value * (u - u0)) ** 2, 0);
  const side = studentReach(freedom) * Math.sqrt(rest / freedom / spread);
  return { value, lo: value - side, hi: value + side };
}
