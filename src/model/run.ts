/** A run: a recipe at one width, one seed, one setting of the swept hyperparameters. */
import type { Experiment } from './experiment.ts';
import { overridesSlug, withOverrides, type Overrides } from './overrides.ts';
import type { Recipe, SeedDraws } from './recipe.ts';
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
 * Whose batches a run is trained on; null where they are those of all runs. Not of its seed alone: widths that share what they
 * were trained on err together, and a law counts each of them as a witness of its own.
 */
export const batchesOf = ({ recipe, width, seed }: Pick<Run, 'recipe' | 'width' | 'seed'>): string | null =>
  recipe.seedDraws === 'batches-too' ? `width ${width}, seed ${seed}` : null;

/** What another run of a width has, beside those that were trained. */
export const NEW_RUN: Readonly<Record<SeedDraws, string>> = {
  weights: 'other initial values, on the same batches',
  'batches-too': 'other initial values, on other batches',
};

/** Whether runs of one width and seed see the same batches, whichever of the two they are of. */
export const shareBatches = (a: Recipe, b: Recipe): boolean =>
  a.batch === b.batch && a.steps === b.steps && a.seedDraws === b.seedDraws;

/**
 * What runs must share to train in the same dispatches: shape, batches and the kind of update. Everything else is each
 * run's own row of numbers.
 */
export function cohortKey(run: Pick<Run, 'recipe' | 'width' | 'seed'>): string {
  const { recipe, width } = run;
  const { layers, headSize, growth, baseWidth, context, architecture, corpus, batch, steps, optimizer, evaluation } =
    recipe;
  const heads = growth === 'heads' ? headSize : [baseWidth, headSize];
  return JSON.stringify([
    ...[width, layers, growth, heads, context, architecture],
    ...[corpus, batch, steps, evaluation, optimizer.kind, batchesOf(run)],
  ]);
}
