import { expect, it } from 'vitest';
import {
  durationWords,
  errorWords,
  foldWords,
  powerOfTwo,
  powersIn,
  recipeWords,
  sidesWords,
  signedWords,
} from '../../../src/ui/words.ts';

it.each([
  [2.847, 2.759, 2.863, '+0.016 −0.088'],
  [3, 2.9, 3.1, '+0.100 −0.100'],
  // A prediction may lie outside its own interval; the signs then say so.
  [3, 2.8, 2.9, '−0.100 −0.200'],
])('%s between %s and %s reads %s', (loss, lo, hi, words) => expect(sidesWords({ loss, lo, hi })).toBe(words));

it.each([
  [2.847, 2.848, 'predicted 0.04 % too low'],
  [3.3, 3, 'predicted 10.00 % too high'],
  [3, 3.00001, 'predicted to within 0.01 %'],
])('%s where %s was measured was %s', (predicted, measured, words) =>
  expect(errorWords(predicted, measured)).toBe(words),
);

it.each([
  [2 ** -5, '2⁻⁵'],
  [2 ** -12, '2⁻¹²'],
  [4, '2²'],
  [1, '1'],
  [0, '0'],
  [0.003, '0.003'],
  [2 ** -3.5, '2^-3.5'],
])('%s reads %s', (value, text) => expect(powerOfTwo(value)).toBe(text));

it.each([
  [0.2, '1 s'],
  [41, '41 s'],
  [100, '1 min 40 s'],
  [720, '12 min'],
  [7500, '2 h 5 min'],
])('%s seconds read %s', (seconds, words) => expect(durationWords(seconds)).toBe(words));

it.each([
  [2, 'twofold'],
  [8, 'eightfold'],
  [5.66, 'by a factor of 5.7'],
])('a factor of %s reads %s', (factor, words) => expect(foldWords(factor)).toBe(words));

it('a number that moved carries its sign, with a minus as long as the plus', () => {
  expect([signedWords(0.976), signedWords(-0.04)]).toEqual(['+0.98', '−0.04']);
});

it('a recipe’s name has its letter wherever it stands', () => {
  expect(recipeWords('muP beside depth-muP')).toBe('μP beside depth-μP');
});

it('a sentence is cut at its powers', () => {
  expect(powersIn('from 2^-3.2 to 2^4.')).toEqual([
    { text: 'from 2', exponent: '−3.2' },
    { text: ' to 2', exponent: '4' },
    { text: '.', exponent: '' },
  ]);
});
