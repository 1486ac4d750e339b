/** Rounding to float16, against the definition of the format. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toFloat16 } from '../../../src/reference/float16.ts';
import { float64Parameters, lossAndGradients } from '../../../src/reference/model.ts';
import { initialParameters } from '../../../src/model/initialise.ts';
import { parametrize } from '../../../src/model/parametrization.ts';
import { modelShape } from '../../../src/model/shape.ts';
import { recipeOf } from './cohorts.ts';

/** All positive numbers of float16 from 2^-14 on, in order: 10 bits behind the point, 30 exponents. */
const HALVES = Array.from({ length: 30 }, (_, e) =>
  Array.from({ length: 1024 }, (_, m) => 2 ** (e - 14) * (1 + m / 1024)),
).flat();

const lengthOf = (values: Float64Array) => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0));

const one = (value: number, magnified = 1) => toFloat16(Float64Array.of(value), magnified)[0];

describe('to float16', () => {
  test('keeps what float16 holds', () => {
    const all = Float64Array.from([0, ...HALVES, ...HALVES.map((value) => -value)]);
    expect(toFloat16(all)).toEqual(all);
    expect(HALVES.at(-1)).toBe(65504);
  });

  test('takes the even neighbour in the middle of two, and the nearer one beside it', () => {
    const middles = HALVES.slice(1).map((value, i) => (value + HALVES[i]) / 2);
    const even = (i: number) => HALVES[i + (i % 2)];
    expect(toFloat16(Float64Array.from(middles))).toEqual(Float64Array.from(middles, (_, i) => even(i)));
    const beside = 1 - 2 ** -20;
    const below = Float64Array.from(middles, (middle) => middle * beside);
    const above = Float64Array.from(middles, (middle) => middle / beside);
    expect(toFloat16(below)).toEqual(Float64Array.from(HALVES.slice(0, -1)));
    expect(toFloat16(above)).toEqual(Float64Array.from(HALVES.slice(1)));
  });

  test('has nothing between zero and 2^-14, and nothing beyond 65504', () => {
    expect([2 ** -14 * 0.999, 1e-9, -1e-30].map((value) => one(value))).toEqual([0, 0, 0]);
    expect([65519, 65520, 1e30, -1e30].map((value) => one(value))).toEqual([65504, 65504, 65504, -65504]);
  });

  test('leaves what is no number, so that a run that diverges is seen to', () => {
    expect([NaN, Infinity, -Infinity].map((value) => one(value))).toEqual([NaN, Infinity, -Infinity]);
  });

  test('magnified, holds as much smaller numbers', () => {
    const number = fc.double({ min: 2 ** -20, max: 2 ** -5, noNaN: true });
    fc.assert(
      fc.property(number, fc.integer({ min: 6, max: 20 }), (value, power) => {
        expect(one(value, 2 ** power)).toBe(one(value * 2 ** power) / 2 ** power);
        expect(Math.abs(one(value, 2 ** power) / value - 1)).toBeLessThanOrEqual(2 ** -11);
      }),
    );
    expect(one(2 ** -20)).toBe(0);
  });
});

describe('a model in float16 is near the one in float32, and not the same, at whatever width', () => {
  // As after a first step of muP from zero: an unembedding of m times less than its inputs, so that gradients are small.
  test.each([16, 128])('width %i', (width) => {
    const ofPrecision = (precision: 'float32' | 'float16') => {
      const recipe = recipeOf({ baseWidth: 16, layers: 2, architecture: { precision }, init: { query: 'key' } });
      const shape = modelShape(recipe, width, 12);
      const table = parametrize(recipe, shape);
      const parameters = float64Parameters(initialParameters(table, 1));
      const unembedding = parameters.get('unembed')!;
      unembedding.forEach((_, i) => (unembedding[i] = ((i * 7 + 3) % 11 < 5 ? 1 : -1) * 2 ** -7 * (16 / width)));
      const tokens = Array.from({ length: 2 * (shape.context + 1) }, (_, i) => (i * 7 + 3) % 12);
      return lossAndGradients(shape, table.forward, parameters, tokens, 2);
    };
    const [full, half] = [ofPrecision('float32'), ofPrecision('float16')];
    expect(half.loss).not.toBe(full.loss);
    expect(Math.abs(half.loss - full.loss)).toBeLessThan(1e-4);
    for (const [name, gradient] of full.gradients) {
      const rounded = half.gradients.get(name)!;
      const off = lengthOf(gradient.map((value, i) => value - rounded[i])) / lengthOf(gradient);
      expect(off, name).toBeLessThan(0.005);
      expect(off, name).toBeGreaterThan(0);
    }
  });
});
