/** A run: a recipe at one width, one seed, one setting of the swept hyperparameters. */
import type { Experiment, Recipe } from './experiment.ts';

export interface Run {
  /** Unique in its experiment and fit for a file name: `mup-w64-s1`. */
  id: string;
  recipe: Recipe;
  width: number;
  seed: number;
}

/** The part of a run's id that stands for its recipe. Recipes of one experiment must not share it: `parseExperiment` sees to that. */
export function recipeSlug(name: string): string {
  const plain = name.toLowerCase().normalize('NFKD').replaceAll('μ', 'mu');
  return plain.replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '') || 'recipe';
}

export function runId(recipe: Recipe, width: number, seed: number): string {
  return `${recipeSlug(recipe.name)}-w${width}-s${seed}`;
}

/** All runs of one recipe at one width: the natural cohort. */
export function runsAt(experiment: Experiment, recipe: Recipe, width: number): Run[] {
  return experiment.seeds.map((seed) => ({ id: runId(recipe, width, seed), recipe, width, seed }));
}
