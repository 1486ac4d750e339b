import { describe, expect, test } from 'vitest';
import { locateMinimum, type SweptValue } from '../../../src/checks/minimum.ts';
import { randomStream } from '../../../src/model/random.ts';
import { LOPSIDED, sampleSweep, uCurve } from '../../../lab/calibration/u-curves.ts';

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
    expect(minimumOf(curve)).toMatchObject({ status: 'beside-divergence', grid: 1, value: 1, lo: null });
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

/** Seeds by value: what each lost, in the order of the seeds 1, 2…; null for one that has no loss, "x" in the place of all for divergence. */
function seeded(values: number[], losses: ((number | null)[] | 'x')[]): SweptValue[] {
  return values.map((value, i) => {
    const row = losses[i];
    if (row === 'x') return { value, done: [], diverged: 1 };
    const done = row.flatMap((loss, at) => (loss === null ? [] : [{ seed: at + 1, run: `${i} ${at}`, loss }]));
    return { value, done, diverged: 0 };
  });
}

describe('where seeds do not agree that losses bend', () => {
  const values = [-5, -4, -3, -2, -1, 0, 1].map((exponent) => 2 ** exponent);
  const best = [3, 4, 5];
  /** Beside the best value, which is the fourth, seeds differ in the sign of what they lose. */
  const beside = [0.03, -0.02, 0.01];
  const plus = (extra: number[]) => best.map((loss, seed) => loss + extra[seed]);
  const level = plus([0.1, 0.1, 0.1]);
  const row = (second: number[] | 'x', sixth: number[] | 'x') =>
    seeded(values, [plus([1, 1, 1]), second, plus(beside), best, plus(beside), sixth, plus([1, 1, 1])]);

  test('the interval ends at the first value that is surely worse, seed by seed, or that diverged', () => {
    expect(minimumOf(row(level, 'x'))).toMatchObject({ grid: 2 ** -2, lo: 2 ** -4, hi: 1 });
    expect(minimumOf(row('x', level))).toMatchObject({ lo: 2 ** -4, hi: 1 });
    const reordered = row(level, 'x');
    reordered[1].done.reverse();
    reordered[1].done.push({ seed: 9, run: 'of a seed that the best value lacks', loss: 9 });
    expect(minimumOf(reordered)).toMatchObject({ lo: 2 ** -4 });
  });

  test('it goes on past a value that is not, to the end of the grid at the latest', () => {
    expect(minimumOf(row(plus([0.5, -0.4, 0.1]), 'x'))).toMatchObject({ lo: 2 ** -5, hi: 1 });
    expect(minimumOf(row('x', plus([0.5, -0.4, 0.1])))).toMatchObject({ lo: 2 ** -4, hi: 2 });
  });

  test('it goes on past a value that is as good as the best, seed by seed', () => {
    expect(minimumOf(row('x', best))).toMatchObject({ grid: 2 ** -2, hi: 2 });
  });

  test('it never reaches 0, which has no logarithm', () => {
    const curve = row(plus([0.5, -0.4, 0.1]), 'x');
    curve[0].value = 0;
    expect(minimumOf(curve)).toMatchObject({ lo: 2 ** -4 });
  });

  test('two seeds are sure from a difference of 3.08 standard errors on', () => {
    // Differences of 1 and 1 + 2δ have the mean 1 + δ and the standard error δ.
    const two = (delta: number) => {
      const second = [4, 5 + 2 * delta];
      const near = [3.03, 3.98];
      return minimumOf(seeded(values, [[5, 6], second, near, [3, 4], near, 'x', [5, 6]]))!.lo;
    };
    expect(two(0.47)).toBe(2 ** -4);
    expect(two(0.49)).toBe(2 ** -5);
  });

  test('one seed is never sure', () => {
    const curve = row([9, 9], 'x');
    curve[1].done = curve[1].done.slice(0, 1);
    expect(minimumOf(curve)).toMatchObject({ lo: 2 ** -5 });
  });
});

describe('the fit', () => {
  const octaves = [0.25, 0.5, 1, 2, 4];
  const cubic = (x: number) => 3 + 0.1 * (x - 0.2) ** 2 + 0.01 * (x - 0.2) ** 3;

  test('is through the seeds that were done at all three values', () => {
    const losses = [[3.1, 9], [3, null, 3.1], [3.2, null, null]]; // prettier-ignore
    const { minimum, fit } = locateMinimum(seeded([0.5, 1, 2], losses))!;
    // Of the first seed alone: a slope of 0.05 and a curvature of 0.3.
    expect(Math.log2(minimum.value)).toBeCloseTo(-0.05 / 0.3, 9);
    expect(fit!.vertices).toHaveLength(1);
    expect(locateMinimum(seeded([0.5, 1, 2], [[null, 3.5], [3], [null, 3.5]]))).toMatchObject({ fit: null });
  });

  test('looks two values away where it can, else on the one side that has them', () => {
    const leanAt = (values: number[]) => {
      const { minimum, fit } = locateMinimum(
        seeded(
          values,
          values.map((value) => [cubic(Math.log2(value))]),
        ),
      )!;
      const [below, best, above] = [-1, 0, 1].map(cubic);
      const vertex = -(above - below) / 2 / (above + below - 2 * best);
      expect(Math.log2(minimum.value)).toBeCloseTo(vertex, 9);
      // A third power through the points has its minimum at 0.2, wherever they lie.
      return fit!.lean / (0.2 - vertex);
    };
    for (const values of [octaves, octaves.slice(1), octaves.slice(0, 4)]) expect(leanAt(values)).toBeCloseTo(1.25, 6);
    expect(leanAt(octaves.slice(1, 4))).toBe(0);
  });

  test('looks at no value where a seed diverged, whatever others lost there', () => {
    const curve = sweep(
      octaves,
      octaves.map((value) => cubic(Math.log2(value))),
    );
    expect(locateMinimum(curve)!.fit!.lean).not.toBe(0);
    for (const end of [0, 4]) curve[end].diverged = 1;
    expect(locateMinimum(curve)!.fit!.lean).toBe(0);
  });

  test('one value on its own has no best, and equal losses have none', () => {
    expect(minimumOf(sweep([1], [3]))).toBeNull();
    expect(minimumOf(sweep([1, 2, 4], [3, 3, 3]))).toBeNull();
    expect(minimumOf(sweep([1, 2, 4], [3, 3, null]))).toMatchObject({ grid: 1, status: 'lower-end' });
    expect(minimumOf(sweep([1, 2, 4], ['x', 3, 4]))).toMatchObject({ grid: 2, status: 'beside-divergence' });
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
