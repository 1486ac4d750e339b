/**
 * Parametrization is data: (recipe, width) becomes a table of numbers, and no kernel ever knows about muP.
 *
 * Rules for AdamW from Yang et al. 2022 (arXiv 2203.03466), Table 8, in the form with a base width: with m = d/d0,
 * hidden matrices get learning rate 1/m, weight decay m (so that their product is constant), the unembedding is
 * multiplied by 1/m in the forward pass, and Adam's ε shrinks like the gradients, by 1/m. SP is the same table with m = 1.
 */
import type { Recipe } from './experiment.ts';
import { tensorsOf, sizeOf, type ModelShape, type TensorRole, type TensorSpec } from './shape.ts';

export type Initial = { kind: 'constant'; value: number } | { kind: 'normal'; std: number };

export interface TensorRule extends TensorSpec {
  /** Number of entries. */
  size: number;
  init: Initial;
  learningRateMultiplier: number;
  weightDecayMultiplier: number;
  epsilonMultiplier: number;
}

export interface ForwardMultipliers {
  /** α_emb: factor on the sum of both embeddings. */
  embedding: number;
  /** α_attn · s: the whole factor on q·k. */
  attention: number;
  /** β: factor on each branch before it joins the residual stream. */
  branch: number;
  /** α_out · u: factor on the logits. */
  unembedding: number;
}

export interface ParametrizationTable {
  tensors: TensorRule[];
  forward: ForwardMultipliers;
}

export function parametrize(recipe: Recipe, shape: ModelShape): ParametrizationTable {
  const isMup = recipe.parametrization === 'mup';
  const m = isMup ? shape.width / recipe.baseWidth : 1;
  // Heads have one fixed size, so √d_h0 / d_h and 1/√d_h are the same number under both parametrizations.
  const attentionScale = 1 / Math.sqrt(shape.headSize);
  const rule = (tensor: TensorSpec): TensorRule => {
    const isHidden = HIDDEN.has(tensor.role);
    return {
      ...tensor,
      size: sizeOf(tensor.shape),
      init: initial(tensor, recipe, shape, isMup),
      learningRateMultiplier: isHidden ? 1 / m : 1,
      weightDecayMultiplier: tensor.role === 'norm' ? 0 : isHidden ? m : 1,
      epsilonMultiplier: 1 / m,
    };
  };
  return {
    tensors: tensorsOf(shape).map(rule),
    forward: {
      embedding: recipe.multipliers.embedding,
      attention: recipe.multipliers.attention * attentionScale,
      branch: 1,
      unembedding: recipe.multipliers.unembedding / m,
    },
  };
}

const HIDDEN: ReadonlySet<TensorRole> = new Set(['query', 'key', 'value', 'attentionOut', 'up', 'down']);

function initial(tensor: TensorSpec, recipe: Recipe, shape: ModelShape, isMup: boolean): Initial {
  const fanIn = tensor.shape[0];
  const hidden = recipe.init.hidden / Math.sqrt(fanIn);
  switch (tensor.role) {
    case 'embedding':
      return { kind: 'normal', std: recipe.init.embedding };
    case 'norm':
      return { kind: 'constant', value: 1 };
    case 'query':
      return recipe.init.query === 'zero' ? { kind: 'constant', value: 0 } : { kind: 'normal', std: hidden };
    case 'key':
    case 'value':
    case 'up':
      return { kind: 'normal', std: hidden };
    case 'attentionOut':
    case 'down':
      return { kind: 'normal', std: hidden / Math.sqrt(2 * shape.layers) };
    case 'unembedding': {
      const reference = isMup ? recipe.baseWidth : shape.width;
      const std = recipe.init.unembedding / Math.sqrt(reference);
      return std === 0 ? { kind: 'constant', value: 0 } : { kind: 'normal', std };
    }
  }
}
