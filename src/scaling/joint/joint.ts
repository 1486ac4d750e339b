/** The joint law of parameters and tokens: what is asked, and the whole answer. */
import { checkPositive } from '../../model/parse.ts';
import type { JointFit, JointReport } from '../../model/scaling-results.ts';
import { approachThree } from './approach-three.ts';
import { frontierOf, type Frontier } from './frontier.ts';
import { jointParameterIntervals, jointPredictive } from './intervals.ts';
import { isoFlopOf, type IsoFlop } from './isoflop.ts';
import { fitJointLaw } from './law.ts';
import { jointAt, jointLadder, type JointLadder, type JointSolution } from './linear.ts';
import { jointPosterior, type JointComponent } from './posterior.ts';
import type { Interval, Level } from '../width/report.ts';
import { B_MAX, B_MIN, distinctX } from '../width/width-law.ts';

export interface JointPoint {
  /** N: parameters. */
  n: number;
  /** D: training tokens. */
  d: number;
  /** Nats per token. */
  loss: number;
}

export interface JointRequest {
  points: JointPoint[];
  /** Where a loss is to be predicted. */
  targets: { n: number; d: number }[];
  /** Losses at one N are evaluations of one training, which share what chance did to it; else each is of a training of its own. */
  areShared?: boolean;
  /** Runs that each loss is the mean of; 1 when left out. */
  seeds?: number;
}

/** A joint law with what follows from it for trainings of given budgets. */
export interface FrontierReport {
  report: JointReport;
  /** Null where the law has none. */
  frontier: Frontier | null;
  /** Null where the points are not of shared budgets. */
  isoFlop: IsoFlop | null;
}

/** Five parameters, and one residual at least to learn the noise from. */
const LEAST_POINTS = 6;

/** @throws InputError naming the point or target that is not a usable number. */
export function jointReport(request: JointRequest): JointReport {
  return solved(request).report;
}

/**
 * The joint law together with its compute-optimal frontier.
 * @param budgets FLOPs, C = 6 N D
 * @throws InputError as `jointReport`
 */
export function frontierReport({ budgets, ...request }: JointRequest & { budgets: number[] }): FrontierReport {
  budgets.forEach((budget, i) => checkPositive(budget, `budgets[${i}]`));
  const { report, law } = solved(request);
  return {
    report,
    frontier: law && frontierOf(law.best, law.posterior, law.ladder, budgets),
    isoFlop: isoFlopOf(report.points),
  };
}

interface Law {
  best: JointSolution;
  posterior: JointComponent[];
  ladder: JointLadder;
}

function solved({ points, targets, areShared = false, seeds = 1 }: JointRequest): {
  report: JointReport;
  law: Law | null;
} {
  points.forEach((point, i) => checkAll(point, `points[${i}]`));
  targets.forEach((target, i) => checkAll(target, `targets[${i}]`));
  const sorted = [...points].sort((p, q) => p.n - q.n || p.d - q.d || p.loss - q.loss);
  const refusal = refusalOf(sorted);
  if (refusal) return { report: withoutLaw('refused', sorted, refusal), law: null };
  const ladder = jointLadder(sorted);
  if (areInseparable(ladder)) return { report: withoutLaw('not-identified', sorted, INSEPARABLE), law: null };
  const best = fitJointLaw(ladder);
  const posterior = jointPosterior(ladder, best, areShared);
  const inUnits = leastSquaresOf(best, ladder);
  const parameters = jointParameterIntervals(posterior, ladder);
  const { status, notes } = assess(best);
  const huber = approachThree(ladder, best);
  const beyond = boundsOf(huber);
  const more = [...beyond, ...(areShared || ladder.ends.length === sorted.length ? [] : [ROWS_ALONE])];
  const report: JointReport = {
    status,
    notes: [...notes, ...more],
    points: sorted.map(({ n, d, loss }) => ({ n, d, loss })),
    leastSquares: inUnits,
    huber: beyond.length > 0 ? null : huber,
    intervals: {
      E: holding(parameters.E, inUnits.E),
      A: holding(parameters.A, inUnits.A),
      B: holding(parameters.B, inUnits.B),
      alpha: holding(parameters.alpha, inUnits.alpha),
      beta: holding(parameters.beta, inUnits.beta),
    },
    predictions: targets.map(({ n, d }) => {
      const [u, v] = [Math.log(n) - ladder.logN, Math.log(d) - ladder.logD];
      const loss = jointAt(best, u, v);
      const interval = jointPredictive(posterior, u, v, seeds);
      const at = (level: Level) => holding(interval(level), loss);
      return { n, d, loss, intervals: { '50': at('50'), '80': at('80'), '95': at('95') } };
    }),
  };
  return { report, law: { best, posterior, ladder } };
}

/** No estimate is shown as excluded by its own interval. */
const holding = ([lo, hi]: Interval, estimate: number): Interval => [Math.min(lo, estimate), Math.max(hi, estimate)];

const leastSquaresOf = ({ alpha, beta, E, A, B, sse }: JointSolution, { logN, logD }: JointLadder): JointFit => ({
  method: 'least squares',
  E,
  A: A * Math.exp(alpha * logN),
  B: B * Math.exp(beta * logD),
  alpha,
  beta,
  objective: sse,
});

function refusalOf(points: readonly JointPoint[]): string | null {
  const sizes = distinctX(points.map(({ n }) => ({ x: n }))).length;
  const lengths = distinctX(points.map(({ d }) => ({ x: d }))).length;
  if (sizes < 3)
    return `The joint law needs losses at three different numbers of parameters or more; there ${have(sizes)}.`;
  if (lengths === 1) {
    return 'All losses were measured after the same number of tokens; the joint law needs three different ones or more, such as evaluations during training.';
  }
  if (lengths < 3)
    return `The joint law needs losses at three different numbers of tokens or more; there ${have(lengths)}.`;
  if (points.length < LEAST_POINTS) {
    return `The joint law has five parameters and needs ${LEAST_POINTS} losses or more; there ${have(points.length)}.`;
  }
  return null;
}

const have = (count: number) => (count === 0 ? 'are none' : count === 1 ? 'is 1' : `are ${count}`);

const INSEPARABLE =
  'Tokens follow from parameters in these points, so what each of them does to the loss cannot be told apart: measure one size at several numbers of tokens.';
/** Share of the spread of log D that a straight line in log N must leave. */
const LEAST_APART = 1e-3;

/** Whether log D is all but a straight line in log N. */
function areInseparable({ n, d }: JointLadder): boolean {
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  const slope = sum(n.map((value, i) => value * d[i]!)) / sum(n.map((value) => value * value));
  const rest = sum(n.map((value, i) => (d[i]! - slope * value) ** 2));
  return rest < LEAST_APART * sum(d.map((value) => value * value));
}

/** Approach 3 knows no bounds; what it says beyond them is no law that falls in both. */
function boundsOf({ alpha, beta }: JointFit): string[] {
  const isInside = (exponent: number) => exponent >= B_MIN && exponent <= B_MAX;
  if (isInside(alpha) && isInside(beta)) return [];
  return [`Approach 3 finds no law with exponents from ${B_MIN} to ${B_MAX} and is left out.`];
}

const ROWS_ALONE =
  'Each loss counts as one of a training of its own: where several are evaluations of one training, the intervals are too narrow.';

function assess({ alpha, beta, E, A, B }: JointSolution): Pick<JointReport, 'status' | 'notes'> {
  const notes: string[] = [];
  const isBound = (value: number) => Math.abs(value / B_MIN - 1) < 1e-6 || Math.abs(value / B_MAX - 1) < 1e-6;
  for (const [term, exponent, name, what] of [
    [A, alpha, 'α', 'parameters'],
    [B, beta, 'β', 'tokens'],
  ] as const) {
    if (term === 0) {
      notes.push(`The losses do not fall with ${what}, so that term of the law is zero and its exponent says nothing.`);
    } else if (isBound(exponent))
      notes.push(`The exponent of ${what} lies at a bound, ${name} = ${exponent.toPrecision(3)}.`);
  }
  if (E === 0) notes.push('The best E is zero, its lower bound: these losses show no sign of levelling off.');
  return { status: notes.length > 0 ? 'at-bound' : 'converged', notes };
}

const withoutLaw = (status: 'refused' | 'not-identified', points: JointPoint[], why: string): JointReport => ({
  status,
  notes: [why],
  points: points.map(({ n, d, loss }) => ({ n, d, loss })),
  leastSquares: null,
  huber: null,
  intervals: null,
  predictions: [],
});

function checkAll(numbers: object, field: string): void {
  for (const [key, value] of Object.entries(numbers) as [string, number][]) checkPositive(value, `${field}.${key}`);
}
