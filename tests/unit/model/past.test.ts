import { expect, test } from 'vitest';
import type { CorpusSpec } from '../../../src/model/corpora.ts';
import { cannotTell } from '../../../src/model/past.ts';
import { presetExperiment } from '../../../src/model/presets.ts';
import type { Recipe } from '../../../src/model/recipe.ts';

const [BASE] = presetExperiment('compare-smoke').recipes;
const RECALL: CorpusSpec = { kind: 'recall', keys: 8, values: 8, zipf: 1, scale: 0, alpha: 0.6, noise: 0, seed: 1 };

function changed(change: (recipe: Recipe) => void, corpus = BASE.corpus): Recipe {
  const recipe = structuredClone({ ...BASE, corpus });
  change(recipe);
  return recipe;
}

const rope = (corpus?: CorpusSpec) =>
  changed((recipe) => {
    recipe.name = 'RoPE';
    recipe.architecture.position = 'rope';
  }, corpus);

test('what only attention or positions do cannot be told where the last token says all', () => {
  const normed = changed((recipe) => {
    recipe.architecture.qkNorm = true;
    recipe.init.query = 'key';
  });
  for (const other of [rope(), normed]) {
    expect(cannotTell([BASE, other])).toMatch(
      /^The spectral corpus cannot tell: .* Ask on recall, grammar or a text\.$/,
    );
  }
  expect(cannotTell([BASE], ['multipliers.attention'])).toMatch(/spectral/);
});

test('nor where every value is drawn by chance', () => {
  const chance = { ...RECALL, noise: 1 };
  expect(cannotTell([changed(() => undefined, chance), rope(chance)])).toMatch(/^The recall corpus cannot tell: /);
});

test('it can be told on a corpus with a past, and other questions anywhere', () => {
  expect(cannotTell([changed(() => undefined, RECALL), rope(RECALL)])).toBeNull();
  const sgd = changed((recipe) => (recipe.parametrization = 'sp'));
  expect(cannotTell([BASE, sgd])).toBeNull();
  // Two things at once: one of them may be told.
  const both = changed((recipe) => {
    recipe.parametrization = 'sp';
    recipe.architecture.position = 'rope';
  });
  expect(cannotTell([BASE, both])).toBeNull();
  expect(cannotTell([BASE], ['optimizer.learningRate'])).toBeNull();
  expect(cannotTell([BASE])).toBeNull();
});
