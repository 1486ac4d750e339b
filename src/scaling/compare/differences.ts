/** The difference of two laws and where they cross, read off the draws. */
import type { Comparison, Difference } from '../../model/scaling-results.ts';
import { differencesAt, type Draws } from './draws.ts';
import type { Interval } from '../width/report.ts';

/** Steps of log x in which a draw is searched for crossings. */
const STEPS = 32;
/** Least probability of a crossing for its place to be told. */
const LIKELY_ENOUGH = 0.2;

export function differenceAt(draws: Draws, x: number): Difference {
  const sorted = differencesAt(draws, x);
  const probability = shareBelowZero(sorted);
  sorted.sort();
  const middle = (level: number): Interval => [quantile(sorted, (1 - level) / 2), quantile(sorted, (1 + level) / 2)];
  return {
    x,
    difference: quantile(sorted, 0.5),
    intervals: { '50': middle(0.5), '80': middle(0.8), '95': middle(0.95) },
    probability,
  };
}

/** The last crossing of each draw between lo and hi: the one that decides who wins beyond it. */
export function crossoverOf(draws: Draws, lo: number, hi: number): Comparison['crossover'] {
  if (!(hi > lo)) return { probability: 0, x: null, interval: null };
  const ratio = Math.log(hi / lo);
  const last = new Float64Array(draws.count).fill(NaN);
  let before = differencesAt(draws, lo);
  for (let step = 1; step <= STEPS; step++) {
    const now = differencesAt(draws, step === STEPS ? hi : lo * Math.exp((ratio * step) / STEPS));
    for (let i = 0; i < draws.count; i++) {
      const [p, q] = [before[i]!, now[i]!];
      // Linear between the steps; a difference of exactly zero, as of equal laws, is no crossing.
      if (p * q < 0) last[i] = (step - 1 + p / (p - q)) / STEPS;
    }
    before = now;
  }
  const crossings = last.filter((share) => !Number.isNaN(share)).sort();
  const probability = crossings.length / draws.count;
  if (probability < LIKELY_ENOUGH) return { probability, x: null, interval: null };
  const at = (p: number) => lo * Math.exp(ratio * quantile(crossings, p));
  return { probability, x: at(0.5), interval: [at(0.1), at(0.9)] };
}

function shareBelowZero(values: Float64Array): number {
  let below = 0;
  for (const value of values) below += value < 0 ? 1 : value === 0 ? 0.5 : 0;
  return below / values.length;
}

/** Of sorted values, linear between neighbours; mirrored values have mirrored quantiles. */
export function quantile(sorted: Float64Array, p: number): number {
  const at = Math.min(sorted.length - 1, Math.max(0, p * sorted.length - 0.5));
  const i = Math.floor(at);
  const [low, high] = [sorted[i]!, sorted[Math.min(i + 1, sorted.length - 1)]!];
  return low + (at - i) * (high - low);
}
