/** Text of one's own, cut by position into a part to train on and a held-out part, and made tokens by the recipe's tokenizer. */
import { own } from '../../model/own.ts';
import { InputError } from '../../model/parse.ts';
import { BOOK, type BookCorpusSpec, type TextCorpusSpec } from '../../model/corpora.ts';
import { randomStream } from '../../model/random.ts';
import { cutTokens, HELD, type Held } from '../segments.ts';
import { purposeOf, streamsOf, type Corpus, type OnProgress, type TokenPlan } from '../token-plan.ts';
import { textOfTokens, tokenizerOf, type Tokenizer } from './tokenizer.ts';
import { bytesOfText, characterLength } from './utf8.ts';

const FIELD = 'corpus.file';

/**
 * Training takes windows of `context` tokens in an order that is shuffled anew for each pass over the text.
 * @throws InputError when the text is missing, empty, too short for one window in each part, or one character repeated.
 */
export function textCorpus(
  spec: TextCorpusSpec,
  plan: TokenPlan,
  texts: Readonly<Record<string, string>>,
  onProgress?: OnProgress,
): Corpus {
  const { context, batch, steps, evaluationSequences } = plan;
  const { tokenizer, train, heldOut, length } = tokensOf(spec, textOf(spec.file, texts), onProgress);
  if (Math.min(heldOut.length, train.length) < context + 1) {
    throw tooShort(spec, tokenizer.unit, context, { length, train: train.length, held: heldOut.length });
  }

  const windows = Math.floor((train.length - 1) / context);
  const held = Math.floor((heldOut.length - 1) / context);
  const evaluated = Math.min(evaluationSequences, held);
  const evaluation = new Uint32Array(evaluated * (context + 1));
  for (let s = 0; s < evaluated; s++) {
    // Spread over the whole held-out part, so that one chapter does not stand for all.
    const start = Math.floor((s * held) / evaluated) * context;
    evaluation.set(heldOut.subarray(start, start + context + 1), s * (context + 1));
  }
  const { unit } = tokenizer;
  return {
    ...streamsOf(evaluation, (whose) => {
      const { orderOf, letGo } = shuffled(windows, purposeOf('text windows', whose));
      const windowAt = (index: number) => {
        const start = orderOf(Math.floor(index / windows))[index % windows] * context;
        return train.subarray(start, start + context + 1);
      };
      return { ...cutTokens(plan, windowAt), letGo };
    }),
    vocabulary: tokenizer.vocabulary,
    entropyRate: null,
    evaluationEntropy: null,
    bytesPerToken: bytesPerToken(tokenizer, evaluation, context),
    notes: [
      ...tokenizer.notes,
      ...unseenNotes(train, heldOut, tokenizer),
      ...epochNotes(steps * batch, windows, context, unit),
      ...(evaluated < evaluationSequences
        ? [
            `The held-out part has ${evaluated === 1 ? '1 sequence' : `${figure(evaluated)} sequences`} of ${figure(context)} ${unit}, not ${figure(evaluationSequences)}; ${evaluated === 1 ? 'it alone is' : 'all of them are'} evaluated.`,
          ]
        : []),
    ],
    encode: (written) => tokenizer.encode(bytesOfText(written)),
    decode: (ids) => textOfTokens(tokenizer, ids),
  };
}

/** The book is a text as any other. */
export function bookCorpus(
  spec: BookCorpusSpec,
  plan: TokenPlan,
  texts: Readonly<Record<string, string>>,
  onProgress?: OnProgress,
): Corpus {
  return textCorpus({ ...spec, kind: 'text', file: BOOK }, plan, texts, onProgress);
}

interface TextTokens {
  tokenizer: Tokenizer;
  train: Uint32Array;
  heldOut: Uint32Array;
  /** Of the text, in characters. */
  length: number;
}

/** Those that were made last: with other steps or another context a text has the same tokens. */
let latest: { key: string; text: string; tokens: TextTokens } | null = null;

function tokensOf(spec: TextCorpusSpec, text: string, onProgress?: OnProgress): TextTokens {
  const key = JSON.stringify(spec);
  if (latest?.key === key && latest.text === text) return latest.tokens;
  // Two long texts need not be held at once.
  latest = null;
  const bytes = bytesOfText(text);
  if (isOneCharacter(bytes)) {
    throw new InputError(
      FIELD,
      `${FIELD}: "${spec.file}" repeats one character only; a text needs at least 2 different ones.`,
    );
  }
  const { training, heldOut, length } = parts(bytes, spec.heldOut);
  const tokenizer = tokenizerOf(spec, bytes, training, onProgress);
  const tokens = { tokenizer, train: tokenizer.encode(training), heldOut: tokenizer.encode(heldOut), length };
  latest = { key, text, tokens };
  return tokens;
}

function textOf(file: string, texts: Readonly<Record<string, string>>): string {
  const text = own(texts, file);
  if (text === undefined)
    throw new InputError(FIELD, `${FIELD}: the text "${file}" is missing; choose the file again.`);
  const unmarked = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (unmarked.length === 0) throw new InputError(FIELD, `${FIELD}: "${file}" is empty; choose a file of UTF-8 text.`);
  return unmarked;
}

/** The end of the text is held out: a share of its characters, so that it is the same text whatever its tokens are. */
function parts(text: Uint8Array, share: number): { training: Uint8Array; heldOut: Uint8Array; length: number } {
  const isFirst = (byte: number) => (byte & 0xc0) !== 0x80;
  let length = 0;
  for (const byte of text) if (isFirst(byte)) length++;
  let left = Math.round(length * share);
  let cut = text.length;
  while (left > 0) if (isFirst(text[--cut])) left--;
  return { training: text.subarray(0, cut), heldOut: text.subarray(cut), length };
}

function isOneCharacter(text: Uint8Array): boolean {
  const length = characterLength(text, 0);
  return text.every((byte, i) => byte === text[i % length]);
}

/** Mean over the tokens that are predicted; null where characters that share a token are among them, for nobody predicts which it is. */
function bytesPerToken({ bytesOf }: Tokenizer, windows: Uint32Array, context: number): number | null {
  let [bytes, labels] = [0, 0];
  for (const [i, token] of windows.entries()) {
    if (i % (context + 1) === 0) continue;
    const one = bytesOf(token);
    if (one === null) return null;
    bytes += one.length;
    labels++;
  }
  return bytes / labels;
}

/**
 * Each pass over the text takes every window once, in an order of its own; the one that was asked for last is held as segments are, for
 * streams that are trained on in turn.
 */
function shuffled(windows: number, purpose: string) {
  let latest: (Held & { epoch: number; order: Uint32Array }) | null = null;
  const letGo = () => latest && HELD.letGo(latest);
  const make = (epoch: number) => {
    letGo();
    const order = Uint32Array.from({ length: windows }, (_, i) => i);
    const random = randomStream(epoch, purpose);
    for (let i = windows - 1; i > 0; i--) {
      const j = random.below(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return { epoch, order, tokens: windows, drop: () => (latest = null) };
  };
  const orderOf = (epoch: number) => {
    const mine = latest?.epoch === epoch ? latest : make(epoch);
    latest = mine;
    HELD.use(mine);
    return mine.order;
  };
  return { orderOf, letGo };
}

/** Share of the held-out tokens from which on those that training never sees are worth a word. */
const UNSEEN = 0.01;
/**
 * Share from which on it is another text that is held out. Of parts of Moby-Dick of 1,500 characters and more it is 12 % at most, with
 * tokens of byte-pair encoding, of which a short text teaches many that it hardly has.
 */
const OTHER_TEXT = 0.2;

/** A token that training never sees cannot be learnt; a few are in any text. */
function unseenNotes(train: Uint32Array, evaluation: Uint32Array, { vocabulary, unit }: Tokenizer): string[] {
  const isSeen = new Uint8Array(vocabulary);
  for (const token of train) isSeen[token] = 1;
  const unseen = evaluation.reduce((sum, token) => sum + (isSeen[token] ? 0 : 1), 0);
  const share = unseen / evaluation.length;
  if (share < UNSEEN) return [];
  const found = `${(100 * share).toPrecision(2)} % of the held-out ${unit} never occur in the training part`;
  if (share >= OTHER_TEXT) {
    return [
      `${found}, so the loss says little of what was learnt: the text changes before its end, as where another language begins.`,
    ];
  }
  const fewer = unit === 'tokens' ? 'a smaller vocabulary or a longer text' : 'a longer text';
  return [`${found}: they are rare ones, of which nothing is learnt; ${fewer} leaves fewer of them.`];
}

function epochNotes(sequences: number, windows: number, context: number, unit: string): string[] {
  if (sequences <= windows) return [];
  const epochs = (sequences / windows).toFixed(1);
  return [
    `Training takes ${figure(sequences * context)} ${unit} and the training part has ${figure(windows * context)}: each is read ${epochs} times (epochs), so part of the loss is learnt by heart.`,
  ];
}

function tooShort(
  { file, heldOut }: TextCorpusSpec,
  unit: Tokenizer['unit'],
  context: number,
  { length, train, held }: { length: number; train: number; held: number },
): InputError {
  if (unit !== 'characters') {
    const found = `has ${counted(train, unit)} to train on and ${figure(held)} held out`;
    return new InputError(
      FIELD,
      `${FIELD}: "${file}" ${found}, but a context of ${figure(context)} needs at least ${figure(context + 1)} of each; use a longer text or a smaller context.`,
    );
  }
  let needed = Math.ceil((context + 0.5) / Math.min(heldOut, 1 - heldOut));
  while (Math.min(Math.round(needed * heldOut), needed - Math.round(needed * heldOut)) < context + 1) needed++;
  const percent = Number((100 * heldOut).toPrecision(3));
  return new InputError(
    FIELD,
    `${FIELD}: "${file}" has ${counted(length, unit)}, but a context of ${figure(context)} with ${percent} % held out needs at least ${figure(needed)}; use a longer text or a smaller context.`,
  );
}

const figure = (count: number) => count.toLocaleString('en');

const counted = (count: number, unit: Tokenizer['unit']) =>
  `${figure(count)} ${count === 1 ? unit.slice(0, -1) : unit}`;
