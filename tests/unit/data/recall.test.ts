/** The recall corpus: its law against every window there can be, and that what is written follows it. */
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { buildCorpus } from '../../../src/data/corpus.ts';
import type { TokenPlan } from '../../../src/data/token-plan.ts';
import { recallSource } from '../../../src/data/recall/recall.ts';
import { spectralChain } from '../../../src/data/spectral/spectral.ts';
import { corpusSchema, type RecallCorpusSpec } from '../../../src/model/corpora.ts';
import { randomStream } from '../../../src/model/random.ts';
import { trainingOf } from './windows.ts';

const specOf = (changes: Partial<RecallCorpusSpec> = {}): RecallCorpusSpec => ({
  ...{ kind: 'recall', keys: 16, values: 16, zipf: 1, scale: 0, alpha: 0.6, noise: 0, seed: 1 },
  ...changes,
});
const planOf = (changes = {}) => ({ context: 8, batch: 4, steps: 5, evaluationSequences: 6, ...changes });

/** Probability of every window of `length` tokens, by going through all dictionaries, key sequences and noisy draws. */
function everyWindow(spec: RecallCorpusSpec, length: number): Map<string, number> {
  const { keys: K, values: W, noise, ...chain } = spec;
  const { stationary, transitions } = spectralChain({ ...chain, kind: 'spectral', vocabulary: K });
  const windows = new Map<string, number>();
  const extend = (window: number[], dictionary: number[], p: number): void => {
    if (p === 0) return;
    if (window.length === length) {
      windows.set(window.join(), (windows.get(window.join()) ?? 0) + p);
      return;
    }
    if (window.length % 2 === 0) {
      const before = window.at(-2);
      for (let key = 0; key < K; key++) {
        extend(
          [...window, key],
          dictionary,
          p * (before === undefined ? stationary[key] : transitions[before * K + key]),
        );
      }
    } else {
      const entry = dictionary[window.at(-1)!];
      for (let value = 0; value < W; value++) {
        extend([...window, K + value], dictionary, p * (noise / W + (value === entry ? 1 - noise : 0)));
      }
    }
  };
  for (let code = 0; code < W ** K; code++) {
    const dictionary = Array.from({ length: K }, (_, k) => Math.floor(code / W ** k) % W);
    extend([], dictionary, W ** -K);
  }
  return windows;
}

const tiny = [
  specOf({ keys: 2, values: 3, noise: 0.3, zipf: 0.7 }),
  specOf({ keys: 3, values: 2, noise: 0.15, scale: 1.5, seed: 4 }),
  specOf({ keys: 3, values: 3, zipf: 2 }),
];

describe('the law', () => {
  test.each(tiny)('is that of all windows there can be: %o', (spec) => {
    const length = 6;
    const windows = everyWindow(spec, length);
    const source = recallSource(spec);
    const prefixes = new Map<string, number>();
    for (const [window, p] of windows) {
      const tokens = window.split(',');
      for (let t = 1; t <= length; t++) {
        const prefix = tokens.slice(0, t).join();
        prefixes.set(prefix, (prefixes.get(prefix) ?? 0) + p);
      }
    }
    expect([...windows.values()].reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
    for (const [window, p] of windows) {
      const tokens = window.split(',').map(Number);
      source.lossesOf(tokens).forEach((loss, t) => {
        const exact = prefixes.get(tokens.slice(0, t + 2).join())! / prefixes.get(tokens.slice(0, t + 1).join())!;
        expect(Math.exp(-loss)).toBeCloseTo(exact, 10);
      });
      expect(p).toBeGreaterThan(0);
    }
    for (const prefix of [...prefixes.keys()].filter((one) => one.split(',').length < length)) {
      const tokens = prefix.split(',').map(Number);
      source.next(tokens).forEach((p, token) => {
        const exact = (prefixes.get([...tokens, token].join()) ?? 0) / prefixes.get(prefix)!;
        expect(p).toBeCloseTo(exact, 10);
      });
    }
  });

  test.each(tiny)('gives a long sample the mean loss of all windows, within three standard errors: %o', (spec) => {
    const context = 5;
    const source = recallSource(spec);
    let exact = 0;
    for (const [window, p] of everyWindow(spec, context + 1)) {
      exact += (p * source.lossesOf(window.split(',').map(Number)).reduce((a, b) => a + b, 0)) / context;
    }
    const random = randomStream(77, 'sample');
    const window = new Uint32Array(context + 1);
    const means = Array.from({ length: 4000 }, () => {
      source.write(window, random);
      return source.lossesOf(window).reduce((a, b) => a + b, 0) / context;
    });
    const mean = means.reduce((a, b) => a + b, 0) / means.length;
    const variance = means.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (means.length - 1);
    expect(Math.abs(mean - exact)).toBeLessThan(3 * Math.sqrt(variance / means.length));
  });

  test('of a value that was seen many times overflows nowhere', () => {
    const source = recallSource(specOf({ keys: 2, values: 2, noise: 1e-9 }));
    const window = Array.from({ length: 1001 }, (_, t) => (t % 2 ? 3 : 0));
    expect(source.lossesOf(window).every((loss) => loss >= 0 && Number.isFinite(loss))).toBe(true);
    expect(source.next(window.slice(0, -1)).every((p) => p >= 0 && p <= 1)).toBe(true);
  });
});

describe('the corpus', () => {
  test('has the floor and the marginal law that others measured', () => {
    const plan = planOf({ context: 64, evaluationSequences: 2048 });
    const sixteen = buildCorpus(specOf(), plan, {});
    expect(sixteen.evaluationEntropy).toBeCloseTo(1.67, 1);
    expect(sixteen.withoutPast).toBeCloseTo(2.566, 1);
    const eight = buildCorpus(specOf({ keys: 8, values: 8 }), plan, {});
    expect(eight.evaluationEntropy).toBeCloseTo(1.146, 1);
    expect(eight.withoutPast).toBeCloseTo(1.948, 1);
  });

  test('begins every window with a document of its own, and the same for a longer plan', async () => {
    const read = (plan: TokenPlan) => trainingOf(buildCorpus(specOf(), plan, {}), plan);
    const [short, long] = [await read(planOf()), await read(planOf({ steps: 50 }))];
    expect(short).toHaveLength(20);
    expect(long.slice(0, 20)).toEqual(short);
    for (const window of short) {
      expect([...window].map((token) => token < 16)).toEqual([...window].map((_, t) => t % 2 === 0));
      const values = new Map<number, number>();
      for (let t = 0; t + 1 < 9; t += 2) {
        expect(values.get(window[t]) ?? window[t + 1]).toBe(window[t + 1]);
        values.set(window[t], window[t + 1]);
      }
    }
  });

  test('reads as letters and numbers', () => {
    const { decode } = buildCorpus(specOf({ keys: 30 }), planOf(), {});
    expect(decode([0, 30, 25, 45, 26, 31])).toBe('a 1 z 16 ba 2');
  });

  test('refuses what it cannot be, by the name of the field', () => {
    const refusal = (changes: object) => () => v.parse(corpusSchema, { ...specOf(), ...changes });
    expect(refusal({ keys: 1 })).toThrow('keys must be a whole number from 2 to 512, not 1');
    expect(refusal({ noise: 1.5 })).toThrow('noise must be a number from 0 to 1, not 1.5');
  });
});
