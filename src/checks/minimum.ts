/** Where a curve of losses over swept values is least: by a local fit in log2(value), or on the grid where there can be none. */
import type { SweepMinimum } from '../model/check-results.ts';
import { fitLocally, type LocalFit, type Window } from './local-fit.ts';
import { mean, standardError } from './mean.ts';
import { comparableLoss, type Settled } from './settled.ts';
import { studentReach } from '../scaling/numeric/student-quantile.ts';

/** A value of the sweep and what its seeds came to. */
export interface SweptValue extends Settled {
  value: number;
}

export interface LocatedMinimum {
  minimum: SweepMinimum;
  /** What it was read from; null where the grid's best value stands for it. */
  fit: LocalFit | null;
}

/**
 * @param curve every value of the sweep, ascending, with or without runs
 * @returns null while no value has a loss to compare, or only one was tried, and where all losses are the same number: what
 * changes nothing has no best value
 */
export function locateMinimum(curve: readonly SweptValue[]): LocatedMinimum | null {
  const losses = curve.map(comparableLoss);
  // All alike, or none at all.
  if (losses.every((loss) => loss === losses[0])) return null;
  let best = -1;
  for (const [i, loss] of losses.entries()) if (loss !== null && (best < 0 || loss < losses[best]!)) best = i;
  const status = statusOf(curve, best);
  if (!status) return null;
  const grid = curve[best].value;
  const inner = pairedWindow(curve, best - 1, best + 1);
  const fit = inner && fitLocally(inner, widerWindow(curve, best));
  const found = fit ? onCurve(curve, best, fit) : { value: grid, lo: null, hi: null };
  return { minimum: { ...found, loss: losses[best]!, grid, status }, fit };
}

/** A neighbour without runs counts as if the grid ended before it. */
function statusOf(curve: readonly SweptValue[], best: number): SweepMinimum['status'] | null {
  const isTried = (at: number) => at in curve && curve[at].done.length + curve[at].diverged > 0;
  const [below, above] = [isTried(best - 1), isTried(best + 1)];
  if (!below && !above) return null;
  if (!below) return 'lower-end';
  if (!above) return 'upper-end';
  return curve[best - 1].diverged + curve[best + 1].diverged > 0 ? 'beside-divergence' : 'inside';
}

/** Points `first` to `last` for the seeds that were done at all of them; null where there is no such seed or no logarithm, or one diverged. */
function pairedWindow(curve: readonly SweptValue[], first: number, last: number): Window | null {
  if (first < 0 || last >= curve.length) return null;
  const points = curve.slice(first, last + 1);
  if (points.some((point) => point.value <= 0 || comparableLoss(point) === null)) return null;
  const lossAt = (point: SweptValue, seed: number) => point.done.find((one) => one.seed === seed)?.loss;
  const seeds = points[0].done
    .map(({ seed }) => seed)
    .filter((seed) => points.every((point) => lossAt(point, seed) !== undefined));
  if (seeds.length === 0) return null;
  const losses = seeds.map((seed) => points.map((point) => lossAt(point, seed)!));
  return { xs: points.map(({ value }) => Math.log2(value)), seeds, losses };
}

/** The best point with two neighbours on each side, or on one side where the other has only one. */
const widerWindow = (curve: readonly SweptValue[], best: number): Window | null =>
  pairedWindow(curve, best - 2, best + 2) ??
  pairedWindow(curve, best - 2, best + 1) ??
  pairedWindow(curve, best - 1, best + 2);

/** The fit in values. Its interval ends at the latest where a value is surely worse than the best, or where the grid does. */
function onCurve(curve: readonly SweptValue[], best: number, { vertex, sides }: LocalFit) {
  const value = Math.min(Math.max(2 ** vertex, curve[best - 1].value), curve[best + 1].value);
  if (!sides) return { value, lo: null, hi: null };
  return {
    value,
    lo: Math.max(2 ** (vertex - sides.below), outermost(curve, best, -1)),
    hi: Math.min(2 ** (vertex + sides.above), outermost(curve, best, 1)),
  };
}

/** The first positive value to one side that is surely worse than the best one; a curve that falls and rises has its minimum before. */
function outermost(curve: readonly SweptValue[], best: number, side: -1 | 1): number {
  let at = best + side;
  while (curve[at + side]?.value > 0 && !isSurelyWorse(curve[at], curve[best])) at += side;
  return curve[at].value;
}

/** By Student's t on the seeds that both were done with. */
function isSurelyWorse(one: SweptValue, best: SweptValue): boolean {
  if (one.diverged > 0) return true;
  const differences = one.done.flatMap(({ seed, loss }) => {
    const other = best.done.find((run) => run.seed === seed);
    return other ? [loss - other.loss] : [];
  });
  const error = standardError(differences);
  return error !== null && mean(differences) > studentReach(differences.length - 1) * error;
}
