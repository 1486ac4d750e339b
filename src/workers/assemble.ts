/** Puts together the `result.json` of an experiment. */
import { version } from '../../package.json';
import type { Experiment } from '../model/experiment.ts';
import { newId } from '../model/identity.ts';
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

/** @param fits the fit of a recipe, by its name; one without a law has no place in the result. */
export function assembleResult(
  experiment: Experiment,
  adapter: AdapterInfo,
  runs: RunResult[],
  fits: Pick<ReadonlyMap<string, RecipeFit>, 'get'>,
  sealed: SealedPrediction[],
): ExperimentResult {
  return parseResult({
    schema: RESULT_SCHEMA,
    id: newId(),
    created: new Date().toISOString(),
    // The page does not know its commit; the command line, which runs in a checkout, fills it in.
    app: { version, commit: '' },
    adapter,
    experiment,
    runs: [...runs].sort((a, b) => a.width - b.width),
    fits: experiment.recipes.flatMap(({ name }) => {
      const fit = fits.get(name);
      return fit ? fitResult(name, fit) : [];
    }),
    sealed,
  });
}

function fitResult(recipe: string, { points, report }: RecipeFit): FitResult[] {
  const { leastSquares, intervals, status, notes, backtest } = report;
  if (!leastSquares || !intervals) return [];
  return [
    {
      recipe,
      law: 'width',
      x: 'width',
      points: points.map(({ x, loss, standardError, runs }) => ({
        x,
        loss,
        weight: standardError ? standardError ** -2 : 1,
        runs,
      })),
      parameters: leastSquares,
      intervals,
      status,
      notes,
      backtest,
    },
  ];
}
