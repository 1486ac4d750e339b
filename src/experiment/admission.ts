/**
 * What must hold before anything trains: every cohort fits on the device, no target was measured before its seal, and what
 * is gone on from was measured in the same way on the same text.
 */
import { fileOf } from '../model/corpora.ts';
import type { Experiment } from '../model/experiment.ts';
import { InputError } from '../model/parse.ts';
import { tableVersion } from '../model/parametrization.ts';
import type { Recipe } from '../model/recipe.ts';
import type { RunResult, SealedPrediction } from '../model/result.ts';
import { settingsOf, type Run } from '../model/run.ts';
import { locate } from './field-at-fault.ts';
import { isProbed } from './cohorts.ts';
import type { CohortName, CorpusFacts, TrainerService } from './protocol.ts';
import { sealOf } from './queue.ts';
import { isOver } from '../model/result.ts';

/**
 * Asks the trainer about each of the cohorts once; `goesOn` ends the asking early.
 * @throws InputError naming the width, the depth or the field of the recipe that is too large.
 */
export async function assertCohortsFit(
  trainer: Pick<TrainerService, 'assertFits'>,
  experiment: Experiment,
  cohorts: readonly Run[][],
  goesOn: () => boolean,
): Promise<void> {
  const probe = isProbed(experiment);
  for (const runs of cohorts) {
    if (!goesOn()) return;
    const index = experiment.recipes.findIndex(({ name }) => name === runs[0].recipe.name);
    await locate(`recipes[${index}]`, sizeField(experiment, runs[0]), trainer.assertFits({ runs, probe }));
  }
}

/** The field that decides how large a run's model is. */
function sizeField({ ladder, study }: Experiment, { recipe, width }: Run): string {
  if (study.kind === 'transfer' && study.depths) return `study.depths[${study.depths.indexOf(recipe.layers)}]`;
  const part = ladder.rungs.includes(width) ? 'rungs' : 'targets';
  return `ladder.${part}[${ladder[part].indexOf(width)}]`;
}

/** Whether a run was trained by the table that its recipe has today; by an earlier one it was another training. */
export function isOfTable(recipes: readonly Recipe[], run: Pick<RunResult, 'recipe' | 'table'>): boolean {
  const recipe = recipes.find(({ name }) => name === run.recipe);
  return !recipe || run.table === tableVersion(recipe);
}

/** Seals that may go on standing: not those of a recipe whose finished runs have to be trained again by today's table. */
export function usableSeals(
  { recipes }: Pick<Experiment, 'recipes'>,
  finished: readonly RunResult[],
  sealed: readonly SealedPrediction[],
): SealedPrediction[] {
  const earlier = new Set(finished.filter((run) => !isOfTable(recipes, run)).map((run) => run.recipe));
  return sealed.filter(({ recipe }) => !earlier.has(recipe));
}

/**
 * Earlier runs that need not be trained again should the experiment ask for them: they are over, of one of its recipes and of
 * its table, and their study swept the same hyperparameters and probed as this one does. A run of a coordinate check and one of
 * a prediction may share their id.
 */
export function usableRuns(experiment: Experiment, finished: readonly RunResult[]): RunResult[] {
  const names = new Set(experiment.recipes.map(({ name }) => name));
  const sweptBy = (overrides: object) => Object.keys(overrides).sort().join();
  const swept = sweptBy(settingsOf(experiment.study)[0]);
  const probe = isProbed(experiment);
  return finished.filter(
    (run) =>
      isOver(run) &&
      names.has(run.recipe) &&
      isOfTable(experiment.recipes, run) &&
      (run.activations !== undefined) === probe &&
      sweptBy(run.overrides) === swept,
  );
}

/**
 * Runs of results that do not tell their text pass.
 * @param index of the recipe in its experiment.
 * @throws InputError when the finished runs of the recipe were trained on a text other than the one given now.
 */
export function assertSameText(
  { name, corpus }: Recipe,
  index: number,
  { textHash }: Pick<CorpusFacts, 'textHash'>,
  finished: readonly Pick<RunResult, 'recipe' | 'textHash'>[],
): void {
  const mine = finished.filter((run) => run.recipe === name);
  const file = fileOf(corpus);
  if (file === null || !mine.some((run) => run.textHash != null && run.textHash !== textHash)) return;
  const field = `recipes[${index}].corpus.file`;
  throw new InputError(
    field,
    `${field}: the text "${file}" is not the one that the finished runs were trained on; choose that text, or train again to start over with this one.`,
  );
}

/** What is known of the targets before they train. */
interface Measured {
  recipes: readonly Recipe[];
  runs: readonly RunResult[];
  sealed: readonly SealedPrediction[];
}

/**
 * A width that was measured, or is being measured, without a seal must not become a target.
 * @param training the cohorts that train now.
 */
export function assertTargetsUnmeasured(
  targets: readonly number[],
  { recipes, runs, sealed }: Measured,
  training: readonly CohortName[],
): void {
  const underWay = training.flatMap(({ recipes, width }) => recipes.map((recipe) => ({ recipe, width })));
  const measured = [...runs, ...underWay];
  for (const recipe of recipes) {
    for (const [i, width] of targets.entries()) {
      if (sealOf(sealed, recipe, width)) continue;
      if (!measured.some((run) => run.recipe === recipe.name && run.width === width)) continue;
      const field = `ladder.targets[${i}]`;
      throw new InputError(
        field,
        `${field}: width ${width} was trained already; a target must be sealed before it trains.`,
      );
    }
  }
}
