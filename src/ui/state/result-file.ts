/** Opening a `result.json`: validated, its seals checked and revealed, kept in this browser, and shown. All this is loaded only when a file is opened. */
import { InputError } from '../../model/parse.ts';
import { readResult } from '../../experiment/read-result.ts';
import { keepOpened } from '../storage/records.ts';
import { reopened } from '../storage/saved.ts';
import type { Playground } from './playground.svelte.ts';
import { resultsOf } from './results-data.ts';
import type { Origin } from './results.svelte.ts';
import { viewName } from './view-words.ts';

/** Larger files are not read, in bytes. */
const MOST_BYTES = 200e6;

/** What is said of a file that was opened where there is nothing to add. */
export const openWords = (name: string) => `${name} is open.`;

/**
 * Keeps the results of a file, and shows them in the view they belong to.
 * @returns what was done, in one sentence.
 * @throws InputError with one sentence when the file cannot be used, or its view trains.
 */
export async function openResultFile(
  file: Pick<File, 'name' | 'size' | 'text'>,
  playground: Playground,
): Promise<string> {
  const { name } = file;
  if (file.size > MOST_BYTES) throw new InputError('result', `${name} is larger than 200 MB and was not read.`);
  const result = readResult(await file.text(), name);
  const { kind } = result.experiment.study;
  const data = resultsOf(result);
  const origin: Origin = result.source === 'recorded example' ? 'recorded' : 'imported';
  const kept = await keepOpened(data, origin);
  if (playground.studies[kind].isTraining) {
    throw new InputError('result', `${viewName(kind)} is training; open ${name} when it has ended.`);
  }
  const shown = kept ?? reopened(data, {}, origin);
  playground.open(shown.data, shown.texts, shown.origin, shown.doubt);
  return kept ? openWords(name) : `${name} is open but not kept: this browser’s storage is blocked or full.`;
}
