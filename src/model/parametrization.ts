/**
 * Parametrization is data: (recipe, width) becomes a table of numbers, and no kernel ever knows about muP.
 *
 * With m = d/d0 every multiplier is a power of m. The powers follow from how gradients and updates grow with width (Yang et
 * al. 2022, arXiv 2203.03466, Table 8, in the form with a base width); docs/parametrization.md derives those of each optimizer.
 * SP is the same table with m = 1. Depth adds powers of m_L = L/L0 (Yang et al. 2023, arXiv 2310.02244; Dey et al. 2025,
 * arXiv 2505.01618).
 */
import type { DepthRule, Optimizer, Recipe, TensorRole } from './recipe.ts';
import { tensorsOf, sizeOf, type ModelShape, type TensorSpec } from './shape.ts';

export type Initial = { kind: 'constant'; value: number } | { kind: 'normal'; std: number };

/** The update that a tensor gets: Muon orthogonalises hidden matrices and leaves the rest to AdamW. */
export type Update = Optimizer['kind'];

export interface TensorRule extends TensorSpec {
  /** Number of entries. */
  size: number;
  init: Initial;
  update: Update;
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

/**
 * Version of a recipe's table where the playground once made another of the same recipe; undefined where it never did. Runs of
 * another version are not of this training. 2: a depth rule starts its branches at 1/√(2 L0), where 1 started them at 1.
 */
export const tableVersion = ({ depth }: Pick<Recipe, 'depth'>): number | undefined =>
  depth.rule === 'none' ? undefined : 2;

export function parametrize(recipe: Recipe, shape: ModelShape): ParametrizationTable {
  const m = recipe.parametrization === 'mup' ? shape.width / recipe.baseWidth : 1;
  const depth = depthOf(recipe, shape);
  return {
    tensors: tensorsOf(shape).map((tensor) => ruleOf(tensor, recipe, shape, m, depth)),
    forward: {
      embedding: recipe.multipliers.embedding,
      attention: recipe.multipliers.attention * attentionScale(recipe, shape),
      branch: depth.ratio ** -depth.alpha,
      unembedding: recipe.multipliers.unembedding * unembeddingScale(recipe, shape, m),
    },
  };
}

/** Matrices between activations of the model's width: their fan-in and fan-out both grow. */
const HIDDEN: ReadonlySet<TensorRole> = new Set(['query', 'key', 'value', 'attentionOut', 'gate', 'up', 'down']);

interface Powers {
  learningRate: number;
  weightDecay: number;
  epsilon: number;
}

/**
 * Powers of m. Gradient entries shrink as 1/m, and ε stands beside them; those of a gain that m heads share are sums of m such.
 * Weight decay undoes the learning rate's power, changed or not, so that the pull of a step, their product, is the same at any width.
 */
function powersOf(tensor: TensorSpec, update: Update, { growth, rules }: Recipe): Powers {
  const isHidden = HIDDEN.has(tensor.role);
  const isSummedOverHeads = growth === 'heads' && HEAD_GAIN.test(tensor.name);
  const gradient = isSummedOverHeads ? 0 : -1;
  const powers = {
    learningRate: { adamw: isHidden ? -1 : 0, lion: isHidden ? -1 : 0, sgd: isHidden ? 0 : -gradient, muon: 0 }[update],
    epsilon: gradient,
  };
  const changed = Object.fromEntries(
    rules.filter(({ tensor: role }) => role === tensor.role).map(({ multiplier, exponent }) => [multiplier, exponent]),
  );
  const learningRate = changed['learningRate'] ?? powers.learningRate;
  return { weightDecay: -learningRate, ...powers, ...changed };
}

/** Gains of QK-norm: one for all heads. */
const HEAD_GAIN = /_norm$/;

interface Depth {
  alpha: number;
  /** m_L = L/L0; 1 without a depth rule. */
  ratio: number;
}

const ALPHAS: Record<DepthRule, number> = { none: 0, 'depth-mup': 0.5, completep: 1 };

function depthOf({ depth: { rule, baseLayers } }: Recipe, { layers }: ModelShape): Depth {
  return { alpha: ALPHAS[rule], ratio: rule === 'none' ? 1 : layers / baseLayers };
}

/**
 * Power of m_L of the learning rate inside the blocks. A step moves each of L branches by β times the change of its weights,
 * which is lrMult for updates of fixed size and β · lrMult where the update is the gradient; their sum must not depend on L.
 */
const depthPower = (update: Update, alpha: number) => (update === 'sgd' ? 2 * alpha - 1 : alpha - 1);

function ruleOf(tensor: TensorSpec, recipe: Recipe, shape: ModelShape, m: number, depth: Depth): TensorRule {
  const { optimizer } = recipe;
  const isHidden = HIDDEN.has(tensor.role);
  const update: Update = optimizer.kind === 'muon' && !isHidden ? 'adamw' : optimizer.kind;
  const powers = powersOf(tensor, update, recipe);
  const isInBlock = tensor.name.startsWith('layers.');
  const deep = isInBlock ? depth.ratio ** depthPower(update, depth.alpha) : 1;
  // An orthogonal update has spectral norm 1; one of size √(fan-out/fan-in) keeps its output's size (arXiv 2310.17813).
  const shapeFactor = update === 'muon' ? Math.sqrt(tensor.shape[1] / tensor.shape[0]) : 1;
  const share = optimizer.kind === 'muon' && update === 'adamw' ? optimizer.adamMultiplier : 1;
  return {
    ...tensor,
    size: sizeOf(tensor.shape),
    init: initial(tensor, recipe, shape),
    update,
    learningRateMultiplier: share * shapeFactor * deep * m ** powers.learningRate,
    weightDecayMultiplier: tensor.role === 'norm' ? 0 : m ** powers.weightDecay / (shapeFactor * deep),
    epsilonMultiplier: m ** powers.epsilon * (isInBlock ? depth.ratio ** -depth.alpha : 1),
  };
}

/** s: √d_h0/d_h under muP, 1/√d_h under SP; written so that both are the same bits where d_h = d_h0. */
function attentionScale({ parametrization, headSize: base }: Recipe, { headSize }: ModelShape): number {
  return parametrization === 'mup' ? (1 / Math.sqrt(base)) * (base / headSize) : 1 / Math.sqrt(headSize);
}

/**
 * u: 1/m. Tied embeddings have entries of size 1 rather than 1/√d, which a factor 1/√d0 (1/√d under SP, as in T5, arXiv
 * 1910.10683) makes up for.
 */
function unembeddingScale(
  { parametrization, baseWidth }: Recipe,
  { width, architecture }: ModelShape,
  m: number,
): number {
  const reference = parametrization === 'mup' ? baseWidth : width;
  return (architecture.tied ? 1 / Math.sqrt(reference) : 1) / m;
}

function initial({ role, shape: [fanIn] }: TensorSpec, recipe: Recipe, shape: ModelShape): Initial {
  const { init, parametrization, baseWidth, depth } = recipe;
  const hidden = init.hidden / Math.sqrt(fanIn);
  switch (role) {
    case 'embedding':
      return { kind: 'normal', std: init.embedding };
    case 'norm':
      return { kind: 'constant', value: 1 };
    case 'query':
      return init.query === 'zero' ? { kind: 'constant', value: 0 } : { kind: 'normal', std: hidden };
    case 'key':
    case 'value':
    case 'gate':
    case 'up':
      return { kind: 'normal', std: hidden };
    case 'attentionOut':
    case 'down': {
      // A depth rule shrinks branches by β from the base depth on, where it must be no rule, bit for bit.
      const layers = depth.rule === 'none' ? shape.layers : depth.baseLayers;
      return { kind: 'normal', std: hidden / Math.sqrt(2 * layers) };
    }
    case 'unembedding': {
      const reference = parametrization === 'mup' ? baseWidth : shape.width;
      const std = init.unembedding / Math.sqrt(reference);
      return std === 0 ? { kind: 'constant', value: 0 } : { kind: 'normal', std };
    }
  }
}
