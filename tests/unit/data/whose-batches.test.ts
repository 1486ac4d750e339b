/** Training tokens of all runs, and those that a width and seed have to themselves. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { buildCorpus } from '../../../src/data/corpus.ts';
import type { TokenPlan, TrainingTokens } from '../../../src/data/token-plan.ts';
import { BOOK, type CorpusSpec } from '../../../src/model/corpora.ts';

const TEXT = Array.from({ length: 400 }, (_, i) => `${String(i).padStart(4, '0')} `).join('');
const [WHOSE, OTHER, WIDER] = ['width 8, seed 1', 'width 8, seed 2', 'width 16, seed 1'];
const plan = { context: 8, batch: 4, steps: 5, evaluationSequences: 6 };
const build = (spec: CorpusSpec, planned: TokenPlan = plan) =>
  buildCorpus(spec, planned, { 'own.txt': TEXT, [BOOK]: TEXT });

const read = { heldOut: 0.1, tokenizer: 'characters', characters: 256 } as const;
/** With a hash of what each gave before seeds could draw batches. */
const CORPORA: [CorpusSpec, string][] = [
  [{ kind: 'spectral', vocabulary: 16, alpha: 0.6, scale: 2, zipf: 0, seed: 1 }, '6d622619942ed26d'],
  [{ kind: 'recall', keys: 8, values: 8, zipf: 1, scale: 0, alpha: 0.6, noise: 0, seed: 1 }, '3791bba6563686ae'],
  [{ kind: 'grammar', vocabulary: 128, zipf: 1, affinity: 1, depth: 2, again: 0.7, seed: 1 }, '927ed5bb65615b63'],
  [{ kind: 'book', ...read }, '06d958c7a9e8563d'],
  [{ kind: 'text', file: 'own.txt', ...read }, '06d958c7a9e8563d'],
];

const windowsOf = ({ train, trainStarts }: TrainingTokens, context: number) =>
  Array.from(trainStarts, (start) => train.subarray(start, start + context + 1));

describe.each(CORPORA)('$kind', (spec, before) => {
  test('gives all runs the tokens that it always gave', () => {
    const { train, trainStarts, evaluation, evaluationStarts } = build(spec).stream;
    const hash = createHash('sha256');
    for (const part of [train, trainStarts, evaluation, evaluationStarts]) hash.update(part);
    expect(hash.digest('hex').slice(0, 16)).toBe(before);
  });

  test('has others of each width and seed, the same whenever they are asked for, and more of them for a longer plan', () => {
    const { stream, trainingOf } = build(spec);
    const words = (tokens: TrainingTokens) => String(windowsOf(tokens, 8));
    const each = [stream, ...[WHOSE, OTHER, WIDER].map(trainingOf)].map(words);
    expect(new Set(each).size).toBe(4);
    expect(words(trainingOf(WHOSE))).toBe(each[1]);
    const longer = windowsOf(build(spec, { ...plan, steps: 9 }).trainingOf(WHOSE), 8);
    expect(longer).toHaveLength(36);
    expect(String(longer.slice(0, 20))).toBe(each[1]);
  });

  test('holds them to the same law', () => {
    const long = { context: 16, batch: 50, steps: 40, evaluationSequences: 6 };
    const { trainingOf, source, stream } = build(spec, long);
    if (!source) {
      // Each pass takes every window of the text once.
      const windows = stream.train.length - 1 - ((stream.train.length - 1) % 16);
      const pass = [...trainingOf(WHOSE).trainStarts.subarray(0, windows / 16)].sort((a, b) => a - b);
      expect(pass).toEqual(pass.map((_, i) => 16 * i));
      return;
    }
    const means = [null, WHOSE].map((whose) => {
      const losses = windowsOf(trainingOf(whose), 16).map((window) => mean(source.lossesOf(window)));
      const centre = mean(losses);
      return { centre, variance: mean(losses.map((loss) => (loss - centre) ** 2)) / losses.length };
    });
    const [all, own] = means;
    expect(Math.abs(all.centre - own.centre)).toBeLessThan(3 * Math.sqrt(all.variance + own.variance));
  });
});

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, one) => sum + one, 0) / values.length;
