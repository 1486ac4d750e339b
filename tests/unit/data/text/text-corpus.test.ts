/** Text of one's own: what becomes a token, what is trained on, what is held out, and what is refused. */
import { describe, expect, test } from 'vitest';
import { buildCorpus } from '../../../../src/data/corpus.ts';
import { fewestTokens, mostTokens, type TextCorpusSpec } from '../../../../src/model/corpora.ts';

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
  expect(notesOf(`${english.slice(0, 197)}ЖЖЖ`)).toHaveLength(1);
  expect(notesOf(`${english.slice(0, 199)}Ж`)).toEqual([]);
});

describe('tokens', () => {
  test('are code points, not halves of them, most frequent first', () => {
    const text = '😀ab😀'.repeat(60);
    const { vocabulary, stream, decode } = build(text);
    expect(vocabulary).toBe(3);
    expect([...stream.train.slice(0, 5)]).toEqual([0, 1, 2, 0, 0]);
    expect(decode(stream.train)).toBe('😀ab😀'.repeat(54));
  });

  test('beyond the number asked for share one, and a note says so', () => {
    const { vocabulary, decode, stream, notes } = build('aaaabbbc'.repeat(40) + 'xyz'.repeat(2), { characters: 2 });
    expect(vocabulary).toBe(3);
    expect(decode(stream.train.slice(0, 8))).toBe('aaaabbb\uFFFD');
    expect(notes[0]).toBe('The 4 rarest characters share one token (14 % of the text); the other 2 have one each.');
  });

  test('leave out the byte order mark', () => {
    expect(build(`\uFEFF${TEXT}`).stream).toEqual(build(TEXT).stream);
  });
});

describe('tokenizers', () => {
  const prose = 'the quick brown fox jumps over the lazy dog and naïve Zoë sings. '.repeat(60);
  const bpe = { kind: 'bpe', vocabulary: 300 } as const;
  const lengthOf = (text: string) => new TextEncoder().encode(text).length;

  test('hold out the same part of the text, and give it back', () => {
    const made = (['characters', 'bytes', bpe] as const).map((tokenizer) => build(prose, { tokenizer }));
    const held = prose.slice(Math.round(0.9 * prose.length));
    for (const { decode, stream, vocabulary } of made) {
      expect(decode(stream.train) + decode(stream.evaluation)).toBe(prose);
      expect(decode(stream.evaluation)).toBe(held);
      expect(Math.max(...stream.train, ...stream.evaluation)).toBeLessThan(vocabulary);
    }
    expect(made.slice(1).map(({ vocabulary }) => vocabulary)).toEqual([256, 300]);
    const lengths = made.map(({ stream }) => stream.evaluation.length);
    expect(lengths.slice(0, 2)).toEqual([held.length, lengthOf(held)]);
    expect(lengths[2]).toBeLessThan(held.length / 2);
  });

  test('learn from the training part alone', () => {
    const { stream, decode } = build('ab '.repeat(600) + 'xy'.repeat(100), { tokenizer: bpe });
    expect(decode(stream.train.slice(1, 2))).toBe(' ab');
    expect([...stream.evaluation.slice(0, 4)].map((token) => decode([token]))).toEqual(['x', 'y', 'x', 'y']);
  });

  test('tell how many bytes the tokens of the evaluation window stand for', () => {
    for (const tokenizer of ['characters', 'bytes', bpe] as const) {
      const { bytesPerToken, stream, decode } = build(
        prose.replace(/[ïë]/g, 'i'),
        { tokenizer },
        { evaluationSequences: 3 },
      );
      const labels = [...stream.evaluationStarts].flatMap((start) => [
        ...stream.evaluation.slice(start + 1, start + 9),
      ]);
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
      expect.stringMatching(/^Training takes 16000 bytes and the training part has \d+: each is read 4\.\d times/),
      expect.stringMatching(/^The held-out part has \d+ sequences of 8 bytes, not 900/),
    ]);
    expect(build(prose + 'Ж'.repeat(400), { ...short, tokenizer: bpe }).notes).toContainEqual(
      expect.stringMatching(/^\d+ % of the held-out tokens never occur in the training part/),
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
  test('are cut by position: what is held out is the end, and is not trained on', () => {
    const { stream, decode, entropyRate, evaluationEntropy } = build(TEXT);
    expect(decode(stream.train)).toBe(TEXT.slice(0, 1800));
    expect(decode(stream.evaluation)).toBe(TEXT.slice(1800));
    expect([entropyRate, evaluationEntropy]).toEqual([null, null]);
    for (const start of stream.trainStarts) expect(start + 8).toBeLessThan(1800);
    for (const start of stream.evaluationStarts) expect(start + 8).toBeLessThan(200);
  });

  test('come each once a pass, in an order that differs from pass to pass', () => {
    // 1,799 labels make 224 windows of 8.
    const { stream, notes } = build(TEXT, {}, { batch: 32, steps: 21 });
    const passes = [0, 1, 2].map((pass) => [...stream.trainStarts.slice(pass * 224, (pass + 1) * 224)]);
    const inOrder = Array.from({ length: 224 }, (_, i) => i * 8);
    for (const pass of passes) {
      expect(pass).not.toEqual(inOrder);
      expect(pass.toSorted((a, b) => a - b)).toEqual(inOrder);
    }
    expect(passes[1]).not.toEqual(passes[0]);
    expect(notes).toEqual([
      'Training takes 5376 characters and the training part has 1792: each is read 3.0 times (epochs), so part of the loss is learnt by heart.',
    ]);
  });

  test('begin alike whatever the steps and the batch', () => {
    const short = build(TEXT).stream;
    const long = build(TEXT, {}, { steps: 90, batch: 9 }).stream;
    expect(long.trainStarts.slice(0, 20)).toEqual(short.trainStarts);
    expect([long.train, long.evaluation]).toEqual([short.train, short.evaluation]);
  });

  test('of the evaluation are spread over the held-out part, and fewer where it is short', () => {
    expect([...build(TEXT, {}, { evaluationSequences: 6 }).stream.evaluationStarts]).toEqual([0, 32, 64, 96, 128, 160]);
    const { stream, notes } = build(TEXT, {}, { evaluationSequences: 50 });
    expect([...stream.evaluationStarts]).toEqual(Array.from({ length: 24 }, (_, i) => i * 8));
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
      const needed = Number(/at least (\d+)/.exec(message)![1]);
      const text = 'ab'.repeat(needed).slice(0, needed);
      expect(build(text, { heldOut }, { context }).stream.evaluationStarts.length).toBeGreaterThan(0);
      refusalOf(() => build(text.slice(1), { heldOut }, { context }));
    }
  });

  test('a text of one character', () => {
    expect(refusalOf(() => build('a'.repeat(500)))).toContain('at least 2 different ones');
  });
});

test('of a long text only what is read is kept, in the order in which it would be read of the whole', () => {
  const words = Array.from({ length: 900_000 }, (_, i) => String(i).padStart(6, '0'));
  const { stream, decode } = build(words.join(''), { tokenizer: 'bytes' }, { context: 6, steps: 50 });
  const windows = Array.from(stream.trainStarts, (start) => decode(stream.train.subarray(start, start + 7)));
  expect(stream.train.length).toBeLessThanOrEqual(200 * 7);
  for (const window of windows) expect(words[Number(window.slice(0, 6)) + 1]![0]).toBe(window[6]);
  const longer = build(words.join(''), { tokenizer: 'bytes' }, { context: 6, steps: 250_000 });
  expect(longer.stream.train.length).toBeGreaterThan(4.8e6);
  const first = [...longer.stream.trainStarts.subarray(0, 200)];
  expect(windows).toEqual(first.map((start) => decode(longer.stream.train.subarray(start, start + 7))));
});
