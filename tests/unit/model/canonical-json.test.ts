/** The canonical form of what is sealed, held against the standard's own examples and against the library of one of its authors. */
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson, escapedJson } from '../../../src/model/canonical-json.ts';
import { InputError } from '../../../src/model/parse.ts';

/** Any text, also with half a character in it. */
const anyText = fc.string({ unit: 'binary' }).chain((text) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant(text) },
    fc.integer({ min: 0xd800, max: 0xdfff }).map((half) => `${text}${String.fromCharCode(half)}`),
  ),
);
const numbers = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.constantFrom(-0, 1e21, 1e-7, 1e-6, 5e-324, Number.MAX_VALUE, 1e30, 1e-27),
);
/** Whatever JSON can hold, with texts of this kind. */
const nested = (text: fc.Arbitrary<string>) =>
  fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      fc.oneof(text, numbers, fc.boolean(), fc.constant(null)),
      fc.array(tie('value'), { maxLength: 4 }),
      fc.dictionary(text, tie('value'), { maxKeys: 5 }),
    ),
  })).value;

describe('the canonical JSON', () => {
  test('is that of RFC 8785, by the examples that stand in it', () => {
    // Section 3.2.2, and the order of keys of section 3.2.3.
    const example: unknown = JSON.parse(String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`);
    expect(canonicalJson(example)).toBe(
      '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}',
    );
    const keys = {
      '\u20ac': 'Euro Sign',
      '\r': 'Carriage Return',
      '\ufb33': 'Hebrew Letter Dalet With Dagesh',
      '1': 'One',
      '\ud83d\ude00': 'Emoji: Grinning Face',
      '\u0080': 'Control',
      '\u00f6': 'Latin Small Letter O With Diaeresis',
    };
    const order = [...canonicalJson(keys).matchAll(/:"([^"]*)"/g)].map(([, name]) => name);
    expect(order).toEqual([
      'Carriage Return',
      'One',
      'Control',
      'Latin Small Letter O With Diaeresis',
      'Euro Sign',
      'Emoji: Grinning Face',
      'Hebrew Letter Dalet With Dagesh',
    ]);
  });

  test.each([
    // Appendix B.
    ['0000000000000000', '0'],
    ['8000000000000000', '0'],
    ['0000000000000001', '5e-324'],
    ['8000000000000001', '-5e-324'],
    ['7fefffffffffffff', '1.7976931348623157e+308'],
    ['ffefffffffffffff', '-1.7976931348623157e+308'],
    ['4340000000000000', '9007199254740992'],
    ['c340000000000000', '-9007199254740992'],
    ['4430000000000000', '295147905179352830000'],
    ['44b52d02c7e14af5', '9.999999999999997e+22'],
    ['44b52d02c7e14af6', '1e+23'],
    ['44b52d02c7e14af7', '1.0000000000000001e+23'],
    ['444b1ae4d6e2ef4e', '999999999999999700000'],
    ['444b1ae4d6e2ef4f', '999999999999999900000'],
    ['444b1ae4d6e2ef50', '1e+21'],
    ['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
    ['3eb0c6f7a0b5ed8d', '0.000001'],
    ['41b3de4355555553', '333333333.3333332'],
    ['41b3de4355555554', '333333333.33333325'],
    ['41b3de4355555555', '333333333.3333333'],
    ['41b3de4355555556', '333333333.3333334'],
    ['41b3de4355555557', '333333333.33333343'],
    ['becbf647612f3696', '-0.0000033333333333333333'],
    ['43143ff3c1cb0959', '1424953923781206.2'],
  ])('writes the double %s as %s, as the table of RFC 8785 has it', (bits, text) => {
    expect(canonicalJson(new Float64Array(new BigUint64Array([BigInt(`0x${bits}`)]).buffer)[0])).toBe(text);
  });

  test('is what another implementation of RFC 8785 writes of any value', () => {
    fc.assert(
      fc.property(nested(fc.string({ unit: 'binary' })), (value) => {
        expect(canonicalJson(value)).toBe(canonicalize(value));
        expect(escapedJson(value)).toBe(canonicalize(value));
      }),
      { numRuns: 2000 },
    );
  });

  test('refuses what the other refuses, and nothing else', () => {
    const refuses = (write: () => unknown) => {
      try {
        write();
        return false;
      } catch (error) {
        return error instanceof Error;
      }
    };
    fc.assert(
      fc.property(nested(anyText), (value) => {
        expect(refuses(() => canonicalJson(value))).toBe(refuses(() => canonicalize(value)));
      }),
      { numRuns: 2000 },
    );
    for (const one of [NaN, Infinity, -Infinity, '\ud83d', 'a\ude00\ud83d', undefined, 1n]) {
      expect(() => canonicalJson({ a: [1, one] }), String(one)).toThrow(InputError);
    }
    expect(() => canonicalJson({ '\ud83d': 1 })).toThrow(
      'value: "\\ud83d" cannot be sealed, for it holds half a character.',
    );
    expect(() => canonicalJson({ a: [NaN] })).toThrow('value.a[0]: NaN cannot be sealed, for no JSON can hold it.');
  });

  test('leaves out what is not there, and is read again as what it was', () => {
    expect(canonicalJson({ b: undefined, a: { c: undefined } })).toBe('{"a":{}}');
    fc.assert(
      fc.property(nested(fc.string({ unit: 'binary' })), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
      }),
    );
  });
});
