/** Whether two numbers that were computed at different places are the same, and to how many digits. */
import type { Interval } from '../../scaling/width/report.ts';

/** Powers and logarithms differ in their last digit from one JavaScript to another, and a law's search makes more of that. */
const AS_GOOD_AS_SAME = 1e-9;
/** A mean of several seeds may differ in its last bit with their order. */
export const LAST_BIT = 1e-12;

export interface Prediction {
  loss: number;
  lo: number;
  hi: number;
}

/** Largest relative difference of the numbers of two lists; infinite where one is longer, or holds no number. */
export function farthest(one: readonly number[], other: readonly number[]): number {
  if (one.length !== other.length) return Infinity;
  return one.reduce((most, value, i) => Math.max(most, distance(value, other[i]!)), 0);
}

function distance(one: number, other: number): number {
  if (one === other) return 0;
  const far = Math.abs(one - other) / Math.max(Math.abs(one), Math.abs(other));
  return Number.isNaN(far) ? Infinity : far;
}

export const isSame = (far: number): boolean => far <= AS_GOOD_AS_SAME;

/** "to the last digit", "to 9 digits" */
export const digitsWords = (far: number): string =>
  far === 0 ? 'to the last digit' : `to ${Math.floor(-Math.log10(far))} digits`;

export const numbersOf = ({ loss, lo, hi }: Prediction): number[] => [loss, lo, hi];

/** Of a level, 0.8 or 80 alike. */
export const percentOf = (level: number): number => Math.round(level > 1 ? level : 100 * level);

/** The interval of a level from the law's; null where the law has none of it. */
export function intervalOf(intervals: Readonly<Record<string, Interval>>, level: number): Interval | null {
  const percent = String(percentOf(level));
  return Object.hasOwn(intervals, percent) ? intervals[percent]! : null;
}

export const lossText = (loss: number): string => loss.toFixed(4);
export const predictionText = ({ loss, lo, hi }: Prediction): string =>
  `${lossText(loss)} (${lossText(lo)} to ${lossText(hi)})`;

/** Two texts that are told apart, with as many digits as that takes. */
export function apart(one: Prediction, other: Prediction): [string, string] {
  const texts = [one, other].map(predictionText) as [string, string];
  const inFull = ({ loss, lo, hi }: Prediction) => `${loss} (${lo} to ${hi})`;
  return texts[0] === texts[1] ? [inFull(one), inFull(other)] : texts;
}
