/** Answers about trained models, held against the passes that training itself takes. */
import { expect, test } from 'vitest';
import { initialParameters } from '../../../src/model/initialise.ts';
import { randomStream } from '../../../src/model/random.ts';
import { activationsOf, float64Parameters, tokenLosses } from '../../../src/reference/model.ts';
import { readerOf } from '../../../src/reference/reader.ts';
import { cohortOf } from '../../gpu/cohorts.ts';
import { drawRecipe } from '../../gpu/drawn-recipes.ts';

const random = randomStream(20, 'models to read');
const drawn = Array.from({ length: 6 }, () => drawRecipe(random, 2));

test.each(drawn)('of $words', async ({ recipe, width, vocabulary }) => {
  const { shape, runs, stream } = cohortOf([recipe], { width, vocabulary }, 3);
  const { table } = runs[0];
  // What is drawn may begin at zero; what was trained does not.
  const parameters = new Map(
    [...initialParameters(table, 5)].map(([name, values]) => [name, values.map((x) => x + 0.3 * random.normal())]),
  );
  const reader = readerOf({ shape, table, parameters });
  const { context } = shape;
  const windows = stream.evaluation.slice(0, 2 * (context + 1));
  const values = float64Parameters(parameters);

  const losses = await reader.losses(windows);
  expect(losses).toEqual(Float32Array.from(tokenLosses(shape, table.forward, values, windows, 2)));

  // Of fewer tokens than a window has: what follows them changes nothing.
  const n = 1 + random.below(context);
  const whole = activationsOf(shape, table.forward, values, windows.subarray(0, context + 1), 1);
  const logits = await reader.logits(windows.subarray(0, n));
  logits.forEach((logit, i) => expect(logit).toBeCloseTo(whole.logits[(n - 1) * vocabulary + i], 4));

  const place = { layer: random.below(shape.layers), head: random.below(shape.heads) };
  const weights = await reader.attention(windows.subarray(0, n), place);
  const { probabilities } = whole.layers[place.layer].attention.attended;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const expected = probabilities[(place.head * context + i) * context + j];
      expect(weights[i * n + j]).toBeCloseTo(expected, 5);
    }
  }
});
