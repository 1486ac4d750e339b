/** A run: a recipe at one width, one seed, one setting of the swept hyperparameters. */
import type { Experiment, Recipe } from './experiment.ts';
import { recipeSlug } from './recipe-slug.ts';

export interface Run {
  /** Unique in its experiment and fit for a file name: `mup-w64-s1`. */
  id: string;
  recipe: Recipe;
  width: number;
  seed: number;
}

export function runId(recipe: Recipe, width: number, seed: number): string {
  return `${recipeSlug(recipe.name)}-w${width}-s${seed}`;
}

/** All runs of one recipe at one width: the natural cohort. */
export function runsAt(experiment: Experiment, recipe: Recipe, width: number): Run[] {
  return experiment.seeds.map((seed) => ({ id: runId(recipe, width, seed), recipe, width, seed }));
}
