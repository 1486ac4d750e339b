/**
 * Chinchilla's approach 3 (Hoffmann et al. 2022, section 3.3; replicated by Besiroglu et al. 2024): L-BFGS on the Huber loss
 * of log L - logsumexp(a - α log N, b - β log D, e), with E = exp(e), A = exp(a), B = exp(b).
 */
import type { JointFit } from '../../model/scaling-results.ts';
import { solveAt, type JointLadder, type JointSolution } from './linear.ts';
import { minimise, type ValueWithGradient } from '../numeric/lbfgs.ts';
import { B_MAX, B_MIN } from '../width/width-law.ts';

/** Residuals of log L beyond this count by their size, not by its square. */
export const HUBER_DELTA = 1e-3;
/** L-BFGS ends in the narrow valley of this function before its bottom; it starts anew, without memory, while that helps. */
const MOST_RESTARTS = 40;

/** α, β, e, a, b, the last two in units of the geometric means of N and D. */
export type Start = [alpha: number, beta: number, e: number, a: number, b: number];

/** The sum of Huber losses over the points, and its gradient. */
export function huberObjective(ladder: JointLadder): (x: readonly number[]) => ValueWithGradient {
  return ([alpha, beta, e, a, b]) => {
    const gradient = [0, 0, 0, 0, 0];
    let value = 0;
    for (let i = 0; i < ladder.loss.length; i++) {
      const u = a! - alpha! * ladder.n[i]!;
      const v = b! - beta! * ladder.d[i]!;
      const top = Math.max(u, v, e!);
      const [pu, pv, pe] = [Math.exp(u - top), Math.exp(v - top), Math.exp(e! - top)];
      const total = pu + pv + pe;
      const r = top + Math.log(total) - Math.log(ladder.loss[i]!);
      const isSmall = Math.abs(r) <= HUBER_DELTA;
      value += isSmall ? (r * r) / 2 : HUBER_DELTA * (Math.abs(r) - HUBER_DELTA / 2);
      const slope = isSmall ? r : Math.sign(r) * HUBER_DELTA;
      gradient[0]! -= (slope * pu * ladder.n[i]!) / total;
      gradient[1]! -= (slope * pv * ladder.d[i]!) / total;
      gradient[2]! += (slope * pe) / total;
      gradient[3]! += (slope * pu) / total;
      gradient[4]! += (slope * pv) / total;
    }
    // Scaled to residuals of order one, so that the first steps of the search have a sensible length.
    return { value: value / HUBER_DELTA ** 2, gradient: gradient.map((one) => one / HUBER_DELTA ** 2) };
  };
}

/**
 * The minimum that is reached from a start. Where L-BFGS ends, a term may have died (its share of the sum is zero, and so is
 * its gradient); then the exponents are kept, the terms are solved anew by least squares, and the search goes on from there.
 */
export function descend(ladder: JointLadder, start: Start): { x: number[]; value: number } {
  const at = huberObjective(ladder);
  let best = { x: [...start], value: at(start).value };
  const tryFrom = (x: readonly number[]) => {
    const found = minimise(at, x);
    const isBetter = found.value < best.value * (1 - 1e-12);
    if (found.value < best.value) best = found;
    return isBetter;
  };
  for (let i = 0; i < MOST_RESTARTS; i++) {
    const wentOn = tryFrom(best.x);
    const revived = tryFrom(solved(ladder, best.x));
    if (!wentOn && !revived) break;
  }
  return best;
}

const clamp = (exponent: number) => Math.min(B_MAX, Math.max(B_MIN, exponent));
/** exp of this is no term at all, yet small enough a distance for a search to come back from. */
const logOf = (value: number) => Math.log(Math.max(value, 1e-3));

function solved(ladder: JointLadder, x: readonly number[]): number[] {
  const { alpha, beta, E, A, B } = solveAt(ladder, clamp(x[0]!), clamp(x[1]!));
  return [alpha, beta, logOf(E), logOf(A), logOf(B)];
}

/** The fit from the least-squares law as its start; `objective` is the sum of Huber losses. */
export function approachThree(ladder: JointLadder, { alpha, beta, E, A, B }: JointSolution): JointFit {
  const { x, value } = descend(ladder, [alpha, beta, logOf(E), logOf(A), logOf(B)]);
  return {
    method: 'huber',
    E: Math.exp(x[2]!),
    A: Math.exp(x[3]! + x[0]! * ladder.logN),
    B: Math.exp(x[4]! + x[1]! * ladder.logD),
    alpha: x[0]!,
    beta: x[1]!,
    objective: value * HUBER_DELTA ** 2,
  };
}
