/** A corpus made ready for an experiment: tokens to train on, a held-out window, and what is known about both. */
import { InputError } from '../model/parse.ts';
import type { CorpusKind, CorpusSpec } from '../model/corpora.ts';
import { MOST_TOKENS } from '../model/memory.ts';
import { grammarCorpus } from './grammar/grammar.ts';
import { recallCorpus } from './recall/recall.ts';
import { spectralCorpus } from './spectral/spectral.ts';
import { bookCorpus, textCorpus } from './text/text-corpus.ts';
import type { Corpus, OnProgress, TokenPlan } from './token-plan.ts';

type Texts = Readonly<Record<string, string>>;

/** What makes the tokens of each kind. */
const MAKERS: {
  [K in CorpusKind]: (
    spec: Extract<CorpusSpec, { kind: K }>,
    plan: TokenPlan,
    texts: Texts,
    onProgress?: OnProgress,
  ) => Corpus;
} = { spectral: spectralCorpus, recall: recallCorpus, grammar: grammarCorpus, book: bookCorpus, text: textCorpus };

/**
 * Builds the tokens of an experiment, the same for all its runs. A longer plan only makes the streams longer: runs with
 * different steps or batches read the same beginning.
 * @param texts contents of text corpora, by `corpus.file`, and of the book.
 * @throws InputError for a text that is missing or too short, and for more held-out tokens than memory holds.
 */
export function buildCorpus(spec: CorpusSpec, plan: TokenPlan, texts: Texts, onProgress?: OnProgress): Corpus {
  assertFitsMemory(plan);
  const make = MAKERS[spec.kind] as (
    spec: CorpusSpec,
    plan: TokenPlan,
    texts: Texts,
    onProgress?: OnProgress,
  ) => Corpus;
  return make(spec, plan, texts, onProgress);
}

function assertFitsMemory({ context, evaluationSequences }: TokenPlan): void {
  if (evaluationSequences * context <= MOST_TOKENS) return;
  const fitting = Math.floor(MOST_TOKENS / context);
  throw new InputError(
    'evaluation.sequences',
    `evaluation.sequences: ${evaluationSequences} sequences of ${context} tokens are more than the ${MOST_TOKENS} tokens that are kept in memory; use at most ${fitting}.`,
  );
}
