/** Puts together the `result.json` of an experiment. */
import { version } from '../../package.json';
import { basinNote } from '../checks/measured-basin.ts';
import { leftOutNotes } from '../checks/survivors.ts';
import type { Checks } from '../model/check-results.ts';
import type { Experiment } from '../model/experiment.ts';
import { newId } from '../model/identity.ts';
import type { Recipe } from '../model/recipe.ts';
import {
  parseResult,
  RESULT_SCHEMA,
  type ExperimentResult,
  type FitResult,
  type RunResult,
  type SealedPrediction,
} from '../model/result.ts';
import type { AdapterInfo } from '../model/training.ts';
import type { RecipeFit } from './recipe-fits.ts';

export type { RecipeFit };

/** Of a page, the commit that it was built from; in Node, where nothing is built, the command line fills in its own. */
const COMMIT = import.meta.env?.VITE_COMMIT ?? 'unknown';

/**
 * @param fits the fit of a recipe, by its name; one without a law has no place in the result.
 * @param checks of a study that is no prediction; null where there are none.
 * @param further the law of parameters and tokens, of recipes that were evaluated during training; every pair of recipes,
 * where they are compared; what to train next.
 */
export function assembleResult(
  experiment: Experiment,
  adapter: AdapterInfo,
  runs: readonly RunResult[],
  fits: Pick<ReadonlyMap<string, RecipeFit>, 'get'>,
  sealed: readonly SealedPrediction[],
  checks: Checks | null = null,
  further: Pick<ExperimentResult, 'joint' | 'comparisons' | 'plans'> = {},
): ExperimentResult {
  const { joint = [], comparisons = [], plans = [] } = further;
  return parseResult({
    schema: RESULT_SCHEMA,
    id: newId(),
    created: new Date().toISOString(),
    app: { version, commit: COMMIT },
    adapter,
    experiment,
    runs: [...runs].sort((a, b) => a.width - b.width),
    fits: experiment.recipes.flatMap((recipe) => {
      const fit = fits.get(recipe.name);
      return fit ? fitResult(recipe.name, fit, notesOn(recipe, experiment, runs)) : [];
    }),
    sealed,
    ...(joint.length > 0 ? { joint } : {}),
    ...(comparisons.length > 0 ? { comparisons } : {}),
    ...(plans.length > 0 ? { plans } : {}),
    ...checksThere(checks),
  });
}

/** A law holds only near the basin, and a fit says so when its runs lie outside the one that was measured; and which rungs it leaves out. */
function notesOn(recipe: Recipe, { basin, ladder, seeds }: Experiment, runs: readonly RunResult[]): string[] {
  const note = basin && basinNote(recipe, basin);
  const own = runs.filter((run) => run.recipe === recipe.name && seeds.includes(run.seed));
  return [...leftOutNotes(own, ladder.rungs), ...(note ? [note] : [])];
}

/** A result holds the checks that its study asks for, and no empty lists for the others. */
function checksThere(checks: Checks | null): Partial<Checks> {
  return Object.fromEntries(Object.entries(checks ?? {}).filter(([, one]) => one.length > 0));
}

function fitResult(recipe: string, { points, report }: RecipeFit, more: string[]): FitResult[] {
  const { leastSquares, intervals, status, notes, backtest, predictions, noise, laws } = report;
  if (!leastSquares || !intervals) return [];
  return [
    {
      recipe,
      law: 'width',
      x: 'width',
      points: points.map(({ x, loss, runs }) => ({ x, loss, weight: runs.length, runs })),
      parameters: leastSquares,
      intervals,
      status,
      notes: [...notes, ...more],
      backtest,
      predictions,
      ...(noise ? { noise } : {}),
      laws,
    },
  ];
}
