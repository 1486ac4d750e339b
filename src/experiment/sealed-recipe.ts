/**
 * The recipe as a seal's hash covers it. Recipes gain options as the playground grows, and a seal must check for ever: the
 * same settings have to give the same hash in every version. So an option that was added after the first seals is left out
 * while it has the value at which the model is what it was before the option, and stands in the hash as soon as it has
 * another. Whoever adds an option to recipes adds it here. The values below are part of every seal's meaning and do not
 * follow a default that may change.
 */
import type { Recipe } from '../model/recipe.ts';

type Group = { [key: string]: unknown };

const ADDED_LATER: Group = {
  growth: 'heads',
  architecture: {
    norm: 'layernorm',
    activation: 'gelu',
    position: 'learned',
    qkNorm: false,
    tied: false,
    precision: 'float32',
  },
  depth: { rule: 'none', baseLayers: 2 },
  rules: [],
};

/** Groups of options are left out one option at a time, so that a group can grow too. */
export const sealedRecipe = (recipe: Recipe): Group => without(recipe, ADDED_LATER);

function without(group: Group, earlier: Group): Group {
  const kept = Object.entries(group).flatMap(([key, value]) => {
    const before = earlier[key];
    if (!isGroup(value) || !isGroup(before)) {
      return JSON.stringify(value) === JSON.stringify(before) ? [] : [[key, value]];
    }
    const rest = without(value, before);
    return Object.keys(rest).length > 0 ? [[key, rest]] : [];
  });
  return Object.fromEntries(kept) as Group;
}

const isGroup = (value: unknown): value is Group =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
