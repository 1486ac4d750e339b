/** What the engine says of trained models, held against the reference: any option, odd shapes, windows of any number. */
import { describe, expect, test } from 'vitest';
import { initialParameters } from '../../src/model/initialise.ts';
import { randomStream } from '../../src/model/random.ts';
import type { TrainedModel } from '../../src/model/training.ts';
import { createReferenceEngine } from '../../src/reference/trainer.ts';
import { cohortOf, recipeOf, train } from './cohorts.ts';
import { drawRecipe } from './drawn-recipes.ts';
import { newEngine } from './shared-device.ts';

const engine = newEngine();
const reference = createReferenceEngine();
const SEED = Number(import.meta.env['VITE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const random = randomStream(SEED, 'models to read');

const closeTo = (actual: ArrayLike<number>, expected: ArrayLike<number>, tolerance: number, what: string) => {
  expect(actual.length, what).toBe(expected.length);
  const size = Math.max(1, ...Array.from(expected, Math.abs));
  for (let i = 0; i < expected.length; i++) {
    expect(Math.abs(actual[i] - expected[i]), `${what} at ${i}`).toBeLessThan(tolerance * size);
  }
};

describe(`a trained model (seed ${SEED})`, () => {
  for (let round = 0; round < 8; round++) {
    const { recipe: drawn, width, vocabulary, words } = drawRecipe(random, 2);
    const precision = round % 4 === 3 ? 'float16' : 'float32';
    const recipe = { ...drawn, architecture: { ...drawn.architecture, precision } } as const;
    // What is rounded to 11 bits may fall to either side of a step.
    const tolerance = precision === 'float16' ? 1e-2 : 1e-4;
    test(`answers as the reference does: ${precision}, ${words}`, async () => {
      const { shape, runs, stream } = cohortOf([recipe], { width, vocabulary }, SEED + round);
      const { table } = runs[0];
      const parameters = new Map(
        [...initialParameters(table, SEED)].map(([name, values]) => [
          name,
          values.map((x) => x + 0.2 * random.normal()),
        ]),
      );
      const model: TrainedModel = { shape, table, parameters };
      const [read, expected] = [await engine.read(model), await reference.read(model)];
      const { context, layers, heads } = shape;
      for (const count of [1, 3]) {
        const windows = stream.evaluation.slice(0, count * (context + 1));
        closeTo(await read.losses(windows), await expected.losses(windows), tolerance, `losses of ${count} windows`);
      }
      for (const n of new Set([1, 1 + random.below(context), context])) {
        const tokens = stream.evaluation.slice(0, n);
        closeTo(await read.logits(tokens), await expected.logits(tokens), tolerance, `logits behind ${n} tokens`);
        const place = { layer: random.below(layers), head: random.below(heads) };
        const what = `head ${place.head} of layer ${place.layer} on ${n} tokens`;
        closeTo(await read.attention(tokens, place), await expected.attention(tokens, place), tolerance, what);
      }
      read.close();
    });
  }

  test('has the losses of its evaluation, answers to the same bits again, and while others train', async () => {
    const cohort = cohortOf([recipeOf({ steps: 30 })], { width: 16, vocabulary: 16 }, SEED);
    const { outcomes } = await train(engine, cohort, { keepParameters: 'all' });
    const { shape, runs, stream } = cohort;
    const model = { shape, table: runs[0].table, parameters: outcomes[0].parameters! };
    const ask = async () => {
      const reader = await engine.read(model);
      const answers = {
        losses: await reader.losses(stream.evaluation),
        logits: await reader.logits(stream.evaluation.slice(0, 5)),
        attention: await reader.attention(stream.evaluation.slice(0, 5), { layer: 0, head: 1 }),
      };
      reader.close();
      return answers;
    };
    const alone = await ask();
    const mean = alone.losses.reduce((sum, loss) => sum + loss, 0) / alone.losses.length;
    expect(mean).toBeCloseTo(outcomes[0].finalEvalLoss!, 4);
    const other = cohortOf([recipeOf({ steps: 300 })], { width: 32, vocabulary: 16 }, SEED);
    const undisturbed = await train(engine, other);
    const training = train(engine, other);
    expect(await ask()).toEqual(alone);
    expect((await training).losses).toEqual(undisturbed.losses);
  });
});
