/** Quantiles of a one-dimensional mixture of Student t and uniform parts. */
import { studentT } from './student-t.ts';

export interface Part {
  weight: number;
  location: number;
  /** Scale of a Student t. */
  scale: number;
  /** Degrees of freedom of a Student t, at least 2. */
  freedom: number;
  /** Width of a uniform part around its location; 0 for a Student t. */
  uniform: number;
}

const MOST_STEPS = 200;
/** Relative residual, and share of the deviation, from which Newton's step leaves an error of the order of their squares. */
const NEAR = 1e-7;
const SHORT = 1e-6;

/** The quantile function: Newton's method on the log-odds, kept inside a bracket that shrinks at each step. */
export function mixtureQuantiles(parts: readonly Part[]): (p: number) => number {
  let lowest = Infinity;
  let highest = -Infinity;
  let mean = 0;
  for (const part of parts) {
    lowest = Math.min(lowest, part.location - reach(part));
    highest = Math.max(highest, part.location + reach(part));
    mean += part.weight * part.location;
  }
  let square = 0;
  for (const { weight, location, scale, uniform } of parts) {
    square += weight * ((location - mean) ** 2 + scale * scale + uniform * uniform);
  }
  const deviation = Math.sqrt(square);
  const at = { below: 0, density: 0 };
  return (p) => {
    const odds = Math.log(p / (1 - p));
    let [lo, hi] = [lowest, highest];
    // A logistic's quantile is near enough to start from.
    let z = mean + 0.55 * deviation * odds;
    if (!(z > lo && z < hi)) z = (lo + hi) / 2;
    let [last, beforeLast] = [Infinity, Infinity];
    for (let i = 0; i < MOST_STEPS; i++) {
      mixtureAt(parts, z, at);
      const { below, density } = at;
      if (Number.isNaN(below)) return NaN;
      if (below < p) lo = z;
      else hi = z;
      const step = (p - below) / density;
      const isNear = Math.abs(below - p) < NEAR * Math.min(p, 1 - p) && Math.abs(step) < SHORT * deviation;
      // Where hardly any weight lies, a small residual is no small distance.
      if (isNear && z + step >= lo && z + step <= hi) return z + step;
      // Far out, where a tail is flat, the log-odds are much straighter than the probability itself.
      const newton = z + ((odds - Math.log(below / (1 - below))) * below * (1 - below)) / density;
      // Across the edges of uniform parts, where the density jumps, steps may go to and fro for ever.
      const shrinks = Math.abs(newton - z) < beforeLast / 2;
      const next = newton > lo && newton < hi && shrinks ? newton : (lo + hi) / 2;
      [last, beforeLast, z] = [Math.abs(next - z), last, next];
      if (hi - lo <= 1e-15 * Math.abs(z)) break;
    }
    return z;
  };
}

/** Far enough that a part has less than 0.4 % of its weight beyond, on either side. */
const reach = ({ scale, uniform }: Part) => (uniform > 0 ? uniform : 12 * scale);

const student = { below: 0, density: 0 };

function mixtureAt(parts: readonly Part[], z: number, out: { below: number; density: number }): void {
  let below = 0;
  let density = 0;
  for (const { weight, location, scale, freedom, uniform } of parts) {
    if (uniform > 0) {
      const share = (z - location) / uniform + 0.5;
      below += weight * Math.min(1, Math.max(0, share));
      if (share > 0 && share < 1) density += weight / uniform;
    } else {
      studentT((z - location) / scale, freedom, student);
      below += weight * student.below;
      density += (weight * student.density) / scale;
    }
  }
  out.below = below;
  out.density = density;
}
