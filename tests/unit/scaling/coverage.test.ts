import { expect, test } from 'vitest';
import { coverage, simulate } from './simulated-ladders.ts';

const within = (value: number, lo: number, hi: number) => {
  expect(value).toBeGreaterThanOrEqual(lo);
  expect(value).toBeLessThanOrEqual(hi);
};

test('4 to 8 rungs, noise 0.02 to 1 %, targets at 2x and 4x: intervals hold what they promise', () => {
  const ladders = simulate({ count: 400, seed: 7, rungs: [4, 8], noise: [0.0002, 0.01] });
  for (const factor of [2, 4]) {
    const held = coverage(ladders, (_, at) => at === factor);
    expect(held.targets).toBe(400);
    within(held['50'], 0.44, 0.6);
    within(held['80'], 0.75, 0.87);
    within(held['95'], 0.91, 0.98);
  }
});

test('known standard errors and three rungs err on the wide side only', () => {
  const known = simulate({ count: 150, seed: 8, rungs: [4, 8], noise: [0.0002, 0.01], standardErrors: true });
  within(coverage(known)['80'], 0.75, 0.92);
  const three = simulate({ count: 150, seed: 9, rungs: [3, 3], noise: [0.0002, 0.01] });
  within(coverage(three)['80'], 0.8, 0.96);
});
