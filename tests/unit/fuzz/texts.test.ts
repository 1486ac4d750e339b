/** Texts of one's own: bytes of a file, and what is made of them. */
import fc from 'fast-check';
import { expect } from 'vitest';
import { decodeText } from '../../../src/data/text/decode.ts';
import { trainBpe } from '../../../src/data/text/bpe.ts';
import { textCorpus } from '../../../src/data/text/text-corpus.ts';
import { textOfTokens, tokenizerOf } from '../../../src/data/text/tokenizer.ts';
import { bytesOfText, joined } from '../../../src/data/text/utf8.ts';
import { eachOf, trainingOf } from '../data/windows.ts';
import { door } from './door.ts';

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 400 }),
  fc.string({ unit: 'binary', maxLength: 400 }).map((text) => new TextEncoder().encode(text)),
  fc
    .tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }), fc.nat({ max: 60 }))
    .map(([text, times]) => new TextEncoder().encode(text.repeat(times))),
  fc
    .constantFrom('\uFEFF', '\uFEFFa', 'a', '\r\n'.repeat(300), '👩‍👩‍👧'.repeat(80))
    .map((text) => new TextEncoder().encode(text)),
);
const names = fc.oneof(
  fc.string({ maxLength: 20 }),
  fc.constantFrom('__proto__', 'constructor', 'toString', '../a.txt'),
);
const plan = fc.record({
  context: fc.integer({ min: 1, max: 64 }),
  batch: fc.integer({ min: 1, max: 8 }),
  steps: fc.integer({ min: 1, max: 20 }),
  evaluationSequences: fc.integer({ min: 1, max: 16 }),
});
const tokenizer = fc.oneof(
  fc.constantFrom('characters' as const, 'bytes' as const),
  fc.record({ kind: fc.constant('bpe' as const), vocabulary: fc.integer({ min: 256, max: 400 }) }),
);
const spec = fc.record({
  heldOut: fc.double({ min: 0.01, max: 0.5, noNaN: true }),
  tokenizer,
  characters: fc.integer({ min: 2, max: 512 }),
});

door('text', fc.tuple(bytes, names, plan, spec), async ([content, file, planned, how]) => {
  const text = decodeText(content, file).parts.join('');
  const texts = Object.fromEntries([[file, text]]);
  const corpus = textCorpus({ kind: 'text', file, ...how }, planned, texts);
  const { evaluation, vocabulary, decode } = corpus;
  const trained = await trainingOf(corpus, planned);
  expect(trained).toHaveLength(planned.steps * planned.batch);
  for (const window of [...trained, ...eachOf(evaluation, planned)]) {
    expect(Math.max(...window)).toBeLessThan(vocabulary);
    if (how.tokenizer === 'characters' && vocabulary < how.characters) expect(text).toContain(decode(window));
  }
});

/** Also halves of surrogate pairs, and what repeats. */
const anyText = fc
  .array(
    fc.oneof(fc.string({ unit: 'binary', maxLength: 20 }), fc.constantFrom('\ud800', '\udc00', ' the', 'ab', ' ')),
    {
      maxLength: 40,
    },
  )
  .map((parts) => parts.join(''));

door('tokens of a text', fc.tuple(anyText, anyText, tokenizer), ([training, held, kind]) => {
  const text = training + held;
  const made = tokenizerOf({ tokenizer: kind, characters: 4096 }, bytesOfText(text), bytesOfText(training));
  const tokens = made.encode(bytesOfText(text));
  expect(tokens.every((token) => token < made.vocabulary)).toBe(true);
  expect(textOfTokens(made, tokens)).toBe(text);
});

door('tokens of bytes', fc.tuple(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 })), ([a, b]) => {
  const { encode, bytesOf } = trainBpe(a, 400);
  expect(joined(Array.from(encode(b), (token) => bytesOf(token)!))).toEqual(b);
});
