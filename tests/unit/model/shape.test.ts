/** Tensors and counts of parameters and operations against figures worked out by hand. */
import { describe, expect, test } from 'vitest';
import type { Architecture } from '../../../src/model/recipe.ts';
import { countParameters, headsAt, modelShape, tensorsOf, trainingFlops } from '../../../src/model/shape.ts';
import { parsedRecipe } from './experiment-inputs.ts';

const shapeOf = (width: number, layers: number, architecture: Partial<Architecture> = {}) =>
  modelShape(
    parsedRecipe({ headSize: 8, baseWidth: 8, layers, context: 64, init: { query: 'key' }, architecture }),
    width,
    256,
  );

const namesOf = (architecture: Partial<Architecture>) =>
  tensorsOf(shapeOf(16, 1, architecture)).map(({ name }) => name);
const sizeOf = (architecture: Partial<Architecture>, name: string) =>
  tensorsOf(shapeOf(16, 1, architecture)).find((tensor) => tensor.name === name)!.shape;

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

describe('options', () => {
  test('positions other than learned have no tensor', () => {
    expect(namesOf({})).toContain('embed.position');
    expect(namesOf({ position: 'rope' })).not.toContain('embed.position');
    expect(namesOf({ position: 'none' })).not.toContain('embed.position');
  });

  test('tied embeddings have no unembedding', () => {
    expect(namesOf({}).at(-1)).toBe('unembed');
    expect(namesOf({ tied: true }).at(-1)).toBe('final.norm');
    expect(countParameters(shapeOf(16, 1, { tied: true })).total).toBe(
      countParameters(shapeOf(16, 1)).total - 256 * 16,
    );
  });

  test('QK-norm has one gain a head size, which all heads share, between value and out', () => {
    const names = namesOf({ qkNorm: true });
    const at = names.indexOf('layers.0.attn.value');
    expect(names.slice(at, at + 4)).toEqual([
      'layers.0.attn.value',
      'layers.0.attn.query_norm',
      'layers.0.attn.key_norm',
      'layers.0.attn.out',
    ]);
    expect(sizeOf({ qkNorm: true }, 'layers.0.attn.key_norm')).toEqual([8]);
  });

  test('SwiGLU has a gate before up, and about as many parameters as GELU', () => {
    const names = namesOf({ activation: 'swiglu' });
    expect(names.indexOf('layers.0.mlp.gate')).toBe(names.indexOf('layers.0.mlp.up') - 1);
    // 8/3 · 16 = 42.7, to a multiple of four.
    expect(sizeOf({ activation: 'swiglu' }, 'layers.0.mlp.gate')).toEqual([16, 44]);
    expect(sizeOf({ activation: 'swiglu' }, 'layers.0.mlp.down')).toEqual([44, 16]);
    expect(namesOf({ activation: 'relu2' })).toEqual(namesOf({}));
    for (const width of [16, 64, 256]) {
      const [gated, plain] = (['swiglu', 'gelu'] as const).map(
        (activation) => countParameters(shapeOf(width, 1, { activation })).nonEmbedding,
      );
      expect(Math.abs(gated / plain - 1)).toBeLessThan(0.03);
    }
  });

  test('the smallest SwiGLU still has a hidden layer', () => {
    expect(modelShape(parsedRecipe({ headSize: 1, baseWidth: 1, architecture: { activation: 'swiglu' } }), 1, 4).hidden).toBe(4); // prettier-ignore
  });
});

test('a wider model has more heads or larger ones', () => {
  const sizes = { headSize: 4, baseWidth: 8 };
  expect([8, 12, 32].map((width) => headsAt({ growth: 'heads', ...sizes }, width))).toEqual([2, 3, 8]);
  expect([8, 12, 32].map((width) => headsAt({ growth: 'head-size', ...sizes }, width))).toEqual([2, 2, 2]);
  const { heads, headSize } = modelShape(parsedRecipe({ ...sizes, growth: 'head-size' }), 32, 10);
  expect({ heads, headSize }).toEqual({ heads: 2, headSize: 16 });
});

test('training takes 6 operations a parameter and token, and the causal products', () => {
  const [d, L, T, V] = [64, 2, 64, 256];
  const dense = 6 * (12 * L * d * d + (2 * L + 1) * d + d * V);
  // A token at position p sees p + 1 keys: (T + 1)/2 on average; q·k and p·v take 2 d each, and backward twice as much.
  const attention = 3 * L * 2 * (2 * d * ((T + 1) / 2));
  expect(trainingFlops(shapeOf(d, L), 1000)).toBe((dense + attention) * 1000);
  // A tied unembedding is multiplied by as often as one of its own.
  expect(trainingFlops(shapeOf(d, L, { tied: true }), 1000)).toBe((dense + attention) * 1000);
});
