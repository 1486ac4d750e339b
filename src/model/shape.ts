/** The tensors of the reference model ("gpt"), in the order in which every engine and every dump stores them. */
import type { Architecture, Recipe, TensorRole } from './recipe.ts';

/** Sizes and options that decide every buffer and launch: runs of one shape can train together as a cohort. */
export interface ModelShape {
  /** d */
  width: number;
  /** L */
  layers: number;
  /** h */
  heads: number;
  /** d_h = d / h */
  headSize: number;
  /** Hidden size of the MLP. */
  hidden: number;
  /** T */
  context: number;
  /** V */
  vocabulary: number;
  architecture: Architecture;
}

export interface TensorSpec {
  /** The name used in dumps, e.g. `layers.0.attn.query`. */
  name: string;
  role: TensorRole;
  /** [fan_in, fan_out] for matrices, [rows, width] for embeddings, [length] for gains. */
  shape: number[];
}

/** Hidden size of the MLP in units of the width. */
const MLP_RATIO = 4;
/** Added to the variance inside every norm. */
export const NORM_EPSILON = 1e-5;
/** Largest head: attention keeps a head's row in registers. */
export const MOST_HEAD_SIZE = 128;

export function modelShape(recipe: Recipe, width: number, vocabulary: number): ModelShape {
  const { layers, context, architecture } = recipe;
  const heads = headsAt(recipe, width);
  const hidden = hiddenSize(width, architecture.activation);
  return { width, layers, heads, headSize: width / heads, hidden, context, vocabulary, architecture };
}

/** h at a width: it grows with the width, or stays what it is at the base width while heads get larger. */
export function headsAt(
  { growth, headSize, baseWidth }: Pick<Recipe, 'growth' | 'headSize' | 'baseWidth'>,
  width: number,
): number {
  return (growth === 'heads' ? width : baseWidth) / headSize;
}

/** 4d; with a gate 8/3 d to a multiple of four, so that three matrices hold about as much as two. */
export function hiddenSize(width: number, activation: Architecture['activation']): number {
  if (activation !== 'swiglu') return MLP_RATIO * width;
  return Math.max(4, 4 * Math.round((MLP_RATIO * width * 2) / 3 / 4));
}

export function tensorsOf(model: ModelShape): TensorSpec[] {
  const { width: d, layers, hidden, headSize, context, vocabulary } = model;
  const { activation, position, qkNorm, tied } = model.architecture;
  const when = (isThere: boolean, ...tensors: TensorSpec[]) => (isThere ? tensors : []);
  const layer = (n: number): TensorSpec[] => [
    { name: `layers.${n}.attn.norm`, role: 'norm', shape: [d] },
    { name: `layers.${n}.attn.query`, role: 'query', shape: [d, d] },
    { name: `layers.${n}.attn.key`, role: 'key', shape: [d, d] },
    { name: `layers.${n}.attn.value`, role: 'value', shape: [d, d] },
    ...when(
      qkNorm,
      { name: `layers.${n}.attn.query_norm`, role: 'norm', shape: [headSize] },
      { name: `layers.${n}.attn.key_norm`, role: 'norm', shape: [headSize] },
    ),
    { name: `layers.${n}.attn.out`, role: 'attentionOut', shape: [d, d] },
    { name: `layers.${n}.mlp.norm`, role: 'norm', shape: [d] },
    ...when(activation === 'swiglu', { name: `layers.${n}.mlp.gate`, role: 'gate', shape: [d, hidden] }),
    { name: `layers.${n}.mlp.up`, role: 'up', shape: [d, hidden] },
    { name: `layers.${n}.mlp.down`, role: 'down', shape: [hidden, d] },
  ];
  return [
    { name: 'embed.token', role: 'embedding', shape: [vocabulary, d] },
    ...when(position === 'learned', { name: 'embed.position', role: 'embedding', shape: [context, d] }),
    ...Array.from({ length: layers }, (_, n) => layer(n)).flat(),
    { name: 'final.norm', role: 'norm', shape: [d] },
    ...when(!tied, { name: 'unembed', role: 'unembedding', shape: [d, vocabulary] }),
  ];
}

export const sizeOf = (shape: readonly number[]): number => shape.reduce((product, n) => product * n, 1);

interface ParameterCount {
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
