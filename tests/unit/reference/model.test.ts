/** The whole model's gradient, written by hand, against differences of its loss at random odd shapes. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { initialParameters } from '../../../src/model/initialise.ts';
import { parametrize } from '../../../src/model/parametrization.ts';
import { randomStream } from '../../../src/model/random.ts';
import { modelShape } from '../../../src/model/shape.ts';
import { float64Parameters, lossAndGradients, tokenLosses } from '../../../src/reference/model.ts';
import { recipeOf } from './cohorts.ts';
import { differences } from './finite-differences.ts';
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
        const direction = directionOf(size, seed, name);
        const slope = dot(gradient, direction);
        const scale = Math.max(Math.abs(slope), Math.sqrt(dot(gradient, gradient)));
        // A long step rounds less, a short one follows narrow bends (a norm of a nearly constant row): one of them must agree.
        const agrees = (step: number) =>
          Math.abs(slope - slopeAlong(direction, parameters.get(name)!, f, step)) < 1e-5 * scale;
        expect([1e-3, 1e-4, 1e-5, 1e-6].some(agrees), name).toBe(true);
      }
    }),
    { numRuns: 25 },
  );
});

/** One direction with a part of every entry: an entry that is wrong shows in its slope, whichever it is. */
function directionOf(size: number, seed: number, name: string): Float64Array {
  const random = randomStream(seed, `direction of ${name}`);
  return Float64Array.from({ length: size }, () => random.normal());
}

/** The slope of f by differences, with all entries moved at once. */
function slopeAlong(direction: Float64Array, values: Float64Array, f: () => number, step: number): number {
  const start = values.slice();
  const distance = Float64Array.of(0);
  const at = () => {
    for (let i = 0; i < values.length; i++) values[i] = start[i] + distance[0] * direction[i];
    return f();
  };
  const [slope] = differences(at, distance, [0], step);
  values.set(start);
  return slope;
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i], 0);

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
