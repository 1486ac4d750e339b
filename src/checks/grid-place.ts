/** Where a value lies on the grid of a sweep. */

export interface GridPlace {
  /** Of the nearest grid value. */
  index: number;
  /** Whether the value is at most half a grid step beyond the ends. */
  isOnGrid: boolean;
}

/**
 * Nearest in log2. Zero, which has no logarithm, and a positive value meet in the middle on a linear scale.
 * @param grid ascending, at least two values
 */
export function placeOnGrid(grid: readonly number[], value: number): GridPlace {
  const last = grid.length - 1;
  if (value <= grid[0]) return { index: 0, isOnGrid: isNearer(value, grid[0], continued(grid[1], grid[0])) };
  if (value >= grid[last]) {
    return { index: last, isOnGrid: isNearer(value, grid[last], continued(grid[last - 1], grid[last])) };
  }
  const upper = grid.findIndex((one) => one > value);
  return { index: isNearer(value, grid[upper], grid[upper - 1]) ? upper : upper - 1, isOnGrid: true };
}

/** The next value of a grid that went on as it ends. */
const continued = (before: number, end: number) => (before > 0 && end > 0 ? end ** 2 / before : 2 * end - before);

/** Whether `value` is at least as near to `a` as to `b`. */
function isNearer(value: number, a: number, b: number): boolean {
  const middle = a > 0 && b > 0 ? Math.sqrt(a * b) : (a + b) / 2;
  return a > b ? value >= middle : value <= middle;
}
