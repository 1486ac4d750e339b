import { expect, test } from 'vitest';
import { OURS } from '../../calibration/methods.ts';
import { scoresOf, summaryOf } from '../../calibration/scores.ts';
import { simulate } from '../../calibration/simulated-ladders.ts';

const within = (value: number, lo: number, hi: number) => {
  expect(value).toBeGreaterThanOrEqual(lo);
  expect(value).toBeLessThanOrEqual(hi);
};

const noise: [number, number] = [0.0002, 0.01];

test('known standard errors err on the wide side only', () => {
  const known = simulate({ count: 100, seed: 8, rungs: [4, 8], noise, standardErrors: true });
  within(summaryOf(scoresOf(known, OURS)).coverage!['80'].share, 0.75, 0.92);
});

test('three rungs err on the wide side only', () => {
  const three = simulate({ count: 100, seed: 9, rungs: [3, 3], noise });
  within(summaryOf(scoresOf(three, OURS)).coverage!['80'].share, 0.8, 0.98);
});
