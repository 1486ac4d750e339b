/** Smoothing of training losses for the eye, and thinning for the screen. The raw series is always drawn beneath. */

/**
 * Exponential moving average, debiased as in Adam: without the division the first values would be drawn towards zero.
 * NaN (a run that diverged) stays NaN and leaves the average as it was.
 * @param halfLife number of steps after which a value counts half.
 */
export function debiasedAverage(values: ArrayLike<number>, halfLife: number): Float64Array {
  const keep = halfLife > 0 ? 2 ** (-1 / halfLife) : 0;
  const smooth = new Float64Array(values.length);
  let sum = 0;
  let weight = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) {
      smooth[i] = NaN;
      continue;
    }
    sum = keep * sum + (1 - keep) * value;
    weight = keep * weight + (1 - keep);
    smooth[i] = sum / weight;
  }
  return smooth;
}

/** At most `most` indices, evenly spread, the first and the last among them. */
export function thinned(length: number, most: number): number[] {
  if (length <= most) return Array.from({ length }, (_, i) => i);
  return Array.from({ length: most }, (_, i) => Math.round((i * (length - 1)) / (most - 1)));
}

/** Mean at each index over the series that reach it. */
export function meanSeries(series: readonly ArrayLike<number>[]): Float64Array {
  const length = Math.max(0, ...series.map((one) => one.length));
  const mean = new Float64Array(length);
  for (let i = 0; i < length; i++) {
    let sum = 0;
    let count = 0;
    for (const one of series) {
      if (i >= one.length || !Number.isFinite(one[i])) continue;
      sum += one[i];
      count++;
    }
    mean[i] = count ? sum / count : NaN;
  }
  return mean;
}
