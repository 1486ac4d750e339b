/** Checks that cross the fields of an experiment. Each problem is one sentence that names the field to change. */
import type { Experiment } from './experiment.ts';
import { InputError } from './parse.ts';
import type { Recipe } from './recipe.ts';
import { recipeSlug } from './recipe-slug.ts';
import { ruleProblem } from './rule-problem.ts';
import { headsAt, MOST_HEAD_SIZE } from './shape.ts';
import { studyProblem } from './study-problem.ts';
import { widthRule } from './widths.ts';

export function experimentProblem(experiment: Experiment): InputError | null {
  const { recipes } = experiment;
  for (const [i, recipe] of recipes.entries()) {
    const path = `recipes[${i}]`;
    const problem = recipeProblem(recipe, path) ?? ruleProblem(experiment, recipe, path) ?? nameProblem(recipes, i);
    if (problem) return problem;
  }
  return ladderProblem(experiment) ?? studyProblem(experiment) ?? basinProblem(experiment);
}

export function recipeProblem(recipe: Recipe, path: string): InputError | null {
  const { baseWidth, headSize, steps, schedule, architecture, init } = recipe;
  if (baseWidth % headSize !== 0) {
    const field = `${path}.baseWidth`;
    return new InputError(
      field,
      `${field}: ${baseWidth} does not divide into heads of size ${headSize}; use a multiple of ${headSize}.`,
    );
  }
  if (schedule.warmup > steps) {
    const field = `${path}.schedule.warmup`;
    return new InputError(
      field,
      `${field}: ${schedule.warmup} is more than the ${steps} steps of the run; use at most ${steps}.`,
    );
  }
  if (architecture.position === 'rope' && headSize % 2 !== 0) {
    const field = `${path}.headSize`;
    return new InputError(
      field,
      `${field}: RoPE turns pairs of numbers, so with position "rope" the head size must be even, not ${headSize}.`,
    );
  }
  if (architecture.qkNorm && init.query === 'zero') {
    const field = `${path}.init.query`;
    return new InputError(
      field,
      `${field}: a query of zeros has no direction to normalise; with qkNorm it must be "key".`,
    );
  }
  if (architecture.qkNorm && architecture.norm === 'layernorm' && headSize === 1) {
    const field = `${path}.headSize`;
    return new InputError(
      field,
      `${field}: LayerNorm makes zero of a head of one number; with qkNorm use at least 2, or the norm "rmsnorm".`,
    );
  }
  return null;
}

function nameProblem(recipes: readonly Recipe[], i: number): InputError | null {
  const { name } = recipes[i];
  const alike = recipes.slice(0, i).find((other) => recipeSlug(other.name) === recipeSlug(name));
  if (!alike) return null;
  const field = `recipes[${i}].name`;
  return new InputError(
    field,
    `${field}: "${name}" and "${alike.name}" both become "${recipeSlug(name)}" in file names; let them differ in their letters a-z or digits.`,
  );
}

/** Heads divide every width, and a width is rung or target, not both. */
function ladderProblem({ recipes, ladder }: Experiment): InputError | null {
  for (const part of ['rungs', 'targets'] as const) {
    for (const [i, width] of ladder[part].entries()) {
      const field = `ladder.${part}[${i}]`;
      for (const recipe of recipes) {
        const why = widthProblem(recipe, width);
        if (why) return new InputError(field, `${field}: ${why}`);
      }
      if (part === 'targets' && ladder.rungs.includes(width)) {
        return new InputError(
          field,
          `${field}: width ${width} stands among the rungs and among the targets; a width is one or the other, because a target must not be trained before it is sealed.`,
        );
      }
    }
  }
  return null;
}

function widthProblem(recipe: Recipe, width: number): string | null {
  const { unit, most } = widthRule(recipe);
  if (width % unit === 0 && width <= most) return null;
  const { growth, headSize, baseWidth } = recipe;
  const heads = headsAt(recipe, width);
  if (width % unit === 0) {
    return `width ${width} in ${heads} heads makes heads of ${width / heads}, and ${MOST_HEAD_SIZE} is the most; use at most width ${most}.`;
  }
  const instead = `use a multiple of ${unit}, such as ${Math.max(unit, Math.round(width / unit) * unit)}.`;
  if (growth === 'heads') return `width ${width} does not divide into heads of size ${headSize}; ${instead}`;
  const even = unit === heads ? '' : ' of even size, as RoPE needs them';
  return `width ${width} does not divide into the ${heads} heads of base width ${baseWidth}${even}; ${instead}`;
}

/** A measured basin may come from a link: its cells must lie on its own grid. */
function basinProblem({ basin }: Experiment): InputError | null {
  if (!basin) return null;
  const outside = basin.common.findIndex((cell) => cell.some((index, s) => index >= basin.sweeps[s].values.length));
  if (outside < 0) return null;
  const field = `basin.common[${outside}]`;
  const sizes = basin.sweeps.map(({ values }) => values.length).join(' and ');
  return new InputError(
    field,
    `${field}: its indices count from 0 and must be below the ${sizes} values of the sweeps.`,
  );
}
