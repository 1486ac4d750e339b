/** What runs can be trained on, in the settings of each kind. Their tokens are made in `src/data`. */
import * as v from 'valibot';
import { addedLater, kinds, optional, real, text, whole } from './fields.ts';

/** Seed of a generated corpus: of its laws and of its token streams. */
const seed = optional(whole('seed', 0, 0xffffffff), 1);

const spectralCorpus = v.strictObject({
  kind: v.literal('spectral'),
  /** V: number of tokens. Building the chain takes V³ operations: seconds at 1024, many minutes at 4096. */
  vocabulary: optional(whole('vocabulary', 4, 1024), 256),
  /** α: how fast the singular values of the transition logits fall. */
  alpha: optional(real('alpha', 0, 4), 0.6),
  /** Size of the transition logits; 0 makes every token equally likely. */
  scale: optional(real('scale', 0, 10), 2),
  /** z: weight of log(rank), which makes token frequencies Zipf-like. */
  zipf: optional(real('zipf', 0, 4), 0),
  seed,
});

const recallCorpus = v.strictObject({
  kind: v.literal('recall'),
  /** K: keys, which stand before their values. */
  keys: optional(whole('keys', 2, 512), 16),
  /** W: values, of which every window gives one to each key. */
  values: optional(whole('values', 2, 512), 16),
  /** z: a key's frequency is its rank to the power of −z. */
  zipf: optional(real('zipf', 0, 4), 1),
  /** Size of the logits by which a key follows the key before it; 0 draws each by itself. */
  scale: optional(real('scale', 0, 10), 0),
  /** α: how fast the singular values of those logits fall. */
  alpha: optional(real('alpha', 0, 4), 0.6),
  /** e: share of the values that are drawn at random instead of looked up. */
  noise: optional(real('noise', 0, 1), 0),
  seed,
});

const grammarCorpus = v.strictObject({
  kind: v.literal('grammar'),
  /** V: words in all their forms, and marks. */
  vocabulary: optional(whole('vocabulary', 128, 1600), 256),
  /** z: a word's frequency in its class is its rank to the power of −z. */
  zipf: optional(real('zipf', 0, 4), 1),
  /** How much a word prefers some of those that it governs. */
  affinity: optional(real('affinity', 0, 4), 1),
  /** How deep clauses may be nested. */
  depth: optional(whole('depth', 0, 8), 2),
  /** Probability that a name is one that the window holds already. */
  again: optional(real('again', 0, 0.99), 0.7),
  seed,
});

const tokenizerSchema = Object.assign(
  // Not a union: of an object the field at fault is named, of anything else what is allowed.
  v.lazy((input) =>
    typeof input === 'object' && input !== null
      ? v.strictObject({
          kind: v.literal('bpe', 'kind must be "bpe"'),
          /** V: the 256 bytes are among them. */
          vocabulary: optional(whole('vocabulary', 256, 4096), 1024),
        })
      : v.picklist(['characters', 'bytes'], 'tokenizer must be "characters", "bytes" or {"kind": "bpe"}'),
  ),
  { allowed: '`"characters"`, `"bytes"`, `{"kind":"bpe"}`' },
);

/** Of any text. */
const textSettings = {
  /** Share at the end of the text that is kept for evaluation. */
  heldOut: optional(real('heldOut', 0.01, 0.5), 0.1),
  /** What a token is; byte-pair encoding learns its own of the training part. */
  tokenizer: addedLater(tokenizerSchema, 'characters', 'characters'),
  /** Most distinct characters given a token of their own; rarer ones share one token. */
  characters: optional(whole('characters', 4, 4096), 256),
};

/** Moby-Dick, which comes with the playground. */
const bookCorpus = v.strictObject({ kind: v.literal('book'), ...textSettings });

const textCorpus = v.strictObject({
  kind: v.literal('text'),
  /** Name of the file or pasted text; its content travels beside the experiment, never inside it. */
  file: text('file', 400),
  ...textSettings,
});

const KINDS = { spectral: 'Spectral', recall: 'Recall', grammar: 'Grammar', book: 'A book', text: 'Your text' };

export const corpusSchema = kinds(KINDS, [spectralCorpus, recallCorpus, grammarCorpus, bookCorpus, textCorpus]);

export type SpectralCorpusSpec = v.InferOutput<typeof spectralCorpus>;
export type RecallCorpusSpec = v.InferOutput<typeof recallCorpus>;
export type GrammarCorpusSpec = v.InferOutput<typeof grammarCorpus>;
export type BookCorpusSpec = v.InferOutput<typeof bookCorpus>;
export type TextCorpusSpec = v.InferOutput<typeof textCorpus>;
export type CorpusSpec = v.InferOutput<typeof corpusSchema>;
export type CorpusKind = CorpusSpec['kind'];

/** Whether on corpora of a kind anything before the last token can lower the loss: without that attention and positions have nothing to do. */
const HAS_PAST: Readonly<Record<CorpusKind, boolean>> = {
  spectral: false,
  recall: true,
  grammar: true,
  book: true,
  text: true,
};

/** The same of a corpus: where every value is drawn by chance there is nothing to recall. */
export const hasPast = (corpus: CorpusSpec): boolean =>
  HAS_PAST[corpus.kind] && !(corpus.kind === 'recall' && corpus.noise === 1);

/** Name of the text that it is made of, whose content travels beside it; null where its settings are all there is to it. */
export const fileOf = (corpus: CorpusSpec): string | null => ('file' in corpus ? corpus.file : null);

/** Name of the book, under which its text is given to whoever makes tokens of it. */
export const BOOK = 'Moby-Dick';

/** Stands for the name of a text while none was chosen. */
export const NO_TEXT = 'your text';

const mostOfText = ({ tokenizer, characters }: BookCorpusSpec | TextCorpusSpec): number =>
  tokenizer === 'characters' ? characters + 1 : tokenizer === 'bytes' ? 256 : tokenizer.vocabulary;

/** V, or the most that it can be before the text is known. */
export const mostTokens = (corpus: CorpusSpec): number =>
  'tokenizer' in corpus ? mostOfText(corpus) : tokensOf(corpus);

/** V, or the least that it can be. */
export const fewestTokens = (corpus: CorpusSpec): number =>
  'tokenizer' in corpus ? (corpus.tokenizer === 'characters' ? 2 : 256) : tokensOf(corpus);

const tokensOf = (corpus: Exclude<CorpusSpec, BookCorpusSpec | TextCorpusSpec>): number =>
  'keys' in corpus ? corpus.keys + corpus.values : corpus.vocabulary;
