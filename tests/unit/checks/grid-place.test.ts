import { expect, test } from 'vitest';
import { placeOnGrid } from '../../../src/checks/grid-place.ts';

const at = (grid: number[], values: number[]) =>
  values.map((value) => placeOnGrid(grid, value)).map(({ index, isOnGrid }) => (isOnGrid ? index : null));

test('half-way between two values belongs to the upper one, half a step beyond an end still to the end', () => {
  const grid = [1, 4, 16];
  expect(at(grid, [0.49, 0.5, 1, 1.99, 2, 4, 7.99, 8, 16, 32, 32.01])).toEqual([null, 0, 0, 0, 1, 1, 1, 2, 2, 2, null]);
});

test('a grid that begins at 0 goes on below it by its first step, in whole numbers', () => {
  expect(at([0, 2, 8], [-1.01, -1, 0, 0.99, 1, 2])).toEqual([null, 0, 0, 0, 1, 1]);
});

test('a grid of 0 and one value goes on above it by that value', () => {
  // From 3 to 6 the middle is that of their logarithms.
  const middle = Math.sqrt(18);
  expect(at([0, 3], [1.49, 1.5, 3, middle - 1e-9, middle + 1e-9])).toEqual([0, 1, 1, 1, null]);
});
