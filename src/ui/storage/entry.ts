/** What is written of an experiment, so that it can be listed without its losses. */
import { fileOf } from '../../model/corpora.ts';
import type { Experiment } from '../../model/experiment.ts';
import type { ResultsData } from '../state/results-data.ts';
import type { Entry } from './database.ts';
import { upToDate } from './saved.ts';

/** Ids of the runs that ran to their end. */
export const endedOf = ({ runs }: Pick<ResultsData, 'runs'>): string[] =>
  runs.filter(({ status }) => status === 'done' || status === 'diverged').map(({ id }) => id);

/** Of all texts those that the experiment's corpora are made of. */
export function ownTexts({ recipes }: Experiment, all: Record<string, string>): Record<string, string> {
  const files = new Set(recipes.map(({ corpus }) => fileOf(corpus)));
  return Object.fromEntries(Object.entries(all).filter(([file]) => files.has(file)));
}

/** @param head the rest of the entry. */
export function entryOf(
  head: Omit<Entry, 'experiment' | 'runs' | 'ended' | 'bytes' | 'texts' | 'parameters'>,
  data: ResultsData,
  texts: { hashes: Record<string, string>; contents: Record<string, string> },
  parameters: NonNullable<Entry['parameters']>,
): Entry {
  const { current, isBelieved } = believed(data);
  return {
    ...head,
    isFinished: head.isFinished && isBelieved,
    experiment: data.experiment,
    runs: data.runs.length,
    ended: endedOf(current),
    bytes: bytesOf(data) + bytesOf(texts.contents) + bytesOfParameters(parameters),
    texts: texts.hashes,
    parameters,
  };
}

/** What this version cannot read is listed as it is. */
function believed(data: ResultsData): { current: ResultsData; isBelieved: boolean } {
  try {
    const { data: current, doubt } = upToDate(data);
    return { current, isBelieved: doubt === '' };
  } catch {
    return { current: data, isBelieved: true };
  }
}

export const bytesOfParameters = (parameters: Entry['parameters'] = {}): number =>
  Object.values(parameters).reduce((sum, { bytes }) => sum + bytes, 0);

/** About what a browser takes for plain data. */
function bytesOf(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (value === null || typeof value !== 'object') return 9;
  const isSeries = Array.isArray(value) && typeof value[0] === 'number';
  if (isSeries) return 9 * value.length;
  return Object.entries(value).reduce((sum, [key, one]) => sum + key.length + bytesOf(one), 0);
}
