/**
 * Ghost curves: the width law in every window of steps gives the training curve of a width that nobody has trained.
 *
 * All runs of an experiment see the same batches, so how hard a batch is moves every width by about the same amount and
 * goes into the floor of its window's law. What a window says is then smoothed over its neighbours: how far the target lies
 * from the largest rung, and how wide the band is, change slowly with the step, while the noise of a few runs does not.
 */
import type { GhostCurve } from '../../model/scaling-results.ts';
import { curveMeans, seedMeans, windowEnds, type TrainingCurve } from './curve-windows.ts';
import { fitLaw } from './law.ts';
import { middleOf } from './predictive.ts';
import { distinctX, LEAST_SIZES } from './width-law.ts';

export interface GhostRequest {
  /** Widths that take part in the fit, each with the curves of its seeds. */
  rungs: { x: number; curves: TrainingCurve[] }[];
  /** Steps of the whole training. */
  steps: number;
  targets: number[];
  /** Last steps of the windows, ascending; left out, as a training that logs every step has them. */
  ends?: number[];
}

/** Neighbours on either side over which a window is smoothed. */
const REACH = 3;

/** One curve per target, in their order; null where fewer than three rungs have a whole curve. */
export function ghostCurves({ rungs, steps, targets, ends = windowEnds(steps) }: GhostRequest): (GhostCurve | null)[] {
  const means = rungs.map(({ x, curves }) => ({ x, losses: seedMeans(curves.map((one) => curveMeans(one, ends))) }));
  return ghostsThrough(means, ends, targets);
}

/** The same from means that are there already. @param rungs the loss of each width in every window. */
export function ghostsThrough(
  rungs: readonly { x: number; losses: number[] }[],
  ends: readonly number[],
  targets: readonly number[],
): (GhostCurve | null)[] {
  const whole = rungs
    .filter(({ losses }) => losses.length === ends.length && losses.every(Number.isFinite))
    .sort((p, q) => p.x - q.x);
  if (distinctX(whole).length < LEAST_SIZES) return targets.map(() => null);
  const laws = ends.map((_, i) => fitLaw(whole.map(({ x, losses }) => ({ x, loss: losses[i]! }))));
  const widest = whole.at(-1)!.losses;
  return targets.map((x) => {
    const predicted = laws.map((law) => {
      const quantile = law.quantilesAt(x);
      const [lo, hi] = middleOf(quantile, '80');
      return { loss: quantile(0.5), lo, hi };
    });
    const shifts = smoothed(predicted.map((one, i) => one.loss - widest[i]!));
    const below = smoothed(predicted.map(({ loss, lo }) => loss - lo));
    const above = smoothed(predicted.map(({ loss, hi }) => hi - loss));
    const loss = widest.map((one, i) => one + shifts[i]!);
    return {
      steps: [...ends],
      loss,
      lo: loss.map((one, i) => Math.max(0, one - below[i]!)),
      hi: loss.map((one, i) => one + above[i]!),
    };
  });
}

/** Median over the window and its neighbours: one window that a chance fit led astray moves nothing. */
function smoothed(values: readonly number[]): number[] {
  return values.map((_, i) => {
    const near = values.slice(Math.max(0, i - REACH), i + REACH + 1).sort((p, q) => p - q);
    const middle = (near.length - 1) / 2;
    return (near[Math.floor(middle)]! + near[Math.ceil(middle)]!) / 2;
  });
}
