/** The fields of a recipe's settings: what its schema says of each, with the words that stand beside it. */
import type { Recipe } from '../../model/recipe.ts';
import { optionsOf, type Option } from '../../model/options.ts';
import { SETTING_GROUPS, type SettingWords } from '../../model/recipe-words.ts';

export type Field = Option & SettingWords;

/** Those that a recipe has and that mean something in it. */
export function fieldGroups(recipe: Recipe): { title: string; fields: Field[] }[] {
  const options = new Map(optionsOf(recipe).map((option) => [option.path, option]));
  return SETTING_GROUPS.map(({ title, settings }) => ({
    title,
    fields: Object.entries(settings).flatMap(([path, words]) => {
      const option = options.get(path);
      return option && words.when?.(recipe) !== false
        ? [{ ...option, ...words, about: aboutIn(recipe, path, words) }]
        : [];
    }),
  }));
}

function aboutIn(recipe: Recipe, path: string, { about, aboutKind }: SettingWords): string {
  const group = recipe[path.split('.')[0] as keyof Recipe];
  const kind = typeof group === 'object' && 'kind' in group ? group.kind : '';
  return aboutKind?.[kind] ?? about;
}
