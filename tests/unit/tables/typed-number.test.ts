/** Numbers as people type them: each spelling means what its author meant, or both of its readings are named. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readNumber, readNumbers, type Meant } from '../../../src/tables/typed-number.ts';

const valueOf = (text: string, meant: Meant) => readNumber(text, meant).value;
const questionOf = (text: string, meant: Meant) => readNumber(text, meant).question;
const grouped = (n: number, mark: string) => String(n).replace(/\B(?=(\d{3})+$)/g, mark);

const KINDS: Meant[] = ['whole', 'size', 'real'];
const kind = fc.constantFrom(...KINDS);
const integer = fc.integer({ min: -(2 ** 40), max: 2 ** 40 });
const MARKS_OF_THOUSANDS = ["'", '’', '_', ' ', '\u00a0', '\u202f', '\u2009'];

describe('any integer', () => {
  it('is itself, with and without groups that can be nothing else', () => {
    fc.assert(
      fc.property(integer, kind, fc.constantFrom('', ...MARKS_OF_THOUSANDS), (n, meant, mark) => {
        expect(readNumber(grouped(n, mark), meant)).toEqual({ value: n, question: null });
      }),
    );
  });

  it('may have groups behind dots and commas where it is a whole number', () => {
    fc.assert(
      fc.property(integer, fc.constantFrom(',', '.'), (n, mark) => {
        expect(readNumber(grouped(n, mark), 'whole')).toEqual({ value: n, question: null });
      }),
    );
  });

  it('with two groups or more is read anywhere', () => {
    const large = fc.integer({ min: 1_000_000, max: 2 ** 50 });
    fc.assert(
      fc.property(large, kind, fc.constantFrom(',', '.'), (n, meant, mark) => {
        expect(valueOf(grouped(n, mark), meant)).toBe(n);
      }),
    );
  });

  it('with one group behind a comma is asked about where it need not be whole', () => {
    const small = fc.integer({ min: 1000, max: 999_999 });
    fc.assert(
      fc.property(small, fc.constantFrom<Meant>('size', 'real'), (n, meant) => {
        const text = grouped(n, ',');
        expect(readNumber(text, meant)).toEqual({
          value: NaN,
          question: `"${text}" may mean ${n} or ${n / 1000}; write one of these.`,
        });
      }),
    );
  });

  it('may have decimals behind its groups', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1000, max: 2 ** 40 }),
        fc.integer({ min: 0, max: 999_999 }),
        fc.constantFrom([',', '.'], ['.', ','], [' ', ','], ["'", '.'], ['_', '.']),
        (n, decimals, [mark, point]) => {
          expect(valueOf(`${grouped(n, mark)}${point}${decimals}`, 'real')).toBe(Number(`${n}.${decimals}`));
        },
      ),
    );
  });
});

describe('any number', () => {
  const real = fc.double({ noNaN: true, noDefaultInfinity: true });

  it('is read as a program writes it', () => {
    fc.assert(
      fc.property(real, fc.constantFrom<Meant>('size', 'real'), (x, meant) => {
        expect(valueOf(String(x), meant)).toBe(Number(String(x)));
      }),
    );
  });

  it('is read with a decimal comma, unless that may be one of thousands', () => {
    fc.assert(
      fc.property(real, (x) => {
        const text = String(x).replace('.', ',');
        const { value, question } = readNumber(text, 'real');
        if (/^-?[1-9]\d{0,2},\d{3}(e|$)/.test(text)) expect([value, question]).toEqual([NaN, expect.any(String)]);
        else expect(value).toBe(Number(String(x)));
      }),
    );
  });

  it('is never read as another than JavaScript reads, where that reads one', () => {
    const typed = fc.string({ unit: fc.constantFrom(...'0123456789.,-e ') });
    fc.assert(
      fc.property(typed, (text) => {
        const { value } = readNumber(text, 'real');
        if (text.trim() === '' || Number.isNaN(value) || Number.isNaN(Number(text))) return;
        expect(value === Number(text)).toBe(true);
      }),
    );
  });
});

describe('a suffix', () => {
  it.each([
    ['1.2M', 1.2e6],
    ['70m', 70e6],
    ['70 M', 70e6],
    ['6.9B', 6.9e9],
    ['1,5B', 1.5e9],
    ['10k', 10_000],
    ['1,000,000M', 1e12],
    ['7G', 7e9],
    ['2T', 2e12],
  ])('%s is a size', (text, value) => expect(valueOf(text, 'size')).toBe(value));

  it('counts steps, and is no part of a learning rate', () => {
    expect([valueOf('1.5k', 'whole'), valueOf('3k', 'real')]).toEqual([1500, NaN]);
  });

  it('does not settle what a group is', () => {
    expect(questionOf('1,024M', 'size')).toBe('"1,024M" may mean 1024000000 or 1024000; write one of these.');
    expect(questionOf('1,024k', 'whole')).toBe('"1,024k" may mean 1024000 or 1024; write one of these.');
  });
});

it.each([
  ['2^-5', 2 ** -5],
  ['2**-4.5', 2 ** -4.5],
  ['2^-4,5', 2 ** -4.5],
  ['2⁻⁵', 2 ** -5],
  ['2¹⁰', 1024],
  ['−3', -3],
  ['1e-3', 0.001],
  ['1,5E+2', 150],
  ['0,125', 0.125],
  ['.5', 0.5],
  [',5', 0.5],
  ['5.', 5],
  ['1.024', 1.024],
  ['  0.5 ', 0.5],
])('%s is %s', (text, value) => expect(valueOf(text, 'real')).toBe(value));

const NONE = ['', ' ', 'abc', '2^', '1.2.3', '1,2,3', '1,00,000', '1 2', '1e3k', 'k', '0x10', 'Infinity', '1e999'];
it.each(NONE.map((text) => [text]))('%j is no number', (text) => {
  for (const meant of KINDS) expect(readNumber(text, meant)).toEqual({ value: NaN, question: null });
});

it.each([
  ['1000,000', '1000 or 1000000'],
  ['1000.000', '1000 or 1000000'],
  ['10,0000', '10 or 100000'],
  ['1,0000', '1 or 10000'],
  ['10,00', '10 or 1000'],
])('%s is no whole number with decimals, but one that is asked about', (text, both) => {
  expect(readNumber(text, 'whole')).toEqual({
    value: NaN,
    question: `"${text}" may mean ${both}; write one of these.`,
  });
  expect(valueOf(text, 'real')).toBe(Number(text.replace(',', '.')));
});

it('one zero behind a mark is one decimal', () => {
  expect(['10.0', '10,0'].map((text) => valueOf(text, 'whole'))).toEqual([10, 10]);
});

describe('a list', () => {
  it.each([
    ['1, 2, 3', [1, 2, 3]],
    ['1,2,3', [1, 2, 3]],
    ['1 2;3', [1, 2, 3]],
    ['10,', [10]],
    ['1, 1024', [1, 1024]],
    ['1, x', [1, NaN]],
    ['', []],
  ])('%j holds whole numbers', (text, values) =>
    expect(readNumbers(text, 'whole')).toEqual({ values, question: null }),
  );

  it('asks whether a comma parts two whole numbers or the groups of one', () => {
    const question = '"101,202" may mean 101202 or 101 and 202; leave the comma out, or put a space behind it.';
    expect(readNumbers('7, 101,202', 'whole')).toEqual({ values: [7, NaN], question });
    // Nobody means 128 million by a list of three.
    expect(readNumbers('128,256,512', 'whole')).toEqual({ values: [128, 256, 512], question: null });
    expect(readNumbers('1,024,000', 'whole').question).toMatch(/^"1,024,000" may mean 1024000 or 1 and 24 and 0;/);
  });

  it.each([
    ['1 000', 'whole', [NaN], '"1 000" may mean 1000 or 1 and 0; leave the space out, or put a comma before it.'],
    ['1\u00a0024', 'whole', [NaN], '"1\u00a0024" may mean 1024 or 1 and 24; leave the space out,'],
    ['1\u202f234', 'whole', [NaN], '"1\u202f234" may mean 1234 or 1 and 234;'],
    ['8,16,32,1,024', 'whole', [8, 16, 32, NaN], '"1,024" may mean 1024 or 1 and 24; leave the comma out,'],
    ['1,024,2,048', 'whole', [NaN, NaN], '"1,024" may mean 1024 or 1 and 24;'],
    ['0.5 1 000', 'real', [0.5, NaN], '"1 000" may mean 1000 or 1 and 0;'],
    ['0.5 1\u00a0024', 'real', [0.5, NaN], '"1\u00a0024" may mean 1024 or 1 and 24;'],
  ] as const)('%j is asked about where it may hold groups', (text, meant, values, question) => {
    const read = readNumbers(text, meant);
    expect(read.values).toEqual(values);
    expect(read.question).toContain(question);
  });

  it.each([
    ['100 200', [100, 200]],
    ['1 2 300', [1, 2, 300]],
    ['1, 024', [1, 24]],
    ['1\n024', [1, 24]],
    ['01,02,03', [1, 2, 3]],
    ['10,00', [10, NaN]],
  ])('%j is a list without a question', (text, values) => {
    expect(readNumbers(text, 'whole')).toEqual({ values, question: null });
  });

  it('of other numbers may have decimal commas', () => {
    expect(readNumbers('2^-5 0,5; 1.5, 2', 'real')).toEqual({ values: [2 ** -5, 0.5, 1.5, 2], question: null });
    expect(readNumbers('1 1,024', 'real').question).toMatch(/^"1,024" may mean 1024 or 1.024;/);
  });
});

describe('what is beyond all measure', () => {
  it('is no number', () => {
    for (const text of ['2^3100', '2³¹⁰⁰', '1e999']) expect(readNumber(text, 'real').value).toBeNaN();
  });

  it('is read to its end, however long the list', () => {
    for (const meant of KINDS) {
      const { values, question } = readNumbers('1 000 '.repeat(20_000), meant);
      expect([values.length, question === null]).toEqual([20_000, false]);
    }
  });
});
