/** What sets a run of a sweep apart from its recipe: hyperparameters by their path, and the number of layers of a depth sweep. */
import type { Recipe } from './recipe.ts';
import { SWEEPABLE, type Sweepable } from './study.ts';

export type Overrides = Record<string, number>;

/** The recipe with the overridden hyperparameters in place. Paths that no sweep knows are left alone. */
export function withOverrides(recipe: Recipe, overrides: Overrides): Recipe {
  if (Object.keys(overrides).length === 0) return recipe;
  const changed = structuredClone(recipe);
  for (const [path, value] of Object.entries(overrides)) {
    if (path === 'layers') changed.layers = value;
    else if (isSweepable(path)) write(changed, path, value);
  }
  return changed;
}

/** What a recipe has at a sweepable path. */
export function hyperparameterOf(recipe: Recipe, path: Sweepable): number {
  const [group, key] = path.split('.') as [keyof Recipe, string];
  return (recipe[group] as Record<string, number>)[key];
}

function write(recipe: Recipe, path: Sweepable, value: number): void {
  const [group, key] = path.split('.') as [keyof Recipe, string];
  (recipe[group] as Record<string, number>)[key] = value;
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
