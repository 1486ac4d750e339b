import { describe, expect, test } from 'vitest';
import { splitFirst } from '../../../src/scaling/width/first-points.ts';
import { weightingOf } from '../../../src/scaling/width/weights.ts';

const at = (x: number, change: { standardError?: number; seeds?: number } = {}) => ({ x, loss: 3, ...change });

describe('points count', () => {
  test('by the number of their runs, whose spread is pooled over the widths that have two or more', () => {
    // Two seeds of variance 2 · 0.3², four of variance 4 · 0.1²; one seed knows no spread.
    const { replicates, ...rest } = weightingOf([
      at(8, { seeds: 2, standardError: 0.3 }),
      at(16, { seeds: 4, standardError: 0.1 }),
      at(32, { seeds: 1, standardError: 9 }),
      at(64),
    ]);
    expect(rest).toEqual({ weights: [2, 4, 1, 1], newVariance: 1, known: false, notes: [] });
    expect(replicates).toMatchObject({ freedom: 4, widths: 2, seeds: [2, 4] });
    expect(replicates!.sum).toBeCloseTo(1 * 2 * 0.09 + 3 * 4 * 0.01, 12);
  });

  test('all the same without standard errors, or where only some points have one', () => {
    const equal = { weights: [1, 1], newVariance: 1, known: false, replicates: null };
    expect(weightingOf([at(8), at(16)])).toEqual({ ...equal, notes: [] });
    expect(weightingOf([at(8, { standardError: 0 }), at(16)])).toEqual({ ...equal, notes: [] });
    expect(weightingOf([at(8, { standardError: 0.1 }), at(16)])).toEqual({
      ...equal,
      notes: ['Only some points have a standard error, so all points count the same.'],
    });
  });

  test('by one over their squared standard error, a new run having the mean of the squares', () => {
    const { weights, newVariance, known, notes } = weightingOf([
      at(8, { standardError: 0.5 }),
      at(16, { standardError: 0.25 }),
    ]);
    expect(weights).toEqual([4, 16]);
    expect(newVariance).toBe((0.25 + 0.0625) / 2);
    expect([known, notes]).toEqual([true, []]);
  });

  test('never as if they were exact: a tenth of the median is the least', () => {
    const errors = (...values: number[]) =>
      weightingOf(values.map((standardError, i) => at(2 ** i, { standardError })));
    expect(errors(2, 0.2, 3)).toMatchObject({ weights: [0.25, 1 / 0.2 ** 2, 1 / 9], notes: [] });
    const { weights, notes } = errors(3, 0.1, 2);
    expect(weights[1]).toBeCloseTo(25, 9);
    expect(notes[0]).toMatch(/^One standard error is far below/);
    expect(errors(3, 0.1, 2, 0.1, 2).notes[0]).toMatch(/^2 standard errors are far below/);
  });
});

describe('the first points', () => {
  const points = [16, 8, 32, 8].map((x, i) => ({ x, i }));
  test('are those of the smallest different x, ascending; what lies beyond is held out', () => {
    expect(splitFirst(points, 2)).toEqual({ fitted: [points[1], points[3], points[0]], heldOut: [points[2]] });
    expect(splitFirst(points, 1)).toEqual({ fitted: [points[1], points[3]], heldOut: [points[0], points[2]] });
    expect(points.map(({ x }) => x)).toEqual([16, 8, 32, 8]);
  });
  test('are all of them when none are asked for, or more than there are', () => {
    for (const first of [null, 3, 9]) expect(splitFirst(points, first).heldOut).toEqual([]);
    expect(splitFirst(points, null).fitted).toEqual([points[1], points[3], points[0], points[2]]);
  });
});
