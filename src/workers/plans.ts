/** What to train next in a prediction: widths between the rungs and the targets, each with what a run of it costs. */
import type { Experiment } from '../model/experiment.ts';
import { parseExperiment } from '../model/experiment.ts';
import { InputError } from '../model/parse.ts';
import type { Recipe } from '../model/recipe.ts';
import type { RunResult } from '../model/result.ts';
import type { Plan } from '../model/scaling-results.ts';
import { modelShape, trainingFlops } from '../model/shape.ts';
import type { FitPoint } from '../scaling/report.ts';
import type { FitterService } from './protocol.ts';

export type RecipePlan = Plan & { recipe: string };

/** Most widths that are weighed against each other, spread evenly over those that the recipe allows. */
const MOST_CANDIDATES = 10;

/**
 * Seconds of one run at widths that the recipe allows and the ladder does not have, from the smallest rung up to the smallest
 * target; measured on the widest finished run and carried over by FLOPs. Empty where no run was timed.
 */
export function candidatesOf(recipe: Recipe, experiment: Experiment, runs: readonly RunResult[]) {
  const { rungs, targets } = experiment.ladder;
  const timed = runs
    .filter((run) => run.recipe === recipe.name && run.status === 'done' && run.seconds > 0)
    .sort((a, b) => b.width - a.width)[0];
  if (!timed || targets.length === 0) return [];
  // The vocabulary of a text is not known here; the unembedding's share of the cost is left to the recipe's own corpus.
  const vocabulary = recipe.corpus.kind === 'spectral' ? recipe.corpus.vocabulary : recipe.corpus.characters;
  const tokens = recipe.steps * recipe.batch * recipe.context;
  const flops = (width: number) => trainingFlops(modelShape(recipe, width, vocabulary), tokens);
  const secondsPerFlop = timed.seconds / flops(timed.width);
  const allowed: number[] = [];
  for (let width = Math.min(...rungs); width < Math.min(...targets); width++) {
    if (!rungs.includes(width) && isAllowed(experiment, width)) allowed.push(width);
  }
  const every = Math.max(1, allowed.length / MOST_CANDIDATES);
  const chosen = Array.from(
    { length: Math.min(MOST_CANDIDATES, allowed.length) },
    (_, i) => allowed[Math.floor((i + 1) * every) - 1],
  );
  return chosen.map((x) => ({ x, cost: flops(x) * secondsPerFlop }));
}

function isAllowed(experiment: Experiment, width: number): boolean {
  try {
    parseExperiment({ ...experiment, ladder: { rungs: [width], targets: [] } });
    return true;
  } catch (error) {
    if (error instanceof InputError) return false;
    throw error;
  }
}

/** For each recipe with a law, what would help its largest target most; the budget is what has been spent on its rungs. */
export async function plansFor(
  fitter: Pick<FitterService, 'plan'>,
  experiment: Experiment,
  runs: readonly RunResult[],
  pointsOf: (recipe: string) => readonly FitPoint[],
): Promise<RecipePlan[]> {
  const { study, ladder } = experiment;
  if (study.kind !== 'prediction' || ladder.targets.length === 0) return [];
  const found = await Promise.all(
    experiment.recipes.map(async (recipe) => {
      const points = [...pointsOf(recipe.name)];
      const candidates = candidatesOf(recipe, experiment, runs);
      if (points.length < 3 || candidates.length === 0) return [];
      const request = { points, target: Math.max(...ladder.targets), candidates, unit: 'seconds' as const };
      const budget = runs
        .filter((run) => run.recipe === recipe.name && ladder.rungs.includes(run.width))
        .reduce((sum, { seconds }) => sum + seconds, 0);
      return [{ recipe: recipe.name, ...(await fitter.plan({ ...request, budget })) }];
    }),
  );
  return found.flat();
}
