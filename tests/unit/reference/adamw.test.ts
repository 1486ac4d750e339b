/** The update against its formula written out as sums, and the clip factor. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Optimizer } from '../../../src/model/recipe.ts';
import type { TensorRule } from '../../../src/model/parametrization.ts';
import { adamwUpdate, clipFactor, globalNorm, zeroMoments } from '../../../src/reference/adamw.ts';

const optimizer: Optimizer = {
  kind: 'adamw',
  learningRate: 0.5,
  beta1: 0.9,
  beta2: 0.95,
  epsilon: 1e-3,
  weightDecay: 0.2,
  clip: 1,
};

const rule: TensorRule = {
  name: 'w',
  role: 'up',
  shape: [1],
  size: 1,
  init: { kind: 'constant', value: 1 },
  learningRateMultiplier: 0.25,
  weightDecayMultiplier: 4,
  epsilonMultiplier: 0.25,
};

test('follows p −= η·lrMult·( m̂/(√v̂ + ε·epsMult) + λ·wdMult·p ), bias corrections counted from one', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1, maxLength: 8 }), (gradients) => {
      const parameters = new Map([['w', Float64Array.of(1.5)]]);
      const moments = zeroMoments([rule]);
      let expected = 1.5;
      gradients.forEach((gradient, step) => {
        const [learningRate, gradientScale] = [0.5 / (step + 1), 0.8];
        const g = new Map([['w', Float64Array.of(gradient)]]);
        adamwUpdate([rule], parameters, g, moments, optimizer, { step, learningRate, gradientScale });
        // m̂ and v̂ as the weighted means of all gradients so far that they are.
        const weightedMean = (beta: number, values: number[]) => {
          const weights = values.map((_, i) => beta ** (values.length - 1 - i));
          const total = weights.reduce((sum, weight) => sum + weight, 0);
          return values.reduce((sum, value, i) => sum + weights[i] * value, 0) / total;
        };
        const seen = gradients.slice(0, step + 1).map((value) => 0.8 * value);
        const m = weightedMean(0.9, seen);
        const v = weightedMean(0.95, seen.map((value) => value ** 2)); // prettier-ignore
        expected -= learningRate * 0.25 * (m / (Math.sqrt(v) + 1e-3 * 0.25) + 0.2 * 4 * expected);
        expect(parameters.get('w')![0]).toBeCloseTo(expected, 12);
      });
    }),
    { numRuns: 50 },
  );
});

describe('clipping', () => {
  test('the global norm is that of all tensors together', () => {
    const gradients = new Map([
      ['a', Float64Array.of(3, 0)],
      ['b', Float64Array.of(4)],
    ]);
    expect(globalNorm(gradients)).toBe(5);
  });

  test('shrinks only what is larger than the clip, and is off at zero', () => {
    expect([clipFactor(4, 1), clipFactor(0.5, 1), clipFactor(0, 1), clipFactor(100, 0)]).toEqual([0.25, 1, 1, 1]);
  });
});
