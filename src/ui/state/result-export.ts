/** Results as a `result.json`: the runs as measured, with a fit over widths for each recipe, with every pair of recipes that are compared, or with what the checks say. */
import type { Checks } from '../../model/check-results.ts';
import type { ExperimentResult } from '../../model/result.ts';
import type { FitReport } from '../../scaling/width/report.ts';
import { assembleResult } from '../../analysis/assemble.ts';
import { compareAll, pairQuestions } from '../../analysis/compare-request.ts';
import { jointFits } from '../../analysis/joint-points.ts';
import { plansFor } from '../../analysis/plans.ts';
import type { CheckRequest, FitterService } from '../../analysis/fitter-service.ts';
import { plainPoints, rungPoints, type RungPoint } from '../../analysis/rung-points.ts';
import type { ResultsData } from './results-data.ts';

const NO_ADAPTER = { vendor: '', architecture: '', description: '', features: [], software: true };

/** @throws InputError when the outcome is not a valid result, which would be a fault of the page. */
export async function predictionResult(
  { experiment, runs, sealed, adapter, ...source }: ResultsData,
  excluded: Readonly<Record<string, number[]>>,
  fitter: Pick<FitterService, 'fit' | 'joint' | 'compare' | 'plan'>,
): Promise<ExperimentResult> {
  const { ladder, seeds, recipes } = experiment;
  const fits = new Map<string, { points: RungPoint[]; report: FitReport }>();
  for (const { name } of recipes) {
    const mine = runs.filter((run) => run.recipe === name && seeds.includes(run.seed));
    const widths = ladder.rungs.filter((width) => !(excluded[name] ?? []).includes(width));
    const points = rungPoints(mine, widths);
    if (points.length === 0) continue;
    fits.set(name, {
      points,
      report: await fitter.fit({ points: plainPoints(points), targets: ladder.targets, grid: [] }),
    });
  }
  const joint = await jointFits(fitter, experiment, runs, excluded);
  const comparisons =
    experiment.study.kind === 'compare' ? await compareAll(fitter, pairQuestions(experiment, runs)) : [];
  const plans = await plansFor(fitter, experiment, runs, (recipe) => plainPoints(fits.get(recipe)?.points ?? []));
  const further = { joint, comparisons, plans };
  return {
    ...assembleResult(experiment, adapter ?? NO_ADAPTER, runs, fits, sealed, null, further),
    ...identityOf(source),
  };
}

/** @throws InputError as above. */
export async function checkResult(
  { experiment, runs, sealed, adapter, ...source }: ResultsData,
  check: (request: CheckRequest) => Promise<Checks>,
): Promise<ExperimentResult> {
  const checks = runs.length > 0 ? await check({ experiment, runs }) : null;
  const assembled = assembleResult(experiment, adapter ?? NO_ADAPTER, runs, new Map(), sealed, checks);
  return { ...assembled, ...identityOf(source) };
}

/** What was not trained here keeps the name of what trained it. */
const identityOf = ({ id, created, app }: Pick<ResultsData, 'id' | 'created' | 'app'>) => ({
  id,
  created,
  ...(app ? { app } : {}),
});
