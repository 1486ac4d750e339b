/** Breaking a rule of muP on purpose: one tensor's learning rate goes with the width as it must not. */
import { parametrize } from '../../model/parametrization.ts';
import type { Recipe, RuleChange, TensorRole } from '../../model/recipe.ts';
import { modelShape } from '../../model/shape.ts';

/** The power of m = d/d0 by which the recipe's optimizer scales the learning rate of a role; null where no tensor has it. */
export function learningRatePower(recipe: Recipe, role: TensorRole): number | null {
  const unchanged: Recipe = { ...recipe, parametrization: 'mup', rules: [] };
  const multiplierAt = (width: number) =>
    parametrize(unchanged, modelShape(unchanged, width, 2)).tensors.find((tensor) => tensor.role === role)
      ?.learningRateMultiplier;
  const [narrow, wide] = [multiplierAt(recipe.baseWidth), multiplierAt(4 * recipe.baseWidth)];
  if (narrow === undefined || wide === undefined) return null;
  return Math.round(Math.log(wide / narrow) / Math.log(4));
}

/** One power too many: hidden matrices under AdamW then train as if nothing were scaled by the width. */
export function brokenRule(recipe: Recipe, role: TensorRole): RuleChange {
  return { tensor: role, multiplier: 'learningRate', exponent: (learningRatePower(recipe, role) ?? 0) + 1 };
}

/** The role whose rule is broken; null while the rules are as they should be. */
export const brokenRole = ({ rules }: Recipe): TensorRole | null =>
  rules.find(({ multiplier }) => multiplier === 'learningRate')?.tensor ?? null;
