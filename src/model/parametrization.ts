/**
 * Parametrization is data: (recipe, width) becomes a table of numbers, and no kernel ever knows about muP. Every multiplier is
 * a product of powers, which `exponents.ts` says, of how many times the base a model is. SP is the same table for a model that
 * is its own base (Yang et al. 2022, arXiv 2203.03466, Table 8, in the form with a base width).
 */
import { DEPTH, HEAD_SIZE, ROLES, WIDTH, type Part } from './exponents.ts';
import { OPTIMIZERS } from './optimizers.ts';
import type { Optimizer, Recipe, RuleChange, TensorRole } from './recipe.ts';
import { tensorsOf, sizeOf, type ModelShape, type TensorSpec } from './shape.ts';

type Initial = { kind: 'constant'; value: number } | { kind: 'normal'; std: number };

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
  const { multipliers, depth } = recipe;
  const base = baseOf(recipe, shape);
  const ratios: Ratios = { width: shape.width / base.width, depth: shape.layers / base.layers };
  // Tied embeddings have entries of size 1 rather than 1/√d0, which u makes up for (under SP as in T5, arXiv 1910.10683).
  const tied = shape.architecture.tied ? 1 / Math.sqrt(base.width) : 1;
  return {
    tensors: tensorsOf(shape).map((tensor) => tensorRule(tensor, recipe, base, ratios)),
    forward: {
      embedding: multipliers.embedding,
      attention:
        multipliers.attention *
        ((1 / Math.sqrt(base.headSize)) * (base.headSize / shape.headSize) ** -HEAD_SIZE.attention),
      branch: ratios.depth ** DEPTH[depth.rule].branch,
      unembedding: multipliers.unembedding * (tied / ratios.width ** -WIDTH.unembedding),
    },
  };
}

type Base = Pick<ModelShape, 'width' | 'headSize' | 'layers'>;
type Ratios = Record<'width' | 'depth', number>;

/** What sizes are told from: under SP the model's own, and so its depth without a depth rule. */
function baseOf({ parametrization, baseWidth, headSize, depth }: Recipe, shape: ModelShape): Base {
  const layers = depth.rule === 'none' ? shape.layers : depth.baseLayers;
  return parametrization === 'mup' ? { width: baseWidth, headSize, layers } : { ...shape, layers };
}

/** Gains of QK-norm are one for all heads. */
const HEAD_GAIN = /_norm$/;

const partOf = ({ role, name }: TensorSpec, { growth }: Recipe): Part =>
  growth === 'heads' && HEAD_GAIN.test(name) ? 'sharedGain' : ROLES[role].part;

export const updateOf = (role: TensorRole, { kind }: Optimizer): Update =>
  ROLES[role].part === 'hidden' ? kind : OPTIMIZERS[kind].others;

/**
 * Powers of m of a tensor's multipliers, the recipe's own in the table's place. Weight decay undoes the learning rate's power,
 * changed or not, so that the pull of a step, their product, is the same at any width.
 */
export function powersOf(tensor: TensorSpec, recipe: Recipe): Record<RuleChange['multiplier'], number> {
  const part = partOf(tensor, recipe);
  const { size } = OPTIMIZERS[updateOf(tensor.role, recipe.optimizer)];
  const changes = recipe.rules.filter(({ tensor: role }) => role === tensor.role);
  const powers = {
    learningRate: WIDTH.learningRate[size][part],
    epsilon: WIDTH.epsilon[part],
    ...Object.fromEntries(changes.map(({ multiplier, exponent }) => [multiplier, exponent])),
  };
  return { weightDecay: -powers.learningRate, ...powers };
}

function tensorRule(tensor: TensorSpec, recipe: Recipe, base: Base, ratios: Ratios): TensorRule {
  const { optimizer } = recipe;
  const update = updateOf(tensor.role, optimizer);
  const { size } = OPTIMIZERS[update];
  const wide = powersOf(tensor, recipe);
  const deep = DEPTH[tensor.name.startsWith('layers.') ? recipe.depth.rule : 'none'];
  // An update of spectral norm 1 keeps its output's size when it is made √(fan-out/fan-in) (arXiv 2310.17813).
  const spectral = size === 'spectral' ? Math.sqrt(tensor.shape[1] / tensor.shape[0]) : 1;
  const share = update !== optimizer.kind && 'adamMultiplier' in optimizer ? optimizer.adamMultiplier : 1;
  const constant = spectral * ratios.depth ** deep.learningRate[size];
  return {
    ...tensor,
    size: sizeOf(tensor.shape),
    init: initial(tensor, recipe, base),
    update,
    learningRateMultiplier: share * constant * ratios.width ** wide.learningRate,
    weightDecayMultiplier: ROLES[tensor.role].part === 'gain' ? 0 : ratios.width ** wide.weightDecay / constant,
    epsilonMultiplier: ratios.width ** wide.epsilon * ratios.depth ** deep.epsilon,
  };
}

function initial({ role, shape }: TensorSpec, { init }: Recipe, base: Base): Initial {
  const { sigma, over } = ROLES[role];
  if (!sigma) return { kind: 'constant', value: 1 };
  // What starts at zero does so without a draw.
  const sigmas = { ...init, query: init.query === 'zero' ? null : init.hidden, unembedding: init.unembedding || null };
  const start = sigmas[sigma];
  if (start === null) return { kind: 'constant', value: 0 };
  const sizes = { fanIn: shape[0], baseWidth: base.width, branches: 2 * base.layers };
  return { kind: 'normal', std: over.reduce((std, size) => std / Math.sqrt(sizes[size]), start) };
}
