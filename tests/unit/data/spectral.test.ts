/** The spectral corpus: its spectrum, its exact entropy, and that what is sampled is what was described. */
import { describe, expect, test, vi } from 'vitest';
import { buildCorpus } from '../../../src/data/corpus.ts';
import { windowsOf } from '../../../src/data/segments.ts';
import {
  chainWriter,
  entropy,
  spectralChain,
  stationaryDistribution,
  transitionLogits,
} from '../../../src/data/spectral/spectral.ts';
import type { TokenPlan } from '../../../src/data/token-plan.ts';
import type { SpectralCorpusSpec } from '../../../src/model/corpora.ts';
import { MOST_TOKENS } from '../../../src/model/memory.ts';
import { randomStream } from '../../../src/model/random.ts';
import { eachOf, trainingOf } from './windows.ts';

const specOf = (changes: Partial<SpectralCorpusSpec> = {}): SpectralCorpusSpec => ({
  kind: 'spectral',
  vocabulary: 16,
  alpha: 0.6,
  scale: 2,
  zipf: 0,
  seed: 1,
  ...changes,
});
const planOf = (changes = {}) => ({ context: 8, batch: 4, steps: 5, evaluationSequences: 6, ...changes });

describe('the chain', () => {
  test('has logits with the singular values it was asked for', () => {
    const [V, alpha, scale] = [24, 0.8, 1.5];
    const logits = transitionLogits(specOf({ vocabulary: V, alpha, scale }));
    // tr(LLᵀ) and tr((LLᵀ)²) are the sums of the second and fourth powers of the singular values.
    const weights = Array.from({ length: V }, (_, k) => (k + 1) ** -alpha);
    const squares = weights.reduce((sum, s) => sum + s ** 2, 0);
    const power = (p: number) => weights.reduce((sum, s) => sum + ((scale * V * s) / Math.sqrt(squares)) ** p, 0);
    let [second, fourth] = [0, 0];
    for (let i = 0; i < V; i++) {
      for (let k = 0; k < V; k++) {
        let product = 0;
        for (let j = 0; j < V; j++) product += logits[i * V + j] * logits[k * V + j];
        if (i === k) second += product;
        fourth += product ** 2;
      }
    }
    expect(second / power(2)).toBeCloseTo(1, 10);
    expect(fourth / power(4)).toBeCloseTo(1, 10);
    expect(second / (scale * V) ** 2).toBeCloseTo(1, 10);
  });

  test('subtracts z · log(rank) of the next token', () => {
    const [plain, ranked] = [transitionLogits(specOf()), transitionLogits(specOf({ zipf: 1.5 }))];
    plain.forEach((logit, at) => expect(ranked[at]).toBeCloseTo(logit - 1.5 * Math.log((at % 16) + 1), 12));
  });

  test('has rows that are distributions and a stationary one that power iteration finds too', () => {
    const { transitions, stationary, entropyRate } = spectralChain(specOf({ seed: 9 }));
    let power = new Float64Array(16).fill(1 / 16);
    for (let round = 0; round < 500; round++) {
      const next = new Float64Array(16);
      for (let i = 0; i < 16; i++) for (let j = 0; j < 16; j++) next[j] += power[i] * transitions[i * 16 + j];
      power = next;
    }
    let rate = 0;
    for (let i = 0; i < 16; i++) {
      const row = transitions.slice(i * 16, (i + 1) * 16);
      expect(row.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 13);
      expect(stationary[i]).toBeCloseTo(power[i], 13);
      rate += power[i] * row.reduce((sum, p) => sum - p * Math.log(p), 0);
    }
    expect(entropyRate).toBeCloseTo(rate, 12);
  });

  test('knows the stationary distribution of a chain that hardly mixes', () => {
    const leave = 1e-12;
    const stationary = stationaryDistribution(Float64Array.of(1 - leave, leave, 3 * leave, 1 - 3 * leave), 2);
    expect(stationary[0]).toBeCloseTo(0.75, 12);
  });

  test('of 256 tokens has the entropies of an independent implementation', () => {
    const { entropyRate, stationary } = spectralChain(specOf({ vocabulary: 256 }));
    // Another random generator draws another chain of the same kind.
    expect(Math.abs(entropyRate - 3.87)).toBeLessThan(0.05);
    expect(Math.abs(entropy(stationary) - 5.41)).toBeLessThan(0.05);
  });

  test('is even, with an entropy of log V, when its logits have no size', () => {
    expect(spectralChain(specOf({ scale: 0 })).entropyRate).toBeCloseTo(Math.log(16), 13);
  });
});

describe('sampling', () => {
  test('draws each transition as often as the chain says', () => {
    const [V, count] = [6, 200_000];
    const chain = spectralChain(specOf({ vocabulary: V }));
    const tokens = windowsOf(chainWriter(chain)(randomStream(5, 'test')), 1, count);
    const pairs = new Float64Array(V * V);
    for (let i = 1; i < count; i++) pairs[tokens[i - 1] * V + tokens[i]]++;
    pairs.forEach((seen, at) => {
      const from = Math.floor(at / V);
      const visits = pairs.slice(from * V, (from + 1) * V).reduce((sum, n) => sum + n, 0);
      const p = chain.transitions[at];
      // Five standard deviations; the seed is fixed, so this cannot fail by chance.
      expect(Math.abs(seen - visits * p)).toBeLessThan(5 * Math.sqrt(visits * p * (1 - p)) + 1);
    });
  });

  test('costs two random numbers a token, however large the vocabulary', () => {
    const random = randomStream(1, 'test');
    const [below, uniform] = [vi.spyOn(random, 'below'), vi.spyOn(random, 'uniform')];
    windowsOf(chainWriter(spectralChain(specOf({ vocabulary: 64 })))(random), 1, 1000);
    expect([below.mock.calls.length, uniform.mock.calls.length]).toEqual([1000, 1000]);
  });
});

describe('the streams', () => {
  test('hold what the plan needs, each token a label once', async () => {
    const corpus = buildCorpus(specOf(), planOf(), {});
    const { evaluation, vocabulary, notes } = corpus;
    expect(vocabulary).toBe(16);
    expect(notes).toEqual([]);
    const trained = await trainingOf(corpus, planOf());
    expect(trained).toHaveLength(5 * 4);
    const held = eachOf(evaluation, planOf());
    expect(held).toHaveLength(6);
    for (const windows of [trained, held]) {
      for (const [w, window] of windows.entries()) {
        expect(window.every((token) => token < 16)).toBe(true);
        if (w > 0) expect(window[0]).toBe(windows[w - 1][8]);
      }
    }
    expect(held).not.toEqual(trained.slice(0, 6));
  });

  test('begin alike whatever the steps and the batch, and change with the seed', async () => {
    const read = async (spec: SpectralCorpusSpec, plan: TokenPlan) => {
      const corpus = buildCorpus(spec, plan, {});
      return { train: await trainingOf(corpus, plan), evaluation: corpus.evaluation };
    };
    const short = await read(specOf(), planOf());
    for (const changes of [{ steps: 9 }, { batch: 7 }, { evaluationSequences: 11 }]) {
      const long = await read(specOf(), planOf(changes));
      expect(long.train.slice(0, short.train.length)).toEqual(short.train);
      expect(long.evaluation.slice(0, short.evaluation.length)).toEqual(short.evaluation);
    }
    expect((await read(specOf({ seed: 2 }), planOf())).train).not.toEqual(short.train);
  });

  test('know the exact mean −log p of the evaluation window', () => {
    const corpus = buildCorpus(specOf(), planOf({ evaluationSequences: 400 }), {});
    const { transitions } = spectralChain(specOf());
    const windows = eachOf(corpus.evaluation, planOf());
    let sum = 0;
    for (const window of windows) {
      for (let t = 1; t <= 8; t++) sum -= Math.log(transitions[window[t - 1] * 16 + window[t]]);
    }
    expect(corpus.evaluationEntropy).toBeCloseTo(sum / (windows.length * 8), 12);
    expect(Math.abs(corpus.evaluationEntropy! - corpus.entropyRate!)).toBeLessThan(0.1);
  });

  test('read as numbers', () => {
    expect(buildCorpus(specOf(), planOf(), {}).decode(Uint32Array.of(3, 15, 0))).toBe('3 15 0');
  });

  test('train for any number of steps; what is held out is refused beyond what memory holds, saying what would fit', () => {
    expect(() => buildCorpus(specOf(), planOf({ steps: 1_000_000, batch: 4096 }), {})).not.toThrow();
    const sequences = () => buildCorpus(specOf(), planOf({ context: 1024, evaluationSequences: 2 ** 18 }), {});
    expect(sequences).toThrow(expect.objectContaining({ name: 'InputError', field: 'evaluation.sequences' }));
    expect(sequences).toThrow(`use at most ${MOST_TOKENS / 1024}.`);
  });
});
