/** Which points of a ladder a law sees, where it is to be tried on those it has not seen. */

/** The `first` smallest different x are fitted, all when it is null; what lies beyond is held out. Both in ascending x. */
export function splitFirst<P extends { x: number }>(
  points: readonly P[],
  first: number | null,
): { fitted: P[]; heldOut: P[] } {
  const xs = [...new Set(points.map((point) => point.x))].sort((p, q) => p - q);
  const largest = first === null ? Infinity : (xs[first - 1] ?? Infinity);
  const sorted = [...points].sort((p, q) => p.x - q.x);
  return {
    fitted: sorted.filter((point) => point.x <= largest),
    heldOut: sorted.filter((point) => point.x > largest),
  };
}
