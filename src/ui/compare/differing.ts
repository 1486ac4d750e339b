/** Where recipes differ, in the words that their settings have on the page. */
import { choiceWords, optionsOf, type Option } from '../../model/options.ts';
import { differing } from '../../model/past.ts';
import type { Recipe } from '../../model/recipe.ts';
import { SETTING_WORDS, type SettingPath } from '../../model/recipe-words.ts';
import { powerOfTwo } from '../words.ts';

/** For each recipe what sets it apart from the others, e.g. `learning rate 2⁻³`; empty where nothing does. */
export function differingWords(recipes: readonly Recipe[]): string[][] {
  const paths = new Set(differing(recipes).map(({ path }) => path));
  return recipes.map((recipe) =>
    optionsOf(recipe)
      .filter(({ path }) => paths.has(path))
      .flatMap((option) => settingWords(option) ?? []),
  );
}

function settingWords({ path, value, words, listed }: Option): string | null {
  if (words) return choiceWords(words, String(value));
  if (Array.isArray(value)) return value.length > 0 ? listed! : null;
  const setting = SETTING_WORDS[path as SettingPath] as (typeof SETTING_WORDS)[SettingPath] | undefined;
  const label = setting?.label ?? path;
  if (typeof value === 'boolean') return value ? `with ${label}` : `without ${label}`;
  return `${label.charAt(0).toLowerCase()}${label.slice(1)} ${setting?.isPower ? powerOfTwo(Number(value)) : String(value)}`;
}
