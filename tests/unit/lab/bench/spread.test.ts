import { expect, test } from 'vitest';
import { logLogSlope } from '../../../../lab/bench/slope.ts';
import { spreadOf } from '../../../../lab/bench/spread.ts';

test('median and quartiles, in any order of the samples', () => {
  expect(spreadOf([5, 1, 3, 2, 4])).toEqual({ median: 3, lower: 2, upper: 4, samples: 5 });
  expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, lower: 1.75, upper: 3.25, samples: 4 });
  expect(spreadOf([7])).toEqual({ median: 7, lower: 7, upper: 7, samples: 1 });
});

test('numbers are put in order as numbers, and one slow sample moves the median by nothing', () => {
  expect(spreadOf([100, 20, 3]).median).toBe(20);
  expect(spreadOf([10, 11, 12, 13, 14]).median).toBe(spreadOf([10, 11, 12, 13, 1e6]).median);
});

test('nothing has no spread', () => {
  expect(() => spreadOf([])).toThrow(RangeError);
});

test('the slope of a power law is its power', () => {
  const points = [1, 2, 5, 9].map((x) => [x, 3 * x ** 0.7] as const);
  expect(logLogSlope(points)).toBeCloseTo(0.7, 12);
});
