/** Reading a `result.json`, alike in the page and on the command line: validated, its seals checked and revealed. */
import { InputError } from '../model/parse.ts';
import { parseResult, type ExperimentResult } from '../model/result.ts';
import { checkSeals, withVerdicts } from './seal.ts';

/**
 * @param what names the source in a refusal, e.g. the file's name.
 * @throws InputError with one sentence when the text is no result of ours.
 */
export function readResult(text: string, what: string): ExperimentResult {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new InputError(
      'result',
      `${what} is not JSON; choose a result.json that this page or \`npm run experiment\` wrote.`,
    );
  }
  try {
    const result = parseResult(parsed);
    checkSeals(result);
    return { ...result, sealed: withVerdicts(result) };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError('result', `${what} cannot be used: ${error.message}`);
  }
}
