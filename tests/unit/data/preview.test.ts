import { expect, test } from 'vitest';
import { previewOf } from '../../../src/data/preview.ts';
import type { CorpusSpec } from '../../../src/model/corpora.ts';

const specs: CorpusSpec[] = [
  { kind: 'spectral', vocabulary: 16, alpha: 0.6, scale: 2, zipf: 0, seed: 1 },
  { kind: 'recall', keys: 6, values: 5, zipf: 1, scale: 0, alpha: 0.6, noise: 0.1, seed: 1 },
  { kind: 'grammar', vocabulary: 200, zipf: 1, affinity: 1, depth: 2, again: 0.7, seed: 1 },
];

test.each(specs)('shows a window of $kind with the law behind each token', (spec) => {
  const { pieces, losses, next, floor, vocabulary } = previewOf({ spec, context: 20 });
  expect(pieces).toHaveLength(20);
  expect(losses[0]).toBeNull();
  expect(floor).toBeGreaterThan(0);
  expect(floor).toBeLessThan(Math.log(vocabulary));
  next.slice(0, -1).forEach((likely, t) => {
    expect(likely.length).toBeGreaterThan(0);
    likely.reduce((before, { probability }) => {
      expect(probability).toBeLessThanOrEqual(before);
      return probability;
    }, 1);
    const came = likely.find(({ piece }) => piece === pieces[t + 1].trim());
    if (came) expect(came.probability).toBeCloseTo(Math.exp(-losses[t + 1]!), 12);
  });
});

test.each([
  [{ ...specs[1], keys: -3 }, 20, /^corpus\.keys/],
  [{ ...specs[0], alpha: 9 }, 20, /^corpus\.alpha/],
  [{ ...specs[2], vocabulary: NaN }, 20, /^corpus\.vocabulary/],
  [specs[0], -1, /^context/],
])('settings that are not allowed are refused by their sentence, never drawn: %#', (spec, context, sentence) => {
  expect(() => previewOf({ spec: spec as CorpusSpec, context })).toThrow(sentence);
});

test('of a text nobody knows the law', () => {
  expect(() =>
    previewOf({
      spec: { kind: 'text', file: 'a.txt', heldOut: 0.1, tokenizer: 'characters', characters: 256 },
      context: 8,
    }),
  ).toThrow('nobody knows the law');
});

test('the floor is that of windows as long as those that are trained on, of which the beginning is shown', () => {
  const [short, long] = [64, 256].map((context) => previewOf({ spec: specs[1], context }));
  expect(long.pieces).toHaveLength(64);
  // Dictionaries are better known towards the end of a window.
  expect(long.floor).toBeLessThan(short.floor - 0.01);
});
