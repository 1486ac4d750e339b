/** Results as a `result.json`: the runs as measured, with all that follows from them. */
import type { ExperimentResult } from '../../model/result.ts';
import type { Ask } from '../../analysis/ask.ts';
import { assembleResult, resultOf } from '../../analysis/assemble.ts';
import type { ResultsData } from './results-data.ts';

const NO_ADAPTER = { vendor: '', architecture: '', description: '', features: [], software: true };

/** The runs and seals alone. */
export function measuredFrom({ experiment, runs, sealed, adapter, id, created, app }: ResultsData): ExperimentResult {
  const result = assembleResult({ experiment, adapter: adapter ?? NO_ADAPTER, runs, sealed }, { fits: [] });
  return { ...result, id, created, ...(app ? { app } : {}) };
}

/**
 * What was not trained here keeps the name of what trained it.
 * What the runs themselves refuse, of a file from elsewhere, is left out: they can be taken away all the same.
 * @throws Error when something else could not be found, in whose absence the file would say less than the page; InputError when the
 * outcome is not a valid result, which would be a fault of the page.
 */
export async function resultFrom(
  { experiment, runs, sealed, adapter, id, created, app }: ResultsData,
  ask: Ask,
  excluded: Readonly<Record<string, number[]>> = {},
): Promise<ExperimentResult> {
  const { result, problems, hasFailed } = await resultOf(
    { experiment, adapter: adapter ?? NO_ADAPTER, runs, sealed },
    ask,
    excluded,
  );
  if (hasFailed) throw new Error(problems.join(' '));
  return { ...result, id, created, ...(app ? { app } : {}) };
}
