/** Quantiles of values in any order, without sorting all of them. */

/**
 * Linear between neighbours; mirrored values have mirrored quantiles. The values are partly reordered: afterwards each one
 * that was asked for stands where it would stand in their order.
 * @param values at least one.
 * @param shares probabilities, ascending.
 */
export function quantilesOf(values: Float64Array, shares: readonly number[]): number[] {
  const last = values.length - 1;
  const places = shares.map((share) => Math.min(last, Math.max(0, share * values.length - 0.5)));
  const wanted = places.flatMap((at) => [Math.floor(at), Math.min(Math.floor(at) + 1, last)]);
  settle(values, 0, last, wanted, 0, wanted.length);
  return places.map((at, i) => {
    const [low, high] = [values[wanted[2 * i]!]!, values[wanted[2 * i + 1]!]!];
    return low + (at - Math.floor(at)) * (high - low);
  });
}

/** Hoare's selection, for several places at once: only parts that hold a wanted place are divided further. */
function settle(
  values: Float64Array,
  lo: number,
  hi: number,
  wanted: readonly number[],
  from: number,
  to: number,
): void {
  if (hi <= lo || from >= to) return;
  const pivot = middleOf(values[lo]!, values[(lo + hi) >> 1]!, values[hi]!);
  let [i, j] = [lo, hi];
  while (i <= j) {
    while (values[i]! < pivot) i += 1;
    while (values[j]! > pivot) j -= 1;
    if (i > j) break;
    const value = values[i]!;
    values[i] = values[j]!;
    values[j] = value;
    i += 1;
    j -= 1;
  }
  let below = from;
  while (below < to && wanted[below]! <= j) below += 1;
  let above = below;
  while (above < to && wanted[above]! < i) above += 1;
  settle(values, lo, j, wanted, from, below);
  settle(values, i, hi, wanted, above, to);
}

const middleOf = (a: number, b: number, c: number): number => Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
