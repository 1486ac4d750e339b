/** What the runs of an experiment say of whatever its study asks. */
import type { Checks } from '../model/check-results.ts';
import type { Experiment } from '../model/experiment.ts';
import type { RunResult } from '../model/result.ts';
import { checkBasin } from './basin.ts';
import { checkCoordinates } from './coordinates.ts';
import { checkTransfer } from './transfer.ts';

/** One entry for each recipe that has runs, in the order of the recipes; predictions ask for no check. */
export function checksOf(experiment: Experiment, runs: readonly RunResult[]): Checks {
  const checks: Checks = { transfer: [], coordinates: [], basin: [] };
  for (const recipe of experiment.recipes.filter(({ name }) => runs.some((run) => run.recipe === name))) {
    const { kind } = experiment.study;
    if (kind === 'transfer') checks.transfer.push(checkTransfer(experiment, recipe, runs));
    if (kind === 'coordinates') checks.coordinates.push(checkCoordinates(experiment, recipe, runs));
    if (kind === 'basin') checks.basin.push(checkBasin(experiment, recipe, runs));
  }
  return checks;
}
