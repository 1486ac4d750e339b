import { expect, test } from 'vitest';
import { bandPath, linePath } from '../../../src/ui/chart/path.ts';

test('a line goes through its places in their order, and has a gap where one is not finite', () => {
  expect(linePath([])).toBe('');
  expect(linePath([[1, 2.04]])).toBe('M1,2');
  expect(
    linePath([
      [0, 1.25],
      [10.06, -3],
      [20, Infinity],
      [30, NaN],
      [40, 5],
      [50, 6],
    ]),
  ).toBe('M0,1.3L10.1,-3M40,5L50,6');
});

test('a band goes along its upper edge and back along its lower one', () => {
  expect(bandPath([], [])).toBe('');
  const band = bandPath(
    [
      [0, 9],
      [10, 8],
    ],
    [
      [0, 1],
      [10, 2],
    ],
  );
  expect(band).toBe('M0,1L10,2L10,8L0,9Z');
});
