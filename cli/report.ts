/** A finished experiment in a terminal: what its study asked for. */
import type { ExperimentResult } from '../src/model/result.ts';
import { countText } from './cohort-tally.ts';
import { basinText } from './report-basin.ts';
import { compareText } from './report-compare.ts';
import { coordinatesText } from './report-coordinates.ts';
import { predictionText } from './report-prediction.ts';
import { transferText } from './report-transfer.ts';
import { inWords } from './words.ts';

export function reportText(result: ExperimentResult): string {
  const { kind } = result.experiment.study;
  if (kind === 'prediction') return predictionText(result);
  if (kind === 'compare') return compareText(result);
  if (result.runs.length === 0) return 'No run was trained.';
  const checks = [
    ...(result.transfer ?? []).map(transferText),
    ...(result.coordinates ?? []).map(coordinatesText),
    ...(result.basin ?? []).map((one) => basinText(one)),
  ];
  return [...checks, `${countText(result.runs)}.`].join('\n\n');
}

/** The summary of a run that ended before its time. */
export function leftOverText({ runs }: ExperimentResult): string {
  const done = runs.filter((run) => run.status === 'done').length;
  const spent = runs.reduce((most, run) => Math.max(most, run.seconds), 0);
  return `${done} of ${runs.length} started runs were finished (the longest took ${inWords(spent)}).`;
}
