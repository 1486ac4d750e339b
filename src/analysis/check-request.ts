/** What is sent to the fitter to be checked. */
import type { Experiment } from '../model/experiment.ts';
import type { RunResult } from '../model/result.ts';
import type { CheckRequest } from './fitter-service.ts';

/** Only transfer sets losses of the same step side by side; for the other checks they would be copied for nothing. */
export function checkRequest(experiment: Experiment, runs: readonly RunResult[]): CheckRequest {
  return { experiment, runs: experiment.study.kind === 'transfer' ? [...runs] : runs.map(withoutCurves) };
}

const withoutCurves = (run: RunResult): RunResult => ({
  ...run,
  steps: [],
  trainLoss: [],
  evalSteps: [],
  evalLoss: [],
});
