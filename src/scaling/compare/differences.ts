/** The difference of two laws and where they cross, read off the draws. */
import type { Comparison, Difference } from '../../model/scaling-results.ts';
import { differencesAt, type Draws } from './draws.ts';
import { quantilesOf } from '../numeric/quantiles.ts';

/** Steps of log x in which a draw is searched for crossings. */
const STEPS = 32;
/** Ends of the intervals of 95, 80 and 50 %, and the middle. */
const SHARES = [(1 - 0.95) / 2, (1 - 0.8) / 2, 0.25, 0.5, 0.75, (1 + 0.8) / 2, (1 + 0.95) / 2];
type Quantiles = [number, number, number, number, number, number, number];
/** Least probability of a crossing for its place to be told. */
const LIKELY_ENOUGH = 0.2;

export function differenceAt(draws: Draws, x: number): Difference {
  const differences = differencesAt(draws, x);
  const probability = shareBelowZero(differences);
  const [lo95, lo80, lo50, middle, hi50, hi80, hi95] = quantilesOf(differences, SHARES) as Quantiles;
  const intervals = { '50': [lo50, hi50], '80': [lo80, hi80], '95': [lo95, hi95] } satisfies Difference['intervals'];
  return { x, difference: middle, intervals, probability };
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
  const crossings = last.filter((share) => !Number.isNaN(share));
  const probability = crossings.length / draws.count;
  if (probability < LIKELY_ENOUGH) return { probability, x: null, interval: null };
  const [less, middle, more] = quantilesOf(crossings, [0.1, 0.5, 0.9]).map((share) => lo * Math.exp(ratio * share));
  return { probability, x: middle!, interval: [less!, more!] };
}

function shareBelowZero(values: Float64Array): number {
  let below = 0;
  for (const value of values) below += value < 0 ? 1 : value === 0 ? 0.5 : 0;
  return below / values.length;
}
