/** A run: a recipe at one width, one seed, one setting of the swept hyperparameters. */
import type { Experiment } from './experiment.ts';
import { overridesSlug, withOverrides, type Overrides } from './overrides.ts';
import type { Recipe } from './recipe.ts';
import { recipeSlug } from './recipe-slug.ts';
import { sweepsOf } from './study.ts';

export interface Run {
  /** Unique in its experiment and fit for a file name: `mup-w64-s1`, `mup-w64-lr0.125-s1`. */
  id: string;
  /** With the overrides in place. */
  recipe: Recipe;
  width: number;
  seed: number;
  overrides: Overrides;
}

export function runId(recipe: Pick<Recipe, 'name'>, width: number, seed: number, overrides: Overrides = {}): string {
  return `${recipeSlug(recipe.name)}-w${width}${overridesSlug(overrides)}-s${seed}`;
}

export function runOf(recipe: Recipe, width: number, seed: number, overrides: Overrides = {}): Run {
  return {
    id: runId(recipe, width, seed, overrides),
    recipe: withOverrides(recipe, overrides),
    width,
    seed,
    overrides,
  };
}

/** All runs of an experiment at a width: recipes, then depths, then swept values, then seeds. */
export function runsAt(
  { recipes, seeds, study }: Pick<Experiment, 'recipes' | 'seeds' | 'study'>,
  width: number,
): Run[] {
  const settings = settingsOf(study);
  return recipes.flatMap((recipe) =>
    settings.flatMap((overrides) => seeds.map((seed) => runOf(recipe, width, seed, overrides))),
  );
}

/** Every setting of the swept hyperparameters; one without overrides where nothing is swept. */
export function settingsOf(study: Experiment['study']): Overrides[] {
  const depths = study.kind === 'transfer' ? study.depths : undefined;
  const start: Overrides[] = depths ? depths.map((layers) => ({ layers })) : [{}];
  return sweepsOf(study).reduce(
    (settings, { parameter, values }) =>
      settings.flatMap((setting) => values.map((value) => ({ ...setting, [parameter]: value }))),
    start,
  );
}

/**
 * What runs must share to train in the same dispatches: shape, batches and the kind of update. Everything else is each
 * run's own row of numbers.
 */
export function cohortKey({ recipe, width }: Pick<Run, 'recipe' | 'width'>): string {
  const { layers, headSize, growth, baseWidth, context, architecture, corpus, batch, steps, optimizer, evaluation } =
    recipe;
  const heads = growth === 'heads' ? headSize : [baseWidth, headSize];
  return JSON.stringify([
    ...[width, layers, growth, heads, context, architecture],
    ...[corpus, batch, steps, evaluation, optimizer.kind],
  ]);
}
