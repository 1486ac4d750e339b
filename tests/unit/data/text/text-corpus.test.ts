/** Text of one's own: what becomes a token, what is trained on, what is held out, and what is refused. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { buildCorpus } from '../../../../src/data/corpus.ts';
import type { TokenPlan } from '../../../../src/data/token-plan.ts';
import { fewestTokens, mostTokens, type TextCorpusSpec } from '../../../../src/model/corpora.ts';
import { eachOf, trainingOf } from '../windows.ts';

const specOf = (changes: Partial<TextCorpusSpec> = {}): TextCorpusSpec => ({
  kind: 'text',
  file: 'own.txt',
  heldOut: 0.1,
  tokenizer: 'characters',
  characters: 256,
  ...changes,
});
const planOf = (changes = {}) => ({ context: 8, batch: 4, steps: 5, evaluationSequences: 6, ...changes });
const build = (text: string, spec = {}, plan = {}) => buildCorpus(specOf(spec), planOf(plan), { 'own.txt': text });

/** Windows that training reads, sorted, which the tokens of the training part are to have, and those that are held out. */
async function readOf(text: string, spec = {}, plan: Partial<TokenPlan> = {}) {
  const corpus = build(text, spec, plan);
  return { ...corpus, trained: await trainingOf(corpus, planOf(plan)), held: eachOf(corpus.evaluation, planOf(plan)) };
}

/** All windows of a text that is one part of the corpus. */
const windowsOf = (tokens: Uint32Array, context = 8) =>
  Array.from({ length: Math.floor((tokens.length - 1) / context) }, (_, w) =>
    tokens.slice(w * context, (w + 1) * context + 1),
  );

/** 2,000 characters that differ from place to place. */
const TEXT = Array.from({ length: 400 }, (_, i) => `${String(i).padStart(4, '0')} `).join('');

function refusalOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toMatchObject({ name: 'InputError', field: 'corpus.file' });
    const { message } = error as Error;
    expect(message).toMatch(/^corpus\.file: [^\n]*\.$/);
    return message;
  }
  throw new Error('nothing was refused');
}

test('held-out characters that training never sees are told of from one in a hundred on', () => {
  const english = 'the quick brown fox jumps over it. '.repeat(60).slice(0, 1800);
  const notesOf = (tail: string) =>
    build(english + tail, {}, { steps: 1 }).notes.filter((note) => note.includes('never occur'));
  expect(notesOf('широкая электрификация '.repeat(10).slice(0, 200))).toEqual([
    expect.stringMatching(/^9\d % of the held-out characters never occur in the training part/),
  ]);
  // A few rare ones are no other language.
  expect(notesOf(`${english.slice(0, 197)}ЖЖЖ`)).toEqual([
    '1.5 % of the held-out characters never occur in the training part: they are rare ones, of which nothing is learnt; a longer text leaves fewer of them.',
  ]);
  expect(notesOf(`${english.slice(0, 199)}Ж`)).toEqual([]);
});

test('a page of one book is no text that changes before its end, whatever its tokens', () => {
  const book = readFileSync(new URL('../../../../public/corpora/moby-dick.txt', import.meta.url), 'utf8');
  for (let at = 0; at < book.length; at += 120_000) {
    for (const length of [1500, 7605]) {
      const { notes } = build(book.slice(at, at + length), { tokenizer: { kind: 'bpe', vocabulary: 1024 } });
      expect(notes.join(' ')).not.toContain('another language');
    }
  }
  const page = build(book.slice(300_000, 307_605), { tokenizer: { kind: 'bpe', vocabulary: 1024 } });
  expect(page.notes).toContainEqual(
    expect.stringMatching(/^\d\.\d % of the held-out tokens .* a smaller vocabulary or a longer text leaves fewer/),
  );
});

describe('tokens', () => {
  test('are code points, not halves of them, most frequent first', async () => {
    const text = '😀ab😀'.repeat(60);
    const { vocabulary, trained, decode } = await readOf(text);
    expect(vocabulary).toBe(3);
    for (const window of trained) {
      expect([...window]).toEqual([0, 1, 2, 0, 0, 1, 2, 0, 0]);
      expect(decode(window)).toBe('😀ab😀😀ab😀😀');
    }
  });

  test('beyond the number asked for share one, and a note says so', async () => {
    const { vocabulary, decode, trained, notes } = await readOf('aaaabbbc'.repeat(40) + 'xyz'.repeat(2), {
      characters: 2,
    });
    expect(vocabulary).toBe(3);
    expect(decode(trained[0])).toBe('aaaabbb\uFFFDa');
    expect(notes[0]).toBe('The 4 rarest characters share one token (14 % of the text); the other 2 have one each.');
  });

  test('leave out the byte order mark', async () => {
    const [marked, plain] = [await readOf(`\uFEFF${TEXT}`), await readOf(TEXT)];
    expect([marked.trained, marked.held]).toEqual([plain.trained, plain.held]);
  });
});

describe('tokenizers', () => {
  const prose = 'the quick brown fox jumps over the lazy dog and naïve Zoë sings. '.repeat(60);
  const bpe = { kind: 'bpe', vocabulary: 300 } as const;
  const lengthOf = (text: string) => new TextEncoder().encode(text).length;

  test('hold out the same part of the text, and train on the rest', async () => {
    const cut = Math.round(0.9 * prose.length);
    const counts: number[] = [];
    for (const tokenizer of ['characters', 'bytes', bpe] as const) {
      const all = { evaluationSequences: 1000 };
      const { encode, decode, vocabulary, held } = await readOf(prose, { tokenizer }, all);
      const [training, heldOut] = [prose.slice(0, cut), prose.slice(cut)].map((part) => windowsOf(encode!(part)));
      expect(held).toEqual(heldOut);
      const once = await readOf(prose, { tokenizer }, { ...all, batch: 1, steps: training.length });
      expect(once.trained.map(String).sort()).toEqual(training.map(String).sort());
      expect(decode(held[0])).toBe(decode(encode!(prose.slice(cut)).subarray(0, 9)));
      expect(Math.max(...once.trained.flatMap((window) => [...window]))).toBeLessThan(vocabulary);
      counts.push(held.length);
    }
    const heldOut = prose.slice(cut);
    expect(counts.slice(0, 2)).toEqual(
      [heldOut, lengthOf(heldOut)].map((n) => Math.floor(((typeof n === 'string' ? n.length : n) - 1) / 8)),
    );
    expect(counts[2]).toBeLessThan(counts[0] / 2);
  });

  test('learn from the training part alone', async () => {
    const { trained, held, decode } = await readOf('ab '.repeat(600) + 'xy'.repeat(100), { tokenizer: bpe });
    expect(decode(trained[0].slice(1, 2))).toBe(' ab');
    expect([...held[0].slice(0, 4)].map((token) => decode([token]))).toEqual(['x', 'y', 'x', 'y']);
  });

  test('tell how many bytes the tokens of the evaluation window stand for', async () => {
    for (const tokenizer of ['characters', 'bytes', bpe] as const) {
      const plain = prose.replace(/[ïë]/g, 'i');
      const { bytesPerToken, held, decode } = await readOf(plain, { tokenizer }, { evaluationSequences: 3 });
      const labels = held.flatMap((window) => [...window.slice(1)]);
      expect(bytesPerToken).toBeCloseTo(lengthOf(decode(labels)) / labels.length, 12);
    }
    expect(build(prose, { tokenizer: 'bytes' }).bytesPerToken).toBe(1);
  });

  test('tell none where characters that share a token are in the window', () => {
    expect(build(prose, { characters: 4 }).bytesPerToken).toBeNull();
  });

  test('say in their own words what is to be known before training', () => {
    const short = { heldOut: 0.1, tokenizer: 'bytes' } as const;
    const { notes } = build(prose, short, { steps: 500, evaluationSequences: 900 });
    expect(notes).toEqual([
      expect.stringMatching(
        /^Training takes 16,000 bytes and the training part has \d,\d{3}: each is read 4\.\d times/,
      ),
      expect.stringMatching(/^The held-out part has \d+ sequences of 8 bytes, not 900/),
    ]);
    expect(build(prose + 'Ж'.repeat(400), { ...short, tokenizer: bpe }).notes).toContainEqual(
      expect.stringMatching(/^\d+ % of the held-out tokens never occur in the training part/),
    );
    expect(refusalOf(() => build('ab', { tokenizer: 'bytes', heldOut: 0.5 }))).toContain(
      'has 1 byte to train on and 1 held out, but a context of 8 needs',
    );
    expect(build(prose.slice(0, 120), short).notes).toContainEqual(
      'The held-out part has 1 sequence of 8 bytes, not 6; it alone is evaluated.',
    );
    const message = refusalOf(() => build('the cat sat on the mat. '.repeat(3), { tokenizer: 'bytes' }));
    expect(message).toBe(
      'corpus.file: "own.txt" has 65 bytes to train on and 7 held out, but a context of 8 needs at least 9 of each; use a longer text or a smaller context.',
    );
  });

  test('read what a person writes, without what they have no token for', () => {
    expect(build('abc'.repeat(90)).encode!('aЖb')).toEqual(Uint32Array.of(0, 1));
    const { encode, decode } = build(prose, { tokenizer: bpe });
    expect(decode(encode!('Жfox'))).toBe('Жfox');
  });

  test('keep the most and the fewest tokens that a recipe promises', () => {
    for (const tokenizer of ['characters', 'bytes', bpe, { kind: 'bpe', vocabulary: 4096 }] as const) {
      for (const characters of [4, 256]) {
        const spec = specOf({ tokenizer, characters });
        const { vocabulary } = build(prose, spec);
        expect(vocabulary).toBeLessThanOrEqual(mostTokens(spec));
        expect(vocabulary).toBeGreaterThanOrEqual(fewestTokens(spec));
      }
    }
  });
});

describe('windows', () => {
  test('are cut by position: what is held out is the end, and is not trained on', async () => {
    const { trained, held, decode, entropyRate, evaluationEntropy } = await readOf(TEXT);
    expect([entropyRate, evaluationEntropy]).toEqual([null, null]);
    for (const window of trained) expect(TEXT.slice(0, 1800)).toContain(decode(window));
    for (const window of held) expect(TEXT.slice(1800)).toContain(decode(window));
  });

  test('come each once a pass, in an order that differs from pass to pass', async () => {
    // 1,799 labels make 224 windows of 8.
    const { trained, decode, notes } = await readOf(TEXT, {}, { batch: 32, steps: 21 });
    const passes = [0, 1, 2].map((pass) => trained.slice(pass * 224, (pass + 1) * 224).map(decode));
    const inOrder = Array.from({ length: 224 }, (_, i) => TEXT.slice(i * 8, i * 8 + 9));
    for (const pass of passes) {
      expect(pass).not.toEqual(inOrder);
      expect(pass.toSorted()).toEqual(inOrder.toSorted());
    }
    expect(passes[1]).not.toEqual(passes[0]);
    expect(notes).toEqual([
      'Training takes 5,376 characters and the training part has 1,792: each is read 3.0 times (epochs), so part of the loss is learnt by heart.',
    ]);
  });

  test('begin alike whatever the steps and the batch', async () => {
    const [short, long] = [await readOf(TEXT), await readOf(TEXT, {}, { steps: 90, batch: 9 })];
    expect(long.trained.slice(0, 20)).toEqual(short.trained);
    expect(long.held).toEqual(short.held);
  });

  test('of the evaluation are spread over the held-out part, and fewer where it is short', async () => {
    const startsOf = ({ held, decode }: Awaited<ReturnType<typeof readOf>>) =>
      held.map((window) => TEXT.indexOf(decode(window), 1800) - 1800);
    expect(startsOf(await readOf(TEXT, {}, { evaluationSequences: 6 }))).toEqual([0, 32, 64, 96, 128, 160]);
    const short = await readOf(TEXT, {}, { evaluationSequences: 50 });
    const { notes } = short;
    expect(startsOf(short)).toEqual(Array.from({ length: 24 }, (_, i) => i * 8));
    expect(notes).toEqual(['The held-out part has 24 sequences of 8 characters, not 50; all of them are evaluated.']);
  });
});

describe('refusals', () => {
  test('a missing text, also under a name that objects have anyway', () => {
    expect(refusalOf(() => buildCorpus(specOf(), planOf(), {}))).toContain('"own.txt" is missing');
    for (const file of ['__proto__', 'constructor', 'toString']) {
      expect(refusalOf(() => buildCorpus(specOf({ file }), planOf(), {}))).toContain(`"${file}" is missing`);
    }
  });

  test('an empty text, or one of a byte order mark only', () => {
    expect(refusalOf(() => build(''))).toContain('is empty');
    expect(refusalOf(() => build('\uFEFF'))).toContain('is empty');
  });

  test('a text too short for its context; the length it asks for is enough, and one less is not', () => {
    for (const [heldOut, context] of [
      [0.1, 8],
      [0.5, 31],
      [0.013, 64],
      [0.34, 2],
    ]) {
      const message = refusalOf(() => build('ab', { heldOut }, { context }));
      expect(message).toContain('has 2 characters');
      expect(message).toContain(`context of ${context}`);
      const needed = Number(/at least ([\d,]+)/.exec(message)![1].replace(',', ''));
      const text = 'ab'.repeat(needed).slice(0, needed);
      expect(build(text, { heldOut }, { context }).evaluation.length).toBeGreaterThan(0);
      refusalOf(() => build(text.slice(1), { heldOut }, { context }));
    }
  });

  test('a text of one character', () => {
    expect(refusalOf(() => build('a'.repeat(500)))).toContain('at least 2 different ones');
  });
});
