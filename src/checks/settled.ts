/** What the seeds of one setting came to: losses of those that were done, and how many diverged. */
import type { Measurement } from '../model/measurement.ts';
import type { Recipe } from '../model/recipe.ts';
import type { RunResult } from '../model/result.ts';
import { mean } from './mean.ts';

export interface SeedLoss {
  seed: Measurement['seed'];
  /** Id of the measurement. */
  run: string;
  loss: number;
}

export interface Settled {
  /** In the order of their seeds. */
  done: SeedLoss[];
  diverged: number;
}

/** Runs of a recipe, in an order that does not depend on which ended first. */
export function runsOf(recipe: Recipe, runs: readonly RunResult[]): RunResult[] {
  return runs.filter((run) => run.recipe === recipe.name).sort((a, b) => a.seed - b.seed || (a.id < b.id ? -1 : 1));
}

export function settle(measurements: readonly Measurement[]): Settled {
  return {
    done: measurements.flatMap(({ seed, id, loss }) => (loss === null ? [] : [{ seed, run: id, loss }])),
    diverged: measurements.filter(({ loss }) => loss === null).length,
  };
}

/**
 * Loss by which a setting is compared with others: the mean over its seeds. Null where none was done, and where any diverged:
 * the mean of those that survived would make a setting that fails now and then look good.
 */
export function comparableLoss({ done, diverged }: Settled): number | null {
  return done.length === 0 || diverged > 0 ? null : mean(done.map(({ loss }) => loss));
}
