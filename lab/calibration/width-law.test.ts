import { expect, test } from 'vitest';
import { OURS } from './methods.ts';
import { scoresOf, summaryOf } from './scores.ts';
import { simulate } from './simulated-ladders.ts';
import { quickScoresOfLaw } from './study.ts';

test('quick figures: 80 and 95 % intervals hold what they promise at 2x and 4x', () => {
  const scores = quickScoresOfLaw();
  for (const factor of [2, 4]) {
    const { coverage, ladders } = summaryOf(scores.filter((score) => score.factor === factor));
    expect(ladders).toBeGreaterThanOrEqual(200);
    expect(coverage!['80'].share).toBeGreaterThanOrEqual(0.75);
    expect(coverage!['80'].share).toBeLessThanOrEqual(0.87);
    expect(coverage!['95'].share).toBeGreaterThanOrEqual(0.91);
    expect(coverage!['95'].share).toBeLessThanOrEqual(0.98);
  }
});

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
