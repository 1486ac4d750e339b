/** Means over seeds and how far they can be trusted. */

/** NaN for an empty list. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Covariance of two lists that were measured together, with n - 1 in the denominator; needs two of each. */
export function covariance(a: readonly number[], b: readonly number[]): number {
  const [centreA, centreB] = [mean(a), mean(b)];
  return a.reduce((sum, value, i) => sum + (value - centreA) * (b[i] - centreB), 0) / (a.length - 1);
}

/** Of the mean; null for fewer than two values. */
export function standardError(values: readonly number[]): number | null {
  return values.length < 2 ? null : Math.sqrt(covariance(values, values) / values.length);
}
