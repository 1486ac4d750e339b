/** What to train next in a prediction: widths between the rungs and the targets, each with what a run of it costs. */
import { mostTokens } from '../model/corpora.ts';
import type { Experiment } from '../model/experiment.ts';
import type { Recipe } from '../model/recipe.ts';
import type { RunResult } from '../model/result.ts';
import type { Plan } from '../model/scaling-results.ts';
import { modelShape, trainingFlops } from '../model/shape.ts';
import { widthsBetween } from '../model/widths.ts';
import type { PlanRequest } from '../scaling/plan/planning.ts';
import type { FitPoint } from '../scaling/width/report.ts';
import type { Ask } from './ask.ts';
import { fittedPoints, plainPoints } from './rung-points.ts';

type RecipePlan = Plan & { recipe: string };

/** Most widths that are weighed against each other, spread evenly over those that are allowed. */
const MOST_CANDIDATES = 10;

/**
 * Widths that every recipe allows and the ladder does not have, from the smallest rung up to the smallest target or the
 * largest rung. A width is trained with all seeds at once and never again, so a step is that many runs, and a run costs its
 * part of the seconds that they take together: measured at the widest width that was trained and carried over by FLOPs. Empty where
 * nothing was timed.
 */
export function candidatesOf(
  recipe: Recipe,
  experiment: Experiment,
  runs: readonly RunResult[],
): PlanRequest['candidates'] {
  const { recipes, seeds, ladder } = experiment;
  const { rungs, targets } = ladder;
  const timed = runs
    .filter((run) => run.recipe === recipe.name && run.status === 'done' && run.seconds > 0)
    .sort((a, b) => b.width - a.width)[0];
  if (!timed || targets.length === 0) return [];
  // The vocabulary of a text is not known here; the unembedding's share of the cost is left to the recipe's own corpus.
  const vocabulary = mostTokens(recipe.corpus);
  const tokens = recipe.steps * recipe.batch * recipe.context;
  const flops = (width: number) => trainingFlops(modelShape(recipe, width, vocabulary), tokens);
  const secondsPerFlop = timed.seconds / seeds.length / flops(timed.width);
  const allowed = widthsBetween(recipes, Math.min(...rungs), Math.max(Math.min(...targets), ...rungs)).filter(
    (width) => !rungs.includes(width) && !targets.includes(width),
  );
  const every = Math.max(1, allowed.length / MOST_CANDIDATES);
  const chosen = Array.from(
    { length: Math.min(MOST_CANDIDATES, allowed.length) },
    (_, i) => allowed[Math.floor((i + 1) * every) - 1],
  );
  return chosen.map((x) => ({ x, cost: flops(x) * secondsPerFlop, seeds: [seeds.length], isOnce: true }));
}

/** Seconds that each rung of a recipe took, in the order of the ladder; runs of one width train together. */
export function rungSeconds(recipe: Recipe, { ladder }: Experiment, runs: readonly RunResult[]): number[] {
  return ladder.rungs.flatMap((width) => {
    const here = runs.filter((run) => run.recipe === recipe.name && run.width === width);
    return here.length > 0 ? [Math.max(...here.map(({ seconds }) => seconds))] : [];
  });
}

/** Seconds that a person is likely to have for one more rung: twice what the slowest took; 0 where nothing was timed. */
export const usualBudget = (recipe: Recipe, experiment: Experiment, runs: readonly RunResult[]): number =>
  2 * Math.max(0, ...rungSeconds(recipe, experiment, runs));

/** What would help the largest target most; null where there is no law, no target, or nothing to train before it. */
export function planQuestion(
  recipe: Recipe,
  experiment: Experiment,
  runs: readonly RunResult[],
  points: readonly FitPoint[],
  budget: number,
): PlanRequest | null {
  const candidates = candidatesOf(recipe, experiment, runs);
  if (points.length < 3 || candidates.length === 0 || !(budget > 0)) return null;
  const target = Math.max(...experiment.ladder.targets);
  return { points: [...points], target, candidates, budget, unit: 'seconds', noun: 'width' };
}

/** The plan of each recipe with a law; the budget is what its rungs took. */
export async function plansFor(
  ask: Ask,
  experiment: Experiment,
  runs: readonly RunResult[],
  excluded: Readonly<Record<string, number[]>> = {},
): Promise<RecipePlan[]> {
  if (experiment.study.kind !== 'prediction') return [];
  const found = await Promise.all(
    experiment.recipes.map(async (recipe) => {
      const budget = rungSeconds(recipe, experiment, runs).reduce((sum, seconds) => sum + seconds, 0);
      const points = plainPoints(fittedPoints(recipe, experiment, runs, excluded[recipe.name]));
      const request = planQuestion(recipe, experiment, runs, points, budget);
      return request ? [{ recipe: recipe.name, ...(await ask({ kind: 'plan', inputs: request })) }] : [];
    }),
  );
  return found.flat();
}
