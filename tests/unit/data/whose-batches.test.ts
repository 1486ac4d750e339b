/** Training tokens of all runs, and those that a width and seed have to themselves. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { buildCorpus } from '../../../src/data/corpus.ts';
import type { Corpus, TokenPlan } from '../../../src/data/token-plan.ts';
import { wholeOf } from '../../../src/data/segments.ts';
import { BOOK, type CorpusSpec } from '../../../src/model/corpora.ts';
import { trainingOf } from './windows.ts';

const TEXT = Array.from({ length: 400 }, (_, i) => `${String(i).padStart(4, '0')} `).join('');
const [WHOSE, OTHER, WIDER] = ['width 8, seed 1', 'width 8, seed 2', 'width 16, seed 1'];
const plan = { context: 8, batch: 4, steps: 5, evaluationSequences: 6 };
const build = (spec: CorpusSpec, planned: TokenPlan = plan) =>
  buildCorpus(spec, planned, { 'own.txt': TEXT, [BOOK]: TEXT });

const read = { heldOut: 0.1, tokenizer: 'characters', characters: 256 } as const;
/** With hashes of the windows that each gave when a stream was written as a whole: those of all runs, and of `WHOSE`. */
const CORPORA: [CorpusSpec, [string, string]][] = [
  [
    { kind: 'spectral', vocabulary: 16, alpha: 0.6, scale: 2, zipf: 0, seed: 1 },
    ['184ec6d2fdb2ce93', 'bf46a06d36f8e150'],
  ],
  [
    { kind: 'recall', keys: 8, values: 8, zipf: 1, scale: 0, alpha: 0.6, noise: 0, seed: 1 },
    ['419c05b958f7a75f', 'bb76baf11d1ecff6'],
  ],
  [
    { kind: 'grammar', vocabulary: 128, zipf: 1, affinity: 1, depth: 2, again: 0.7, seed: 1 },
    ['c14747f2809c7117', 'd5cfc325a114c1a0'],
  ],
  [{ kind: 'book', ...read }, ['49a2d9ced692ab97', '064c34e2a15acfb2']],
  [{ kind: 'text', file: 'own.txt', ...read }, ['49a2d9ced692ab97', '064c34e2a15acfb2']],
];

const windowsOf = (corpus: Corpus, whose: string | null, planned = plan) => trainingOf(corpus, planned, whose);

describe.each(CORPORA)('$kind', (spec, before) => {
  test('gives the tokens that it always gave', async () => {
    const corpus = build(spec);
    for (const [i, whose] of [null, WHOSE].entries()) {
      const hash = createHash('sha256');
      for (const part of [await wholeOf(corpus.streamOf(whose), plan), corpus.evaluation]) hash.update(part);
      expect(hash.digest('hex').slice(0, 16)).toBe(before[i]);
    }
  });

  test('has others of each width and seed, the same whenever they are asked for, and more of them for a longer plan', async () => {
    const corpus = build(spec);
    const wordsOf = async (from: Corpus, whose: string | null) => String(await windowsOf(from, whose));
    const each = await Promise.all([null, WHOSE, OTHER, WIDER].map((whose) => wordsOf(corpus, whose)));
    expect(new Set(each).size).toBe(4);
    expect(await wordsOf(corpus, WHOSE)).toBe(each[1]);
    expect(await wordsOf(build(spec), WHOSE)).toBe(each[1]);
    const more = { ...plan, steps: 9 };
    const longer = await windowsOf(build(spec, more), WHOSE, more);
    expect(longer).toHaveLength(36);
    expect(String(longer.slice(0, 20))).toBe(each[1]);
  });

  test('holds them to the same law', async () => {
    const long = { context: 16, batch: 50, steps: 40, evaluationSequences: 6 };
    const corpus = build(spec, long);
    const { source } = corpus;
    const [all, own] = await Promise.all([null, WHOSE].map((whose) => windowsOf(corpus, whose, long)));
    if (!source) {
      // Each pass takes every window of the text once.
      const passes = [all, own].map((windows) => new Set(windows.map(String)));
      const [first] = passes;
      expect(first.size).toBe(112);
      expect(new Set(own.slice(0, 112).map(String))).toEqual(first);
      return;
    }
    const [ofAll, ofOwn] = [all, own].map((windows) => {
      const losses = windows.map((window) => mean(source.lossesOf(window)));
      const centre = mean(losses);
      return { centre, variance: mean(losses.map((loss) => (loss - centre) ** 2)) / losses.length };
    });
    expect(Math.abs(ofAll.centre - ofOwn.centre)).toBeLessThan(3 * Math.sqrt(ofAll.variance + ofOwn.variance));
  });
});

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, one) => sum + one, 0) / values.length;
