/** A study that compares: what recipes must share to be compared at all. */
import { describe, expect, test } from 'vitest';
import { parseExperiment } from '../../../src/model/experiment.ts';
import { presetExperiment, presets } from '../../../src/model/presets.ts';
import { isPredicted } from '../../../src/model/study.ts';
import { expectRefusal, inputOf, type Loose } from './experiment-inputs.ts';

const compared = (change: (experiment: Loose) => void = () => {}): Loose =>
  inputOf((e) => {
    e.study = { kind: 'compare' };
    e.recipes.push({ ...structuredClone(e.recipes[0]), name: 'Other' });
    change(e);
  });

test.each<[what: string, field: string, says: RegExp, change: (experiment: Loose) => void]>([
  ['a single recipe', 'recipes', /needs at least 2 recipes/, (e) => e.recipes.pop()],
  ['another corpus', 'recipes[1].corpus', /its corpus must be the same/, (e) => (e.recipes[1].corpus.vocabulary = 32)],
  [
    'another tokenizer',
    'recipes[1].corpus',
    /different tokenizers, and nats per token do not compare between them; .* bits per byte\.$/,
    (e) => {
      e.recipes[0].corpus = { kind: 'text', file: 'a.txt' };
      e.recipes[1].corpus = { kind: 'text', file: 'a.txt', tokenizer: 'bytes' };
    },
  ],
  ['another context', 'recipes[1].context', /"Other" is compared with "muP"/, (e) => (e.recipes[1].context = 32)],
  [
    'another evaluation window',
    'recipes[1].evaluation.sequences',
    /on the same tokens/,
    (e) => (e.recipes[1].evaluation = { sequences: 8 }),
  ],
  ['a key of another study', 'study.margin', /allowed here: kind\./, (e) => (e.study.margin = 0.1)],
])('refuses %s', (_, field, says, change) => expectRefusal(compared(change), field, says));

describe('what is accepted', () => {
  test('is targets, and recipes that train on other batches', () => {
    const experiment = parseExperiment(compared((e) => Object.assign(e.recipes[1], { batch: 8, steps: 10 })));
    expect(experiment.ladder.targets).toEqual([24]);
    expect(isPredicted(experiment.study)).toBe(true);
  });

  test('is eight recipes and no target', () => {
    const experiment = compared((e) => {
      for (let i = 3; i <= 8; i++) e.recipes.push({ ...e.recipes[0], name: `Recipe ${i}` });
      e.ladder = { rungs: [8, 12, 16] };
    });
    expect(parseExperiment(experiment).recipes).toHaveLength(8);
  });

  test('is every preset that compares, and only what is predicted has targets', () => {
    const kinds = presets.map(({ id }) => presetExperiment(id)).filter(({ study }) => study.kind === 'compare');
    expect(kinds.length).toBeGreaterThan(0);
    for (const { id } of presets) {
      const { study, ladder } = presetExperiment(id);
      expect(ladder.targets.length > 0, id).toBe(isPredicted(study));
    }
  });
});
