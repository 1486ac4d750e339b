import { describe, expect, it } from 'vitest';
import { durationWords, parseNumber, plusMinus, powerOfTwo } from '../../../src/ui/predict/words.ts';

it.each([
  [3.95612, 0.0112, '3.956', '0.011'],
  [3.9298, 0.0231, '3.93', '0.02'],
  [3.9298, 0.00071, '3.9298', '0.0007'],
  [4.2, 0.9, '4.20', '0.90'],
])('%s with half-width %s reads %s ± %s', (value, half, left, right) => {
  expect(plusMinus(value, half)).toEqual({ value: left, half: right });
});

it.each([
  [2 ** -5, '2⁻⁵'],
  [2 ** -12, '2⁻¹²'],
  [4, '2²'],
  [1, '1'],
  [0, '0'],
  [0.003, '0.003'],
])('%s reads %s', (value, text) => expect(powerOfTwo(value)).toBe(text));

it.each([
  ['2^-5', 2 ** -5],
  ['2**-5', 2 ** -5],
  ['2⁻⁵', 2 ** -5],
  ['2⁻¹²', 2 ** -12],
  ['0.03125', 0.03125],
  ['1e-8', 1e-8],
  ['0,5', 0.5],
  ['25', 25],
])('%s is read as %s', (text, value) => expect(parseNumber(text)).toBe(value));

describe('what is no number', () => {
  it.each(['', ' ', 'abc', '2^', '1.2.3'])('%j is NaN', (text) => expect(parseNumber(text)).toBeNaN());
});

it.each([
  [0.2, '1 s'],
  [41, '41 s'],
  [100, '1 min 40 s'],
  [720, '12 min'],
  [7500, '2 h 5 min'],
])('%s seconds read %s', (seconds, words) => expect(durationWords(seconds)).toBe(words));
