/** A corpus made ready for an experiment: tokens to train on, a held-out window, and what is known about both. */
import { InputError } from '../model/parse.ts';
import type { CorpusSpec, SpectralCorpusSpec } from '../model/recipe.ts';
import { randomStream } from '../model/random.ts';
import { sampleChain, spectralChain, windowEntropy } from './spectral.ts';
import { textCorpus } from './text.ts';
import type { Corpus, TokenPlan } from './token-plan.ts';

/** Tokens of a stream that are kept in memory: 512 MiB. */
export const MOST_TOKENS = 2 ** 27;

/**
 * Builds the tokens of an experiment, the same for all its runs. A longer plan only makes the streams longer: runs with
 * different steps or batches read the same beginning.
 * @param texts contents of text corpora, by `corpus.file`.
 * @throws InputError for a text that is missing or too short, and for more tokens than memory holds.
 */
export function buildCorpus(spec: CorpusSpec, plan: TokenPlan, texts: Readonly<Record<string, string>>): Corpus {
  assertFitsMemory(plan);
  return spec.kind === 'spectral' ? spectralCorpus(spec, plan) : textCorpus(spec, plan, texts);
}

/** The training stream and the evaluation stream are independent samples of one chain. */
function spectralCorpus(spec: SpectralCorpusSpec, { context, batch, steps, evaluationSequences }: TokenPlan): Corpus {
  const chain = spectralChain(spec);
  const sequences = (count: number, purpose: string) => ({
    tokens: sampleChain(chain, count * context + 1, randomStream(spec.seed, purpose)),
    // A stride of `context` makes every token a label once.
    starts: Uint32Array.from({ length: count }, (_, s) => s * context),
  });
  const train = sequences(steps * batch, 'spectral training tokens');
  const evaluation = sequences(evaluationSequences, 'spectral evaluation tokens');
  return {
    stream: {
      train: train.tokens,
      trainStarts: train.starts,
      evaluation: evaluation.tokens,
      evaluationStarts: evaluation.starts,
    },
    vocabulary: chain.vocabulary,
    entropyRate: chain.entropyRate,
    evaluationEntropy: windowEntropy(chain, evaluation.tokens, evaluation.starts, context),
    notes: [],
    decode: (tokens) => Array.from(tokens).join(' '),
  };
}

function assertFitsMemory({ context, batch, steps, evaluationSequences }: TokenPlan): void {
  if (steps * batch * context > MOST_TOKENS) {
    const fitting = Math.floor(MOST_TOKENS / (batch * context));
    throw new InputError(
      'steps',
      `steps: ${steps} steps of ${batch} sequences of ${context} tokens are more than the ${MOST_TOKENS} tokens that are kept in memory; use at most ${fitting} steps.`,
    );
  }
  if (evaluationSequences * context > MOST_TOKENS) {
    const fitting = Math.floor(MOST_TOKENS / context);
    throw new InputError(
      'evaluation.sequences',
      `evaluation.sequences: ${evaluationSequences} sequences of ${context} tokens are more than the ${MOST_TOKENS} tokens that are kept in memory; use at most ${fitting}.`,
    );
  }
}
