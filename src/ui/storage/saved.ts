/**
 * Experiments kept in this browser. Every call resolves, also where storage is blocked (a cross-site frame, private windows): reading then
 * finds null and writing tells so by resolving to false.
 */
import { fileOf } from '../../model/corpora.ts';
import { parseTrained, type Experiment } from '../../model/experiment.ts';
import { newId } from '../../model/identity.ts';
import type { StudyKind } from '../../model/study.ts';
import { withoutImpossibleLosses } from '../../model/without-impossible-losses.ts';
import { cohortsOf } from '../../experiment/cohorts.ts';
import type { ResultsData } from '../state/results-data.ts';
import type { Origin } from '../state/results.svelte.ts';
import { attempt, type Saved } from './database.ts';

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
  /** Ids of the runs that trained when it was kept last; absent where none did. */
  underWay?: string[];
}

/** A saved experiment, to be shown again as what it was. */
export interface Reopened {
  data: ResultsData;
  texts: Record<string, string>;
  origin: Origin;
  /** What of it is not believed, in words; empty where all is. */
  doubt: string;
}

/** A record that is kept now, with the texts that its corpora are made of and no other. */
export function recordOf(data: ResultsData, all: Record<string, string>, isFinished: boolean): Saved {
  const { id, created, experiment } = data;
  const widths = [...experiment.ladder.rungs, ...experiment.ladder.targets];
  const files = new Set(experiment.recipes.map(({ corpus }) => fileOf(corpus)));
  const texts = Object.fromEntries(Object.entries(all).filter(([file]) => files.has(file)));
  const [kept, revision] = [new Date().toISOString(), newId()];
  return { id, created, kept, revision, name: experiment.name, widths, isFinished, data, texts };
}

/** Revisions of what this page kept last, or opened, by id. */
export const known = new Map<string, string | undefined>();
let isPersistent = false;

/**
 * Keeps what was measured here. Where another page has kept something under its id meanwhile, that stays, and this goes beside it.
 * @param underWay ids of the runs that train now.
 * @returns the id that it is kept by; null where storage refuses.
 */
export async function save(
  data: ResultsData,
  texts: Record<string, string>,
  isFinished: boolean,
  underWay?: string[],
): Promise<string | null> {
  const fresh = { ...recordOf(data, texts, isFinished), ...(underWay ? { underWay } : {}) };
  const id = await attempt<string | null>(async (db) => {
    const turn = db.transaction('experiments', 'readwrite');
    const there = await turn.store.get(data.id);
    const isOthers = there !== undefined && !(known.has(data.id) && known.get(data.id) === there.revision);
    const record = isOthers ? withId(fresh, newId()) : fresh;
    await Promise.all([turn.store.put(record), turn.done]);
    known.set(record.id, record.revision);
    return record.id;
  }, null);
  if (id !== null) askToPersist();
  return id;
}

/** Else a browser may take what it keeps away when its disk is full. Some ask the person; so it is asked once something is kept. */
function askToPersist(): void {
  if (isPersistent) return;
  isPersistent = true;
  void globalThis.navigator?.storage?.persist?.().catch(() => undefined);
}

export const withId = (record: Saved, id: string): Saved => ({ ...record, id, data: { ...record.data, id } });

/**
 * Of an earlier version of the page the experiment lacks what has been added to experiments since, whose defaults mean the same, and
 * runs may hold losses that were not computed.
 */
function upToDate(data: ResultsData): Pick<Reopened, 'data' | 'doubt'> {
  return withoutImpossibleLosses({ ...data, experiment: parseTrained(data.experiment) });
}

const hasEnded = ({ status }: ResultsData['runs'][number]) => status === 'done' || status === 'diverged';

export const reopened = ({ data, texts, origin = 'own' }: Pick<Saved, 'data' | 'texts' | 'origin'>): Reopened => ({
  ...upToDate(data),
  ...{ texts, origin },
});

/** How many of the runs it asks for there are, and how many have run to their end. */
export function standingOf({ experiment, runs }: ResultsData): Pick<SavedEntry, 'trained' | 'wanted'> {
  const { rungs, targets } = cohortsOf(experiment);
  const wanted = new Set([...rungs, ...targets].flat().map((run) => run.id));
  return { trained: runs.filter((run) => hasEnded(run) && wanted.has(run.id)).length, wanted: wanted.size };
}

function entryOf({ id, created, name, widths, isFinished, data, underWay }: Saved): SavedEntry {
  const { data: current, doubt } = upToDate(data);
  const { experiment } = current;
  return {
    id,
    created,
    name,
    experiment,
    widths,
    isFinished: isFinished && doubt === '',
    kind: experiment.study.kind,
    ...standingOf(current),
    ...(underWay ? { underWay } : {}),
  };
}

const keptAt = ({ kept, created }: Saved) => kept ?? created;

/**
 * The saved experiments that can still be used, what was kept last first; null where storage
 * refuses, which does not mean that there are none.
 */
export function list(): Promise<SavedEntry[] | null> {
  return attempt<SavedEntry[] | null>(async (db) => {
    const all = await db.getAll('experiments');
    return all
      .sort((one, other) => (keptAt(one) < keptAt(other) ? 1 : -1))
      .flatMap((saved) => {
        try {
          return [entryOf(saved)];
        } catch {
          return [];
        }
      });
  }, null);
}

export function open(id: string): Promise<Reopened | null> {
  return attempt(async (db) => {
    const found = await db.get('experiments', id);
    if (found) known.set(id, found.revision);
    return found ? reopened(found) : null;
  }, null);
}
