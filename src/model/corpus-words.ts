/** What each kind of corpus is for, in words; only the panel that chooses one loads them. */
import type { CorpusKind } from './corpora.ts';

interface CorpusWords {
  /** One line. */
  about: string;
  /** What it can tell apart, and what not. */
  tells: string;
}

export const CORPUS_WORDS: Readonly<Record<CorpusKind, CorpusWords>> = {
  spectral: {
    about: 'A source made for this: its best possible loss is known exactly',
    tells:
      'Width, depth, optimizers, rates. Not attention, positions or context: only the last token says anything of the next.',
  },
  recall: {
    about: 'Keys and their values, which each window draws anew: only attention finds them',
    tells:
      'Attention, positions, layers, context: without them a model learns how often each token occurs, and nothing more.',
  },
  grammar: {
    about: 'Sentences that a person can read, whose best possible loss is known exactly',
    tells:
      'Width first, then attention and context: who a pronoun means, which noun a verb agrees with. Samples can be read.',
  },
  book: {
    about: 'Moby-Dick, 1.2 million characters; loaded when it is trained on',
    tells: 'What matters in English prose. A small model reads it many times over.',
  },
  text: {
    about: 'Any text, from files, a paste or an address; it stays in this browser',
    tells: 'Whatever matters in your text.',
  },
};
