/** What is asked about the runs of a study that predicts nothing. */
import type { Experiment } from '../model/experiment.ts';
import { isOver, type RunResult } from '../model/result.ts';
import { runsAt } from '../model/run.ts';
import type { Question } from './analyse.ts';

/**
 * Of the runs that the experiment asks for, those that are over; null before there is one. Only transfer sets losses of the
 * same step side by side; for the other checks they would be copied for nothing.
 */
export function checksQuestion(experiment: Experiment, runs: readonly RunResult[]): Question<'checks'> | null {
  const wanted = new Set(experiment.ladder.rungs.flatMap((width) => runsAt(experiment, width)).map(({ id }) => id));
  const over = runs.filter((run) => wanted.has(run.id) && isOver(run));
  if (over.length === 0) return null;
  const seen = experiment.study.kind === 'transfer' ? over : over.map(withoutCurves);
  return { kind: 'checks', inputs: { experiment, runs: seen } };
}

const withoutCurves = (run: RunResult): RunResult => ({
  ...run,
  steps: [],
  trainLoss: [],
  evalSteps: [],
  evalLoss: [],
});
