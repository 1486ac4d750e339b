/**
 * The recall corpus: a window is key, value, key, value, ... with a dictionary of its own, so that whoever has read a key before
 * knows its value, and whoever looks at no token but the last knows nothing of it (docs/corpora.md).
 */
import type { RecallCorpusSpec } from '../../model/corpora.ts';
import type { RandomStream } from '../../model/random.ts';
import { aliasTables } from '../alias.ts';
import { documentCorpus, type DocumentSource } from '../documents.ts';
import { draw, spectralChain } from '../spectral/spectral.ts';
import type { Corpus, TokenPlan } from '../token-plan.ts';

export function recallCorpus(spec: RecallCorpusSpec, plan: TokenPlan): Corpus {
  const source = recallSource(spec);
  const { keys } = spec;
  const corpus = documentCorpus(source, plan, spec.seed, 'recall');
  return {
    ...corpus,
    withoutPast: marginalLoss(source, corpus.evaluation, plan.context),
    // Keys by letter, values by number: "b 7 a 3 b 7".
    decode: (tokens) =>
      Array.from(tokens, (token) => (token < keys ? letters(token) : String(token - keys + 1))).join(' '),
    recall: { isKnown: isRecallable, chance: 1 / spec.values },
  };
}

/** Values whose keys stood in the window before. */
function isRecallable(window: ArrayLike<number>): Uint8Array {
  const seen = new Set<number>();
  return Uint8Array.from({ length: window.length - 1 }, (_, t) => {
    if (t % 2 === 1) return 0;
    const isKnown = seen.has(window[t]);
    seen.add(window[t]);
    return isKnown ? 1 : 0;
  });
}

interface RecallSource extends DocumentSource {
  /** π [K]: how often each key occurs. */
  stationary: Float64Array;
}

/** Tokens 0 to K-1 are keys, K to K+W-1 are values. */
export function recallSource({ keys, values, noise, ...chainSettings }: Omit<RecallCorpusSpec, 'kind'>): RecallSource {
  const chain = spectralChain({ kind: 'spectral', vocabulary: keys, ...chainSettings });
  const { transitions, stationary } = chain;
  const start = aliasTables(stationary, 1, keys);
  const next = aliasTables(transitions, keys, keys);
  const uniform = noise / values;
  /** What one sight of a value makes of the odds of that value being the key's. */
  const evidence = (1 - noise + uniform) / uniform;

  const keyLaw = (before: number | null) =>
    before === null ? stationary : transitions.subarray(before * keys, (before + 1) * keys);

  /** What has been seen of each key: each of its values how often, and any of them. */
  const seen = () => ({ counts: new Uint32Array(keys * values), sights: new Uint32Array(keys) });

  /** Probability that this value comes behind this key. */
  const valueProbability = ({ counts, sights }: ReturnType<typeof seen>, key: number, value: number): number => {
    if (sights[key] === 0) return 1 / values;
    const row = counts.subarray(key * values, (key + 1) * values);
    if (noise === 0) return row[value] > 0 ? 1 : 0;
    // Odds relative to the most seen value, so that no power overflows.
    const most = row.reduce((a, b) => Math.max(a, b), 0);
    let sum = 0;
    for (const count of row) sum += evidence ** (count - most);
    return (1 - noise) * (evidence ** (row[value] - most) / sum) + uniform;
  };

  /** Goes through a window and hands out the law's number for each token but the first. */
  function through(window: ArrayLike<number>, each: (t: number, ofToken: (token: number) => number) => void): void {
    const memory = seen();
    for (let t = 0; t + 1 <= window.length; t++) {
      const token = window[t];
      if (t % 2 === 1) {
        const key = window[t - 1];
        memory.counts[key * values + (token - keys)]++;
        memory.sights[key]++;
        const law = keyLaw(key);
        each(t + 1, (label) => (label < keys ? law[label] : 0));
      } else each(t + 1, (label) => (label < keys ? 0 : valueProbability(memory, token, label - keys)));
    }
  }

  return {
    vocabulary: keys + values,
    stationary,
    write: (into, random) => {
      const dictionary = Uint32Array.from({ length: keys }, () => random.below(values));
      let key = draw(start, 0, keys, random);
      for (let t = 0; t < into.length; t++) {
        if (t % 2 === 1) into[t] = keys + valueOf(dictionary[key], random);
        else {
          if (t > 0) key = draw(next, key, keys, random);
          into[t] = key;
        }
      }
    },
    lossesOf: (window) => {
      const losses = new Float64Array(window.length - 1);
      through(window, (t, ofToken) => {
        if (t < window.length) losses[t - 1] = -Math.log(ofToken(window[t]));
      });
      return losses;
    },
    next: (past) => {
      const law = new Float64Array(keys + values);
      through(past, (t, ofToken) => {
        if (t === past.length) law.forEach((_, token) => (law[token] = ofToken(token)));
      });
      return law;
    },
  };

  function valueOf(entry: number, random: RandomStream): number {
    return noise > 0 && random.uniform() < noise ? random.below(values) : entry;
  }
}

/** Mean −log p of the labels under the best law of the token before alone: each key by how often it occurs, each value alike. */
function marginalLoss({ stationary, vocabulary }: RecallSource, windows: Uint32Array, context: number): number {
  const ofValue = Math.log(vocabulary - stationary.length);
  let sum = 0;
  for (let start = 0; start < windows.length; start += context + 1) {
    for (let t = 1; t <= context; t++) {
      sum += t % 2 === 1 ? ofValue : -Math.log(stationary[windows[start + t]]);
    }
  }
  return sum / ((windows.length / (context + 1)) * context);
}

/** 0, 1, ... as a, b, ..., z, ba, bb, ... */
function letters(index: number): string {
  const last = String.fromCharCode(97 + (index % 26));
  return index < 26 ? last : letters(Math.floor(index / 26)) + last;
}
