/** Recipes drawn at random from all options, at odd sizes: what the engine is held against the reference with. */
import type { ExperimentInput } from '../../src/model/experiment.ts';
import type { RandomStream } from '../../src/model/random.ts';
import type { Recipe } from '../../src/model/recipe.ts';
import { recipeOf } from './cohorts.ts';

type RecipeInput = ExperimentInput['recipes'][number];

export interface Drawn {
  recipe: Recipe;
  /** The same recipe under the other parametrization: the two train together. */
  other: Recipe;
  width: number;
  vocabulary: number;
  words: string;
}

export function drawRecipe(random: RandomStream, steps: number): Drawn {
  const pick = <T>(...choices: T[]): T => choices[random.below(choices.length)];
  const position = pick('learned', 'rope', 'none');
  const even = position === 'rope' ? 2 : 1;
  const growth = pick('heads', 'head-size');
  const qkNorm = pick(true, false);
  const norm = pick('layernorm', 'rmsnorm');
  // At least 4 features in a norm: of two, LayerNorm leaves only a sign, and float32 cannot hold the gradient.
  const least = qkNorm && norm === 'layernorm' ? 4 : 2;
  const headSize = even * Math.ceil((least + random.below(5)) / even);
  const baseHeads = 1 + random.below(3);
  const some = Math.max(1 + random.below(4), Math.ceil(4 / headSize));
  const width = growth === 'heads' ? headSize * some : baseHeads * headSize * some;
  const architecture = {
    position,
    qkNorm,
    norm,
    activation: pick('gelu', 'relu2', 'swiglu'),
    tied: pick(true, false),
  } as const;
  const kind = pick('adamw', 'sgd', 'lion', 'muon');
  const recipe: Partial<RecipeInput> = {
    baseWidth: headSize * baseHeads,
    headSize,
    growth,
    architecture,
    layers: 1 + random.below(3),
    context: 2 + random.below(14),
    batch: 1 + random.below(5),
    steps,
    optimizer: { kind, learningRate: RATES[kind] * 2 ** -random.below(3), weightDecay: pick(0, 0.1), clip: pick(0, 1) },
    schedule: pick({ kind: 'constant', warmup: 2 }, { kind: 'cosine', final: 0.1 }, { kind: 'wsd', decay: 0.4 }),
    init: { query: qkNorm ? 'key' : pick('zero', 'key'), unembedding: pick(0, 1), hidden: pick(0.7, 1) },
    multipliers: { embedding: pick(0.7, 1), attention: pick(1, 1.4), unembedding: pick(0.6, 1) },
    depth: { rule: pick('none', 'depth-mup', 'completep'), baseLayers: pick(1, 2) },
    parametrization: pick('mup', 'sp'),
  };
  const drawn = recipeOf(recipe);
  const other = recipeOf({ ...recipe, parametrization: drawn.parametrization === 'mup' ? 'sp' : 'mup' });
  const vocabulary = 3 + random.below(30);
  const { activation, tied } = architecture;
  const words = [
    ...[
      kind,
      norm,
      activation,
      position,
      qkNorm ? 'QK-norm' : 'no QK-norm',
      tied ? 'tied' : 'untied',
      drawn.depth.rule,
    ],
    ...[`growth by ${growth}`, `base ${drawn.baseWidth}`, `width ${width}`, `${drawn.layers} layers`],
    ...[`context ${drawn.context}`, `batch ${drawn.batch}`, `vocabulary ${vocabulary}`],
  ].join(', ');
  return { recipe: drawn, other, width, vocabulary, words };
}

/** Peak rates at which each optimizer learns without leaving the region where float32 and float64 stay together. */
const RATES = { adamw: 2 ** -6, sgd: 2 ** -4, lion: 2 ** -9, muon: 2 ** -6 };
