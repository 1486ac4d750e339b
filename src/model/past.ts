/** Questions that only a corpus can answer in which tokens before the last one matter. */
import { corpusSchema, hasPast } from './corpora.ts';
import { optionsOf, type Option } from './options.ts';
import type { Recipe } from './recipe.ts';

/** Settings in which the recipes differ, each as one of them has it. */
export function differing(recipes: readonly Recipe[]): Option[] {
  const each = recipes.map((recipe) => optionsOf(recipe).filter(({ path }) => path !== 'name'));
  const all = new Map(each.flat().map((option) => [option.path, option]));
  return [...all.values()].filter(({ path }) => {
    const values = each.map((options) => JSON.stringify(options.find((option) => option.path === path)?.value));
    return new Set(values).size > 1;
  });
}

/**
 * Why the corpus cannot tell, in one sentence; null where it can.
 * @param recipes that are compared, on one corpus.
 * @param swept paths of settings whose values are compared.
 */
export function cannotTell(recipes: readonly Recipe[], swept: readonly string[] = []): string | null {
  if (recipes.length === 0 || hasPast(recipes[0].corpus)) return null;
  const asked = [...differing(recipes), ...optionsOf(recipes[0]).filter(({ path }) => swept.includes(path))];
  if (asked.length === 0 || !asked.every(({ isOfThePast }) => isOfThePast)) return null;
  const name = corpusSchema.words[recipes[0].corpus.kind].toLowerCase();
  return `The ${name} corpus cannot tell: on it nothing before the last token says anything of the next, so attention and positions have nothing to do. Ask on recall, grammar or a text.`;
}
