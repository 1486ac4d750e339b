/** Numbers and sentences as a person reads them. */
import { format } from 'd3-format';

/** A loss in nats per token, three decimals. */
export const lossWords = format('.3f');

/** 3.956 ± 0.011: as many decimals as the half-width deserves, one significant digit or two when it begins with 1. */
export function plusMinus(value: number, half: number): { value: string; half: string } {
  const exponent = Math.floor(Math.log10(Math.max(half, 1e-12)));
  const leading = half / 10 ** exponent;
  const decimals = Math.min(5, Math.max(2, -exponent + (leading < 2 ? 1 : 0)));
  return { value: value.toFixed(decimals), half: half.toFixed(decimals) };
}

export const halfWidth = ({ lo, hi }: { lo: number; hi: number }): number => (hi - lo) / 2;

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

/** 2⁻⁵ for 0.03125; other numbers as they are. */
export function powerOfTwo(value: number): string {
  const exponent = Math.log2(value);
  if (!Number.isInteger(exponent) || exponent === 0) return String(Number(value.toPrecision(4)));
  return `2${[...String(exponent)].map((c) => SUPERSCRIPT[c]).join('')}`;
}

/** Reads 0.03125, 2^-5, 2**-5 and 2⁻⁵; NaN for what is no number. */
export function parseNumber(text: string): number {
  const ascii = [...text.trim()]
    .map((char) => Object.keys(SUPERSCRIPT).find((key) => SUPERSCRIPT[key] === char && char !== key) ?? char)
    .join('');
  const hadSuperscript = ascii !== text.trim();
  const power = (hadSuperscript ? ascii.replace(/^2(?=-?\d)/, '2^') : ascii).match(/^2(?:\^|\*\*)\s*(-?\d+)$/);
  if (power) return 2 ** Number(power[1]);
  return ascii === '' ? NaN : Number(ascii.replace(',', '.'));
}

const SMALL = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten', 'eleven', 'twelve'];

/** six, 13 */
export const countWords = (n: number): string => SMALL[n] ?? String(n);

/** six widths, one width */
export const countOf = (n: number, noun: string): string => `${countWords(n)} ${noun}${n === 1 ? '' : 's'}`;

export const percentWords = (share: number): string => `${Math.floor(share * 100)} %`;

/** +0.13 % */
export const signedPercent = (share: number): string => `${share < 0 ? '−' : '+'}${Math.abs(share * 100).toFixed(2)} %`;

export const capital = (sentence: string): string => sentence.charAt(0).toUpperCase() + sentence.slice(1);

/** a, b and c */
export function listWords(words: string[]): string {
  return words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words[words.length - 1]}`;
}
