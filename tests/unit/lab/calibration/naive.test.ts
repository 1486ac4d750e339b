import { expect, test } from 'vitest';
import { randomStream } from '../../../../src/model/random.ts';
import {
  lastPoint,
  leastSquares,
  noFloor,
  normalReach,
  studentReach,
  tQuantile,
} from '../../../../lab/calibration/naive.ts';

const xs = [16, 24, 40, 64, 96, 160];
const pointsOf = (law: (x: number) => number) => xs.map((x) => ({ x, loss: law(x) }));

test('least squares gives an exact law back', () => {
  const law = (x: number) => 2.5 + 7 * x ** -0.6;
  for (const { loss, x } of leastSquares(pointsOf(law), [240, 640], studentReach).map((one, i) => ({
    ...one,
    x: [240, 640][i]!,
  }))) {
    expect(loss).toBeCloseTo(law(x), 8);
  }
});

test('least squares: its standard error is that of a linear regression where b is all but known', () => {
  // With b fixed by the points the rest is a line in x^-b; the covariance with b can only widen the interval.
  const random = randomStream(3, 'naive');
  const points = pointsOf((x) => 2 + 4 * x ** -0.5 + 0.01 * random.normal());
  const [{ loss, intervals }] = leastSquares(points, [320], studentReach) as [ReturnType<typeof leastSquares>[0]];
  const [lo, hi] = intervals!['80'];
  expect((lo + hi) / 2).toBeCloseTo(loss, 10);
  const z = leastSquares(points, [320], normalReach)[0]!.intervals!['80'];
  expect((hi - lo) / (z[1] - z[0])).toBeCloseTo(tQuantile(0.9, 3) / 1.2816, 10);
});

test('least squares: the linearised interval agrees with a numerical Hessian of the sum of squares', () => {
  const random = randomStream(4, 'naive');
  const points = pointsOf((x) => 2 + 4 * x ** -0.5 + 0.001 * random.normal());
  const target = 320;
  // The profile of the sum of squares over the value at the target, from refits with that value as a heavy point.
  const sseAt = (value: number) => {
    const heavy = Array.from({ length: 300 }, () => ({ x: target, loss: value }));
    const fitted = leastSquares([...points, ...heavy], xs, studentReach);
    return points.reduce((sum, { loss }, i) => sum + (loss - fitted[i]!.loss) ** 2, 0);
  };
  const [prediction] = leastSquares(points, [target], studentReach);
  const { loss, intervals } = prediction!;
  const least = sseAt(loss);
  const step = 2e-4;
  const curvature = (sseAt(loss + step) - 2 * least + sseAt(loss - step)) / (step * step);
  const variance = (least / 3) * (1 + 2 / curvature);
  const [lo, hi] = intervals!['80'];
  expect((hi - lo) / 2 / (tQuantile(0.9, 3) * Math.sqrt(variance))).toBeCloseTo(1, 1);
});

test('three points, or points on a straight line of zero slope, leave least squares without an interval', () => {
  const three = pointsOf((x) => 2 + 3 * x ** -0.7).slice(0, 3);
  expect(leastSquares(three, [100], studentReach)[0]!.intervals).toBeNull();
  expect(
    leastSquares(
      pointsOf(() => 3),
      [100],
      studentReach,
    )[0]!.intervals,
  ).toBeNull();
});

test('no floor: a power law is returned exactly; the interval is the textbook one', () => {
  const exact = noFloor(
    pointsOf((x) => 5 * x ** -0.1),
    [400],
  )[0]!;
  expect(exact.loss).toBeCloseTo(5 * 400 ** -0.1, 10);
  // Four points at log x = 0, 1, 2, 3 and log loss = 0, 1, 1, 2: slope 0.6, intercept 0.1, SSE 0.2.
  const points = [0, 1, 1, 2].map((y, i) => ({ x: Math.exp(i), loss: Math.exp(y) }));
  const { loss, intervals } = noFloor(points, [Math.exp(4)])[0]!;
  expect(Math.log(loss)).toBeCloseTo(2.5, 10);
  const error = Math.sqrt(0.1 * (1 + 1 / 4 + 2.5 ** 2 / 5));
  expect(Math.log(intervals!['95'][1])).toBeCloseTo(2.5 + 4.302653 * error, 5);
});

test('last point: the loss at the largest x, whatever the order', () => {
  const points = pointsOf((x) => 10 / x);
  expect(lastPoint(points.toReversed(), [1000, 2000])).toEqual([
    { loss: 10 / 160, intervals: null },
    { loss: 10 / 160, intervals: null },
  ]);
});

test("Student's quantiles are those of the tables", () => {
  expect(tQuantile(0.975, 1)).toBeCloseTo(12.7062, 4);
  expect(tQuantile(0.9, 3)).toBeCloseTo(1.637744, 6);
});
