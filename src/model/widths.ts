/** Which widths recipes can be trained at: heads must divide a width evenly, and none may become too large. */
import type { Recipe } from './recipe.ts';
import { headsAt, MOST_HEAD_SIZE } from './shape.ts';

/** Largest width that an experiment may name. */
export const MOST_WIDTH = 65_536;

/** Multiples of `unit` up to `most`, and no other width. */
interface WidthRule {
  unit: number;
  most: number;
}

/** @param recipe whose base width its heads divide. */
export function widthRule(recipe: Recipe): WidthRule {
  if (recipe.growth === 'heads') return { unit: recipe.headSize, most: MOST_WIDTH };
  const heads = headsAt(recipe, recipe.baseWidth);
  // RoPE turns pairs of a head's numbers.
  const unit = recipe.architecture.position === 'rope' ? 2 * heads : heads;
  return { unit, most: Math.min(MOST_WIDTH, MOST_HEAD_SIZE * heads) };
}

/** Widths from `from` up to and without `to` that every one of the recipes can be trained at, ascending. */
export function widthsBetween(recipes: readonly Recipe[], from: number, to: number): number[] {
  const rules = recipes.map(widthRule);
  const unit = rules.map((rule) => rule.unit).reduce(leastCommonMultiple);
  const end = Math.min(to, ...rules.map(({ most }) => most + 1));
  const first = Math.ceil(from / unit) * unit;
  const count = Math.max(0, Math.ceil((end - first) / unit));
  return Array.from({ length: count }, (_, i) => first + i * unit);
}

const leastCommonMultiple = (a: number, b: number): number => (a / greatestCommonDivisor(a, b)) * b;
const greatestCommonDivisor = (a: number, b: number): number => (b === 0 ? a : greatestCommonDivisor(b, a % b));
