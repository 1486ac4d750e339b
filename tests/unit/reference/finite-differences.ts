/** Derivatives by differences, the judge of every gradient written by hand. */

/**
 * ∂f/∂values[i] by the five-point central difference, whose error is of fourth order in the step. `values` is put back as it was.
 */
export function differences(f: () => number, values: Float64Array, indices: number[], step = 1e-3): number[] {
  return indices.map((i) => {
    const value = values[i];
    const at = (offset: number) => {
      values[i] = value + offset * step;
      return f();
    };
    const derivative = (at(-2) - 8 * at(-1) + 8 * at(1) - at(2)) / (12 * step);
    values[i] = value;
    return derivative;
  });
}

/** Largest error in units of the largest derivative: the relative error of a tensor. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [largest, error] = [0, 0];
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]));
    error = Math.max(error, Math.abs(actual[i] - expected[i]));
  }
  return Number.isNaN(error) ? Infinity : error / largest;
}

export const everyIndex = (values: ArrayLike<number>): number[] => Array.from({ length: values.length }, (_, i) => i);
