/**
 * The compute-optimal frontier of a joint law: for C = 6 N D the N and D at which the law is least (Hoffmann et al. 2022,
 * arXiv 2203.15556, appendix A): N = G·(C/6)^(β/(α+β)) with G = (αA/(βB))^(1/(α+β)), and D = C/(6N).
 */
import type { JointLadder, JointSolution } from './linear.ts';
import { jointPredictive, weightedMiddle } from './intervals.ts';
import type { JointComponent } from './posterior.ts';
import { mixtureQuantiles } from '../numeric/mixture.ts';
import type { Interval } from '../width/report.ts';

/** FLOPs of a training for each parameter and token. */
export const FLOPS_PER_PARAMETER_AND_TOKEN = 6;

export interface Estimate {
  value: number;
  /** 80 % interval. */
  interval: Interval;
}

export interface FrontierPoint {
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
  const components = posterior.filter(({ A, B }) => A > 0 && B > 0);
  const value = best.beta / (best.alpha + best.beta);
  const exponents = components.map(({ weight, alpha, beta }) => ({ weight, value: beta / (alpha + beta) }));
  return {
    exponent: { value, interval: holding(weightedMiddle(exponents), value) },
    points: budgets
      .map((compute) => pointAt(compute, best, components, posterior, ladder))
      .filter(({ n, d, loss }) => [n, d, loss].every(({ interval }) => interval.every(Number.isFinite))),
  };
}

/** log(N) at the optimum, in units of gN: that the law falls alike with the logarithm of either. */
function optimum({ alpha, beta, A, B }: Pick<JointSolution, 'alpha' | 'beta' | 'A' | 'B'>, room: number): number {
  return (Math.log((alpha * A) / (beta * B)) + beta * room) / (alpha + beta);
}

function pointAt(
  compute: number,
  best: JointSolution,
  components: readonly JointComponent[],
  posterior: readonly JointComponent[],
  ladder: JointLadder,
): FrontierPoint {
  const product = Math.log(compute / FLOPS_PER_PARAMETER_AND_TOKEN);
  // log(N/gN) + log(D/gD) of everything within the budget.
  const room = product - ladder.logN - ladder.logD;
  const u = optimum(best, room);
  const quantile = mixtureQuantiles(
    components.map((component) => {
      const { weight, alpha, beta, A, B, variance, inverse, freedom } = component;
      const ratio = inverse[0] / A ** 2 - (2 * inverse[1]) / (A * B) + inverse[2] / B ** 2;
      const scale = Math.sqrt(variance * Math.max(ratio, 0)) / (alpha + beta);
      return {
        weight,
        location: optimum(component, room),
        scale: Math.max(scale, Number.EPSILON),
        freedom,
        uniform: 0,
      };
    }),
  );
  const [lo, hi] = [Math.min(quantile(0.1), u), Math.max(quantile(0.9), u)];
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
