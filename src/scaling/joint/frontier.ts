/**
 * The compute-optimal frontier of a joint law: for C = 6 N D the N and D at which the law is least (Hoffmann et al. 2022,
 * arXiv 2203.15556, appendix A): N = G·(C/6)^(β/(α+β)) with G = (αA/(βB))^(1/(α+β)), and D = C/(6N).
 */
import { randomStream } from '../../model/random.ts';
import type { JointLadder, JointSolution } from './linear.ts';
import { jointPredictive, weightedMiddle } from './intervals.ts';
import type { JointComponent } from './posterior.ts';
import type { Interval } from '../width/report.ts';

/** FLOPs of a training for each parameter and token. */
export const FLOPS_PER_PARAMETER_AND_TOKEN = 6;

export interface Estimate {
  value: number;
  /** 80 % interval. */
  interval: Interval;
}

interface FrontierPoint {
  /** FLOPs. */
  compute: number;
  n: Estimate;
  d: Estimate;
  /** Of one new training there. */
  loss: Estimate;
}

export interface Frontier {
  /** Power of C with which N grows: β/(α+β). */
  exponent: Estimate;
  points: FrontierPoint[];
}

/** Share of the loss amid the points below which a term is what rounding left of none. */
const LEAST_TERM = 1e-6;

/**
 * Budgets whose best size could be any are left out.
 * @returns null where the law has no frontier: a term that is zero is not traded against anything
 */
export function frontierOf(
  best: JointSolution,
  posterior: readonly JointComponent[],
  ladder: JointLadder,
  budgets: readonly number[],
): Frontier | null {
  const least = LEAST_TERM * (best.E + best.A + best.B);
  if (!(best.A > least && best.B > least)) return null;
  const draws = drawsOf(posterior);
  if (draws.length === 0) return null;
  const value = best.beta / (best.alpha + best.beta);
  return {
    exponent: {
      value,
      interval: holding(weightedMiddle(draws.map(({ weight, share }) => ({ weight, value: share }))), value),
    },
    points: budgets
      .map((compute) => pointAt(compute, best, draws, posterior, ladder))
      .filter(({ n, d, loss }) => [n, d, loss].every(({ interval }) => interval.every(Number.isFinite))),
  };
}

/** A law of the posterior with falling terms: log(N/gN) at the optimum is `start` + `share`·(log C less a constant). */
interface Draw {
  weight: number;
  start: number;
  share: number;
}

/** Laws that are drawn from each node of the posterior; the same each time. */
const DRAWS = 48;

/**
 * A and B of a node are a bivariate Student t, cut off where one is negative; the weights are those of what is left and sum to 1.
 * Near zero the logarithm of A is far from a Student t itself, so it is drawn.
 */
function drawsOf(posterior: readonly JointComponent[]): Draw[] {
  const random = randomStream(1, 'frontier');
  const draws = posterior.flatMap(({ weight, alpha, beta, A, B, variance, inverse, freedom }): Draw[] => {
    const spread = Math.sqrt(variance);
    const a = Math.sqrt(Math.max(inverse[0], 0));
    const slope = a > 0 ? inverse[1] / a : 0;
    const rest = Math.sqrt(Math.max(inverse[2] - slope ** 2, 0));
    return Array.from({ length: DRAWS }, () => {
      const [z, w] = [random.normal(), random.normal()];
      // Wilson and Hilferty (1931): the cube root of a χ² is all but normal.
      const cube = 1 - 2 / (9 * freedom) + random.normal() * Math.sqrt(2 / (9 * freedom));
      const scale = spread / Math.sqrt(Math.max(cube, 1e-3) ** 3);
      return { a: A + scale * a * z, b: B + scale * (slope * z + rest * w) };
    }).flatMap((drawn) => {
      if (!(drawn.a > 0 && drawn.b > 0)) return [];
      const start = Math.log((alpha * drawn.a) / (beta * drawn.b)) / (alpha + beta);
      return [{ weight: weight / DRAWS, start, share: beta / (alpha + beta) }];
    });
  });
  const sum = draws.reduce((total, { weight }) => total + weight, 0);
  return draws.map((draw) => ({ ...draw, weight: draw.weight / sum }));
}

/** log(N) at the optimum, in units of gN: that the law falls alike with the logarithm of either. */
function optimum({ alpha, beta, A, B }: Pick<JointSolution, 'alpha' | 'beta' | 'A' | 'B'>, room: number): number {
  return (Math.log((alpha * A) / (beta * B)) + beta * room) / (alpha + beta);
}

function pointAt(
  compute: number,
  best: JointSolution,
  draws: readonly Draw[],
  posterior: readonly JointComponent[],
  ladder: JointLadder,
): FrontierPoint {
  const product = Math.log(compute / FLOPS_PER_PARAMETER_AND_TOKEN);
  // log(N/gN) + log(D/gD) of everything within the budget.
  const room = product - ladder.logN - ladder.logD;
  const u = optimum(best, room);
  const [lo, hi] = holding(
    weightedMiddle(draws.map(({ weight, start, share }) => ({ weight, value: start + share * room }))),
    u,
  );
  const n = (log: number) => Math.exp(log + ladder.logN);
  const d = (log: number) => Math.exp(product - ladder.logN - log);
  const loss = best.E + best.A * Math.exp(-best.alpha * u) + best.B * Math.exp(-best.beta * (room - u));
  return {
    compute,
    n: { value: n(u), interval: [n(lo), n(hi)] },
    d: { value: d(u), interval: [d(hi), d(lo)] },
    loss: { value: loss, interval: holding(jointPredictive(posterior, u, room - u, 1)('80'), loss) },
  };
}

const holding = ([lo, hi]: Interval, value: number): Interval => [Math.min(lo, value), Math.max(hi, value)];
