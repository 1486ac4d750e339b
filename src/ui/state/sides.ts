/** What a study sets side by side: two parametrizations over widths, or the depth rules over numbers of layers. */
import { depthRule, parametrization, PARAMETRIZATION_ABOUTS, type Recipe } from '../../model/recipe.ts';
import type { ComparedSetting } from '../../model/study.ts';
import { changeSetting } from './change-setting.ts';
import { readPath } from './field-path.ts';

export interface Side {
  value: string;
  text: string;
  /** Name of the recipe that stands for it. */
  name: string;
  about: string;
}

const { mup, sp } = parametrization.words;
const depths = depthRule.words;

export const SIDES: Record<ComparedSetting, readonly Side[]> = {
  parametrization: [
    { value: 'mup', text: mup, name: 'muP', about: PARAMETRIZATION_ABOUTS.mup },
    { value: 'sp', text: sp, name: 'SP', about: PARAMETRIZATION_ABOUTS.sp },
  ],
  'depth.rule': [
    { value: 'completep', text: depths.completep, name: 'CompleteP', about: 'Branches shrink as one over the depth' },
    {
      value: 'depth-mup',
      text: depths['depth-mup'],
      name: 'depth-muP',
      about: 'Branches shrink as one over the square root of the depth',
    },
    {
      value: 'none',
      text: depths.none,
      name: 'No depth rule',
      about: 'Branches and learning rates do not know the depth',
    },
  ],
};

export const hasSide = (recipes: readonly Recipe[], setting: ComparedSetting, side: Side): boolean =>
  recipes.some((recipe) => readPath(recipe, setting) === side.value);

/** The recipes with one more that differs from the first only in `side`, in the order in which sides are offered. */
export function withSide(recipes: readonly Recipe[], setting: ComparedSetting, side: Side): Recipe[] {
  if (hasSide(recipes, setting, side)) return [...recipes];
  const placeOf = (recipe: Recipe) => SIDES[setting].findIndex(({ value }) => value === readPath(recipe, setting));
  return [...recipes, onSide(recipes[0], setting, side)].sort((a, b) => placeOf(a) - placeOf(b));
}

/** The recipes without those of `side`; the last side stays. */
export function withoutSide(recipes: readonly Recipe[], setting: ComparedSetting, side: Side): Recipe[] {
  const left = recipes.filter((recipe) => readPath(recipe, setting) !== side.value);
  return left.length > 0 ? left : [...recipes];
}

/** A copy of the recipe on another side. */
export function onSide(recipe: Recipe, setting: ComparedSetting, { value, name }: Side): Recipe {
  const copy = structuredClone(recipe);
  changeSetting(copy, setting, value);
  return { ...copy, name };
}
