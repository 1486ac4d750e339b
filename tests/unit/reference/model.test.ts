/** The whole model's gradient, written by hand, against differences of its loss at random odd shapes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { initialParameters } from '../../../src/model/initialise.ts';
import { parametrize } from '../../../src/model/parametrization.ts';
import { randomStream } from '../../../src/model/random.ts';
import { modelShape } from '../../../src/model/shape.ts';
import { float64Parameters, lossAndGradients, tokenLosses } from '../../../src/reference/model.ts';
import { recipeOf } from './cohorts.ts';
import { differences, relativeError } from './finite-differences.ts';
import { recipes, type DrawnRecipe } from './random-recipes.ts';

const drawnModels = fc.record({
  drawn: recipes,
  vocabulary: fc.integer({ min: 4, max: 11 }),
  batch: fc.integer({ min: 1, max: 3 }),
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
});

function modelOf({ recipe, width }: DrawnRecipe, vocabulary: number, batch: number, seed: number) {
  const shape = modelShape(recipe, width, vocabulary);
  const table = parametrize(recipe, shape);
  const parameters = float64Parameters(initialParameters(table, seed));
  const random = randomStream(seed, 'tokens');
  // Gains of one would hide a gain that is left out somewhere.
  for (const { name, role } of table.tensors) {
    if (role === 'norm') parameters.get(name)!.forEach((_, i, gain) => (gain[i] = 1 + 0.3 * random.normal()));
  }
  // Neighbours differ: where all values are the same, attention has no gradient to compare.
  let token = 0;
  const tokens = Uint32Array.from(
    { length: batch * (recipe.context + 1) },
    () => (token = (token + 1 + random.below(vocabulary - 1)) % vocabulary),
  );
  return { shape, table, parameters, tokens, batch };
}

test('gradients agree with differences in every tensor, whatever the options', () => {
  fc.assert(
    fc.property(drawnModels, ({ drawn, vocabulary, batch, seed }) => {
      const { shape, table, parameters, tokens } = modelOf(drawn, vocabulary, batch, seed);
      const { gradients } = lossAndGradients(shape, table.forward, parameters, tokens, batch);
      expect([...gradients.keys()]).toEqual(table.tensors.map(({ name }) => name));
      const f = () => mean(tokenLosses(shape, table.forward, parameters, tokens, batch));
      for (const { name, size } of table.tensors) {
        const gradient = gradients.get(name)!;
        expect(gradient).toHaveLength(size);
        const indices = sampleOf(gradient, 2, seed, name);
        const actual = indices.map((i) => gradient[i]);
        // A long step rounds less, a short one follows narrow bends (a norm of a nearly constant row): one of them must agree.
        const agrees = (step: number) =>
          relativeError(actual, differences(f, parameters.get(name)!, indices, step)) < 1e-5;
        expect([1e-3, 1e-4, 1e-5, 1e-6].some(agrees), name).toBe(true);
      }
    }),
    { numRuns: 25 },
  );
});

/** The entry with the largest gradient, which sets the scale, and a few at random: two do, for a tensor is met again in many of the drawn models. */
function sampleOf(gradient: Float64Array, count: number, seed: number, name: string): number[] {
  const random = randomStream(seed, `sample of ${name}`);
  let largest = 0;
  gradient.forEach((value, i) => {
    if (Math.abs(value) > Math.abs(gradient[largest])) largest = i;
  });
  return [largest, ...Array.from({ length: count }, () => random.below(gradient.length))];
}

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('the loss', () => {
  const recipe = recipeOf({
    headSize: 3,
    baseWidth: 3,
    layers: 2,
    context: 6,
    init: { query: 'key', unembedding: 1 },
  });
  const model = () => modelOf({ recipe, width: 6 }, 9, 2, 7);

  test('is the mean of the token losses, which the evaluation computes too', () => {
    const { shape, table, parameters, tokens, batch } = model();
    const result = lossAndGradients(shape, table.forward, parameters, tokens, batch);
    const alone = tokenLosses(shape, table.forward, parameters, tokens, batch);
    expect(result.tokenLosses).toEqual(alone);
    expect(result.loss).toBeCloseTo(mean(alone), 12);
  });

  test('starts at log V when the unembedding starts at zero', () => {
    const recipe = recipeOf({ corpus: { kind: 'spectral', vocabulary: 12 } });
    const shape = modelShape(recipe, 8, 12);
    const table = parametrize(recipe, shape);
    const parameters = float64Parameters(initialParameters(table, 3));
    const tokens = Uint32Array.from({ length: 9 }, (_, i) => i);
    const { loss } = lossAndGradients(shape, table.forward, parameters, tokens, 1);
    expect(loss).toBeCloseTo(Math.log(12), 12);
  });

  test('of a position does not depend on what follows it, and sequences do not see one another', () => {
    const { shape, table, parameters, tokens, batch } = model();
    const before = tokenLosses(shape, table.forward, parameters, tokens, batch);
    const changed = tokens.slice();
    // Position 4 of the first sequence: it is the label of position 3 and seen from position 4 on.
    changed[4] = (changed[4] + 1) % shape.vocabulary;
    const after = tokenLosses(shape, table.forward, parameters, changed, batch);
    const unequal = [...before].map((loss, i) => loss !== after[i]);
    expect(unequal.slice(0, 6)).toEqual([false, false, false, true, true, true]);
    expect(unequal.slice(6)).toEqual(new Array(6).fill(false));
  });
});
