/** Where recipes differ, in the words that their settings have on the page. */
import type { Recipe } from '../../model/recipe.ts';
import { SIDES } from '../state/contrast.ts';
import { readPath } from '../state/field-path.ts';
import { choiceWords } from '../recipe/choices.ts';
import { FIELD_GROUPS, type Field } from '../recipe/fields.ts';
import { powerOfTwo } from '../words.ts';

const PARAMETRIZATION: Field = { path: 'parametrization', label: '', about: '', choices: [...SIDES.parametrization] };
const FIELDS = [PARAMETRIZATION, ...FIELD_GROUPS.flatMap(({ fields }) => fields)];

/** For each recipe what sets it apart from the others, e.g. `learning rate 2⁻³`; empty where nothing does. */
export function differingWords(recipes: readonly Recipe[]): string[][] {
  const paths = new Map(FIELDS.map((field) => [field.path, field]));
  const differing = [...paths.values()].filter(({ path }) => {
    const values = recipes.map((recipe) => JSON.stringify(readPath(recipe, path)));
    return values.some((value) => value !== values[0]);
  });
  return recipes.map((recipe) => [
    ...differing.flatMap((field) => {
      const value = readPath(recipe, field.path);
      return value === undefined ? [] : [settingWords(field, value)];
    }),
    ...(recipe.rules.length > 0 && recipes.some(({ rules }) => JSON.stringify(rules) !== JSON.stringify(recipe.rules))
      ? ['changed rules']
      : []),
  ]);
}

function settingWords({ label, choices, isPower }: Field, value: unknown): string {
  if (typeof value === 'boolean') return value ? `with ${label}` : `without ${label}`;
  if (choices) return choiceWords(choices, String(value));
  return `${label.charAt(0).toLowerCase()}${label.slice(1)} ${isPower ? powerOfTwo(Number(value)) : String(value)}`;
}
