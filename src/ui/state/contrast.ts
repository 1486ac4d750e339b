/** What a study sets side by side: two parametrizations over widths, or the depth rules over numbers of layers. */
import type { DepthRule, Recipe } from '../../model/recipe.ts';
import type { Study } from '../../model/study.ts';

export type Contrast = 'parametrization' | 'depth';

export const contrastOf = (study: Study): Contrast =>
  study.kind === 'transfer' && study.depths ? 'depth' : 'parametrization';

export interface Side {
  value: Recipe['parametrization'] | DepthRule;
  text: string;
  /** Name of the recipe that stands for it. */
  name: string;
  about: string;
}

export const SIDES: Record<Contrast, readonly Side[]> = {
  parametrization: [
    {
      value: 'mup',
      text: 'μP',
      name: 'muP',
      about: 'Maximal update parametrization: settings found at a small width stay right at large ones',
    },
    {
      value: 'sp',
      text: 'SP',
      name: 'SP',
      about: 'Standard parametrization: the usual one, whose best settings move with the width',
    },
  ],
  depth: [
    { value: 'completep', text: 'CompleteP', name: 'CompleteP', about: 'Branches shrink as one over the depth' },
    {
      value: 'depth-mup',
      text: 'depth-μP',
      name: 'depth-muP',
      about: 'Branches shrink as one over the square root of the depth',
    },
    {
      value: 'none',
      text: 'no rule',
      name: 'No depth rule',
      about: 'Branches and learning rates do not know the depth',
    },
  ],
};

const sideOf = (recipe: Recipe, contrast: Contrast): Side['value'] =>
  contrast === 'depth' ? recipe.depth.rule : recipe.parametrization;

export const hasSide = (recipes: readonly Recipe[], contrast: Contrast, side: Side): boolean =>
  recipes.some((recipe) => sideOf(recipe, contrast) === side.value);

/** The recipes with one more that differs from the first only in `side`, in the order in which sides are offered. */
export function withSide(recipes: readonly Recipe[], contrast: Contrast, side: Side): Recipe[] {
  if (hasSide(recipes, contrast, side)) return [...recipes];
  const order = SIDES[contrast].map(({ value }) => value);
  return [...recipes, onSide(recipes[0], contrast, side)].sort(
    (a, b) => order.indexOf(sideOf(a, contrast)) - order.indexOf(sideOf(b, contrast)),
  );
}

/** The recipes without those of `side`; the last side stays. */
export function withoutSide(recipes: readonly Recipe[], contrast: Contrast, side: Side): Recipe[] {
  const left = recipes.filter((recipe) => sideOf(recipe, contrast) !== side.value);
  return left.length > 0 ? left : [...recipes];
}

/** A copy of the recipe on another side. Changed rules are about muP, and mean nothing elsewhere. */
export function onSide(recipe: Recipe, contrast: Contrast, { value, name }: Side): Recipe {
  const copy = { ...structuredClone(recipe), name };
  if (contrast === 'depth') return { ...copy, depth: { ...copy.depth, rule: value as DepthRule } };
  const parametrization = value as Recipe['parametrization'];
  return { ...copy, parametrization, rules: parametrization === 'sp' ? [] : copy.rules };
}
