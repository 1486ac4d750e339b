import { expect, test } from 'vitest';
import type { Method } from '../../../../lab/calibration/methods.ts';
import { median, scoresOf, shareOf, summaryOf } from '../../../../lab/calibration/scores.ts';
import type { Trial } from '../../../../lab/calibration/trial.ts';

const trial = (losses: number[]): Trial => ({
  points: [{ x: 1, loss: 3 }],
  targets: losses.map((loss, i) => ({ factor: i + 1, x: i + 1, loss })),
  about: null,
});

/** Predicts 2, give or take 0.1, 0.2 and 0.3. */
const fixed: Method = {
  id: 'fixed',
  name: 'fixed',
  predict: (_, xs) => xs.map(() => ({ loss: 2, intervals: { '50': [1.9, 2.1], '80': [1.8, 2.2], '95': [1.7, 2.3] } })),
};
const silent: Method = { id: 'silent', name: 'silent', predict: () => null };

test('coverage counts what each level holds, both ends included', () => {
  const scores = scoresOf([trial([2, 2.1, 2.15]), trial([1.75, 2.5])], fixed);
  const { coverage, ladders, targets, medianError, width, withoutInterval } = summaryOf(scores);
  expect([ladders, targets, withoutInterval]).toEqual([2, 5, 0]);
  expect(coverage!['50'].share).toBe(2 / 5);
  expect(coverage!['80'].share).toBe(3 / 5);
  expect(coverage!['95'].share).toBe(4 / 5);
  expect(medianError).toBeCloseTo(0.15 / 2.15, 12);
  expect(width!['80']).toBeCloseTo(0.4 / 2.1, 12);
});

test('what a method does not answer is counted, and is no coverage', () => {
  const summary = summaryOf(scoresOf([trial([2, 2])], silent));
  expect(summary).toMatchObject({ targets: 2, withoutInterval: 2, coverage: null, width: null, medianError: null });
});

test('a method sees the targets without their losses', () => {
  let seen: unknown;
  const spy: Method = { id: 'spy', name: 'spy', predict: (...given) => ((seen = given), null) };
  scoresOf([trial([7.125])], spy);
  expect(JSON.stringify(seen)).not.toContain('7.125');
});

test('the binomial error is of ladders, and never zero', () => {
  expect(shareOf(800, 1000, 1000).error).toBeCloseTo(Math.sqrt((0.8 * 0.2) / 1000), 4);
  expect(shareOf(2400, 3000, 1000)).toEqual(shareOf(800, 1000, 1000));
  expect(shareOf(10, 10, 10).error).toBeGreaterThan(0.05);
});

test('median of odd and even counts', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 2, 3])).toBe(2.5);
});
