/** Evaluations during training, brought together as the points of the joint law: loss against parameters and tokens. */
import { leftOutNotes } from '../checks/survivors.ts';
import type { Experiment } from '../model/experiment.ts';
import type { Recipe } from '../model/recipe.ts';
import type { RunResult } from '../model/result.ts';
import type { JointReport } from '../model/scaling-results.ts';
import { scheduleFactor } from '../model/schedule.ts';
import { countParameters, modelShape } from '../model/shape.ts';
import type { JointRequest } from '../scaling/joint/joint.ts';
import type { Ask } from './ask.ts';

interface JointPoints {
  /** Null where there is nothing to fit. */
  request: JointRequest | null;
  /** Why there is none, or what was left out, in one sentence; empty when there is nothing to say. */
  sentence: string;
}

/**
 * Only losses at the peak learning rate are set side by side: one in the middle of a decay is of a learning rate that has not
 * come down yet, and one after it belongs to another curve. N is the number of parameters without embeddings, D that of
 * tokens trained on; the loss is the mean over the seeds, of widths at which none diverged. Targets are those of the ladder, at the last step
 * that is compared.
 * @param excluded rungs that a person took out of the fit.
 */
export function jointPoints(
  recipe: Recipe,
  { ladder, seeds }: Experiment,
  runs: readonly RunResult[],
  excluded: readonly number[] = [],
): JointPoints {
  const { evaluation, schedule, steps } = recipe;
  const none = (sentence: string): JointPoints => ({ request: null, sentence });
  if (evaluation.every === 0) {
    return none(
      'The joint law needs losses at several step counts: set how often to evaluate (evaluation.every), 0 evaluates after the last step only.',
    );
  }
  if (schedule.kind === 'cosine') {
    return none(
      'The joint law needs a constant or WSD schedule: a loss in the middle of a cosine is of a learning rate that has not come down yet, and cannot be set beside that of a shorter training.',
    );
  }
  const isAtPeak = (step: number) => step >= 1 && scheduleFactor(schedule, step - 1, steps) >= 1;
  const own = runs.filter((run) => run.recipe === recipe.name && seeds.includes(run.seed));
  const sums = new Map<string, { n: number; step: number; sum: number; count: number }>();
  const isLost = (width: number) => own.some((run) => run.width === width && run.status === 'diverged');
  const asked = ladder.rungs.filter((width) => !excluded.includes(width));
  const rungs = asked.filter((width) => !isLost(width));
  const leftOut = leftOutNotes(own, asked);
  for (const run of own.filter(({ width, status }) => status === 'done' && rungs.includes(width))) {
    for (const [i, step] of run.evalSteps.entries()) {
      const loss = run.evalLoss[i];
      if (!isAtPeak(step) || loss == null) continue;
      const key = `${run.width} ${step}`;
      const known = sums.get(key) ?? { n: run.parameters.nonEmbedding, step, sum: 0, count: 0 };
      sums.set(key, { ...known, sum: known.sum + loss, count: known.count + 1 });
    }
  }
  if (sums.size === 0)
    return none(['No width has been evaluated at the peak learning rate yet.', ...leftOut].join(' '));
  const tokens = (step: number) => step * recipe.batch * recipe.context;
  const last = Math.max(...[...sums.values()].map(({ step }) => step));
  // Parameters without embeddings do not depend on the vocabulary.
  const parametersAt = (width: number) => countParameters(modelShape(recipe, width, 2)).nonEmbedding;
  const targets = ladder.targets.map((width) => ({ n: parametersAt(width), d: tokens(last) }));
  const points = [...sums.values()].map(({ n, step, sum, count }) => ({ n, d: tokens(step), loss: sum / count }));
  const runsOfPoint = Math.max(...[...sums.values()].map(({ count }) => count));
  const decays = schedule.kind === 'wsd' && schedule.decay > 0;
  return {
    request: { points, targets, areShared: true, seeds: runsOfPoint },
    sentence: [
      ...(decays ? [`Losses of the decay, after step ${last}, belong to another curve and are left out.`] : []),
      ...leftOut,
    ].join(' '),
  };
}

/** The joint law of every recipe that was evaluated during training; of others there is none. */
export async function jointFits(
  ask: Ask,
  experiment: Experiment,
  runs: readonly RunResult[],
  excluded: Readonly<Record<string, number[]>> = {},
): Promise<(JointReport & { recipe: string })[]> {
  if (experiment.study.kind !== 'prediction') return [];
  const found = await Promise.all(
    experiment.recipes.map(async (recipe) => {
      const { request, sentence } = jointPoints(recipe, experiment, runs, excluded[recipe.name]);
      if (!request) return [];
      const report = await ask({ kind: 'joint', inputs: request });
      return [{ recipe: recipe.name, ...report, notes: [...report.notes, ...(sentence ? [sentence] : [])] }];
    }),
  );
  return found.flat();
}
