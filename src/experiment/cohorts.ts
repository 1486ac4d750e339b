/** The cohorts of an experiment, in the order in which they train: smallest shapes first. */
import type { Experiment } from '../model/experiment.ts';
import { cohortKey, runsAt, type Run } from '../model/run.ts';
import type { CohortName } from './protocol.ts';

export interface Cohorts {
  /** Cohorts at the widths that are trained and fitted or compared. */
  rungs: Run[][];
  /** Cohorts at the widths that are predicted; a study that is no prediction has none. */
  targets: Run[][];
}

export function cohortsOf(experiment: Experiment): Cohorts {
  const at = (widths: readonly number[]) => byShape(widths.flatMap((width) => runsAt(experiment, width)));
  return { rungs: at(experiment.ladder.rungs), targets: at(experiment.ladder.targets) };
}

/** Whether the runs train on one batch only and are measured inside. */
export const isProbed = ({ study }: Pick<Experiment, 'study'>): boolean => study.kind === 'coordinates';

/** Runs brought together by what they must share; within a cohort they keep their order. */
function byShape(runs: readonly Run[]): Run[][] {
  const cohorts = new Map<string, Run[]>();
  for (const run of runs) {
    const key = cohortKey(run);
    const cohort = cohorts.get(key);
    if (cohort) cohort.push(run);
    else cohorts.set(key, [run]);
  }
  return [...cohorts.values()].sort(([a], [b]) => a.width - b.width || a.recipe.layers - b.recipe.layers);
}

/** @param runs of one cohort, at least one. */
export function cohortName(runs: readonly Run[]): CohortName {
  const [{ recipe, width }] = runs;
  return { recipes: [...new Set(runs.map((run) => run.recipe.name))], width, layers: recipe.layers };
}
