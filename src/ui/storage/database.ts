/** Where experiments are kept in this browser: the records as they stand there, and the way to them. */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { ResultsData } from '../state/results-data.ts';
import type { Origin } from '../state/results.svelte.ts';

/** One experiment as it is kept. */
export interface Saved {
  id: string;
  created: string;
  /** ISO 8601 time at which it was kept last; what earlier versions kept lacks it. */
  kept?: string;
  name: string;
  widths: number[];
  isFinished: boolean;
  /** Absent of what was measured here. */
  origin?: Origin;
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
  // One that could not be opened may be free again at the next call.
  opening.catch(() => (opening = null));
  return opening;
}

/** Resolves to `otherwise` where storage is blocked or refuses. */
export async function attempt<T>(work: (db: IDBPDatabase<Schema>) => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work(await database());
  } catch {
    return otherwise;
  }
}
