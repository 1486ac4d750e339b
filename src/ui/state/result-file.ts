/** Reading a `result.json`: validated, and its seals checked. What that takes is loaded only when a file is read. */
import type { ExperimentResult } from '../../model/result.ts';
import { InputError } from '../../model/parse.ts';
import { parts } from './parts.svelte.ts';
import type { StudyKind } from '../../model/study.ts';

/**
 * @param what names the source in a refusal, e.g. the file's name.
 * @throws InputError with one sentence when the text is no result of ours.
 */
export async function readResult(text: string, what: string): Promise<ExperimentResult> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new InputError(
      'result',
      `${what} is not JSON; choose a result.json that this page or \`npm run experiment\` wrote.`,
    );
  }
  const [{ parseResult }, { checkSeals }] = await Promise.all([
    parts.load(() => import('../../model/result.ts')),
    parts.load(() => import('../../workers/seal.ts')),
  ]);
  try {
    const result = parseResult(parsed);
    checkSeals(result);
    return result;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError('result', `${what} cannot be used: ${error.message}`);
  }
}

/** Recorded experiments that come with the page, by the view that shows them. */
const RECORDED: Record<StudyKind, string> = {
  prediction: 'first-light',
  compare: 'compare-smoke',
  transfer: 'transfer-smoke',
  coordinates: 'coordinates-smoke',
  basin: 'basin-smoke',
};

/**
 * The recorded experiment that comes with the page; null where it is missing or was served as something else. It is taken as it
 * is: the tests check every recorded file with its seals, and the first look at the page need not load what does that.
 */
export async function fetchRecorded(kind: StudyKind): Promise<ExperimentResult | null> {
  try {
    const response = await fetch(`${import.meta.env.BASE_URL}recorded/${RECORDED[kind]}.json`);
    return response.ok ? ((await response.json()) as ExperimentResult) : null;
  } catch {
    // An example that cannot be had is left out; everything else works without it.
    return null;
  }
}
