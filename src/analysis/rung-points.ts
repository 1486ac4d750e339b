/** Finished runs of one recipe, brought together as the points that a law is fitted to. */
import { mean } from '../checks/mean.ts';
import { settle, type SeedLoss } from '../checks/settled.ts';
import type { Experiment } from '../model/experiment.ts';
import { measurementsOf } from '../model/measurement.ts';
import type { Recipe } from '../model/recipe.ts';
import type { RunResult } from '../model/result.ts';
import type { FitPoint } from '../scaling/width/report.ts';
import type { Question } from './analyse.ts';

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
      const { done, diverged } = settle(measurementsOf(runs.filter((run) => run.width === width)));
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

/** The points of a recipe's law: rungs only, so that no target ever tells of itself. @param excluded rungs that a person took out. */
export function fittedPoints(
  { name }: Recipe,
  { ladder, seeds }: Pick<Experiment, 'ladder' | 'seeds'>,
  runs: readonly RunResult[],
  excluded: readonly number[] = [],
): RungPoint[] {
  const own = runs.filter((run) => run.recipe === name && seeds.includes(run.seed));
  return rungPoints(
    own,
    ladder.rungs.filter((width) => !excluded.includes(width)),
  );
}

export const lawQuestion = (
  { seedDraws }: Recipe,
  points: readonly RungPoint[],
  targets: readonly number[],
): Question<'law'> => ({
  kind: 'law',
  inputs: { points: plainPoints(points), targets: [...targets], grid: [], seedDraws },
});

const GRID = 97;

/** x at which a law and its band are drawn: a little wider than the sizes. */
export function gridOver(xs: readonly number[]): number[] {
  const lo = Math.min(...xs) * 0.9;
  const hi = Math.max(...xs) * 1.2;
  return Array.from({ length: GRID }, (_, i) => lo * (hi / lo) ** (i / (GRID - 1)));
}

/** The points with the number of their runs in the place of the names: exactly what a law sees. */
export const plainPoints = (points: readonly RungPoint[]): FitPoint[] =>
  points.map(({ x, loss, standardError, runs }) => ({
    x,
    loss,
    ...(standardError === undefined ? {} : { standardError, seeds: runs.length }),
  }));
