/**
 * Experiments kept in this browser. Every call resolves, also where storage is blocked (a cross-site frame, private windows): reading then
 * finds null and writing tells so by resolving to false.
 */
import { parseTrained, type Experiment } from '../../model/experiment.ts';
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
}

/** A saved experiment, to be shown again as what it was. */
export interface Reopened {
  data: ResultsData;
  texts: Record<string, string>;
  origin: Origin;
  /** What of it is not believed, in words; empty where all is. */
  doubt: string;
}

/** A record that is kept now. */
export function recordOf(data: ResultsData, texts: Record<string, string>, isFinished: boolean): Saved {
  const { id, created, experiment } = data;
  const widths = [...experiment.ladder.rungs, ...experiment.ladder.targets];
  return { id, created, kept: new Date().toISOString(), name: experiment.name, widths, isFinished, data, texts };
}

/** Keeps what was measured here. */
export function save(data: ResultsData, texts: Record<string, string>, isFinished: boolean): Promise<boolean> {
  return attempt(async (db) => {
    await db.put('experiments', recordOf(data, texts, isFinished));
    return true;
  }, false);
}

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

function entryOf({ id, created, name, widths, isFinished, data }: Saved): SavedEntry {
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
  };
}

const keptAt = ({ kept, created }: Saved) => kept ?? created;

/**
 * The saved experiments that have at least one finished run and can still be used, what was kept last first; null where storage
 * refuses, which does not mean that there are none.
 */
export function list(): Promise<SavedEntry[] | null> {
  return attempt<SavedEntry[] | null>(async (db) => {
    const all = await db.getAll('experiments');
    return all
      .sort((one, other) => (keptAt(one) < keptAt(other) ? 1 : -1))
      .filter(({ data }) => data.runs.some(hasEnded))
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
    return found ? reopened(found) : null;
  }, null);
}
