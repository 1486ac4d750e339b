import fc from 'fast-check';
import { expect, test } from 'vitest';
import { quantilesOf } from '../../../src/scaling/numeric/quantiles.ts';

const bySorting = (values: readonly number[], share: number): number => {
  const sorted = [...values].sort((p, q) => p - q);
  const at = Math.min(sorted.length - 1, Math.max(0, share * sorted.length - 0.5));
  const [low, high] = [sorted[Math.floor(at)]!, sorted[Math.min(Math.floor(at) + 1, sorted.length - 1)]!];
  return low + (at - Math.floor(at)) * (high - low);
};

const numbers = fc.array(
  fc.oneof(fc.double({ min: -1, max: 1, noNaN: true }), fc.integer({ min: -2, max: 2 })).map((value) => value + 0),
  { minLength: 1, maxLength: 60 },
);
const shares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 7 });

test('quantiles are those of the sorted values, to the last bit, whatever their order and however many are alike', () => {
  fc.assert(
    fc.property(numbers, shares, (values, some) => {
      const asked = some.sort((p, q) => p - q);
      expect(quantilesOf(Float64Array.from(values), asked)).toEqual(asked.map((share) => bySorting(values, share)));
    }),
  );
});

test('mirrored values have mirrored quantiles', () => {
  const values = Float64Array.from({ length: 501 }, (_, i) => Math.sin(i * i));
  const mirrored = values.map((value) => -value);
  const [low, middle, high] = quantilesOf(values, [0.1, 0.5, 0.9]);
  const expected = [-high!, -middle!, -low!];
  for (const [i, value] of quantilesOf(mirrored, [0.1, 0.5, 0.9]).entries())
    expect(value).toBeCloseTo(expected[i]!, 12);
});
