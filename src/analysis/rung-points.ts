/** Finished runs of one recipe, brought together as the points that a law is fitted to. */
import { mean } from '../checks/mean.ts';
import { settle, type SeedLoss } from '../checks/settled.ts';
import type { RunResult } from '../model/result.ts';
import type { FitPoint, FitRequest } from '../scaling/width/report.ts';

export interface RungPoint extends Omit<FitPoint, 'seeds'> {
  /** Ids of the runs whose mean it is. */
  runs: string[];
}

/**
 * One point per width: the mean final evaluation loss over its seeds. A width at which any seed diverged has none, as in the
 * checks: the mean of those that survived would make a recipe that fails now and then look good.
 *
 * Its standard error is s/√n over n ≥ 2 seeds, and unknown for one. The evaluation's own standard error is left out on
 * purpose: every run of an experiment, targets included, is measured on the same held-out window, so that error is
 * common to all points, moves the floor by the same amount for each, and is no part of how far a new one may fall from
 * the law. It stays beside each run as `finalEvalStandardError`: how well the window stands for the whole source.
 */
export function rungPoints(runs: readonly RunResult[], widths: readonly number[]): RungPoint[] {
  return [...widths]
    .sort((a, b) => a - b)
    .flatMap((width) => {
      const { done, diverged } = settle(runs.filter((run) => run.width === width));
      return done.length > 0 && diverged === 0 ? [pointOf(width, done)] : [];
    });
}

function pointOf(width: number, done: readonly SeedLoss[]): RungPoint {
  const losses = done.map((one) => one.loss);
  const n = losses.length;
  const loss = mean(losses);
  const ids = done.map((one) => one.run);
  if (n === 1) return { x: width, loss, runs: ids };
  const squares = losses.reduce((sum, one) => sum + (one - loss) ** 2, 0);
  return { x: width, loss, standardError: Math.sqrt(squares / (n - 1) / n), runs: ids };
}

const GRID = 97;

/** What is asked of the fitter: the law, the targets, and a grid a little wider than the ladder. */
export function fitRequest(points: readonly RungPoint[], ladder: { rungs: number[]; targets: number[] }): FitRequest {
  const xs = [...ladder.rungs, ...ladder.targets];
  const lo = Math.min(...xs) * 0.9;
  const hi = Math.max(...xs) * 1.2;
  const grid = Array.from({ length: GRID }, (_, i) => lo * (hi / lo) ** (i / (GRID - 1)));
  return { points: plainPoints(points), targets: [...ladder.targets], grid };
}

/** The points with the number of their runs in the place of the names: exactly what the fitter sees. */
export const plainPoints = (points: readonly RungPoint[]): FitPoint[] =>
  points.map(({ x, loss, standardError, runs }) => ({
    x,
    loss,
    ...(standardError === undefined ? {} : { standardError, seeds: runs.length }),
  }));
