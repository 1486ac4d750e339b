/** Minimisation of a smooth function by L-BFGS (Nocedal & Wright 2006, algorithm 7.4) with a weak Wolfe line search. */

export interface ValueWithGradient {
  value: number;
  gradient: number[];
}

interface Minimum {
  x: number[];
  value: number;
}

const MEMORY = 8;
const MOST_ITERATIONS = 2000;
/** Sufficient decrease and curvature of the line search. */
const DECREASE = 1e-4;
const CURVATURE = 0.9;

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const along = (x: readonly number[], t: number, d: readonly number[]) => x.map((value, i) => value + t * d[i]!);

/** Ends where the line search finds no lower value: at a stationary point, to rounding. */
export function minimise(at: (x: readonly number[]) => ValueWithGradient, start: readonly number[]): Minimum {
  let x = [...start];
  let here = at(x);
  let pairs: { s: number[]; y: number[]; rho: number }[] = [];
  for (let i = 0; i < MOST_ITERATIONS; i++) {
    let direction = descent(here.gradient, pairs);
    if (!(dot(direction, here.gradient) < 0)) {
      pairs = [];
      direction = here.gradient.map((value) => -value);
    }
    const first = pairs.length > 0 ? 1 : 1 / Math.max(1, Math.sqrt(dot(here.gradient, here.gradient)));
    const found = lineSearch(at, x, here, direction, first);
    if (!found) {
      if (pairs.length === 0) break;
      // A stale memory can point nowhere: once more along the gradient before giving up.
      pairs = [];
      continue;
    }
    const s = found.x.map((value, k) => value - x[k]!);
    const y = found.evaluation.gradient.map((value, k) => value - here.gradient[k]!);
    const sy = dot(s, y);
    if (sy > 1e-300) pairs = [...pairs.slice(1 - MEMORY), { s, y, rho: 1 / sy }];
    ({ x, evaluation: here } = found);
  }
  return { x, value: here.value };
}

/** The two-loop recursion. */
function descent(gradient: readonly number[], pairs: readonly { s: number[]; y: number[]; rho: number }[]): number[] {
  let q = gradient.map((value) => -value);
  const shares = [...pairs].reverse().map(({ s, y, rho }) => {
    const share = rho * dot(s, q);
    q = along(q, -share, y);
    return share;
  });
  const last = pairs.at(-1);
  if (last) q = q.map((value) => value / (last.rho * dot(last.y, last.y)));
  pairs.forEach(({ s, y, rho }, i) => (q = along(q, shares[pairs.length - 1 - i]! - rho * dot(y, q), s)));
  return q;
}

/** Doubles and halves the step until it satisfies the weak Wolfe conditions; null when no step lowers the value. */
function lineSearch(
  at: (x: readonly number[]) => ValueWithGradient,
  x: readonly number[],
  here: ValueWithGradient,
  direction: readonly number[],
  first: number,
): { x: number[]; evaluation: ValueWithGradient } | null {
  const slope = dot(direction, here.gradient);
  let [lo, hi, step] = [0, Infinity, first];
  let lowest: { x: number[]; evaluation: ValueWithGradient } | null = null;
  for (let i = 0; i < 80; i++) {
    const there = along(x, step, direction);
    const evaluation = at(there);
    if (evaluation.value < (lowest?.evaluation.value ?? here.value)) lowest = { x: there, evaluation };
    if (!(evaluation.value <= here.value + DECREASE * step * slope)) hi = step;
    else if (dot(direction, evaluation.gradient) < CURVATURE * slope) lo = step;
    else return evaluation.value < here.value ? { x: there, evaluation } : null;
    step = hi === Infinity ? 2 * lo : (lo + hi) / 2;
    if (hi - lo < 1e-16 * hi) break;
  }
  return lowest;
}
