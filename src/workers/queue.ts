/**
 * What comes next in an experiment, told from what is there: rungs smallest first and all recipes at a width before the
 * next width; a recipe's targets are sealed as soon as its rungs are over; only sealed targets train.
 */
import type { Ladder } from '../model/experiment.ts';
import type { Recipe } from '../model/recipe.ts';
import type { RunResult, SealedPrediction } from '../model/result.ts';

export interface Standing {
  recipes: readonly Recipe[];
  ladder: Ladder;
  seeds: readonly number[];
  runs: readonly RunResult[];
  sealed: readonly SealedPrediction[];
  /** Whether a recipe's target was given up because no law could be fitted to its rungs. */
  isGivenUp: (recipe: Recipe, width: number) => boolean;
}

export interface CohortStep {
  kind: 'train';
  recipe: Recipe;
  width: number;
  /** Seeds that are not over yet. */
  seeds: number[];
}

export interface SealStep {
  kind: 'seal';
  recipe: Recipe;
  widths: number[];
}

export function nextStep(standing: Standing): CohortStep | SealStep | null {
  return sealStep(standing) ?? cohortsLeft(standing).find((step) => mayTrain(standing, step)) ?? null;
}

/** All cohorts still to train, in order; those of targets that are given up are not among them. */
export function cohortsLeft(standing: Standing): CohortStep[] {
  const { ladder, isGivenUp } = standing;
  const at = (widths: readonly number[]) => ascending(widths).flatMap((width) => cohortsAt(standing, width));
  const targets = at(ladder.targets).filter(({ recipe, width }) => !isGivenUp(recipe, width));
  return [...at(ladder.rungs), ...targets];
}

export function sealOf(sealed: readonly SealedPrediction[], recipe: Recipe, width: number): SealedPrediction | null {
  return sealed.find((one) => one.recipe === recipe.name && one.width === width) ?? null;
}

/** A run that is over is not trained again; one that was cancelled or failed is. */
export const isOver = (run: RunResult): boolean => run.status === 'done' || run.status === 'diverged';

function mayTrain({ ladder, sealed }: Standing, { recipe, width }: CohortStep): boolean {
  return ladder.rungs.includes(width) || sealOf(sealed, recipe, width) !== null;
}

function sealStep(standing: Standing): SealStep | null {
  const { recipes, ladder, sealed, isGivenUp } = standing;
  for (const recipe of recipes) {
    const open = ascending(ladder.targets).filter(
      (width) => !sealOf(sealed, recipe, width) && !isGivenUp(recipe, width),
    );
    const rungsAreOver = ladder.rungs.every((width) => seedsLeft(standing, recipe, width).length === 0);
    if (open.length > 0 && rungsAreOver) return { kind: 'seal', recipe, widths: open };
  }
  return null;
}

function cohortsAt(standing: Standing, width: number): CohortStep[] {
  return standing.recipes.flatMap((recipe) => {
    const seeds = seedsLeft(standing, recipe, width);
    return seeds.length > 0 ? [{ kind: 'train' as const, recipe, width, seeds }] : [];
  });
}

function seedsLeft({ seeds, runs }: Standing, recipe: Recipe, width: number): number[] {
  const over = runs.filter((run) => run.recipe === recipe.name && run.width === width && isOver(run));
  return seeds.filter((seed) => !over.some((run) => run.seed === seed));
}

const ascending = (widths: readonly number[]) => [...widths].sort((a, b) => a - b);
