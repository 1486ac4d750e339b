/** Recipes drawn at random, with every option mixed and sizes that are odd wherever they may be. */
import fc from 'fast-check';
import type { ExperimentInput } from '../../../src/model/experiment.ts';
import type { Recipe } from '../../../src/model/recipe.ts';
import { recipeOf } from './cohorts.ts';

type RecipeInput = ExperimentInput['recipes'][number];

const factor = fc.double({ min: 0.5, max: 2, noNaN: true });

const architecture = fc.record({
  norm: fc.constantFrom('layernorm', 'rmsnorm'),
  activation: fc.constantFrom('gelu', 'relu2', 'swiglu'),
  position: fc.constantFrom('learned', 'rope', 'none'),
  qkNorm: fc.boolean(),
  tied: fc.boolean(),
});

const learningRate = fc.constantFrom(2 ** -5, 2 ** -7);
const weightDecay = fc.constantFrom(0, 0.1);
const clip = fc.constantFrom(0, 0.5);
const momentum = fc.constantFrom(0, 0.9);

export const optimizers: fc.Arbitrary<RecipeInput['optimizer']> = fc.oneof(
  fc.record({ kind: fc.constant('adamw' as const), learningRate, weightDecay, clip }),
  fc.record({ kind: fc.constant('sgd' as const), learningRate, weightDecay, clip, momentum }),
  fc.record({ kind: fc.constant('lion' as const), learningRate, weightDecay, clip }),
  fc.record({
    kind: fc.constant('muon' as const),
    learningRate,
    weightDecay,
    clip,
    momentum,
    adamMultiplier: fc.constantFrom(0.3, 1),
  }),
);

export interface DrawnRecipe {
  recipe: Recipe;
  /** One to three times the base width. */
  width: number;
}

/** Nothing starts at zero, so that no gradient is trivially zero, and no multiplier is one. Widths are 4 to 36. */
export const recipes: fc.Arbitrary<DrawnRecipe> = fc
  .record({
    architecture,
    optimizer: optimizers,
    parametrization: fc.constantFrom('mup', 'sp'),
    growth: fc.constantFrom('heads', 'head-size'),
    size: fc.integer({ min: 1, max: 5 }),
    heads: fc.integer({ min: 1, max: 2 }),
    times: fc.constantFrom(1, 2, 3),
    layers: fc.integer({ min: 1, max: 2 }),
    depth: fc.record({
      rule: fc.constantFrom('none', 'depth-mup', 'completep'),
      baseLayers: fc.integer({ min: 1, max: 3 }),
    }),
    context: fc.integer({ min: 2, max: 5 }),
    multipliers: fc.record({ embedding: factor, attention: factor, unembedding: factor }),
  })
  .map(({ size, heads, times, ...drawn }): DrawnRecipe => {
    // Of so few numbers as two, a norm leaves little but signs, and a gradient of nearly zero has no relative error.
    const normable = drawn.architecture.qkNorm ? Math.max(size, 4) : size;
    // RoPE turns pairs.
    const headSize = drawn.architecture.position === 'rope' ? 2 * Math.ceil(normable / 2) : normable;
    const baseWidth = headSize * Math.max(heads, Math.ceil(4 / headSize));
    const recipe = recipeOf({
      ...drawn,
      headSize,
      baseWidth,
      init: { query: 'key', unembedding: 1, hidden: 1.3 },
    } as Partial<RecipeInput>);
    return { recipe, width: times * baseWidth };
  });
