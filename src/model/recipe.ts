/**
 * A recipe: everything about a model and its training except width and seed. Each setting is one record: path, type, default,
 * how its choices read, and where it was added later, the value that seals leave out. Its label and its sentence stand in
 * `recipe-words.ts`, which only an opened panel of settings loads.
 */
import * as v from 'valibot';
import { corpusSchema } from './corpora.ts';
import { addedLater, choice, kinds, ofThePast, oneOf, optional, real, text, whole, yesOrNo } from './fields.ts';

export const scheduleSchema = kinds({ constant: 'constant', cosine: 'cosine', wsd: 'WSD (warm-up, stable, decay)' }, [
  v.strictObject({ kind: v.literal('constant'), warmup: optional(whole('warmup', 0, 1_000_000), 0) }),
  v.strictObject({
    kind: v.literal('cosine'),
    warmup: optional(whole('warmup', 0, 1_000_000), 0),
    /** Share of the peak learning rate that is left at the end. */
    final: optional(real('final', 0, 1), 0),
  }),
  v.strictObject({
    kind: v.literal('wsd'),
    warmup: optional(whole('warmup', 0, 1_000_000), 0),
    /** Share of the steps, at the end, over which the learning rate falls linearly to zero. */
    decay: optional(real('decay', 0, 1), 0.2),
  }),
]);

const everyOptimizer = {
  /** η: peak learning rate at the base width. */
  learningRate: real('learningRate', 0, 10),
  /** λ: decoupled weight decay, multiplied by the learning rate at each step. */
  weightDecay: optional(real('weightDecay', 0, 10), 0),
};

/** Largest global gradient norm of a run; 0 turns clipping off. */
const clip = (usual: number) => ({ clip: optional(real('clip', 0, 1e6), usual) });

const adamMoments = {
  beta1: optional(real('beta1', 0, 0.9999), 0.9),
  beta2: optional(real('beta2', 0, 0.99999), 0.95),
  /** ε: above zero, because the moments of a token that was never seen are zero and 0/0 would be the update. */
  epsilon: optional(real('epsilon', 1e-20, 1), 1e-8),
};

export const optimizerSchema = kinds({ adamw: 'AdamW', sgd: 'SGD (momentum)', lion: 'Lion', muon: 'Muon' }, [
  v.strictObject({ kind: optional(v.literal('adamw'), 'adamw'), ...everyOptimizer, ...clip(1), ...adamMoments }),
  v.strictObject({
    kind: v.literal('sgd'),
    ...everyOptimizer,
    // Its update is the gradient, whose size the table counts on: one that is always clipped makes it a direction.
    ...clip(0),
    /** μ: the velocity is μ · velocity + gradient. */
    momentum: optional(real('momentum', 0, 0.9999), 0.9),
  }),
  v.strictObject({
    kind: v.literal('lion'),
    ...everyOptimizer,
    ...clip(1),
    /** Weight of the momentum in the sum whose sign is the update. */
    beta1: optional(real('beta1', 0, 0.9999), 0.9),
    /** Memory of the momentum. */
    beta2: optional(real('beta2', 0, 0.99999), 0.99),
  }),
  v.strictObject({
    kind: v.literal('muon'),
    ...everyOptimizer,
    ...clip(1),
    /** μ: Nesterov momentum of the hidden matrices. */
    momentum: optional(real('momentum', 0, 0.9999), 0.95),
    /** Learning rate of what AdamW updates (embeddings, gains, unembedding), in units of `learningRate`. */
    adamMultiplier: optional(real('adamMultiplier', 0, 1000), 1),
    ...adamMoments,
  }),
]);

const initSchema = v.strictObject({
  /** σ_emb: standard deviation of both embeddings. */
  embedding: optional(real('embedding', 0, 10), 1),
  /** σ: hidden matrices start at σ/√fan-in. */
  hidden: optional(real('hidden', 0, 10), 1),
  /** σ_out: 0 starts the unembedding at zero. Tied embeddings have none of their own. */
  unembedding: optional(real('unembedding', 0, 10), 0),
  /** Whether the query matrices start at zero or like the key matrices. */
  query: optional(ofThePast(choice('query', { zero: 'zero', key: 'like the keys' })), 'zero'),
});

const multipliersSchema = v.strictObject({
  /** α_emb */
  embedding: optional(real('embedding', 0, 1000), 1),
  /** α_attn */
  attention: optional(ofThePast(real('attention', 0, 1000)), 1),
  /** α_out */
  unembedding: optional(real('unembedding', 0, 1000), 1),
});

const evaluationSchema = v.strictObject({
  /** Evaluate every this many steps; 0 evaluates only after the last one. */
  every: optional(whole('every', 0, 1_000_000), 0),
  /** Sequences in the evaluation window, the same for every run. */
  sequences: optional(whole('sequences', 1, 65_536), 256),
});

const architectureSchema = v.strictObject({
  norm: addedLater(choice('norm', { layernorm: 'LayerNorm', rmsnorm: 'RMSNorm' }), 'layernorm', 'layernorm'),
  /** SwiGLU has one matrix more and a hidden size near 8/3 d, so that the number of parameters stays about the same. */
  activation: addedLater(choice('activation', { gelu: 'GELU', relu2: 'ReLU²', swiglu: 'SwiGLU' }), 'gelu', 'gelu'),
  position: addedLater(
    ofThePast(choice('position', { learned: 'learned', rope: 'RoPE', none: 'no position' })),
    'learned',
    'learned',
  ),
  /** Queries and keys are normalised head by head, each with a gain of its own. */
  qkNorm: addedLater(ofThePast(yesOrNo('qkNorm', 'QK-norm')), false, false),
  /** The unembedding is the token embedding, transposed. */
  tied: addedLater(yesOrNo('tied', 'tied'), false, false),
  /** What the operands of the products with weights are rounded to; their sums are float32 in any case. */
  precision: addedLater(choice('precision', { float32: 'float32', float16: 'float16' }), 'float32', 'float32'),
});

export const depthRule = choice('rule', { none: 'no rule', 'depth-mup': 'depth-μP', completep: 'CompleteP' });

const depthSchema = v.strictObject({
  /** How branches shrink as layers are added: not at all, as depth^-1/2 (depth-muP), or as 1/depth (CompleteP). */
  rule: addedLater(depthRule, 'none', 'none'),
  /** L0: the number of layers that the learning rates are meant for. */
  baseLayers: addedLater(whole('baseLayers', 1, 64), 2, 2),
});

/** What a tensor does in the model; layers share their roles. */
export const TENSOR_ROLES = [
  'embedding',
  'norm',
  'query',
  'key',
  'value',
  'attentionOut',
  'gate',
  'up',
  'down',
  'unembedding',
] as const;

/** One entry of the parametrization table replaced by a power of m = d/d0: how a sceptic breaks or mends a rule. */
const ruleSchema = v.strictObject({
  tensor: oneOf('tensor', TENSOR_ROLES),
  multiplier: optional(oneOf('multiplier', ['learningRate', 'weightDecay', 'epsilon']), 'learningRate'),
  /** The multiplier is m to this power. */
  exponent: real('exponent', -4, 4),
});

export const parametrization = choice('parametrization', { mup: 'μP', sp: 'SP' });
/** One line about each. */
export const PARAMETRIZATION_ABOUTS = {
  mup: 'Maximal update parametrization: settings found at a small width stay right at large ones',
  sp: 'Standard parametrization: the usual one, whose best settings move with the width',
};

export const recipeSchema = v.strictObject({
  /** What runs, fits and choices are kept under, so it must not be a name that every object already has. */
  name: v.pipe(
    text('name', 60),
    v.check(
      (name) => !(name in Object.prototype),
      ({ input }) => `name must not be "${input}", which JavaScript keeps for itself`,
    ),
  ),
  parametrization,
  /** d0: the width at which muP and SP are the same. */
  baseWidth: whole('baseWidth', 1, 65_536),
  layers: whole('layers', 1, 64),
  /** d_h: the size of a head, at the base width where heads grow. */
  headSize: whole('headSize', 1, 128),
  /** Whether a wider model has more heads of one size, or the base width's number of heads, each larger. */
  growth: addedLater(choice('growth', { heads: 'more heads', 'head-size': 'larger heads' }), 'heads', 'heads'),
  /** T: tokens in a training sequence. */
  context: whole('context', 2, 1024),
  architecture: optional(architectureSchema, {}),
  corpus: corpusSchema,
  /** Sequences in a batch. */
  batch: whole('batch', 1, 4096),
  steps: whole('steps', 1, 1_000_000),
  /** What differs between the seeds of a width: where each draws its batches too, an interval holds another run's data as well. */
  seedDraws: addedLater(
    choice('seedDraws', { weights: 'the same batches for all', 'batches-too': 'batches of its own for each seed' }),
    'weights',
    'weights',
  ),
  optimizer: optimizerSchema,
  schedule: optional(scheduleSchema, { kind: 'wsd' }),
  init: optional(initSchema, {}),
  multipliers: optional(multipliersSchema, {}),
  depth: optional(depthSchema, {}),
  rules: addedLater(
    Object.assign(
      v.pipe(
        v.array(ruleSchema, 'rules must be a list of rules'),
        v.check((list) => list.length <= 30, 'rules may hold at most 30 rules'),
      ),
      { listed: 'a changed rule' },
    ),
    [],
    [],
  ),
  evaluation: optional(evaluationSchema, {}),
});

export type Schedule = v.InferOutput<typeof scheduleSchema>;
export type Optimizer = v.InferOutput<typeof optimizerSchema>;
export type Architecture = v.InferOutput<typeof architectureSchema>;
export type SeedDraws = Recipe['seedDraws'];
export type DepthRule = v.InferOutput<typeof depthSchema>['rule'];
export type TensorRole = (typeof TENSOR_ROLES)[number];
export type RuleChange = v.InferOutput<typeof ruleSchema>;
export type Recipe = v.InferOutput<typeof recipeSchema>;
