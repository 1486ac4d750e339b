/**
 * What an experiment *is*: recipes x ladder x study x seeds, as entered by a person, a file or a URL, validated field by
 * field. Every refusal is one sentence that names the field and says what is allowed.
 */
import * as v from 'valibot';
import { optional, text, whole } from './fields.ts';
import { experimentProblem } from './experiment-problem.ts';
import { parseWith } from './parse.ts';
import { recipeSchema } from './recipe.ts';
import { measuredBasinSchema, studySchema } from './study.ts';
import { MOST_WIDTH } from './widths.ts';

const widths = (name: string, min: number) =>
  v.pipe(
    v.array(whole('width', 1, MOST_WIDTH), `${name} must be a list of widths`),
    v.check((list) => list.length >= min, `${name} needs at least ${min} width${min === 1 ? '' : 's'}`),
    v.check((list) => list.length <= 64, `${name} may hold at most 64 widths`),
    v.check(
      (list) => new Set(list).size === list.length,
      ({ input }) => `${name} names width ${input.find((width, i) => input.indexOf(width) !== i)} twice`,
    ),
  );

const ladderSchema = v.strictObject({
  /** Widths that are trained and fitted. */
  rungs: widths('rungs', 1),
  /** Widths whose loss is predicted and sealed before they train. */
  targets: optional(widths('targets', 0), []),
});

export const experimentSchema = v.strictObject({
  name: optional(text('name'), 'Experiment'),
  recipes: v.pipe(
    v.array(recipeSchema, 'recipes must be a list of recipes'),
    v.check((list) => list.length >= 1 && list.length <= 8, 'recipes must hold 1 to 8 recipes'),
    v.check((list) => new Set(list.map((r) => r.name)).size === list.length, 'recipes must have different names'),
  ),
  ladder: ladderSchema,
  study: optional(studySchema, { kind: 'prediction' }),
  /** One run per width and seed; a seed sets the initial parameters. */
  seeds: optional(
    v.pipe(
      v.array(whole('seed', 0, 0xffffffff), 'seeds must be a list of whole numbers'),
      v.check((list) => list.length >= 1 && list.length <= 32, 'seeds must hold 1 to 32 seeds'),
      v.check((list) => new Set(list).size === list.length, 'seeds names a seed twice'),
    ),
    [1],
  ),
  /** The basin that the recipe was chosen from, where it was. */
  basin: v.optional(measuredBasinSchema),
});

export type Ladder = v.InferOutput<typeof ladderSchema>;
export type Experiment = v.InferOutput<typeof experimentSchema>;
/** What a person or a file may write: defaults may be left out. */
export type ExperimentInput = v.InferInput<typeof experimentSchema>;

/**
 * An experiment that was trained, perhaps by an earlier version that took what is refused today: it can be shown, not trained.
 * @throws InputError naming the field that is none.
 */
export function parseTrained(input: unknown): Experiment {
  return parseWith(experimentSchema, input, 'experiment');
}

/**
 * Validates an experiment and fills in its defaults.
 * @throws InputError naming the first field at fault and what is allowed.
 */
export function parseExperiment(input: unknown): Experiment {
  const experiment = parseTrained(input);
  const problem = experimentProblem(experiment);
  if (problem) throw problem;
  return experiment;
}
