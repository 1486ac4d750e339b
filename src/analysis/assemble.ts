/** Puts together the `result.json` of an experiment, alike in the page, the headless page and the command line. */
import { version } from '../../package.json';
import { newId } from '../model/identity.ts';
import { InputError } from '../model/parse.ts';
import { parseResult, RESULT_SCHEMA, type ExperimentResult } from '../model/result.ts';
import type { Ask } from './ask.ts';
import { findingsOf, type Findings } from './findings.ts';

/** What is known of an experiment before anything is made of it. */
export type ExperimentRecord = Pick<ExperimentResult, 'experiment' | 'adapter' | 'runs' | 'sealed' | 'unfinished'>;

/** Of a page, the commit that it was built from; in Node, where nothing is built, the command line fills in its own. */
export const COMMIT = import.meta.env?.VITE_COMMIT ?? 'unknown';

/** @throws InputError when the outcome is not a valid result, which would be a fault of this code. */
export function assembleResult({ runs, ...record }: ExperimentRecord, findings: Findings): ExperimentResult {
  return parseResult({
    schema: RESULT_SCHEMA,
    id: newId(),
    created: new Date().toISOString(),
    app: { version, commit: COMMIT },
    ...record,
    runs: [...runs].sort((a, b) => a.width - b.width),
    ...findings,
  });
}

/** The result with all that is found, and a sentence for each finding that is missing. */
export async function resultOf(
  record: ExperimentRecord,
  ask: Ask,
  excluded: Readonly<Record<string, number[]>> = {},
): Promise<{ result: ExperimentResult; problems: string[]; hasFailed: boolean }> {
  const { findings, ...rest } = await findingsOf(record, ask, excluded);
  try {
    return { result: assembleResult(record, findings), ...rest };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    // Of runs out of all measure, from a file of somebody else: what was measured can be taken away without what follows.
    const problems = [...rest.problems, `What was found is left out: ${error.message}`];
    return { result: assembleResult(record, { fits: [] }), ...rest, problems };
  }
}
