import { describe, expect, it } from 'vitest';
import { SWEEPABLE } from '../../../src/model/study.ts';
import { gridFor, powerGridOf, valuesOf, withStep } from '../../../src/ui/sweep/power-grid.ts';

describe('values as powers of two', () => {
  it.each([
    { from: -5, to: -1, step: 1 as const },
    { from: -2, to: 1.5, step: 0.5 as const },
  ])('go out and come back: %j', (grid) => expect(powerGridOf(valuesOf(grid))).toEqual(grid));

  it.each([[[0, 0.1, 0.2]], [[0.25, 0.5, 2]], [[1, 3, 9]], [[4]]])('are not seen in %j', (values) =>
    expect(powerGridOf(values)).toBeNull(),
  );

  it.each([
    { from: 3, to: 1, step: 1 as const },
    { from: NaN, to: 1, step: 1 as const },
    { from: -500, to: 500, step: 0.5 as const },
  ])('that make no grid, %j, give a list that validation refuses', (grid) => expect(valuesOf(grid)).toEqual([]));

  it('of another step stay at least as many as a sweep must have', () => {
    expect(valuesOf(withStep({ from: -1, to: 0, step: 0.5 }, 1))).toEqual([0.5, 1, 2]);
  });

  it.each(SWEEPABLE)('%s has a grid to start with', (parameter) => {
    expect(valuesOf(gridFor(parameter)).length).toBeGreaterThanOrEqual(3);
  });
});
