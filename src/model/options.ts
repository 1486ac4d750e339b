/** The settings that a recipe has, read off its schema: lists, fields and tables are made of them. */
import { recipeSchema } from './recipe.ts';
import { chosen, nodeOf, type SchemaNode } from './schema-node.ts';

/** One setting: its path in the recipe, its value there, and its record. */
export interface Option extends Pick<
  SchemaNode,
  'allowed' | 'isWhole' | 'listed' | 'default' | 'without' | 'isOfThePast'
> {
  path: string;
  value: unknown;
  /** How each of its choices reads; absent where it is no choice. */
  words?: Readonly<Record<string, string>>;
}

/** All settings of a recipe, in the order of the schema; of kinds only those of its own. */
export const optionsOf = (recipe: object): Option[] => optionsIn(nodeOf(recipeSchema), recipe, '');

function optionsIn(schema: SchemaNode, group: object, prefix: string): Option[] {
  const { entries = {} } = chosen(schema, group);
  const kindWords = unwrapped(schema).words;
  return Object.entries(entries).flatMap(([key, entry]): Option[] => {
    const value = (group as Record<string, unknown>)[key];
    if (chosen(entry, value).entries) return optionsIn(entry, value as object, `${prefix}${key}.`);
    const { allowed, isWhole, listed, words, isOfThePast } = unwrapped(entry);
    const facts = { allowed, isWhole, listed, isOfThePast, default: entry.default, without: entry.without };
    return [{ path: prefix + key, value, words: key === 'kind' ? kindWords : words, ...facts }];
  });
}

const unwrapped = (node: SchemaNode): SchemaNode => node.wrapped ?? node;

/** How a list or a sentence says a choice: without what explains it. */
export const choiceWords = (words: Readonly<Record<string, string>>, value: string): string =>
  (words[value] ?? value).replace(/ \(.*\)$/, '');

/** What sets a recipe apart from the first version's, in words. */
export const unusualOptions = (recipe: object): { path: string; text: string }[] =>
  optionsOf(recipe).flatMap(({ path, value, without, words, listed }) => {
    if (without === undefined || JSON.stringify(value) === JSON.stringify(without)) return [];
    const text = words ? choiceWords(words, String(value)) : listed;
    return text ? [{ path, text }] : [];
  });
