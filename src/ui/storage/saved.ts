/**
 * Experiments kept in this browser. Every call resolves, also where storage is blocked (a cross-site frame, private windows): reading then
 * finds nothing and writing tells so by resolving to false.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { parseTrained, type Experiment } from '../../model/experiment.ts';
import type { StudyKind } from '../../model/study.ts';
import { planOf } from '../../workers/plan.ts';
import type { ResultsData } from '../state/results-data.ts';

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

interface Saved extends Omit<SavedEntry, 'kind' | 'experiment' | 'trained' | 'wanted'> {
  data: ResultsData;
  /** Texts of its corpora, by file name, so that it can be continued. */
  texts: Record<string, string>;
}

interface Schema extends DBSchema {
  experiments: { key: string; value: Saved; indexes: { created: string } };
}

let opening: Promise<IDBPDatabase<Schema>> | null = null;

function database(): Promise<IDBPDatabase<Schema>> {
  opening ??= openDB<Schema>('mup-playground', 1, {
    upgrade(db) {
      db.createObjectStore('experiments', { keyPath: 'id' }).createIndex('created', 'created');
    },
  });
  return opening;
}

async function attempt<T>(work: (db: IDBPDatabase<Schema>) => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work(await database());
  } catch {
    return otherwise;
  }
}

export function save(data: ResultsData, texts: Record<string, string>, isFinished: boolean): Promise<boolean> {
  const { id, created, experiment } = data;
  const widths = [...experiment.ladder.rungs, ...experiment.ladder.targets];
  const saved: Saved = { id, created, name: experiment.name, widths, isFinished, data, texts };
  return attempt(async (db) => {
    await db.put('experiments', saved);
    return true;
  }, false);
}

/** Of an earlier version of the page the experiment lacks what has been added to experiments since; its defaults mean the same. */
function upToDate(data: ResultsData): ResultsData {
  return { ...data, experiment: parseTrained(data.experiment) };
}

const hasEnded = ({ status }: ResultsData['runs'][number]) => status === 'done' || status === 'diverged';

function entryOf({ id, created, name, widths, isFinished, data }: Saved): SavedEntry {
  const { experiment, runs } = upToDate(data);
  const { rungs, targets } = planOf(experiment);
  const wanted = new Set([...rungs, ...targets].flat().map((run) => run.id));
  const trained = runs.filter((run) => hasEnded(run) && wanted.has(run.id)).length;
  return {
    id,
    created,
    name,
    experiment,
    widths,
    isFinished,
    kind: experiment.study.kind,
    trained,
    wanted: wanted.size,
  };
}

/** The saved experiments that have at least one finished run and can still be used, the newest first. */
export function list(): Promise<SavedEntry[]> {
  return attempt(async (db) => {
    const all = await db.getAllFromIndex('experiments', 'created');
    return all
      .reverse()
      .filter(({ data }) => data.runs.some(hasEnded))
      .flatMap((saved) => {
        try {
          return [entryOf(saved)];
        } catch {
          return [];
        }
      });
  }, []);
}

export function open(id: string): Promise<{ data: ResultsData; texts: Record<string, string> } | null> {
  return attempt(async (db) => {
    const found = await db.get('experiments', id);
    return found ? { data: upToDate(found.data), texts: found.texts } : null;
  }, null);
}

export function remove(id: string): Promise<void> {
  return attempt(async (db) => db.delete('experiments', id), undefined);
}
