/** The probe against activations worked out from the ops, and what the engine returns of them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { initialParameters } from '../../../src/model/initialise.ts';
import { modulesOf } from '../../../src/model/modules.ts';
import { embeddingForward } from '../../../src/reference/embedding.ts';
import { matmul } from '../../../src/reference/matmul.ts';
import { activationsOf, float64Parameters } from '../../../src/reference/model.ts';
import { NORMS } from '../../../src/reference/norm.ts';
import { meanActivations } from '../../../src/reference/probe.ts';
import { cohortOf, recipeOf, train } from './cohorts.ts';
import { recipes } from './random-recipes.ts';

const meanMagnitude = (values: Float64Array) => values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;

/** Tokens of the cohort's batch at a step. */
async function tokensOf({ stream, shape, batch }: ReturnType<typeof cohortOf>, step: number) {
  const size = batch * (shape.context + 1);
  return (await stream.segment(0)).subarray(step * size, (step + 1) * size);
}

test('measures every module of any recipe, from the embedding to the logits, which add up to the residual stream', async () => {
  await fc.assert(
    fc.asyncProperty(recipes, async ({ recipe, width }) => {
      const cohort = cohortOf([recipe], width);
      const { shape, batch } = cohort;
      const { forward, tensors } = cohort.runs[0].table;
      const parameters = float64Parameters(initialParameters({ tensors, forward }, 5));
      const tokens = await tokensOf(cohort, 0);
      const activations = activationsOf(shape, forward, parameters, tokens, batch);
      const names = modulesOf(shape).map(({ name }) => name);
      const means = meanActivations(shape, activations);
      const measured = new Map(names.map((name, i) => [name, means[i]]));
      expect(means).toHaveLength(names.length);
      const expectMean = (name: string, values: Float64Array) =>
        expect(measured.get(name), name).toBeCloseTo(meanMagnitude(values), 12);

      const rows = batch * shape.context;
      const weight = (name: string) => parameters.get(name)!;
      const times = (x: Float64Array, name: string, scale = 1) =>
        matmul(x, weight(name), rows, x.length / rows, weight(name).length / (x.length / rows), scale);
      const norm = (x: Float64Array, name: string) => NORMS[recipe.architecture.norm].forward(x, weight(name), rows).y;

      const inputs = tokens.filter((_, i) => i % (shape.context + 1) !== shape.context);
      const position = parameters.get('embed.position') ?? null;
      const sizes = { batch, context: shape.context, width };
      let x = embeddingForward(inputs, weight('embed.token'), position, sizes, recipe.multipliers.embedding);
      expectMean('embedding', x);
      activations.layers.forEach(({ attention, mlp }, n) => {
        const input = norm(x, `layers.${n}.attn.norm`);
        for (const part of ['query', 'key', 'value']) {
          expectMean(`layers.${n}.attn.${part}`, times(input, `layers.${n}.attn.${part}`));
        }
        const attended = times(attention.attended.output, `layers.${n}.attn.out`, forward.branch);
        expectMean(`layers.${n}.attn`, attended);
        x = x.map((value, i) => value + attended[i]);
        const hidden = norm(x, `layers.${n}.mlp.norm`);
        for (const part of shape.architecture.activation === 'swiglu' ? ['gate', 'up'] : ['up']) {
          expectMean(`layers.${n}.mlp.${part}`, times(hidden, `layers.${n}.mlp.${part}`));
        }
        const added = times(mlp.active, `layers.${n}.mlp.down`, forward.branch);
        expectMean(`layers.${n}.mlp`, added);
        x = x.map((value, i) => value + added[i]);
      });
      const final = norm(x, 'final.norm');
      expectMean('final.norm', final);
      const V = shape.vocabulary;
      const transposed = (m: Float64Array) => m.map((_, at) => m[(at % V) * width + Math.floor(at / V)]);
      const unembed = recipe.architecture.tied ? transposed(weight('embed.token')) : weight('unembed');
      expectMean('logits', matmul(final, unembed, rows, width, V, forward.unembedding));
    }),
    { numRuns: 25 },
  );
});

describe('a probed cohort', () => {
  test('returns activations of each step before its update, and trains as it does without the probe', async () => {
    const recipe = recipeOf({ steps: 4, layers: 2 });
    const cohort = cohortOf([recipe, recipe], 8, [1, 2]);
    const probed = await train({ ...cohort, probe: true }, { keepParameters: 'all' });
    const plain = await train(cohort, { keepParameters: 'all' });
    expect(probed.losses).toEqual(plain.losses);
    expect(plain.outcomes[0].activations).toBeUndefined();
    for (const [r, outcome] of probed.outcomes.entries()) {
      const { modules, values } = outcome.activations!;
      expect(modules).toEqual(modulesOf(cohort.shape).map(({ name }) => name));
      expect(values).toHaveLength(4);
      const initial = float64Parameters(initialParameters(cohort.runs[r].table, r + 1));
      const { forward } = cohort.runs[r].table;
      const atStart = activationsOf(cohort.shape, forward, initial, await tokensOf(cohort, 0), cohort.batch);
      expect(values[0]).toEqual(meanActivations(cohort.shape, atStart));
      expect(values[3]).not.toEqual(values[0]);
    }
    // The logits start at zero with the unembedding.
    expect(probed.outcomes[0].activations!.values[0].at(-1)).toBe(0);
    expect(probed.outcomes[0].activations!.values[1].at(-1)).toBeGreaterThan(0);
  });

  test('says NaN of a diverged run from the step at which it diverged, and numbers of its neighbour', async () => {
    const optimizer = { learningRate: 10, weightDecay: 10, clip: 0 };
    const wild = recipeOf({ steps: 60, optimizer, schedule: { kind: 'constant' } });
    const { outcomes } = await train({ ...cohortOf([recipeOf({ steps: 60 }), wild], 8), probe: true });
    const { divergedAt, activations } = outcomes[1];
    expect(divergedAt).toBeGreaterThan(0);
    activations!.values.forEach((means, step) => {
      const isNumber = step < divergedAt!;
      expect(
        means.every((value) => Number.isFinite(value) === isNumber),
        `step ${step}`,
      ).toBe(true);
    });
    expect(activations!.values).toHaveLength(60);
    expect(outcomes[0].activations!.values.flat().every(Number.isFinite)).toBe(true);
  });
});
