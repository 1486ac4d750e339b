/** Least-squares polynomials through a few points, and where they are least. */

/** Coefficients c_k of Σ c_k (x - origin)^k. */
interface Polynomial {
  origin: number;
  coefficients: number[];
}

/**
 * Fits by orthogonal polynomials built on the points (Gram-Schmidt from the centred powers), which needs no matrix inverse.
 * @param xs at least `degree` + 1 different numbers
 */
export function fitPolynomial(xs: readonly number[], ys: readonly number[], degree: number): Polynomial {
  const origin = xs.reduce((sum, x) => sum + x, 0) / xs.length;
  const basis: { values: number[]; coefficients: number[] }[] = [];
  const coefficients = new Array<number>(degree + 1).fill(0);
  for (let power = 0; power <= degree; power++) {
    const values = xs.map((x) => (x - origin) ** power);
    const own = Array.from({ length: degree + 1 }, (_, k) => Number(k === power));
    for (const lower of basis) {
      const share = dot(values, lower.values) / dot(lower.values, lower.values);
      lower.values.forEach((value, i) => (values[i] -= share * value));
      lower.coefficients.forEach((value, k) => (own[k] -= share * value));
    }
    basis.push({ values, coefficients: own });
    const weight = dot(ys, values) / dot(values, values);
    own.forEach((value, k) => (coefficients[k] += weight * value));
  }
  return { origin, coefficients };
}

export function valueAt({ origin, coefficients }: Polynomial, x: number): number {
  return coefficients.reduceRight((sum, coefficient) => sum * (x - origin) + coefficient, 0);
}

/** Where a polynomial of degree two or three has its local minimum; null where it has none. */
export function localMinimum({ origin, coefficients: [, c1, c2, c3 = 0] }: Polynomial): number | null {
  // The root of c1 + 2 c2 u + 3 c3 u² at which the slope rises, in the form that stays exact as c3 goes to zero.
  // Where the slope has no root the square root is NaN, which is not above 0 either.
  const denominator = c2 + Math.sqrt(c2 * c2 - 3 * c3 * c1);
  return denominator > 0 ? origin - c1 / denominator : null;
}

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i], 0);
