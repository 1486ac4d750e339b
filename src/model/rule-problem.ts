/**
 * A changed rule that would change nothing is refused: whoever breaks a rule to see it caught must not break none, and whoever
 * mends one must not read that mending does not help.
 */
import type { Experiment } from './experiment.ts';
import { ROLES } from './exponents.ts';
import { OPTIMIZERS } from './optimizers.ts';
import { powersOf, updateOf } from './parametrization.ts';
import { InputError } from './parse.ts';
import type { Recipe, RuleChange } from './recipe.ts';
import { modelShape, tensorsOf } from './shape.ts';
import { sweepsOf } from './study.ts';

/** @param path of the recipe in its experiment. */
export function ruleProblem({ study, ladder }: Experiment, recipe: Recipe, path: string): InputError | null {
  const { rules, parametrization, baseWidth, optimizer } = recipe;
  if (rules.length === 0) return null;
  const refusal = (field: string, why: string) => new InputError(field, `${field}: ${why}.`);
  if (parametrization === 'sp') {
    const why = 'SP scales nothing with the width, so a rule changes nothing under it; remove it, or choose "mup"';
    return refusal(`${path}.rules[0]`, why);
  }
  if (study.kind === 'transfer' && study.depths && ladder.rungs.every((width) => width === baseWidth)) {
    const why = `a rule changes nothing at the base width, ${baseWidth}, and this study has no other; remove it, or choose another width`;
    return refusal(`${path}.rules[0]`, why);
  }
  const decays =
    optimizer.weightDecay > 0 ||
    sweepsOf(study).some(({ parameter, values }) => parameter === 'optimizer.weightDecay' && values.some(Boolean));
  for (const i of rules.keys()) {
    const [key, why] = problemOf(recipe, i, decays) ?? [];
    if (why) return refusal(`${path}.rules[${i}].${key}`, why);
  }
  return null;
}

/** @returns the key of the rule at fault, and why. */
function problemOf(recipe: Recipe, i: number, decays: boolean): [key: keyof RuleChange, why: string] | null {
  const { tensor: role, multiplier, exponent } = recipe.rules[i];
  const tensors = tensorsOf(modelShape(recipe, recipe.baseWidth, 2));
  const changed = tensors.filter((one) => one.role === role);
  if (changed.length === 0) {
    const roles = [...new Set(tensors.map((one) => one.role))].join(', ');
    return ['tensor', `this recipe has no tensor of role "${role}"; its roles are ${roles}`];
  }
  const update = updateOf(role, recipe.optimizer);
  if (multiplier === 'epsilon' && !OPTIMIZERS[update].hasEpsilon) {
    return ['multiplier', `"${role}" is updated by ${update}, which has no ε; change its learningRate or weightDecay`];
  }
  if (multiplier === 'weightDecay' && ROLES[role].part === 'gain') {
    return ['multiplier', 'gains have no weight decay; change their learningRate or epsilon'];
  }
  if (multiplier === 'weightDecay' && !decays) {
    return [
      'multiplier',
      'without weight decay a rule of it changes nothing; set optimizer.weightDecay above 0, or change the learningRate',
    ];
  }
  const alike = recipe.rules.findIndex((one) => one.tensor === role && one.multiplier === multiplier);
  if (alike < i) return ['multiplier', `the ${multiplier} of "${role}" is changed twice; keep one`];
  // Of two alike the later one counts; it is refused in its turn.
  const rules = recipe.rules.filter((one) => one.tensor !== role || one.multiplier !== multiplier);
  if (changed.some((tensor) => powersOf(tensor, { ...recipe, rules })[multiplier] !== exponent)) return null;
  return [
    'exponent',
    `the ${multiplier} of "${role}" goes with m to the power ${exponent} already; choose another exponent, or remove the rule`,
  ];
}
