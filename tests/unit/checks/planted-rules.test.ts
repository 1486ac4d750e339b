/** The coordinate check on real models: trained in float64 on one batch, with and without a rule broken on purpose. */
import { expect, test } from 'vitest';
import { checkCoordinates } from '../../../src/checks/coordinates.ts';
import type { Experiment } from '../../../src/model/experiment.ts';
import { parametrize } from '../../../src/model/parametrization.ts';
import type { Recipe, TensorRole } from '../../../src/model/recipe.ts';
import type { RunResult } from '../../../src/model/result.ts';
import { modelShape } from '../../../src/model/shape.ts';
import { corpusOf, train } from '../reference/cohorts.ts';
import { experimentOf, recipeInput, runsOf } from './experiments.ts';

const WIDTHS = [16, 32, 64];
/** Every culprit is named at step 3 at the latest, so no more than one step behind it is trained. */
const STEPS = 4;
const SEEDS = [1];

function experimentWith(changes: Parameters<typeof recipeInput>[0]): Experiment {
  return experimentOf({
    study: { kind: 'coordinates' },
    ...{ rungs: WIDTHS, seeds: SEEDS },
    recipes: [
      {
        ...{ baseWidth: 16, layers: 1, context: 12, batch: 8, steps: STEPS },
        ...{ corpus: { kind: 'spectral', vocabulary: 24 }, evaluation: { sequences: 1 } },
        ...changes,
      },
    ],
  });
}

/** Activations of every seed at a width, every step on the first batch. */
async function probe(recipe: Recipe, width: number): Promise<(RunResult['activations'] | undefined)[]> {
  const { streamOf, vocabulary } = corpusOf(recipe);
  const shape = modelShape(recipe, width, vocabulary);
  const { steps, batch, optimizer, schedule } = recipe;
  const runs = SEEDS.map((seed) => ({ id: `${seed}`, seed, table: parametrize(recipe, shape), optimizer, schedule }));
  const stream = streamOf(null);
  const first = (await stream.segment(0)).subarray(0, batch * (recipe.context + 1));
  const firstOnly = { ...stream, segmentSteps: 1, segment: async () => first };
  const cohort = { shape, batch, steps, evaluateEvery: 0, probe: true, runs, stream: firstOnly };
  return (await train(cohort)).outcomes.map(({ activations }) => activations);
}

async function checkOf(changes: Parameters<typeof recipeInput>[0]) {
  const experiment = experimentWith(changes);
  const [recipe] = experiment.recipes;
  const activations = new Map(
    await Promise.all(WIDTHS.map(async (width) => [width, await probe(recipe, width)] as const)),
  );
  const runs = runsOf(experiment, ({ width, seed }) => ({
    finalEvalLoss: 1,
    activations: activations.get(width)![SEEDS.indexOf(seed)],
  }));
  return checkCoordinates(experiment, recipe, runs);
}

test.each<[TensorRole, string, number]>([
  ['query', 'layers.0.attn.query', 0],
  ['key', 'layers.0.attn.key', 0],
  ['value', 'layers.0.attn.value', 0],
  ['attentionOut', 'layers.0.attn', 0],
  ['up', 'layers.0.mlp.up', 0],
  ['down', 'layers.0.mlp', 0],
  ['unembedding', 'logits', 1],
])(
  'a learning rate of %s that is one power of the width too large is caught and named',
  async (tensor, module, exponent) => {
    const check = await checkOf({ rules: [{ tensor, exponent }] });
    expect(check.verdict).toBe('broken');
    expect(check.culprit).toMatchObject({ module, role: tensor });
    // The unembedding starts at zero, so all other tensors first move in the second update.
    expect(tensor === 'unembedding' ? [1] : [2, 3]).toContain(check.culprit!.step);
  },
);

test('SP grows, and its logits first', async () => {
  const check = await checkOf({ name: 'SP', parametrization: 'sp' });
  expect(check.sentence).toMatch(/^SP: attention, mlp and logits grow with width/);
  expect(check.culprit).toEqual({ module: 'logits', role: 'unembedding', step: 1 });
});
