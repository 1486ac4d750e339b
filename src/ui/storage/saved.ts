/**
 * What is read of the experiments kept in this browser. Every call resolves, also where storage is blocked (a cross-site frame, private
 * windows): it then finds null.
 */
import { parseTrained, type Experiment } from '../../model/experiment.ts';
import type { StudyKind } from '../../model/study.ts';
import { withoutImpossibleLosses } from '../../model/without-impossible-losses.ts';
import { cohortsOf } from '../../experiment/cohorts.ts';
import type { ResultsData } from '../state/results-data.ts';
import type { Origin } from '../state/results.svelte.ts';
import { attempt, type Entry } from './database.ts';

export interface SavedEntry {
  id: string;
  created: string;
  name: string;
  kind: StudyKind;
  experiment: Experiment;
  widths: number[];
  isFinished: boolean;
  /** How many of the runs it asks for have run to their end. */
  trained: number;
  wanted: number;
  /** About what it takes. */
  bytes: number;
  /** SHA-256 of its texts, by file name. */
  texts: Record<string, string>;
  /** Ids of the runs that trained when it was kept last; absent where none did. */
  underWay?: string[];
}

/** One that this version of the page cannot open: it is there, and can be deleted. */
export type UnreadableEntry = Pick<SavedEntry, 'id' | 'created' | 'name' | 'bytes'> & { kind?: undefined };

/** A saved experiment, to be shown again as what it was. */
export interface Reopened {
  data: ResultsData;
  texts: Record<string, string>;
  origin: Origin;
  /** What of it is not believed, in words; empty where all is. */
  doubt: string;
}

/** Revisions of what this page kept last, or opened, by id. */
export const known = new Map<string, string | undefined>();

/**
 * Of an earlier version of the page the experiment lacks what has been added to experiments since, whose defaults mean the same, and
 * runs may hold losses that were not computed.
 */
export function upToDate(data: ResultsData): Pick<Reopened, 'data' | 'doubt'> {
  return withoutImpossibleLosses({ ...data, experiment: parseTrained(data.experiment) });
}

export const reopened = (data: ResultsData, texts: Record<string, string>, origin: Origin = 'own'): Reopened => ({
  ...upToDate(data),
  ...{ texts, origin },
});

/** How many runs an experiment asks for, and how many of those are among the ended ones. */
export function standingOf(experiment: Experiment, ended: Iterable<string>): Pick<SavedEntry, 'trained' | 'wanted'> {
  const { rungs, targets } = cohortsOf(experiment);
  const wanted = new Set([...rungs, ...targets].flat().map((run) => run.id));
  return { trained: [...ended].filter((id) => wanted.has(id)).length, wanted: wanted.size };
}

function listed({ ended, experiment: written, ...entry }: Entry): SavedEntry | UnreadableEntry {
  const { id, created, name, widths, isFinished, bytes, texts, underWay } = entry;
  try {
    const experiment = parseTrained(written);
    return {
      ...{ id, created, name, kind: experiment.study.kind, experiment, widths, isFinished },
      ...{ ...standingOf(experiment, ended), bytes, texts },
      ...(underWay ? { underWay } : {}),
    };
  } catch {
    return { id, created, name, bytes };
  }
}

const keptAt = ({ kept, created }: Entry) => kept ?? created;

/** All that is kept, what was kept last first; null where storage refuses, which does not mean that there is nothing. */
export function listAll(): Promise<(SavedEntry | UnreadableEntry)[] | null> {
  return attempt<(SavedEntry | UnreadableEntry)[] | null>(
    async (db) => {
      const all = await db.getAll('entries');
      return all.sort((one, other) => (keptAt(one) < keptAt(other) ? 1 : -1)).map(listed);
    },
    () => null,
  );
}

/** Of these, what can be opened. */
export const list = async (): Promise<SavedEntry[] | null> =>
  (await listAll())?.filter((one): one is SavedEntry => one.kind !== undefined) ?? null;

export function open(id: string): Promise<Reopened | null> {
  return attempt<Reopened | null>(
    async (db) => {
      const turn = db.transaction(['entries', 'experiments', 'texts']);
      const [entry, found] = await Promise.all([
        turn.objectStore('entries').get(id),
        turn.objectStore('experiments').get(id),
      ]);
      if (!entry || !found) return null;
      const texts = await textsOf(entry, (hash) => turn.objectStore('texts').get(hash));
      known.set(id, entry.revision);
      return reopened(found.data, texts, entry.origin);
    },
    () => null,
  );
}

/** The texts that an entry names, by file name. */
export async function textsOf(
  { texts }: Pick<Entry, 'texts'>,
  get: (hash: string) => Promise<string | undefined>,
): Promise<Record<string, string>> {
  const found = await Promise.all(Object.entries(texts).map(async ([file, hash]) => [file, await get(hash)] as const));
  return Object.fromEntries(found.flatMap(([file, text]) => (text === undefined ? [] : [[file, text]])));
}
