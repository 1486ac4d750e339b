import fc from 'fast-check';
import { expect, test } from 'vitest';
import { drawToken, seenOf, uniformsOf } from '../../../src/model/sampling.ts';

test('tokens are drawn as often as their probabilities say, at any temperature', () => {
  const logits = [0, 1, -1, 3, 2.5];
  for (const temperature of [0.5, 1, 2]) {
    const counts = logits.map(() => 0);
    const draws = 20_000;
    for (const uniform of uniformsOf(3, 0, draws)) counts[drawToken(logits, temperature, uniform)]++;
    const weights = logits.map((logit) => Math.exp(logit / temperature));
    const sum = weights.reduce((a, b) => a + b);
    counts.forEach((count, i) => {
      const p = weights[i] / sum;
      expect(Math.abs(count / draws - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / draws));
    });
  }
});

test('a temperature of 0 takes the likeliest, the first of several', () => {
  expect(drawToken([1, 4, 4, 2], 0, 0.999)).toBe(1);
});

test('any logits and any number give a token that is possible', () => {
  const logits = fc.array(fc.double({ min: -1e30, max: 1e30, noNaN: true }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(logits, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (values, uniform) => {
      const token = drawToken(values, 1, uniform);
      expect(Math.exp(values[token] - Math.max(...values))).toBeGreaterThan(0);
    }),
  );
});

test('a text that goes on is drawn by the numbers of one that was never broken off', () => {
  expect([...uniformsOf(7, 0, 5), ...uniformsOf(7, 5, 4)]).toEqual(uniformsOf(7, 0, 9));
  expect(uniformsOf(8, 0, 4)).not.toEqual(uniformsOf(7, 0, 4));
});

test('a model sees at least half a window of a long text, its end, and never more than a window', () => {
  for (const context of [1, 2, 3, 8, 13]) {
    for (let length = 1; length < 60; length++) {
      const tokens = Uint32Array.from({ length }, (_, i) => i);
      const seen = seenOf(tokens, context);
      expect(seen.at(-1)).toBe(length - 1);
      expect(seen.length).toBeLessThanOrEqual(context);
      expect(seen.length).toBeGreaterThanOrEqual(Math.min(length, Math.ceil(context / 2)));
    }
  }
});
