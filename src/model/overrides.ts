/** What sets a run of a sweep apart from its recipe: hyperparameters by their path, and the number of layers of a depth sweep. */
import type { Recipe } from './recipe.ts';
import { SWEEPABLE, type Sweepable } from './study.ts';

export type Overrides = Record<string, number>;

/** The recipe with the overridden hyperparameters in place; what is not overridden is shared. Paths that no sweep knows are left alone. */
export function withOverrides(recipe: Recipe, overrides: Overrides): Recipe {
  return Object.entries(overrides).reduce<Recipe>((changed, [path, value]) => {
    if (path === 'layers') return { ...changed, layers: value };
    return isSweepable(path) ? withHyperparameter(changed, path, value) : changed;
  }, recipe);
}

/** What a recipe has at a sweepable path. */
export function hyperparameterOf(recipe: Recipe, path: Sweepable): number {
  const [group, key] = path.split('.') as [keyof Recipe, string];
  return (recipe[group] as Record<string, number>)[key];
}

function withHyperparameter(recipe: Recipe, path: Sweepable, value: number): Recipe {
  const [group, key] = path.split('.') as [keyof Recipe, string];
  return { ...recipe, [group]: { ...(recipe[group] as object), [key]: value } };
}

const isSweepable = (path: string): path is Sweepable => (SWEEPABLE as readonly string[]).includes(path);

/** Short names for run ids, the field's own letters where it has some. */
const SLUGS: Record<Sweepable | 'layers', string> = {
  'optimizer.learningRate': 'lr',
  'optimizer.weightDecay': 'wd',
  'init.embedding': 'initemb',
  'init.hidden': 'init',
  'init.unembedding': 'initout',
  'multipliers.embedding': 'emb',
  'multipliers.attention': 'attn',
  'multipliers.unembedding': 'out',
  layers: 'l',
};

/** `-lr0.125-init2` for a run's id; nothing for a run without overrides. */
export function overridesSlug(overrides: Overrides): string {
  return Object.entries(overrides)
    .map(([path, value]) => `-${SLUGS[path as Sweepable] ?? path}${value}`)
    .join('');
}
