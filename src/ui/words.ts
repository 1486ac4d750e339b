/** Numbers and sentences as a person reads them. */
import type { AdapterInfo } from '../model/training.ts';
import { format } from 'd3-format';

/** A loss in nats per token, three decimals. */
export const lossWords = format('.3f');

/** What the entropy line stands for: the evaluation window where its entropy is known, else the corpus. */
export const ENTROPY_WORDS = {
  window: {
    long: 'entropy of the evaluation window',
    short: 'entropy of the window',
    about:
      'The loss of someone who knows the source, on exactly the tokens every model is evaluated on: nobody can beat it there',
  },
  corpus: {
    long: 'entropy of the corpus',
    short: 'entropy of the corpus',
    about: 'The loss of someone who knows the source: nobody can do better in the long run',
  },
};

/** How far an interval reaches above and below its number, +0.016 and −0.088: sealed intervals are seldom symmetric. */
export function sidesWords({ loss, lo, hi }: { loss: number; lo: number; hi: number }): string {
  const side = (value: number) => `${value < 0 ? '−' : '+'}${lossWords(Math.abs(value))}`;
  return `${side(hi - loss)} ${side(lo - loss)}`;
}

/** 2.759 to 2.863 */
export const rangeWords = ({ lo, hi }: { lo: number; hi: number }): string => `${lossWords(lo)} to ${lossWords(hi)}`;

/** 41 s, 1 min 40 s, 2 h 5 min. */
export function durationWords(seconds: number): string {
  const whole = Math.max(1, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 60) return whole % 60 && minutes < 10 ? `${minutes} min ${whole % 60} s` : `${minutes} min`;
  return minutes % 60 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : `${Math.floor(minutes / 60)} h`;
}

const SUPERSCRIPT: Record<string, string> = {
  '-': '⁻',
  ...Object.fromEntries([...'⁰¹²³⁴⁵⁶⁷⁸⁹'].map((c, i) => [String(i), c])),
};

/** The exponent of a power of √2, such as -3.5; null for other numbers. */
export function halfExponent(value: number): number | null {
  const exponent = Math.round(Math.log2(value) * 2) / 2;
  return Number.isFinite(exponent) && Math.abs(2 ** exponent / value - 1) < 1e-12 ? exponent : null;
}

/** 2⁻⁵ for 0.03125 and 2^-4.5 half a step above; other numbers as they are. */
export function powerOfTwo(value: number): string {
  const exponent = halfExponent(value);
  if (exponent === null || exponent === 0) return String(Number(value.toPrecision(4)));
  if (!Number.isInteger(exponent)) return `2^${exponent}`;
  return `2${[...String(exponent)].map((c) => SUPERSCRIPT[c]).join('')}`;
}

const SMALL = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];

/** six, 13 */
export const countWords = (n: number): string => SMALL[n] ?? String(n);

/** six widths, one width */
export const countOf = (n: number, noun: string): string => `${countWords(n)} ${noun}${n === 1 ? '' : 's'}`;

export const percentWords = (share: number): string => `${Math.floor(share * 100)} %`;

/** The error (predicted − measured) / measured in words: predicted 0.03 % too low. */
export function errorWords(predicted: number, measured: number): string {
  const percent = (100 * (predicted - measured)) / measured;
  if (Math.abs(percent) < 0.005) return 'predicted to within 0.01 %';
  return `predicted ${Math.abs(percent).toFixed(2)} % too ${percent < 0 ? 'low' : 'high'}`;
}

export const capital = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);

/** a, b and c */
export function listWords(words: string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}

/** A recipe's name as it stands in sentences and over charts. */
export const recipeWords = (name: string): string => name.replace(/\bmuP\b/g, 'μP');

const FOLDS: Record<number, string> = { 2: 'twofold', 4: 'fourfold', 8: 'eightfold', 16: 'sixteenfold' };

/** fourfold; by a factor of 5.7 */
export function foldWords(factor: number): string {
  const near = Object.keys(FOLDS).find((fold) => Math.abs(factor / Number(fold) - 1) < 0.01);
  return near ? FOLDS[Number(near)] : `by a factor of ${Number(factor.toPrecision(2))}`;
}

/** +0.98 and −0.98, with a minus as long as the plus. */
export function signedWords(value: number): string {
  const size = Math.abs(value).toFixed(2);
  return size === '0.00' ? size : `${value < 0 ? '−' : '+'}${size}`;
}

/** 8 to 64; a single one by itself. */
export const rangeOf = (values: readonly number[]): string => {
  const [lo, hi] = [Math.min(...values), Math.max(...values)];
  return lo === hi ? String(lo) : `${lo} to ${hi}`;
};

/** Text cut where it writes a power as 2^-3.2: pieces of text, each with the exponent that follows it. */
export function powersIn(text: string): { text: string; exponent: string }[] {
  const pieces = text.split(/\^(-?\d+(?:\.\d+)?)/);
  return Array.from({ length: Math.ceil(pieces.length / 2) }, (_, i) => ({
    text: pieces[2 * i],
    exponent: (pieces[2 * i + 1] ?? '').replace('-', '−'),
  }));
}

/** What an adapter is called: many browsers tell no description. */
export const adapterName = ({ description, vendor, architecture }: AdapterInfo): string =>
  description || [vendor, architecture].filter(Boolean).join(' ') || 'GPU';
