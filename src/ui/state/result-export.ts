/** Results as a `result.json`: the runs as measured, and a fit over widths for each recipe. */
import type { ExperimentResult, FitResult } from '../../model/result.ts';
import type { FitReport, FitRequest } from '../../scaling/report.ts';
import { version } from '../../../package.json';
import { sceneOf } from '../predict/scene.ts';
import type { ResultsData } from './results-data.ts';

const NO_ADAPTER = { vendor: '', architecture: '', description: '', features: [], software: true };

/** @throws InputError when the outcome is not a valid result, which would be a fault of the page. */
export async function toResult(
  data: ResultsData,
  excluded: Readonly<Record<string, number[]>>,
  fit: (request: FitRequest) => Promise<FitReport>,
): Promise<ExperimentResult> {
  const { experiment, runs, sealed, id, created, adapter } = data;
  const fits: FitResult[] = [];
  for (const recipe of experiment.recipes) {
    const { ladder, seeds } = experiment;
    const out = excluded[recipe.name] ?? [];
    const scene = sceneOf({ recipe, ladder, seeds, runs, sealed, facts: null, excluded: out, abscissa: 'width' });
    const report = scene.request && (await fit({ ...scene.request, grid: [] }));
    if (!report?.leastSquares || !report.intervals) continue;
    fits.push({
      recipe: recipe.name,
      law: 'width',
      x: 'width',
      points: scene.rungs
        .filter((rung) => rung.isIn)
        .map(({ x, loss, standardError, runs }) => ({
          x,
          loss,
          weight: standardError ? standardError ** -2 : 1,
          runs,
        })),
      parameters: report.leastSquares,
      intervals: report.intervals,
      status: report.status,
      notes: report.notes,
      backtest: report.backtest,
    });
  }
  const { parseResult, RESULT_SCHEMA } = await import('../../model/result.ts');
  const app = { version, commit: '' };
  return parseResult({
    schema: RESULT_SCHEMA,
    id,
    created,
    app,
    adapter: adapter ?? NO_ADAPTER,
    experiment,
    runs,
    fits,
    sealed,
  });
}
