/** Repeated timings as their median and quartiles: what one slow repetition, or a busy machine, moves least. */

export interface Spread {
  median: number;
  /** First and third quartile: half of the samples lie between them. */
  lower: number;
  upper: number;
  /** Number of samples. */
  samples: number;
}

/** @throws RangeError without samples. */
export function spreadOf(samples: readonly number[]): Spread {
  if (samples.length === 0) throw new RangeError('a spread needs at least one sample');
  const sorted = [...samples].sort((a, b) => a - b);
  return {
    median: quantile(sorted, 0.5),
    lower: quantile(sorted, 0.25),
    upper: quantile(sorted, 0.75),
    samples: sorted.length,
  };
}

/** Linear between the order statistics (type 7 of Hyndman & Fan 1996). */
function quantile(sorted: readonly number[], p: number): number {
  const at = p * (sorted.length - 1);
  const below = Math.floor(at);
  const above = Math.ceil(at);
  return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
}
