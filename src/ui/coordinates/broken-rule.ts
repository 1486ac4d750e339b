/** Breaking a rule of muP on purpose: one tensor's learning rate goes with the width as it must not. */
import { powersOf } from '../../model/parametrization.ts';
import type { Recipe, RuleChange, TensorRole } from '../../model/recipe.ts';
import { modelShape, tensorsOf } from '../../model/shape.ts';

/** The power of m = d/d0 by which the recipe's optimizer scales the learning rate of a role; null where no tensor has it. */
export function learningRatePower(recipe: Recipe, role: TensorRole): number | null {
  const tensor = tensorsOf(modelShape(recipe, recipe.baseWidth, 2)).find((one) => one.role === role);
  return tensor ? powersOf(tensor, { ...recipe, rules: [] }).learningRate : null;
}

/** One power too many: hidden matrices under AdamW then train as if nothing were scaled by the width. */
export function brokenRule(recipe: Recipe, role: TensorRole): RuleChange {
  return { tensor: role, multiplier: 'learningRate', exponent: (learningRatePower(recipe, role) ?? 0) + 1 };
}

/** The role whose rule is broken; null while the rules are as they should be. */
export const brokenRole = ({ rules }: Recipe): TensorRole | null =>
  rules.find(({ multiplier }) => multiplier === 'learningRate')?.tensor ?? null;
