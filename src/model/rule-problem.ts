/**
 * A changed rule that would change nothing is refused: whoever breaks a rule to see it caught must not break none, and whoever
 * mends one must not read that mending does not help.
 */
import type { Experiment } from './experiment.ts';
import { parametrize, type TensorRule } from './parametrization.ts';
import { InputError } from './parse.ts';
import type { Recipe, RuleChange } from './recipe.ts';
import { modelShape } from './shape.ts';
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
  const tensors = tensorsAtTwice(recipe);
  const tensor = tensors.find((one) => one.role === role);
  if (!tensor) {
    const roles = [...new Set(tensors.map((one) => one.role))].join(', ');
    return ['tensor', `this recipe has no tensor of role "${role}"; its roles are ${roles}`];
  }
  if (multiplier === 'epsilon' && tensor.update !== 'adamw') {
    return [
      'multiplier',
      `"${role}" is updated by ${tensor.update}, which has no ε; change its learningRate or weightDecay`,
    ];
  }
  if (multiplier === 'weightDecay' && role === 'norm') {
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
  const others = recipe.rules.filter((one) => one.tensor !== role || one.multiplier !== multiplier);
  const without = tensorsAtTwice({ ...recipe, rules: others });
  const key = `${multiplier}Multiplier` as const;
  const isSame = (one: TensorRule, at: number) => one.role !== role || one[key] === without[at][key];
  if (!tensors.every(isSame)) return null;
  return [
    'exponent',
    `the ${multiplier} of "${role}" goes with m to the power ${exponent} already; choose another exponent, or remove the rule`,
  ];
}

/** At twice the base width, where every power of m shows. */
function tensorsAtTwice(recipe: Recipe): TensorRule[] {
  return parametrize(recipe, modelShape(recipe, 2 * recipe.baseWidth, 2)).tensors;
}
