/**
 * What comes next in an experiment, told from what is there: rungs smallest first; a recipe's targets are sealed as soon as
 * its rungs are over; only sealed targets train.
 */
import type { Experiment } from '../model/experiment.ts';
import type { Recipe } from '../model/recipe.ts';
import type { SealedPrediction } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import type { Cohorts } from './cohorts.ts';

export interface Standing {
  experiment: Pick<Experiment, 'recipes' | 'ladder'>;
  cohorts: Cohorts;
  /** Whether a run is not trained again. */
  isOver: (id: string) => boolean;
  /** Whether a run trains now. */
  isUnderWay: (id: string) => boolean;
  /** Whether several cohorts train at once, the largest first: so the smaller ones fill what the larger ones leave free. */
  atOnce: boolean;
  sealed: readonly SealedPrediction[];
  /** Whether a recipe's target was given up because no law could be fitted to its rungs. */
  isGivenUp: (recipe: Recipe, width: number) => boolean;
}

interface CohortStep {
  kind: 'train';
  /** Runs of one cohort that are not over yet. */
  runs: Run[];
}

export interface SealStep {
  kind: 'seal';
  recipe: Recipe;
  widths: number[];
}

export function nextStep(standing: Standing): CohortStep | SealStep | null {
  const seal = sealStep(standing);
  if (seal) return seal;
  const { sealed, isUnderWay, atOnce } = standing;
  const rungs = rungsLeft(standing);
  const targets = targetsLeft(standing, ({ recipe, width }) => sealOf(sealed, recipe, width) !== null);
  for (const cohorts of [rungs, targets]) {
    const waiting = runsOf(cohorts, ({ id }) => !isUnderWay(id));
    const runs = waiting.at(atOnce ? -1 : 0);
    if (runs) return { kind: 'train', runs };
  }
  return null;
}

/**
 * All cohorts still to train, in order: rungs, and the targets that wait for them; runs of targets that are given up are not among
 * them.
 */
export function stagesLeft(standing: Standing): Run[][][] {
  return [rungsLeft(standing), targetsLeft(standing, () => true)];
}

export function sealOf(
  sealed: readonly SealedPrediction[],
  recipe: Pick<Recipe, 'name'>,
  width: number,
): SealedPrediction | null {
  return sealed.find((one) => one.recipe === recipe.name && one.width === width) ?? null;
}

function rungsLeft({ cohorts, isOver }: Standing): Run[][] {
  return runsOf(cohorts.rungs, ({ id }) => !isOver(id));
}

function targetsLeft({ cohorts, isOver, isGivenUp }: Standing, isWanted: (run: Run) => boolean): Run[][] {
  return runsOf(cohorts.targets, (run) => !isOver(run.id) && !isGivenUp(run.recipe, run.width) && isWanted(run));
}

/** The cohorts with the wanted runs only, without those that are left empty. */
export function runsOf(cohorts: readonly Run[][], isWanted: (run: Run) => boolean): Run[][] {
  return cohorts.map((runs) => runs.filter(isWanted)).filter((runs) => runs.length > 0);
}

function sealStep(standing: Standing): SealStep | null {
  const { experiment, cohorts, sealed, isOver, isGivenUp } = standing;
  for (const recipe of experiment.recipes) {
    const open = [...experiment.ladder.targets]
      .sort((a, b) => a - b)
      .filter((width) => !sealOf(sealed, recipe, width) && !isGivenUp(recipe, width));
    const isLeft = (run: Run) => run.recipe.name === recipe.name && !isOver(run.id);
    if (open.length > 0 && !cohorts.rungs.some((runs) => runs.some(isLeft)))
      return { kind: 'seal', recipe, widths: open };
  }
  return null;
}
