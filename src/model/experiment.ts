/**
 * What an experiment *is*: recipes x ladder x seeds, as entered by a person, a file or a URL, validated field by field.
 *
 * Every refusal is one sentence that names the field and says what is allowed.
 */
import * as v from 'valibot';
import { InputError, parseWith } from './parse.ts';
import { recipeSlug } from './recipe-slug.ts';

export { InputError };

const whole = (name: string, min: number, max: number) =>
  v.pipe(
    v.number(`${name} must be a whole number from ${min} to ${max}`),
    v.check(
      (n) => Number.isInteger(n) && n >= min && n <= max,
      (issue) => `${name} must be a whole number from ${min} to ${max}, not ${issue.input}`,
    ),
  );

const real = (name: string, min: number, max: number, allowed = `a number from ${min} to ${max}`) =>
  v.pipe(
    v.number(`${name} must be ${allowed}`),
    v.check(
      (n) => Number.isFinite(n) && n >= min && n <= max,
      (issue) => `${name} must be ${allowed}, not ${issue.input}`,
    ),
  );

const text = (name: string, max = 120) =>
  v.pipe(
    v.string(`${name} must be text`),
    v.check((s) => s.trim().length > 0 && s.length <= max, `${name} must be text of 1 to ${max} characters`),
  );

/** Defaults make a hand-written experiment short; validation fills them in, so the engine never guesses. */
const optional = <S extends v.GenericSchema>(schema: S, fallback: v.InferInput<S>) =>
  v.optional(schema, fallback as never) as unknown as v.OptionalSchema<S, v.InferInput<S>>;

const spectralCorpus = v.strictObject({
  kind: v.literal('spectral'),
  /** V: number of tokens. Building the chain takes V³ operations: seconds at 1024, many minutes at 4096. */
  vocabulary: optional(whole('vocabulary', 4, 1024), 256),
  /** α: how fast the singular values of the transition logits fall. */
  alpha: optional(real('alpha', 0, 4), 0.6),
  /** Size of the transition logits; 0 makes every token equally likely. */
  scale: optional(real('scale', 0, 10), 2),
  /** z: weight of log(rank), which makes token frequencies Zipf-like. */
  zipf: optional(real('zipf', 0, 4), 0),
  /** Seed of the chain and of its token streams. */
  seed: optional(whole('seed', 0, 0xffffffff), 1),
});

const textCorpus = v.strictObject({
  kind: v.literal('text'),
  /** Name of the file or pasted text; its content travels beside the experiment, never inside it. */
  file: text('file', 400),
  /** Share at the end of the text that is kept for evaluation. */
  heldOut: optional(real('heldOut', 0.01, 0.5), 0.1),
  /** Most distinct characters given a token of their own; rarer ones share one token. */
  characters: optional(whole('characters', 4, 4096), 256),
});

export const corpusSchema = v.variant('kind', [spectralCorpus, textCorpus], 'kind must be "spectral" or "text"');

const scheduleSchema = v.variant(
  'kind',
  [
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
  ],
  'kind must be "constant", "cosine" or "wsd"',
);

const optimizerSchema = v.strictObject({
  kind: optional(v.literal('adamw', 'kind must be "adamw"'), 'adamw'),
  /** η: peak learning rate at the base width. */
  learningRate: real('learningRate', 0, 10),
  beta1: optional(real('beta1', 0, 0.9999), 0.9),
  beta2: optional(real('beta2', 0, 0.99999), 0.95),
  /** ε: above zero, because the moments of a token that was never seen are zero and 0/0 would be the update. */
  epsilon: optional(real('epsilon', 1e-20, 1), 1e-8),
  /** λ: decoupled weight decay, multiplied by the learning rate at each step. */
  weightDecay: optional(real('weightDecay', 0, 10), 0),
  /** Largest global gradient norm of a run; 0 turns clipping off. */
  clip: optional(real('clip', 0, 1e6), 1),
});

const initSchema = v.strictObject({
  /** σ_emb: standard deviation of both embeddings. */
  embedding: optional(real('embedding', 0, 10), 1),
  /** σ: hidden matrices start at σ/√fan-in. */
  hidden: optional(real('hidden', 0, 10), 1),
  /** σ_out: 0 starts the unembedding at zero. */
  unembedding: optional(real('unembedding', 0, 10), 0),
  /** Whether the query matrices start at zero or like the key matrices. */
  query: optional(v.picklist(['zero', 'key'], 'query must be "zero" or "key"'), 'zero'),
});

const multipliersSchema = v.strictObject({
  /** α_emb */
  embedding: optional(real('embedding', 0, 1000), 1),
  /** α_attn */
  attention: optional(real('attention', 0, 1000), 1),
  /** α_out */
  unembedding: optional(real('unembedding', 0, 1000), 1),
});

const evaluationSchema = v.strictObject({
  /** Evaluate every this many steps; 0 evaluates only after the last one. */
  every: optional(whole('every', 0, 1_000_000), 0),
  /** Sequences in the evaluation window, the same for every run. */
  sequences: optional(whole('sequences', 1, 65_536), 256),
});

export const recipeSchema = v.strictObject({
  name: text('name', 60),
  parametrization: v.picklist(['mup', 'sp'], 'parametrization must be "mup" or "sp"'),
  /** d0: the width at which muP and SP are the same. */
  baseWidth: whole('baseWidth', 1, 65_536),
  layers: whole('layers', 1, 64),
  /** d_h: widths grow by heads of this size. */
  headSize: whole('headSize', 1, 128),
  /** T: tokens in a training sequence. */
  context: whole('context', 2, 1024),
  corpus: corpusSchema,
  /** Sequences in a batch. */
  batch: whole('batch', 1, 4096),
  steps: whole('steps', 1, 1_000_000),
  optimizer: optimizerSchema,
  schedule: optional(scheduleSchema, { kind: 'wsd' }),
  init: optional(initSchema, {}),
  multipliers: optional(multipliersSchema, {}),
  evaluation: optional(evaluationSchema, {}),
});

const widths = (name: string, min: number) =>
  v.pipe(
    v.array(whole('width', 1, 65_536), `${name} must be a list of widths`),
    v.check((list) => list.length >= min, `${name} needs at least ${min} width${min === 1 ? '' : 's'}`),
    v.check((list) => list.length <= 64, `${name} may hold at most 64 widths`),
    v.check(
      (list) => new Set(list).size === list.length,
      ({ input }) => `${name} names width ${input.find((width, i) => input.indexOf(width) !== i)} twice`,
    ),
  );

const ladderSchema = v.strictObject({
  /** Widths that are trained and fitted. */
  rungs: widths('rungs', 1),
  /** Widths whose loss is predicted and sealed before they train. */
  targets: optional(widths('targets', 0), []),
});

export const experimentSchema = v.strictObject({
  name: optional(text('name'), 'Experiment'),
  recipes: v.pipe(
    v.array(recipeSchema, 'recipes must be a list of recipes'),
    v.check((list) => list.length >= 1 && list.length <= 8, 'recipes must hold 1 to 8 recipes'),
    v.check((list) => new Set(list.map((r) => r.name)).size === list.length, 'recipes must have different names'),
  ),
  ladder: ladderSchema,
  /** One run per width and seed; a seed sets the initial parameters. */
  seeds: optional(
    v.pipe(
      v.array(whole('seed', 0, 0xffffffff), 'seeds must be a list of whole numbers'),
      v.check((list) => list.length >= 1 && list.length <= 32, 'seeds must hold 1 to 32 seeds'),
      v.check((list) => new Set(list).size === list.length, 'seeds names a seed twice'),
    ),
    [1],
  ),
});

export type CorpusSpec = v.InferOutput<typeof corpusSchema>;
export type SpectralCorpusSpec = v.InferOutput<typeof spectralCorpus>;
export type TextCorpusSpec = v.InferOutput<typeof textCorpus>;
export type Schedule = v.InferOutput<typeof scheduleSchema>;
export type Optimizer = v.InferOutput<typeof optimizerSchema>;
export type Recipe = v.InferOutput<typeof recipeSchema>;
export type Ladder = v.InferOutput<typeof ladderSchema>;
export type Experiment = v.InferOutput<typeof experimentSchema>;
/** What a person or a file may write: defaults may be left out. */
export type ExperimentInput = v.InferInput<typeof experimentSchema>;

/**
 * Validates an experiment and fills in its defaults.
 * @throws InputError naming the first field at fault and what is allowed.
 */
export function parseExperiment(input: unknown): Experiment {
  const experiment = parseWith(experimentSchema, input, 'experiment');
  const problem = ladderProblem(experiment);
  if (problem) throw problem;
  return experiment;
}

/** Checks that cross fields: heads divide widths, a width is rung or target, warm-up fits in the steps, run ids differ. */
function ladderProblem({ recipes, ladder }: Experiment): InputError | null {
  for (const part of ['rungs', 'targets'] as const) {
    for (const [i, width] of ladder[part].entries()) {
      const field = `ladder.${part}[${i}]`;
      const misfit = recipes.find((recipe) => width % recipe.headSize !== 0);
      if (misfit) {
        const size = misfit.headSize;
        const near = Math.max(size, Math.round(width / size) * size);
        return new InputError(
          field,
          `${field}: width ${width} does not divide into heads of size ${size}; use a multiple of ${size}, such as ${near}.`,
        );
      }
      if (part === 'targets' && ladder.rungs.includes(width)) {
        return new InputError(
          field,
          `${field}: width ${width} stands among the rungs and among the targets; a width is one or the other, because a target must not be trained before it is sealed.`,
        );
      }
    }
  }
  for (const [i, recipe] of recipes.entries()) {
    const alike = recipes.slice(0, i).find((other) => recipeSlug(other.name) === recipeSlug(recipe.name));
    if (alike) {
      const field = `recipes[${i}].name`;
      return new InputError(
        field,
        `${field}: "${recipe.name}" and "${alike.name}" both become "${recipeSlug(recipe.name)}" in file names; let them differ in their letters a-z or digits.`,
      );
    }
    if (recipe.baseWidth % recipe.headSize !== 0) {
      const field = `recipes[${i}].baseWidth`;
      return new InputError(
        field,
        `${field}: ${recipe.baseWidth} does not divide into heads of size ${recipe.headSize}; use a multiple of ${recipe.headSize}.`,
      );
    }
    if (recipe.schedule.warmup > recipe.steps) {
      const field = `recipes[${i}].schedule.warmup`;
      return new InputError(
        field,
        `${field}: ${recipe.schedule.warmup} is more than the ${recipe.steps} steps of the run; use at most ${recipe.steps}.`,
      );
    }
  }
  return null;
}
