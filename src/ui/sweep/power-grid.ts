/** Values of a sweep as powers of two at equal steps, which is how most are entered. */
import { halfExponent } from '../words.ts';

export interface PowerGrid {
  /** Exponents of the first and the last value. */
  from: number;
  to: number;
  /** Between neighbouring exponents. */
  step: 1 | 0.5;
}

/** Least number of values of a sweep. */
const LEAST = 3;

/** The grid that the values form; null where they form none. */
export function powerGridOf(values: readonly number[]): PowerGrid | null {
  const exponents = values.map(halfExponent);
  if (values.length < 2 || exponents.some((one) => one === null)) return null;
  const [from, second] = exponents as number[];
  const step = second - from;
  if (step !== 1 && step !== 0.5) return null;
  if (exponents.some((one, i) => one !== from + i * step)) return null;
  return { from, to: exponents[exponents.length - 1]!, step };
}

export function valuesOf({ from, to, step }: PowerGrid): number[] {
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  // An end that lies before its start, or is being typed, gives a list that validation refuses in a sentence.
  if (!(count >= 1 && count <= 64)) return [];
  return Array.from({ length: count }, (_, i) => 2 ** (from + i * step));
}

/** A grid of the wanted step over the same range, at least as long as a sweep must be. */
export function withStep({ from, to }: PowerGrid, step: 1 | 0.5): PowerGrid {
  return { from, to: Math.max(to, from + (LEAST - 1) * step), step };
}

/** Where a sweep of a hyperparameter starts when it is chosen. */
export function gridFor(parameter: string): PowerGrid {
  if (parameter === 'optimizer.learningRate') return { from: -9, to: -1, step: 1 };
  if (parameter === 'optimizer.weightDecay') return { from: -8, to: 0, step: 1 };
  return { from: -4, to: 3, step: 1 };
}
