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

export interface Corpus {
  stream: TokenStream;
  vocabulary: number;
  /** Entropy rate of the source in nats per token, where it is known. */
  entropyRate: number | null;
  /** Mean −log p of the evaluation window's labels under the true source: no model can expect to do better there. */
  evaluationEntropy: number | null;
  /** Sentences for the person. */
  notes: string[];
  /** Tokens as text a person can read. */
  decode(tokens: ArrayLike<number>): string;
}
