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

/** The quantile function: Newton's method, kept inside a bracket that shrinks at each step. */
export function quantilesOf(parts: readonly Part[]): (p: number) => number {
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
    let [lo, hi] = [lowest, highest];
    // A logistic's quantile is near enough to start from.
    let z = mean + 0.55 * deviation * Math.log(p / (1 - p));
    if (!(z > lo && z < hi)) z = (lo + hi) / 2;
    for (let i = 0; i < MOST_STEPS; i++) {
      mixtureAt(parts, z, at);
      if (at.below < p) lo = z;
      else hi = z;
      const newton = z - (at.below - p) / at.density;
      const next = newton > lo && newton < hi ? newton : (lo + hi) / 2;
      z = next;
      // From here Newton's step leaves an error of the order of this one squared: below rounding.
      if (Math.abs(at.below - p) < 1e-8 && next === newton) break;
      if (hi - lo <= 1e-15 * Math.abs(z)) break;
    }
    return z;
  };
}

/** Far enough that a part has less than 0.4 % of its weight beyond, on either side. */
const reach = ({ scale, uniform }: Part) => (uniform > 0 ? uniform : 12 * scale);

const student = { below: 0, density: 0 };

function mixtureAt(parts: readonly Part[], z: number, out: { below: number; density: number }): void {
  out.below = 0;
  out.density = 0;
  for (const { weight, location, scale, freedom, uniform } of parts) {
    if (uniform > 0) {
      const share = (z - location) / uniform + 0.5;
      out.below += weight * Math.min(1, Math.max(0, share));
      if (share > 0 && share < 1) out.density += weight / uniform;
    } else {
      studentT((z - location) / scale, freedom, student);
      out.below += weight * student.below;
      out.density += (weight * student.density) / scale;
    }
  }
}
