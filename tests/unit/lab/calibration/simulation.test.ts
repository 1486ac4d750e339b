import { expect, test } from 'vitest';
import { simulate } from '../../../../lab/calibration/simulated-ladders.ts';

test('a simulated ladder follows its law: exact ones have the exponent they were drawn with', () => {
  const [{ points, targets, about }] = simulate({
    count: 1,
    seed: 5,
    rungs: [6, 6],
    noise: [0.001, 0.01],
    exact: 1,
  }) as [ReturnType<typeof simulate>[0]];
  expect(about.noise).toBe(0);
  // Differences at equal ratios of x shrink by ratio^-b: the floor drops out.
  const [first, second, third] = points as [(typeof points)[0], (typeof points)[0], (typeof points)[0]];
  const shrink = (second.loss - third.loss) / (first.loss - second.loss);
  expect(-Math.log(shrink) / Math.log(second.x / first.x)).toBeCloseTo(about.exponent, 8);
  expect(targets.map(({ x }) => x / points.at(-1)!.x)).toEqual([1.5, 2, 4]);
});

test('replicates are means with s/√n beside them', () => {
  const trials = simulate({ count: 400, seed: 6, rungs: [4, 4], noise: [0.01, 0.01], replicates: [3, 3] });
  const points = trials.flatMap((one) => one.points);
  expect(points.every(({ seeds }) => seeds === 3)).toBe(true);
  const variance =
    points.reduce((sum, { loss, standardError }) => sum + (standardError! / loss) ** 2, 0) / points.length;
  expect(variance / (0.01 ** 2 / 3)).toBeCloseTo(1, 1);
});

test('the other truths are no width law: the exponent differs along the ladder', () => {
  for (const truth of ['second term', 'slow curvature'] as const) {
    const options = { count: 20, seed: 7, truth, rungs: [8, 8] as [number, number], exact: 1 };
    const bends = simulate({ ...options, noise: [0.001, 0.01] }).map(({ points }) => {
      const shrinks = [0, 5].map((i) => {
        const [a, b, c] = points.slice(i, i + 3).map(({ loss }) => loss) as [number, number, number];
        return (b - c) / (a - b);
      });
      return Math.abs(Math.log(shrinks[1]! / shrinks[0]!));
    });
    expect(Math.max(...bends)).toBeGreaterThan(0.05);
  }
});
