/** Counts of parameters and operations against figures worked out by hand. */
import { expect, test } from 'vitest';
import { countParameters, tensorsOf, trainingFlops, type ModelShape } from '../../../src/model/shape.ts';

const shapeOf = (width: number, layers: number): ModelShape => ({
  width,
  layers,
  heads: width / 8,
  headSize: 8,
  context: 64,
  vocabulary: 256,
});

test('non-embedding parameters are 12 L d² and the gains', () => {
  for (const [width, layers] of [
    [16, 1],
    [64, 2],
    [256, 3],
  ]) {
    const { total, nonEmbedding } = countParameters(shapeOf(width, layers));
    expect(nonEmbedding).toBe(12 * layers * width ** 2 + (2 * layers + 1) * width);
    expect(total).toBe(nonEmbedding + (256 + 64 + 256) * width);
  }
});

test('every layer has its tensors', () => {
  expect(tensorsOf(shapeOf(16, 3))).toHaveLength(2 + 3 * 8 + 2);
});

test('training takes 6 operations a parameter and token, and the causal products', () => {
  const [d, L, T, V] = [64, 2, 64, 256];
  const dense = 6 * (12 * L * d * d + (2 * L + 1) * d + d * V);
  // A token at position p sees p + 1 keys: (T + 1)/2 on average; q·k and p·v take 2 d each, and backward twice as much.
  const attention = 3 * L * 2 * (2 * d * ((T + 1) / 2));
  expect(trainingFlops(shapeOf(d, L), 1000)).toBe((dense + attention) * 1000);
});
