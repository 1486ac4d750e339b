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
  /** Ids of the runs that trained when it was kept, while a training goes on. */
  underWay?: string[];
  /** Another one each time it is kept: who keeps it next knows by it whether somebody else has meanwhile. */
  revision?: string;
  /** Texts of its corpora, by file name, so that it can be continued. */
  texts: Record<string, string>;
}

interface Schema extends DBSchema {
  experiments: { key: string; value: Saved; indexes: { created: string } };
}

/** Milliseconds after which storage that does not open counts as blocked. */
const PATIENCE = 10_000;

let opening: Promise<IDBPDatabase<Schema>> | null = null;

function database(): Promise<IDBPDatabase<Schema>> {
  opening ??= inTime(
    openDB<Schema>('mup-playground', 1, {
      upgrade(db) {
        db.createObjectStore('experiments', { keyPath: 'id' }).createIndex('created', 'created');
      },
      // A browser may end a connection, e.g. when a person clears what it keeps: the next call opens another one.
      terminated: () => (opening = null),
      // A page that stays open must not hold up a later version of itself in another tab.
      blocking: (_current, _wanted, event) => {
        opening = null;
        (event.target as IDBDatabase).close();
      },
    }),
  );
  // One that could not be opened may be free again at the next call.
  opening.catch(() => (opening = null));
  return opening;
}

function inTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The storage does not answer.')), PATIENCE);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** A connection that is closed or closing: nothing was asked of the storage yet. */
const isClosed = (error: unknown) => error instanceof Error && error.name === 'InvalidStateError';

/** Resolves to `otherwise` where storage is blocked or refuses. */
export async function attempt<T>(work: (db: IDBPDatabase<Schema>) => Promise<T>, otherwise: T): Promise<T> {
  try {
    return await work(await database());
  } catch (error) {
    if (!isClosed(error)) return otherwise;
  }
  opening = null;
  try {
    return await work(await database());
  } catch {
    return otherwise;
  }
}
