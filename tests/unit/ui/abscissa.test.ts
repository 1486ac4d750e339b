import { expect, test } from 'vitest';
import { presetExperiment } from '../../../src/model/presets.ts';
import { countParameters, modelShape, trainingFlops } from '../../../src/model/shape.ts';
import { ABSCISSAE, ABSCISSA_WORDS, abscissaOf } from '../../../src/ui/law/abscissa.ts';

const recipe = presetExperiment('smoke').recipes[0];
const shape = modelShape(recipe, 24, 64);
const counts = countParameters(shape);

test.each([
  ['width', 24],
  ['nonEmbedding', counts.nonEmbedding],
  ['total', counts.total],
  ['flops', trainingFlops(shape, recipe.steps * recipe.batch * recipe.context)],
] as const)('%s', (kind, wanted) => expect(abscissaOf(kind, recipe, 24, 64)).toBe(wanted));

test('every abscissa grows with the width and has a button of its own', () => {
  for (const kind of ABSCISSAE)
    expect(abscissaOf(kind, recipe, 32, 64)).toBeGreaterThan(abscissaOf(kind, recipe, 24, 64));
  expect(new Set(ABSCISSAE.map((kind) => ABSCISSA_WORDS[kind].button)).size).toBe(ABSCISSAE.length);
});
