/** The tensors of the reference model ("gpt"), in the order in which every engine and every dump stores them. */
import type { Recipe } from './experiment.ts';

/** Sizes that decide every buffer: runs of one shape can train together as a cohort. */
export interface ModelShape {
  /** d */
  width: number;
  /** L */
  layers: number;
  /** h = width / headSize */
  heads: number;
  /** d_h */
  headSize: number;
  /** T */
  context: number;
  /** V */
  vocabulary: number;
}

export type TensorRole =
  'embedding' | 'norm' | 'query' | 'key' | 'value' | 'attentionOut' | 'up' | 'down' | 'unembedding';

export interface TensorSpec {
  /** The name used in dumps, e.g. `layers.0.attn.query`. */
  name: string;
  role: TensorRole;
  /** [fan_in, fan_out] for matrices, [rows, width] for embeddings, [width] for gains. */
  shape: number[];
}

/** Hidden size of the MLP in units of the width. */
export const MLP_RATIO = 4;
/** Added to the variance inside every norm. */
export const NORM_EPSILON = 1e-5;

export function modelShape(recipe: Recipe, width: number, vocabulary: number): ModelShape {
  const { layers, headSize, context } = recipe;
  return { width, layers, heads: width / headSize, headSize, context, vocabulary };
}

export function tensorsOf({ width: d, layers, context, vocabulary }: ModelShape): TensorSpec[] {
  const layer = (n: number): TensorSpec[] => [
    { name: `layers.${n}.attn.norm`, role: 'norm', shape: [d] },
    { name: `layers.${n}.attn.query`, role: 'query', shape: [d, d] },
    { name: `layers.${n}.attn.key`, role: 'key', shape: [d, d] },
    { name: `layers.${n}.attn.value`, role: 'value', shape: [d, d] },
    { name: `layers.${n}.attn.out`, role: 'attentionOut', shape: [d, d] },
    { name: `layers.${n}.mlp.norm`, role: 'norm', shape: [d] },
    { name: `layers.${n}.mlp.up`, role: 'up', shape: [d, MLP_RATIO * d] },
    { name: `layers.${n}.mlp.down`, role: 'down', shape: [MLP_RATIO * d, d] },
  ];
  return [
    { name: 'embed.token', role: 'embedding', shape: [vocabulary, d] },
    { name: 'embed.position', role: 'embedding', shape: [context, d] },
    ...Array.from({ length: layers }, (_, n) => layer(n)).flat(),
    { name: 'final.norm', role: 'norm', shape: [d] },
    { name: 'unembed', role: 'unembedding', shape: [d, vocabulary] },
  ];
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

export interface ParameterCount {
  total: number;
  /** Everything but `embed.*` and `unembed`: about 12 L d². */
  nonEmbedding: number;
}

export function countParameters(shape: ModelShape): ParameterCount {
  let total = 0;
  let nonEmbedding = 0;
  for (const tensor of tensorsOf(shape)) {
    const size = sizeOf(tensor.shape);
    total += size;
    if (tensor.role !== 'embedding' && tensor.role !== 'unembedding') nonEmbedding += size;
  }
  return { total, nonEmbedding };
}

/**
 * Floating-point operations to train on `tokens` tokens: 6 x (non-embedding + unembedding) x tokens, plus the causal
 * attention products (score and mix, each 2·d per visible key, three times for forward and backward).
 */
export function trainingFlops(shape: ModelShape, tokens: number): number {
  const { width, layers, context, vocabulary } = shape;
  const dense = 6 * (countParameters(shape).nonEmbedding + width * vocabulary);
  const attention = 3 * layers * 4 * width * ((context + 1) / 2);
  return (dense + attention) * tokens;
}
