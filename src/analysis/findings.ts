/** All that a `result.json` says beside what was measured and sealed: laws, comparisons, plans, or what a check found. */
import { basinNote } from '../checks/measured-basin.ts';
import { leftOutNotes } from '../checks/survivors.ts';
import type { Checks } from '../model/check-results.ts';
import type { Experiment } from '../model/experiment.ts';
import type { Recipe } from '../model/recipe.ts';
import type { ExperimentResult, FitResult, RunResult } from '../model/result.ts';
import { isPredicted } from '../model/study.ts';
import { InputError } from '../model/parse.ts';
import type { FitReport } from '../scaling/width/report.ts';
import type { Ask } from './ask.ts';
import { checksQuestion } from './checks-question.ts';
import { compareAll, pairQuestions } from './compare-request.ts';
import { jointFits } from './joint-points.ts';
import { plansFor } from './plans.ts';
import { fittedPoints, lawQuestion, type RungPoint } from './rung-points.ts';

export type Findings = Pick<ExperimentResult, 'fits' | 'joint' | 'comparisons' | 'plans' | keyof Checks>;

/**
 * What cannot be said is left out, and why is told: everything that was trained stays worth having.
 * @param excluded rungs that a person took out of the fit, by recipe name.
 * @returns the findings, a sentence for each that is missing, and whether one of them failed that the runs themselves do not refuse.
 */
export async function findingsOf(
  { experiment, runs }: Pick<ExperimentResult, 'experiment' | 'runs'>,
  ask: Ask,
  excluded: Readonly<Record<string, number[]>> = {},
): Promise<{ findings: Findings; problems: string[]; hasFailed: boolean }> {
  const problems: string[] = [];
  let hasFailed = false;
  const or = async <T>(none: T, what: string, asked: Promise<T>): Promise<T> => {
    try {
      return await asked;
    } catch (error) {
      hasFailed ||= !(error instanceof InputError);
      problems.push(`${what}: ${error instanceof Error ? error.message : String(error)}`);
      return none;
    }
  };
  const { study, recipes } = experiment;
  if (!isPredicted(study)) {
    const question = checksQuestion(experiment, runs);
    const checks = question && (await or(null, 'The runs could not be checked', ask(question)));
    return { findings: { fits: [], ...filled(checks ?? {}) }, problems, hasFailed };
  }
  const fits: FitResult[] = [];
  for (const recipe of recipes) {
    const fit = widthLaw(recipe, experiment, runs, ask, excluded[recipe.name]);
    fits.push(...(await or([], `No law was fitted to ${recipe.name}`, fit)));
  }
  const further = {
    joint: await or([], 'No joint law was fitted', jointFits(ask, experiment, runs, excluded)),
    comparisons: await or([], 'The recipes could not be compared', compared(experiment, runs, ask)),
    plans: await or([], 'No plan was made', plansFor(ask, experiment, runs, excluded)),
  };
  return { findings: { fits, ...filled(further) }, problems, hasFailed };
}

/** A result holds no empty lists of what nobody asked for. */
const filled = <T extends object>(lists: T): Partial<T> =>
  Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)) as Partial<T>;

const compared = async (experiment: Experiment, runs: readonly RunResult[], ask: Ask) =>
  experiment.study.kind === 'compare' ? compareAll(ask, pairQuestions(experiment, runs)) : [];

async function widthLaw(
  recipe: Recipe,
  experiment: Experiment,
  runs: readonly RunResult[],
  ask: Ask,
  excluded?: readonly number[],
): Promise<FitResult[]> {
  const points = fittedPoints(recipe, experiment, runs, excluded);
  if (points.length === 0) return [];
  const report = await ask(lawQuestion(recipe, points, experiment.ladder.targets));
  return fitResult(recipe.name, points, report, notesOn(recipe, experiment, runs));
}

/** A law holds only near the basin, and a fit says so when its runs lie outside the one that was measured; and which rungs it leaves out. */
function notesOn(recipe: Recipe, { basin, ladder, seeds }: Experiment, runs: readonly RunResult[]): string[] {
  const note = basin && basinNote(recipe, basin);
  const own = runs.filter((run) => run.recipe === recipe.name && seeds.includes(run.seed));
  return [...leftOutNotes(own, ladder.rungs), ...(note ? [note] : [])];
}

/** Points without a law have no place in a result. */
function fitResult(recipe: string, points: readonly RungPoint[], report: FitReport, more: string[]): FitResult[] {
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
