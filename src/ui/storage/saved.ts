/**
 * Experiments kept in this browser. Every call resolves, also where storage is blocked (a cross-site frame, private windows): reading then
 * finds nothing and writing tells so by resolving to false.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { ResultsData } from '../state/results-data.ts';

export interface SavedEntry {
  id: string;
  created: string;
  name: string;
  widths: number[];
  isFinished: boolean;
  /** How many of its widths have no run left to train. */
  trained: number;
}

interface Saved extends Omit<SavedEntry, 'trained'> {
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

/** Widths of which every recipe and seed has run to its end. */
function trainedWidths({ experiment, runs }: ResultsData): number {
  const { ladder, recipes, seeds } = experiment;
  const ended = runs.filter(({ status }) => status === 'done' || status === 'diverged');
  return [...ladder.rungs, ...ladder.targets].filter(
    (width) => ended.filter((run) => run.width === width).length >= recipes.length * seeds.length,
  ).length;
}

/** The saved experiments that have at least one finished run, the newest first. */
export function list(): Promise<SavedEntry[]> {
  return attempt(async (db) => {
    const all = await db.getAllFromIndex('experiments', 'created');
    return all
      .reverse()
      .filter(({ data }) => data.runs.some(({ status }) => status === 'done' || status === 'diverged'))
      .map(({ id, created, name, widths, isFinished, data }) => ({
        ...{ id, created, name, widths, isFinished },
        trained: trainedWidths(data),
      }));
  }, []);
}

export function open(id: string): Promise<{ data: ResultsData; texts: Record<string, string> } | null> {
  return attempt(async (db) => (await db.get('experiments', id)) ?? null, null);
}

export function remove(id: string): Promise<void> {
  return attempt(async (db) => db.delete('experiments', id), undefined);
}
