/**
 * L(N, D) = E + A/N^α + B/D^β with E, A, B >= 0 and α, β in [0.02, 4] (Hoffmann et al. 2022), by variable projection
 * (Golub & Pereyra 1973): (E, A, B) follow from the exponents, so only (log α, log β) are searched. Every low of a grid is
 * followed by Newton's method on the gradient, which is sharp to rounding where the sum of squares is flat.
 */
import { inner, solveAt, type JointLadder, type JointSolution } from './linear.ts';
import { B_MAX, B_MIN } from '../width/width-law.ts';

const GRID = 22;
/** Lows of the grid that are followed. */
const MOST_LOWS = 4;
const MOST_STEPS = 200;

/** (log α, log β) */
type Pair = [byAlpha: number, byBeta: number];
type Curvature = [aa: number, ab: number, bb: number];

/** The law with the smallest sum of squares. Needs three different N and three different D that are not proportional. */
export function fitJointLaw(ladder: JointLadder): JointSolution {
  const found = lowsOfGrid(ladder).map((low) => descend(ladder, low));
  return found.reduce((best, one) => (one.sse < best.sse ? one : best));
}

/** Nodes of the grid that no neighbour undercuts, lowest first. */
function lowsOfGrid(ladder: JointLadder): JointSolution[] {
  const at = (i: number) => B_MIN * (B_MAX / B_MIN) ** (i / GRID);
  const axis = Array.from({ length: GRID + 1 }, (_, i) => i);
  const nodes = axis.map((i) => axis.map((k) => solveAt(ladder, at(i), at(k))));
  const around = (i: number, k: number) => [-1, 0, 1].flatMap((di) => [-1, 0, 1].map((dk) => nodes[i + di]?.[k + dk]));
  return nodes
    .flatMap((row, i) => row.filter((node, k) => around(i, k).every((other) => !other || node.sse <= other.sse)))
    .sort((one, other) => one.sse - other.sse)
    .slice(0, MOST_LOWS);
}

/** Half of dSSE/d(log α, log β). (E, A, B) are at their optimum, so by the envelope theorem only the powers move. */
function gradientAt(ladder: JointLadder, { alpha, beta, E, A, B }: JointSolution): Pair {
  const termsN = ladder.n.map((n) => A * Math.exp(-alpha * n));
  const termsD = ladder.d.map((d) => B * Math.exp(-beta * d));
  const rest = ladder.loss.map((loss, i) => loss - E - termsN[i]! - termsD[i]!);
  const along = (terms: number[], logs: number[]) =>
    inner(
      ladder,
      rest,
      terms.map((term, i) => term * logs[i]!),
    );
  return [alpha * along(termsN, ladder.n), beta * along(termsD, ladder.d)];
}

/** Half of the second derivatives of SSE by (log α, log β), as central differences of the gradient. */
export function curvatureAt(ladder: JointLadder, { alpha, beta }: JointSolution): Curvature {
  const step = 1e-5;
  const at = (i: number, k: number) =>
    gradientAt(ladder, solveAt(ladder, alpha * Math.exp(i * step), beta * Math.exp(k * step)));
  const [right, left, up, down] = [at(1, 0), at(-1, 0), at(0, 1), at(0, -1)];
  return [
    (right[0] - left[0]) / (2 * step),
    (right[1] - left[1] + up[0] - down[0]) / (4 * step),
    (up[1] - down[1]) / (2 * step),
  ];
}

/** Newton's method from one node, damped until it descends, kept inside the bounds. */
function descend(ladder: JointLadder, from: JointSolution): JointSolution {
  let here = from;
  let gradient = gradientAt(ladder, here);
  let damping = 0;
  for (let i = 0; i < MOST_STEPS && damping < 1e12; i++) {
    const step = stepFrom(here, gradient, curvatureAt(ladder, here), damping);
    const next = solveAt(ladder, clamp(here.alpha * Math.exp(step[0])), clamp(here.beta * Math.exp(step[1])));
    const nextGradient = gradientAt(ladder, next);
    const moved = Math.max(Math.abs(Math.log(next.alpha / here.alpha)), Math.abs(Math.log(next.beta / here.beta)));
    if (moved < 1e-14) break;
    // At the end the sum of squares is flat to rounding, and the gradient still tells better from worse.
    const isLevel = next.sse <= here.sse * (1 + 1e-12);
    if (next.sse < here.sse || (isLevel && lengthOf(next, nextGradient) < lengthOf(here, gradient))) {
      [here, gradient] = [next, nextGradient];
      damping = damping < 1e-3 ? 0 : damping / 10;
    } else damping = Math.max(1e-3, damping * 10);
  }
  return here;
}

const clamp = (exponent: number) => Math.min(B_MAX, Math.max(B_MIN, exponent));

/** Whether going downhill would take an exponent out of its range. */
const isHeld = (exponent: number, slope: number) =>
  (exponent <= B_MIN && slope > 0) || (exponent >= B_MAX && slope < 0);

const freeOf = ({ alpha, beta }: JointSolution, [byAlpha, byBeta]: Pair): Pair => [
  isHeld(alpha, byAlpha) ? 0 : byAlpha,
  isHeld(beta, byBeta) ? 0 : byBeta,
];

const lengthOf = (at: JointSolution, gradient: Pair) => Math.hypot(...freeOf(at, gradient));

/** The damped Newton step, of a factor e at most; axis by axis where one is held or the surface does not curve upwards. */
function stepFrom(at: JointSolution, gradient: Pair, [aa, ab, bb]: Curvature, damping: number): Pair {
  const [byAlpha, byBeta] = freeOf(at, gradient);
  const size = damping * Math.max(Math.abs(aa), Math.abs(bb));
  const [a, b] = [aa + size, bb + size];
  const determinant = a * b - ab * ab;
  if (byAlpha !== 0 && byBeta !== 0 && a > 0 && determinant > 1e-14 * a * b) {
    return [limited((ab * byBeta - b * byAlpha) / determinant), limited((ab * byAlpha - a * byBeta) / determinant)];
  }
  const alone = (slope: number, bend: number) =>
    slope === 0 ? 0 : limited(-slope / (Math.abs(bend) || Math.abs(slope)));
  return [alone(byAlpha, a), alone(byBeta, b)];
}

const limited = (step: number) => Math.min(1, Math.max(-1, step));
