/** The grammar corpus: one parse for every text, a law that what is written follows, and sentences that agree. */
import { describe, expect, test } from 'vitest';
import { buildCorpus } from '../../../src/data/corpus.ts';
import { grammarSource } from '../../../src/data/grammar/grammar.ts';
import { lexiconOf } from '../../../src/data/grammar/lexicon.ts';
import { Story } from '../../../src/data/grammar/story.ts';
import type { GrammarCorpusSpec } from '../../../src/model/corpora.ts';
import { randomStream } from '../../../src/model/random.ts';

const specOf = (changes: Partial<GrammarCorpusSpec> = {}): GrammarCorpusSpec => ({
  ...{ kind: 'grammar', vocabulary: 256, zipf: 1, affinity: 1, depth: 2, again: 0.7, seed: 1 },
  ...changes,
});
const planOf = (changes = {}) => ({ context: 40, batch: 4, steps: 5, evaluationSequences: 6, ...changes });
const seedOf = () => Math.floor(Math.random() * 2 ** 32);

describe('the lexicon', () => {
  test('has exactly as many tokens as it was asked for, each spelt in its own way', () => {
    for (const vocabulary of [128, 129, 200, 256, 301, 512, 1023, 1600]) {
      const { spelling } = lexiconOf(vocabulary);
      expect(spelling).toHaveLength(vocabulary);
      expect(new Set(spelling).size).toBe(vocabulary);
    }
  });

  test('has no noun or adjective behind "a" that would want "an"', () => {
    const { spelling, plain, singular } = lexiconOf(1600);
    const after = [plain.feeling, plain.quality, singular.person, singular.animal, singular.thing, singular.food];
    for (const { first, count } of after) {
      for (const word of spelling.slice(first, first + count)) expect(word).toMatch(/^[^aeiou]/);
    }
  });
});

describe('the law', () => {
  const settings = [
    specOf(),
    specOf({ vocabulary: 128, depth: 6, again: 0, affinity: 0 }),
    specOf({ vocabulary: 700, zipf: 0.4 }),
  ];

  test.each(settings)('knows one way to read every text, and is a law at every place: %o', (spec) => {
    const { grammar } = grammarSource(spec);
    const seed = seedOf();
    const { uniform } = randomStream(seed, 'texts');
    for (let text = 0; text < 12; text++) {
      const [written, read] = [new Story(grammar), new Story(grammar)];
      for (let t = 0; t < 80; t++) {
        const ways = new Uint32Array(spec.vocabulary);
        for (const { probability, words } of read.openings()) {
          expect(probability, `seed ${seed}`).toBeGreaterThan(0);
          words.probabilities.forEach((p, word) => p > 0 && ways[words.first + word]++);
        }
        expect(Math.max(...ways), `seed ${seed}`).toBe(1);
        const law = read.law();
        expect(law.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 10);
        const token = written.write(uniform);
        expect(law[token]).toBeGreaterThan(0);
        expect(read.probabilityOf(token)).toBeCloseTo(law[token], 12);
        read.read(token);
      }
    }
  });

  /** Follows the law into every beginning of `left` more tokens: the mean of the sum of −log p, exactly. */
  const exactLoss = (source: ReturnType<typeof grammarSource>, past: number[], left: number): number => {
    if (left === 0) return 0;
    const law = past.length === 0 ? new Story(source.grammar).law() : source.next(past);
    let sum = 0;
    law.forEach((p, token) => {
      if (p === 0) return;
      // The first token is never a label.
      sum += p * ((past.length > 0 ? -Math.log(p) : 0) + exactLoss(source, [...past, token], left - 1));
    });
    return sum;
  };

  test('gives a long sample the mean loss of all beginnings, within three standard errors', () => {
    const source = grammarSource(specOf({ vocabulary: 128, affinity: 2 }));
    const exact = exactLoss(source, [], 3);
    const random = randomStream(78, 'sample');
    const window = new Uint32Array(3);
    const sums = Array.from({ length: 20_000 }, () => {
      source.write(window, random);
      return source.lossesOf(window).reduce((a, b) => a + b, 0);
    });
    const mean = sums.reduce((a, b) => a + b, 0) / sums.length;
    const variance = sums.reduce((sum, one) => sum + (one - mean) ** 2, 0) / (sums.length - 1);
    expect(Math.abs(mean - exact)).toBeLessThan(3 * Math.sqrt(variance / sums.length));
  });

  test('is how often each word follows in what is written', () => {
    const { grammar } = grammarSource(specOf({ vocabulary: 128 }));
    const { uniform } = randomStream(79, 'words');
    // Behind "Anna": one place in the text, many times.
    const before = new Story(grammar);
    const name = grammar.lexicon.plain.she.first;
    before.read(name);
    const law = before.law();
    const counts = new Float64Array(law.length);
    const draws = 40_000;
    for (let i = 0; i < draws; i++) {
      const story = new Story(grammar);
      story.read(name);
      counts[story.write(uniform)]++;
    }
    law.forEach((p, token) => {
      expect(Math.abs(counts[token] / draws - p)).toBeLessThanOrEqual(5 * Math.sqrt((p * (1 - p)) / draws));
    });
  });
});

describe('the text', () => {
  const sampled = (changes: Partial<GrammarCorpusSpec>, tokens = 20_000) => {
    const { grammar } = grammarSource(specOf(changes));
    const story = new Story(grammar);
    const { uniform } = randomStream(seedOf(), 'text');
    return { grammar, tokens: Array.from({ length: tokens }, () => story.write(uniform)) };
  };

  test('agrees in number wherever a verb stands right behind its noun', () => {
    const { grammar, tokens } = sampled({ vocabulary: 300 });
    const { singular, plural } = grammar.lexicon;
    const within = (token: number, blocks: typeof singular, names: (keyof typeof singular)[]) =>
      names.some((name) => token >= blocks[name].first && token < blocks[name].first + blocks[name].count);
    const nouns = ['person', 'animal', 'thing', 'food'] as const;
    const verbs = ['act', 'happening', 'dealing', 'handling', 'meal', 'saying'] as const;
    let seen = 0;
    tokens.forEach((token, t) => {
      const next = tokens[t + 1];
      // Behind an object comes the verb of an outer clause, which has another subject.
      const isSubject = tokens[t - 2] === grammar.lexicon.fixed['.'];
      if (!isSubject || next === undefined) return;
      for (const [noun, verb, other] of [
        [singular, singular, plural],
        [plural, plural, singular],
      ]) {
        if (!within(token, noun, [...nouns])) continue;
        expect(within(next, other, [...verbs])).toBe(false);
        if (within(next, verb, [...verbs])) seen++;
      }
    });
    expect(seen).toBeGreaterThan(100);
  });

  test('speaks again of those who were named', () => {
    const repeats = (again: number) => {
      const { grammar, tokens } = sampled({ again, zipf: 0, vocabulary: 800 }, 400);
      const { she, he } = grammar.lexicon.plain;
      const names = tokens.filter((token) => token >= she.first && token < he.first + he.count);
      return 1 - new Set(names).size / names.length;
    };
    expect(repeats(0.9)).toBeGreaterThan(repeats(0) + 0.2);
  });

  test('begins every window with a sentence, and reads as one', () => {
    const { evaluation, decode, source } = buildCorpus(specOf(), planOf(), {});
    const text = decode(evaluation.subarray(0, 41));
    expect(text).toMatch(/^[A-Z]/);
    expect(text).not.toMatch(/ [.,]|\. [a-z]/);
    expect(source!.lossesOf(evaluation.subarray(0, 41))).toHaveLength(40);
  });

  test('has words by Zipf and preferences: each lowers what is left to learn', () => {
    const floor = (changes: Partial<GrammarCorpusSpec>) =>
      buildCorpus(specOf({ vocabulary: 1000, ...changes }), planOf({ evaluationSequences: 200 }), {})
        .evaluationEntropy!;
    const even = floor({ zipf: 0, affinity: 0 });
    expect(floor({ zipf: 1, affinity: 0 })).toBeLessThan(even - 0.2);
    expect(floor({ zipf: 0, affinity: 2 })).toBeLessThan(even - 0.2);
  });
});
