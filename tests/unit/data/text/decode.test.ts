/** Bytes of files as text: `encoded.json` was written by Python's codecs, which share nothing with `TextDecoder`. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText as decoded } from '../../../../src/data/text/decode.ts';
import { nameOf, type Encoding } from '../../../../src/data/text/encodings.ts';
import encoded from './encoded.json' with { type: 'json' };

const decodeText = (...given: Parameters<typeof decoded>) => {
  const { parts, ...rest } = decoded(...given);
  return { text: parts.join(''), ...rest };
};
const utf8 = (text: string) => new TextEncoder().encode(text);
const latin1 = (text: string) => Uint8Array.from(text, (c) => c.charCodeAt(0));
function utf16(text: string, isLittle: boolean, mark = ''): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(2 * (mark + text).length));
  [...Array((mark + text).length).keys()].forEach((i) => bytes.setUint16(2 * i, (mark + text).charCodeAt(i), isLittle));
  return new Uint8Array(bytes.buffer);
}

const cases = Object.entries(encoded.texts).flatMap(([encoding, texts]) =>
  texts.map(({ text, hex }) => ({ encoding: encoding as Encoding, text, bytes: Buffer.from(hex, 'hex') })),
);

describe('an encoding that a text does not say', () => {
  it.each(cases)('$encoding: $text', ({ encoding, text, bytes }) => {
    const repeated = Uint8Array.from([...bytes, 10, ...bytes]);
    for (const [given, expected] of [
      [Uint8Array.from(bytes), text] as const,
      [repeated, `${text}\n${text}`] as const,
    ]) {
      expect(decodeText(given, 'a.txt')).toEqual({
        ...{ text: expected, encoding },
        guess: `read as ${nameOf(encoding)}, for it is no valid UTF-8`,
      });
    }
  });

  it.each(cases)('$encoding, where a person chose it: $text', ({ encoding, text, bytes }) => {
    expect(decodeText(Uint8Array.from(bytes), 'a.txt', encoding)).toEqual({ text, encoding, guess: null });
  });

  it('of UTF-8 that is spoilt in places is UTF-8, with a count of them', () => {
    const spoilt = Uint8Array.from([...utf8('für größere Häuser, façade '), 0xff, ...utf8(' weiß')]);
    expect(decodeText(spoilt, 'a.txt')).toEqual({
      ...{ text: 'für größere Häuser, façade \ufffd weiß', encoding: 'utf-8' },
      guess: 'read as UTF-8 with a mark (\ufffd) in place of what is none',
    });
  });

  it('of what is spoilt far behind its beginning, too', () => {
    const text = `${'größer '.repeat(300_000)}`;
    const { encoding, text: read } = decodeText(Uint8Array.from([...utf8(text), 0xe9]), 'a.txt');
    expect([encoding, read]).toEqual(['utf-8', `${text}\ufffd`]);
  });
});

/** Without what UTF-16 or a mark would be taken for. */
const text = fc
  .string({ unit: 'binary', minLength: 1, maxLength: 300 })
  .filter((one) => !/\p{Surrogate}/u.test(one) && !one.includes('\0') && !one.startsWith('\ufeff'));

describe('what says its encoding', () => {
  it('comes back as it was: UTF-8 with and without a mark, UTF-16 with one', () => {
    fc.assert(
      fc.property(text, (one) => {
        fc.pre(!/^(%PDF-|\{\\rtf)/.test(one));
        for (const bytes of [utf8(one), utf8(`\ufeff${one}`)]) {
          expect(decodeText(bytes, 'a.txt')).toEqual({ text: one, encoding: 'utf-8', guess: null });
        }
        expect(decodeText(utf16(one, true, '\ufeff'), 'a.txt')).toMatchObject({ text: one, encoding: 'utf-16le' });
        expect(decodeText(utf16(one, false, '\ufeff'), 'a.txt')).toMatchObject({ text: one, encoding: 'utf-16be' });
      }),
    );
  });

  it('UTF-16 without a mark is known by its zero bytes, whatever its script', () => {
    const prose = fc.array(fc.constantFrom('The law', 'Ελλάδα', '吾輩は猫', 'семьи', '🙂', '42', '\n'), {
      minLength: 1,
    });
    fc.assert(
      fc.property(prose, fc.boolean(), (words, isLittle) => {
        const one = `${words.join(' ')} end.`;
        const { text, encoding, guess } = decodeText(utf16(one, isLittle), 'a.txt');
        expect([text, encoding]).toEqual([one, isLittle ? 'utf-16le' : 'utf-16be']);
        expect(guess).toMatch(/^read as UTF-16, for its zero bytes stand where/);
      }),
    );
  });

  it('any text comes back in the encoding that was chosen', () => {
    const alphabet = fc.constantFrom(...Object.entries(encoded.alphabets)).chain(([encoding, { characters, hex }]) => {
      const bytes = Buffer.from(hex, 'hex');
      const length = bytes.length / characters.length;
      const one = fc.nat({ max: characters.length - 1 }).map((i) => ({
        ...{ character: characters[i], bytes: [...bytes.subarray(i * length, (i + 1) * length)] },
      }));
      const plain = fc.constantFrom(...' aZ9\n').map((character) => ({ character, bytes: [character.charCodeAt(0)] }));
      return fc.tuple(fc.constant(encoding as Encoding), fc.array(fc.oneof(one, plain), { minLength: 1 }));
    });
    fc.assert(
      fc.property(alphabet, ([encoding, parts]) => {
        const text = parts.map(({ character }) => character).join('');
        const bytes = Uint8Array.from(parts.flatMap(({ bytes }) => bytes));
        const read = decodeText(bytes, 'a.txt', encoding);
        // Bytes that are UTF-8 by chance are no guess, and nothing was to be chosen.
        if (read.encoding !== 'utf-8') expect(read).toEqual({ text, encoding, guess: null });
        else expect(utf8(read.text)).toEqual(bytes);
      }),
      { numRuns: 500 },
    );
  });
});

describe('what is no text', () => {
  it.each([
    ['\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'a PNG picture'],
    ['%PDF-1.7\n%âãÏÓ', 'a PDF'],
    ['PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0[Content_Types].xml word/document.xml', 'a Word document'],
    ['PK\x03\x04\x14\0\0\0\0\0', 'a ZIP archive'],
    ['PK\x03\x04\n\0\0\0\0\0 mimetypeapplication/epub+zip', 'an EPUB book'],
    ['\x1f\x8b\x08\0', 'packed with gzip'],
  ])('%j is refused for what it is', (bytes, what) => {
    expect(() => decodeText(latin1(bytes), 'x.bin')).toThrow(
      `corpus.file: "x.bin" is ${what}, no text; save what it holds as plain text.`,
    );
  });

  it('is refused by its zero bytes and its control characters', () => {
    expect(() => decodeText(Uint8Array.of(1, 0, 2, 0), 'x')).toThrow(
      'corpus.file: "x" is a binary file (it holds zero bytes); choose a file of text.',
    );
    const noise = Uint8Array.from({ length: 4000 }, (_, i) => 1 + ((i * 7919 + (i >> 3) * 104729) % 255));
    expect(() => decodeText(noise, 'x')).toThrow('is a binary file (it holds control characters)');
  });

  it('is refused where it is UTF-32, which would pass for UTF-16 with zeros between its letters', () => {
    for (const isLittle of [true, false]) {
      const bytes = new DataView(new ArrayBuffer(8));
      bytes.setUint32(0, 0xfeff, isLittle);
      bytes.setUint32(4, 0x61, isLittle);
      expect(() => decodeText(new Uint8Array(bytes.buffer), 'x')).toThrow(
        'corpus.file: "x" is in UTF-32, which is not read; save it as UTF-8.',
      );
    }
  });

  it('is refused where it is empty, also behind a mark', () => {
    for (const bytes of [new Uint8Array(0), utf8('\ufeff'), Uint8Array.of(0xff, 0xfe)]) {
      expect(() => decodeText(bytes, 'x')).toThrow('corpus.file: "x" is empty; choose a file of text.');
    }
  });

  it('a text that begins like such a file is one', () => {
    for (const one of ['GIF89a is a format.', 'ID3 tags', 'BZh', 'PAR1 of 3', 'Rar! 7z']) {
      expect(decodeText(utf8(one), 'a.txt').text).toBe(one);
    }
  });
});
