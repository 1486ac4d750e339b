import { describe, expect, test } from 'vitest';
import { locateMinimum, type SweptValue } from '../../../src/checks/minimum.ts';
import { randomStream } from '../../../src/model/random.ts';
import { coverageOfMinima, coverageOfShifts, LOPSIDED } from './coverage.ts';
import { sampleSweep, uCurve } from './u-curves.ts';

/** Losses by value, one seed each; "x" for a run that diverged, null for none. */
function sweep(values: number[], losses: (number | 'x' | null)[]): SweptValue[] {
  return values.map((value, i) => {
    const loss = losses[i];
    const done = typeof loss === 'number' ? [{ seed: 1, run: `r${i}`, loss }] : [];
    return { value, done, diverged: loss === 'x' ? 1 : 0 };
  });
}

const minimumOf = (curve: SweptValue[]) => locateMinimum(curve)?.minimum ?? null;

describe('on a grid', () => {
  const grid = [0.25, 0.5, 1, 2, 4];

  test('a parabola gives its vertex between grid values', () => {
    const losses = grid.map((value) => 3 + 0.02 * (Math.log2(value) - 0.3) ** 2);
    const minimum = minimumOf(sweep(grid, losses))!;
    expect(minimum).toMatchObject({ status: 'inside', grid: 1, lo: null, hi: null, loss: losses[2] });
    expect(Math.log2(minimum.value)).toBeCloseTo(0.3, 9);
  });

  test('at an end, or where the next value has not been tried, the grid value stands', () => {
    expect(minimumOf(sweep(grid, [1, 2, 3, 4, 5]))).toMatchObject({ status: 'lower-end', value: 0.25, lo: null });
    expect(minimumOf(sweep(grid, [5, 4, 3, 2, 1]))).toMatchObject({ status: 'upper-end', value: 4, hi: null });
    expect(minimumOf(sweep(grid, [5, 4, 3, null, null]))).toMatchObject({ status: 'upper-end', value: 1 });
    expect(minimumOf(sweep(grid, [null, 4, 5, 6, 'x']))).toMatchObject({ status: 'lower-end', value: 0.5 });
  });

  test('beside a diverged value the grid value stands and says so', () => {
    expect(minimumOf(sweep(grid, [5, 4, 3, 'x', 'x']))).toMatchObject({
      status: 'beside-divergence',
      value: 1,
      lo: null,
    });
  });

  test('without losses to compare there is none', () => {
    expect(minimumOf(sweep(grid, [null, null, null, null, null]))).toBeNull();
    expect(minimumOf(sweep(grid, ['x', 'x', 'x', 'x', 'x']))).toBeNull();
    expect(minimumOf(sweep(grid, [null, null, 3, null, null]))).toBeNull();
  });

  test('a value at which one seed of two diverged is never the best', () => {
    const curve = sweep(grid, [5, 4, 3, 1, 4]);
    curve[3].diverged = 1;
    expect(minimumOf(curve)).toMatchObject({ status: 'beside-divergence', grid: 1 });
  });

  test('beside 0, which has no logarithm, the grid value stands; away from it a parabola is fitted', () => {
    const decays = [0, 0.01, 0.02, 0.04, 0.08];
    expect(minimumOf(sweep(decays, [3, 2, 3, 4, 5]))).toMatchObject({ status: 'inside', value: 0.01 });
    expect(minimumOf(sweep(decays, [1, 2, 3, 4, 5]))).toMatchObject({ status: 'lower-end', value: 0 });
    const far = minimumOf(sweep(decays, [5, 4, 3.1, 3, 4]))!;
    expect(far.value).toBeGreaterThan(0.02);
    expect(far.value).toBeLessThan(0.04);
  });

  test('equal losses leave the minimum on the grid and the whole grid possible', () => {
    const flat = grid.map((value) => ({
      ...{ value, diverged: 0 },
      done: [1, 2].map((seed) => ({ seed, run: `s${seed}`, loss: 3 })),
    }));
    flat[0].done.forEach((one) => (one.loss = 4));
    expect(minimumOf(flat.slice(0, 4))).toMatchObject({ grid: 0.5, value: expect.any(Number) });
    const level = [4, 3, 3, 3, 4].map((loss, i) => ({
      ...flat[i],
      done: flat[i].done.map((one) => ({ ...one, loss })),
    }));
    const minimum = minimumOf(level)!;
    expect(minimum.lo).toBeLessThanOrEqual(minimum.value);
    expect(minimum.hi).toBeGreaterThanOrEqual(minimum.value);
  });
});

test('a constant added to all losses changes no minimum and no interval', () => {
  const random = randomStream(3, 'minimum');
  for (const shape of LOPSIDED) {
    const curve = sampleSweep(shape, { step: 1, noise: 0.004, seeds: 3 }, random);
    const raised = curve.map((one) => ({ ...one, done: one.done.map((run) => ({ ...run, loss: run.loss + 2 })) }));
    const [a, b] = [minimumOf(curve)!, minimumOf(raised)!];
    expect(b.value).toBeCloseTo(a.value, 7);
    expect(b.lo).toBeCloseTo(a.lo!, 6);
    expect(b.hi).toBeCloseTo(a.hi!, 6);
  }
});

test('seeds that only differ by a constant are certain of the minimum but for what a parabola misses', () => {
  const [shape] = LOPSIDED;
  const curve = Array.from({ length: 7 }, (_, i) => ({
    ...{ value: 2 ** (i - 3), diverged: 0 },
    done: [1, 2, 3].map((seed) => ({ seed, run: `s${seed}`, loss: uCurve(shape, i - 3) + seed })),
  }));
  const { value, lo, hi } = minimumOf(curve)!;
  expect(Math.abs(Math.log2(value))).toBeLessThan(0.05);
  expect(Math.log2(hi! / lo!)).toBeLessThan(0.25);
  expect(Math.log2(hi! / lo!)).toBeGreaterThan(0);
});

describe('intervals of simulated sweeps hold about as often as they say', () => {
  test.each([2, 3, 5])('of a minimum, with %i seeds', (seeds) => {
    const { all, held } = coverageOfMinima(seeds, 40);
    expect(all).toBeGreaterThan(1050);
    expect(held).toBeGreaterThan(0.78);
    expect(held).toBeLessThan(0.92);
  });

  test.each([1, 2, 3])('of a shift over four widths, with %i seeds', (seeds) => {
    const { all, held } = coverageOfShifts(seeds, 8);
    expect(all).toBeGreaterThan(400);
    expect(held).toBeGreaterThan(0.75);
    expect(held).toBeLessThan(0.95);
  });
});
