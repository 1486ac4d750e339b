/**
 * The spectral corpus: a Markov chain over tokens whose matrix of transition logits has a spectrum that falls as a power law,
 * so that a model of width d can hold about d of its modes. Its entropy rate is known exactly (docs/corpora.md).
 */
import type { SpectralCorpusSpec } from '../../model/corpora.ts';
import { randomStream, type RandomStream } from '../../model/random.ts';
import { aliasTables, type AliasTables } from '../alias.ts';
import { windowsOf, writtenTokens, type WindowWriter } from '../segments.ts';
import { purposeOf, streamsOf, type Corpus, type Source, type TokenPlan } from '../token-plan.ts';

/** The training stream and the evaluation stream are independent samples of one chain. */
export function spectralCorpus(spec: SpectralCorpusSpec, plan: TokenPlan): Corpus {
  const chain = spectralChain(spec);
  const writer = chainWriter(chain);
  const sample = (purpose: string) => writer(randomStream(spec.seed, `spectral ${purpose}`));
  const { context, evaluationSequences } = plan;
  const evaluation = windowsOf(sample('evaluation tokens'), evaluationSequences, context + 1);
  return {
    ...streamsOf(evaluation, (whose) => writtenTokens(plan, () => sample(purposeOf('training tokens', whose)))),
    vocabulary: chain.vocabulary,
    entropyRate: chain.entropyRate,
    evaluationEntropy: windowEntropy(chain, evaluation, context),
    source: sourceOf(chain),
    notes: [],
    decode: (tokens) => Array.from(tokens).join(' '),
  };
}

const sourceOf = ({ vocabulary: V, transitions }: SpectralChain): Source => ({
  lossesOf: (window) =>
    Float64Array.from({ length: window.length - 1 }, (_, t) => -Math.log(transitions[window[t] * V + window[t + 1]])),
  next: (past) => transitions.slice(past[past.length - 1] * V, (past[past.length - 1] + 1) * V),
});

interface SpectralChain {
  /** V */
  vocabulary: number;
  /** P [V, V], row by row: the probability of each next token. */
  transitions: Float64Array;
  /** π [V]: how often each token occurs. */
  stationary: Float64Array;
  /** H = −Σ π_i Σ_j P_ij log P_ij, nats per token. */
  entropyRate: number;
}

/**
 * scale · U diag(s) Wᵀ − z · log(rank of the next token) [V, V], with s_k ∝ k^−α, Σ s² = 1, and U, W random orthogonal
 * times √V: each logit then has a standard deviation of `scale`.
 */
export function transitionLogits({ vocabulary: V, alpha, scale, zipf, seed }: SpectralCorpusSpec): Float64Array {
  // Row k of each is the k-th mode, without its factor √V.
  const left = randomOrthogonal(V, randomStream(seed, 'spectral U'));
  const right = randomOrthogonal(V, randomStream(seed, 'spectral W'));
  const weights = Float64Array.from({ length: V }, (_, k) => (k + 1) ** -alpha);
  const norm = Math.sqrt(weights.reduce((sum, weight) => sum + weight * weight, 0));
  const logits = new Float64Array(V * V);
  for (let i = 0; i < V; i++) {
    // Modes of size zero add nothing.
    for (let k = 0; k < V && scale > 0; k++) {
      const factor = ((scale * V * weights[k]) / norm) * left[k * V + i];
      for (let j = 0; j < V; j++) logits[i * V + j] += factor * right[k * V + j];
    }
    for (let j = 0; j < V; j++) logits[i * V + j] -= zipf * Math.log(j + 1);
  }
  return logits;
}

export function spectralChain(spec: SpectralCorpusSpec): SpectralChain {
  const V = spec.vocabulary;
  const transitions = transitionLogits(spec);
  for (let i = 0; i < V; i++) softmax(transitions.subarray(i * V, (i + 1) * V));
  const stationary = stationaryDistribution(transitions, V);
  let entropyRate = 0;
  for (let i = 0; i < V; i++) entropyRate += stationary[i] * entropy(transitions.subarray(i * V, (i + 1) * V));
  return { vocabulary: V, transitions, stationary, entropyRate };
}

/**
 * Draws tokens one after another, the first from π; the last of a window is the first of the next, so that every token but the first
 * is a label once. The same seed and purpose give the same tokens, however many are drawn.
 */
export function chainWriter({ vocabulary: V, transitions, stationary }: SpectralChain) {
  const start = aliasTables(stationary, 1, V);
  const next = aliasTables(transitions, V, V);
  /** @param last token that was drawn. */
  return function writer(random: RandomStream, last: number | null = null): WindowWriter {
    return {
      write(into) {
        into[0] = last ?? draw(start, 0, V, random);
        for (let t = 1; t < into.length; t++) into[t] = draw(next, into[t - 1], V, random);
        last = into[into.length - 1];
      },
      copy: () => writer(random.copy(), last),
    };
  };
}

/** One token by a row of the tables. */
export function draw({ threshold, alias }: AliasTables, row: number, columns: number, random: RandomStream): number {
  const column = random.below(columns);
  const at = row * columns + column;
  return random.uniform() < threshold[at] ? column : alias[at];
}

/** Mean −log p, under the chain, of the labels of windows of `context` + 1 tokens. */
function windowEntropy(chain: SpectralChain, windows: Uint32Array, context: number): number {
  const { vocabulary: V, transitions } = chain;
  let sum = 0;
  for (let start = 0; start < windows.length; start += context + 1) {
    for (let t = start; t < start + context; t++) sum -= Math.log(transitions[windows[t] * V + windows[t + 1]]);
  }
  return sum / ((windows.length / (context + 1)) * context);
}

/** −Σ p log p in nats. */
export function entropy(p: Float64Array): number {
  let sum = 0;
  for (const value of p) if (value > 0) sum -= value * Math.log(value);
  return sum;
}

/** Rows are orthonormal: normal vectors, each freed of its share in those before it (modified Gram-Schmidt). */
function randomOrthogonal(n: number, random: RandomStream): Float64Array {
  const rows = new Float64Array(n * n);
  for (let i = 0; i < rows.length; i++) rows[i] = random.normal();
  for (let own = 0; own < n * n; own += n) {
    for (let other = 0; other < own; other += n) {
      let product = 0;
      for (let j = 0; j < n; j++) product += rows[own + j] * rows[other + j];
      for (let j = 0; j < n; j++) rows[own + j] -= product * rows[other + j];
    }
    let squares = 0;
    for (let j = 0; j < n; j++) squares += rows[own + j] ** 2;
    const length = Math.sqrt(squares);
    for (let j = 0; j < n; j++) rows[own + j] /= length;
  }
  return rows;
}

function softmax(row: Float64Array): void {
  const highest = row.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  for (let j = 0; j < row.length; j++) sum += row[j] = Math.exp(row[j] - highest);
  for (let j = 0; j < row.length; j++) row[j] /= sum;
}

/**
 * π with π P = π, by eliminating states one after another (Grassmann, Taksar & Heyman 1985): no subtraction, so it keeps its
 * digits, and no iteration, so it does not matter how slowly the chain mixes.
 */
export function stationaryDistribution(transitions: Float64Array, n: number): Float64Array {
  const p = transitions.slice();
  for (let last = n - 1; last > 0; last--) {
    let leaving = 0;
    for (let j = 0; j < last; j++) leaving += p[last * n + j];
    for (let i = 0; i < last; i++) {
      const into = (p[i * n + last] /= leaving);
      for (let j = 0; j < last; j++) p[i * n + j] += into * p[last * n + j];
    }
  }
  const stationary = new Float64Array(n);
  stationary[0] = 1;
  for (let j = 1; j < n; j++) {
    for (let i = 0; i < j; i++) stationary[j] += stationary[i] * p[i * n + j];
  }
  const sum = stationary.reduce((a, b) => a + b, 0);
  return stationary.map((value) => value / sum);
}
