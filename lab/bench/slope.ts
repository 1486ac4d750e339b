/** How fast one quantity grows with another. */

/** Least-squares slope of log y over log x. */
export function logLogSlope(points: readonly (readonly [x: number, y: number])[]): number {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)]);
  const mean = (axis: 0 | 1) => logs.reduce((sum, point) => sum + point[axis], 0) / logs.length;
  const [xMean, yMean] = [mean(0), mean(1)];
  let [xx, xy] = [0, 0];
  for (const [x, y] of logs) {
    xx += (x - xMean) ** 2;
    xy += (x - xMean) * (y - yMean);
  }
  return xy / xx;
}
