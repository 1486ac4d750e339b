/** Text of one's own, by characters: its most frequent Unicode code points are tokens, the rest share one. */
import { own } from '../model/own.ts';
import { InputError } from '../model/parse.ts';
import type { TextCorpusSpec } from '../model/corpora.ts';
import { randomStream } from '../model/random.ts';
import type { Corpus, TokenPlan } from './token-plan.ts';

const FIELD = 'corpus.file';
/** Of a file, in bytes: the trainer holds a text by its code points, and its tokens beside them. */
const MOST_BYTES = 100e6;
/** Stands for a character without a token of its own. */
const OTHER = '\uFFFD';

/**
 * The text of a file's bytes, without its byte order mark.
 * @throws InputError when the bytes are empty, too many, binary, or no valid UTF-8.
 */
export function decodeUtf8(bytes: Uint8Array, file: string): string {
  if (bytes.length === 0) throw new InputError(FIELD, `${FIELD}: "${file}" is empty; choose a file of UTF-8 text.`);
  if (bytes.length > MOST_BYTES) {
    throw new InputError(FIELD, `${FIELD}: "${file}" has more than 100 MB; choose a smaller file, or cut it.`);
  }
  if (bytes.includes(0)) {
    throw new InputError(
      FIELD,
      `${FIELD}: "${file}" is a binary file (it holds zero bytes); choose a file of UTF-8 text.`,
    );
  }
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError(FIELD, `${FIELD}: "${file}" is not valid UTF-8; save it as UTF-8 text and choose it again.`);
  }
  if (text.length === 0) throw new InputError(FIELD, `${FIELD}: "${file}" is empty; choose a file of UTF-8 text.`);
  return text;
}

/**
 * Cuts a text by position into a part to train on and, behind it, a held-out part. Training takes windows of `context`
 * tokens in an order that is shuffled anew for each pass over the text.
 * @throws InputError when the text is missing, empty, too short for one window in each part, or one character repeated.
 */
export function textCorpus(spec: TextCorpusSpec, plan: TokenPlan, texts: Readonly<Record<string, string>>): Corpus {
  const { context, batch, steps, evaluationSequences } = plan;
  const points = codePoints(textOf(spec.file, texts));
  const heldOut = Math.round(points.length * spec.heldOut);
  if (Math.min(heldOut, points.length - heldOut) < context + 1) throw tooShort(spec, context, points.length);

  const alphabet = alphabetOf(points, spec.characters);
  if (alphabet.distinct < 2) {
    throw new InputError(
      FIELD,
      `${FIELD}: "${spec.file}" repeats one character only; a text needs at least 2 different ones.`,
    );
  }
  const tokens = points.map((point) => alphabet.tokenOf.get(point) ?? alphabet.own.length);
  const train = tokens.subarray(0, tokens.length - heldOut);
  const evaluation = tokens.subarray(tokens.length - heldOut);

  const windows = Math.floor((train.length - 1) / context);
  const held = Math.floor((evaluation.length - 1) / context);
  const evaluated = Math.min(evaluationSequences, held);
  return {
    stream: {
      train: train.slice(),
      trainStarts: shuffledStarts(steps * batch, windows, context),
      evaluation: evaluation.slice(),
      // Spread over the whole held-out part, so that one chapter does not stand for all.
      evaluationStarts: Uint32Array.from({ length: evaluated }, (_, s) => Math.floor((s * held) / evaluated) * context),
    },
    vocabulary: alphabet.own.length + (alphabet.shared > 0 ? 1 : 0),
    entropyRate: null,
    evaluationEntropy: null,
    notes: [
      ...alphabetNotes(alphabet, points.length),
      ...unseenNotes(train, evaluation, alphabet.own.length + 1),
      ...epochNotes(steps * batch, windows, context),
      ...(evaluated < evaluationSequences
        ? [
            `The held-out part has ${evaluated} sequences of ${context} characters, not ${evaluationSequences}; all of them are evaluated.`,
          ]
        : []),
    ],
    encode: (text) => {
      const ids = Array.from(
        text,
        (character) => alphabet.tokenOf.get(character.codePointAt(0)!) ?? alphabet.own.length,
      );
      // Where no characters share a token, one that never occurs has none.
      return Uint32Array.from(alphabet.shared > 0 ? ids : ids.filter((id) => id < alphabet.own.length));
    },
    decode: (ids) =>
      Array.from(ids, (id) => (id < alphabet.own.length ? String.fromCodePoint(alphabet.own[id]) : OTHER)).join(''),
  };
}

function textOf(file: string, texts: Readonly<Record<string, string>>): string {
  const text = own(texts, file);
  if (text === undefined)
    throw new InputError(FIELD, `${FIELD}: the text "${file}" is missing; choose the file again.`);
  const unmarked = text.startsWith('\uFEFF') ? text.slice(1) : text;
  if (unmarked.length === 0) throw new InputError(FIELD, `${FIELD}: "${file}" is empty; choose a file of UTF-8 text.`);
  return unmarked;
}

function codePoints(text: string): Uint32Array {
  // A code point takes one or two UTF-16 units, so the text's length is an upper bound.
  const points = new Uint32Array(text.length);
  let count = 0;
  for (let i = 0; i < text.length; count++) {
    const point = text.codePointAt(i)!;
    points[count] = point;
    i += point > 0xffff ? 2 : 1;
  }
  return points.subarray(0, count);
}

interface Alphabet {
  /** Code points with a token of their own, most frequent first: the index is the token. */
  own: number[];
  tokenOf: Map<number, number>;
  distinct: number;
  /** Distinct characters that share one token, and how often they occur together. */
  shared: number;
  sharedCount: number;
}

function alphabetOf(points: Uint32Array, most: number): Alphabet {
  const counts = new Map<number, number>();
  for (const point of points) counts.set(point, (counts.get(point) ?? 0) + 1);
  const ranked = [...counts].sort(([a, countA], [b, countB]) => countB - countA || a - b);
  const own = ranked.slice(0, most).map(([point]) => point);
  return {
    own,
    tokenOf: new Map(own.map((point, token) => [point, token])),
    distinct: ranked.length,
    shared: ranked.length - own.length,
    sharedCount: ranked.slice(most).reduce((sum, [, count]) => sum + count, 0),
  };
}

/** Starts of `count` windows; each pass over the text takes every window once, in an order of its own. */
function shuffledStarts(count: number, windows: number, context: number): Uint32Array {
  const starts = new Uint32Array(count);
  const order = new Uint32Array(windows);
  for (let epoch = 0; epoch * windows < count; epoch++) {
    for (let i = 0; i < windows; i++) order[i] = i;
    const random = randomStream(epoch, 'text windows');
    for (let i = windows - 1; i > 0; i--) {
      const j = random.below(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    const first = epoch * windows;
    for (let i = 0; i < windows && first + i < count; i++) starts[first + i] = order[i] * context;
  }
  return starts;
}

function alphabetNotes({ own, shared, sharedCount }: Alphabet, length: number): string[] {
  if (shared === 0) return [];
  const share = ((100 * sharedCount) / length).toPrecision(2);
  const rarer = shared === 1 ? 'The rarest character shares' : `The ${shared} rarest characters share`;
  return [`${rarer} one token (${share} % of the text); the other ${own.length} have one each.`];
}

/** Share of the held-out characters from which those that training never sees decide the loss. */
const UNSEEN = 0.01;

/** A character that training never sees cannot be learnt; a few are in any text. */
function unseenNotes(train: Uint32Array, evaluation: Uint32Array, vocabulary: number): string[] {
  const isSeen = new Uint8Array(vocabulary);
  for (const token of train) isSeen[token] = 1;
  const unseen = evaluation.reduce((sum, token) => sum + (isSeen[token] ? 0 : 1), 0);
  const share = unseen / evaluation.length;
  if (share < UNSEEN) return [];
  return [
    `${(100 * share).toPrecision(2)} % of the held-out characters never occur in the training part, so the loss says little of what was learnt: the text changes before its end, as where another language begins.`,
  ];
}

function epochNotes(sequences: number, windows: number, context: number): string[] {
  if (sequences <= windows) return [];
  const epochs = (sequences / windows).toFixed(1);
  return [
    `Training takes ${sequences * context} characters and the training part has ${windows * context}: each is read ${epochs} times (epochs), so part of the loss is learnt by heart.`,
  ];
}

function tooShort({ file, heldOut }: TextCorpusSpec, context: number, length: number): InputError {
  let needed = Math.ceil((context + 0.5) / Math.min(heldOut, 1 - heldOut));
  while (Math.min(Math.round(needed * heldOut), needed - Math.round(needed * heldOut)) < context + 1) needed++;
  const percent = Number((100 * heldOut).toPrecision(3));
  return new InputError(
    FIELD,
    `${FIELD}: "${file}" has ${length} characters, but a context of ${context} with ${percent} % held out needs at least ${needed}; use a longer text or a smaller context.`,
  );
}
