/** Results as they are kept and handed on: plain data. */
import { newId } from '../../model/identity.ts';
import type { Experiment } from '../../model/experiment.ts';
import type { ExperimentResult, RunResult, SealedPrediction } from '../../model/result.ts';
import type { AdapterInfo } from '../../model/training.ts';
import type { CorpusFacts } from '../../experiment/protocol.ts';

export interface ResultsData {
  id: string;
  /** ISO 8601 */
  created: string;
  experiment: Experiment;
  adapter: AdapterInfo | null;
  runs: RunResult[];
  sealed: SealedPrediction[];
  facts: CorpusFacts[];
  /** What trained it, of results from elsewhere; absent of what was trained on this page. */
  app?: ExperimentResult['app'];
}

/** Results as a `result.json` tells them; what the corpus was like is not in it. */
export function resultsOf({ id, created, app, experiment, adapter, runs, sealed }: ExperimentResult): ResultsData {
  return { id, created, app, experiment, adapter, runs, sealed, facts: [] };
}

export const newIdentity = () => ({ id: newId(), created: new Date().toISOString() });
