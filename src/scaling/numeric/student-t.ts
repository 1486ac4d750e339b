/** Student's t with a whole number of degrees of freedom. */

/** Beyond this many degrees of freedom t is taken as having this many: its 95 % quantile is within 1 % of the normal's. */
const MAX_FREEDOM = 200;

/** P(T <= t) and the density at t. */
interface StudentValue {
  below: number;
  density: number;
}

/**
 * Evaluates into `out`, which is returned: intervals call this very often and allocate nothing.
 * Finite trigonometric sums, Abramowitz & Stegun 26.7.3 and 26.7.4, with tan θ = t/√ν.
 */
export function studentT(t: number, degrees: number, out: StudentValue = { below: 0, density: 0 }): StudentValue {
  const freedom = Math.min(MAX_FREEDOM, degrees);
  const tan = t / Math.sqrt(freedom);
  const cos2 = 1 / (1 + tan * tan);
  const cos = Math.sqrt(cos2);
  const sin = tan * cos;
  const odd = freedom % 2 === 1;
  let term = odd ? cos : 1;
  let sum = freedom === 1 ? 0 : term;
  // term runs through cos^k times its coefficient; what is left of it gives the density's power of the cosine.
  let power = odd ? cos2 : cos2 * cos;
  for (let k = odd ? 2 : 1; k <= freedom - 2; k += 2) {
    term *= (k / (k + 1)) * cos2;
    sum += term;
    power *= cos2;
  }
  if (odd && freedom > 1) power *= cos2;
  out.below = 0.5 + (odd ? (Math.atan(tan) + sin * sum) / Math.PI : (sin * sum) / 2);
  out.density = densityAtZero(freedom) * power;
  return out;
}

const peaks: number[] = [];

/** Γ((ν+1)/2) / (√(νπ) Γ(ν/2)), by the recursion f(ν+2) √(ν+2) = f(ν) √ν (ν+1)/ν. */
export function densityAtZero(freedom: number): number {
  const known = peaks[freedom];
  if (known !== undefined) return known;
  let scaled = freedom % 2 === 1 ? 1 / Math.PI : 0.5;
  for (let nu = freedom % 2 === 1 ? 1 : 2; nu < freedom; nu += 2) scaled *= (nu + 1) / nu;
  const peak = scaled / Math.sqrt(freedom);
  peaks[freedom] = peak;
  return peak;
}
