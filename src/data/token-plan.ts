/** What an experiment asks of a corpus, and what every corpus gives. */
import type { TokenStream } from '../model/training.ts';

/** The part of a recipe that decides how many tokens are needed. */
export interface TokenPlan {
  /** T */
  context: number;
  batch: number;
  steps: number;
  evaluationSequences: number;
}

/** The law by which a corpus is written, within a window. */
export interface Source {
  /** −log p in nats of each token of a window but the first, given all before it in the window [length − 1]. */
  lossesOf(window: ArrayLike<number>): Float64Array;
  /** The law [V] of the token behind the beginning of a window, which holds one token at least. */
  next(past: ArrayLike<number>): Float64Array;
}

/** Told, from time to time, which share of the tokens is made. */
export type OnProgress = (share: number) => void;

export type Segments = Pick<TokenStream, 'segmentSteps' | 'segment'>;

export interface TrainingTokens extends Segments {
  /** Lets go what is held; it is made anew for who asks for it. */
  letGo(): void;
}

/** Streams of other purposes are independent of one another. */
export const purposeOf = (purpose: string, whose: string | null): string =>
  whose === null ? purpose : `${purpose}, ${whose}`;

/** @param trainingOf made once for each. */
export function streamsOf(
  evaluation: Uint32Array,
  trainingOf: (whose: string | null) => TrainingTokens,
): Pick<Corpus, 'evaluation' | 'streamOf' | 'letGo'> {
  const made = new Map<string | null, { stream: TokenStream; letGo: () => void }>();
  const make = (whose: string | null) => {
    const { letGo, ...segments } = trainingOf(whose);
    const one = { stream: { ...segments, evaluation }, letGo };
    made.set(whose, one);
    return one;
  };
  return {
    evaluation,
    streamOf: (whose) => (made.get(whose) ?? make(whose)).stream,
    letGo: () => made.forEach(({ letGo }) => letGo()),
  };
}

export interface Corpus {
  /** Held-out windows [sequences, T + 1]. */
  evaluation: Uint32Array;
  /**
   * What is trained on, beside the same held-out windows.
   * @param whose batches they are; null for those of all runs. The same name, the same tokens; another, others of the same law.
   */
  streamOf(whose: string | null): TokenStream;
  /** Lets go what of the training tokens is held in common with other corpora: nobody trains on this one any more. */
  letGo(): void;
  vocabulary: number;
  /** Entropy rate of the source in nats per token, where it is known. */
  entropyRate: number | null;
  /** Mean −log p of the evaluation window's labels under the true source: no model can expect to do better there. */
  evaluationEntropy: number | null;
  /** The same under the best law of the token before alone: who looks at nothing earlier cannot do better. Absent where it is not known. */
  withoutPast?: number;
  /** Absent where it is not known. */
  source?: Source;
  /** Mean over the evaluation window's labels, of a text: what makes bits per byte of nats per token. */
  bytesPerToken?: number | null;
  /** Sentences for the person. */
  notes: string[];
  /** Tokens as text a person can read. */
  decode(tokens: ArrayLike<number>): string;
  /** The tokens of a text that a person enters; absent where the tokens stand for nothing that could be written. */
  encode?(text: string): Uint32Array;
  /** Absent where nothing is recalled. */
  recall?: {
    /** Of the tokens of a window but the first, those (1) that can be known from what comes before them there. */
    isKnown(window: ArrayLike<number>): Uint8Array;
    /** Probability that one is given by who recalls nothing. */
    chance: number;
  };
}
