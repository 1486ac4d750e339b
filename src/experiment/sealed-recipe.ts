/**
 * The recipe as a seal's hash covers it: without every option that was added after the first seals (`addedLater` in the schema)
 * and has the value at which the model is what it was before the option.
 */
import { recipeSchema, type Recipe } from '../model/recipe.ts';
import { chosen, nodeOf, type SchemaNode } from '../model/schema-node.ts';

type Group = { [key: string]: unknown };

export const sealedRecipe = (recipe: Recipe): Group => sealedGroup(recipe, nodeOf(recipeSchema));

/** Groups of options are left out one option at a time, so that a group can grow too. */
function sealedGroup(group: Group, schema: SchemaNode): Group {
  const { entries = {} } = chosen(schema, group);
  const kept = Object.entries(group).flatMap(([key, value]) => {
    const entry = entries[key] ?? {};
    if (!isGroup(value)) {
      const isLeftOut = 'without' in entry && JSON.stringify(value) === JSON.stringify(entry.without);
      return isLeftOut ? [] : [[key, value]];
    }
    const rest = sealedGroup(value, entry);
    return Object.keys(rest).length > 0 ? [[key, rest]] : [];
  });
  return Object.fromEntries(kept) as Group;
}

const isGroup = (value: unknown): value is Group =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
