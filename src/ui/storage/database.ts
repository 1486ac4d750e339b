/** Where experiments are kept in this browser: what stands there of each, and the way to it. */
import { openDB, type DBSchema, type IDBPDatabase, type IDBPTransaction } from 'idb';
import type { Experiment } from '../../model/experiment.ts';
import type { ResultsData } from '../state/results-data.ts';
import type { Origin } from '../state/results.svelte.ts';

/** What is known of a kept experiment without reading its losses. */
export interface Entry {
  id: string;
  created: string;
  /** ISO 8601 time at which it was kept last; what earlier versions kept lacks it. */
  kept?: string;
  name: string;
  /** As it was written: of an earlier version it lacks what has been added to experiments since. */
  experiment: Experiment;
  widths: number[];
  isFinished: boolean;
  /** Absent of what was measured here. */
  origin?: Origin;
  /** Ids of the runs that trained when it was kept, while a training goes on. */
  underWay?: string[];
  /** Another one each time it is kept: who keeps it next knows by it whether somebody else has meanwhile. */
  revision?: string;
  /** How many runs are kept, and the ids of those that ran to their end. */
  runs: number;
  ended: string[];
  /** About what it takes, with its texts. */
  bytes: number;
  /** SHA-256 of the texts of its corpora, by file name, so that it can be continued. */
  texts: Record<string, string>;
  /** By the id of their runs; absent where nobody chose to keep any. */
  parameters?: Record<string, KeptParameters>;
}

/** What a run has learnt, among what is kept. */
interface KeptParameters {
  /** Its place in the store. */
  key: string;
  bytes: number;
  /** The loss that its run ended with: a run of the same id that ended with another has learnt something else. */
  loss: number;
}

/** One experiment whole, as it is taken out and put back. */
export interface Kept {
  entry: Entry;
  data: ResultsData;
  /** By file name. */
  texts: Record<string, string>;
  /** Safetensors files, by their keys; absent where none are kept. */
  parameters?: Record<string, Uint8Array<ArrayBuffer>>;
}

interface Schema extends DBSchema {
  entries: { key: string; value: Entry };
  experiments: { key: string; value: { id: string; data: ResultsData } };
  /** By their SHA-256: each is kept once, as long as an entry names it. */
  texts: { key: string; value: string };
  /** Safetensors files; each belongs to one entry. */
  parameters: { key: string; value: Uint8Array<ArrayBuffer> };
}

const STORES = ['entries', 'experiments', 'texts', 'parameters'] as const;
export type Database = IDBPDatabase<Schema>;
export type Turn = IDBPTransaction<Schema, typeof STORES, 'readwrite'>;

/** Milliseconds after which storage that does not open counts as blocked. */
const PATIENCE = 10_000;

let opening: Promise<Database> | null = null;

function database(): Promise<Database> {
  opening ??= inTime(
    openDB<Schema>('mup-playground', 3, {
      upgrade(db, before, _, turn) {
        if (before === 0) db.createObjectStore('experiments', { keyPath: 'id' });
        if (before === 1) turn.objectStore('experiments').deleteIndex('created' as never);
        if (before < 2) {
          db.createObjectStore('entries', { keyPath: 'id' });
          db.createObjectStore('texts');
        }
        db.createObjectStore('parameters');
      },
      // A browser may end a connection, e.g. when a person clears what it keeps: the next call opens another one.
      terminated: () => (opening = null),
      // A page that stays open must not hold up a later version of itself in another tab.
      blocking: (_current, _wanted, event) => {
        opening = null;
        (event.target as IDBDatabase).close();
      },
    }),
  ).then(upToDate);
  // One that could not be opened may be free again at the next call.
  opening.catch(() => (opening = null));
  return opening;
}

/** What an earlier version kept has no entry yet. */
async function upToDate(db: Database): Promise<Database> {
  const [kept, listed] = await Promise.all([db.count('experiments'), db.count('entries')]);
  if (kept > listed) await (await import('./earlier-layout.ts')).giveEntries(db);
  return db;
}

function inTime<T>(work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('The storage does not answer.')), PATIENCE);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** A connection that is closed or closing: nothing was asked of the storage yet. */
const isClosed = (error: unknown) => error instanceof Error && error.name === 'InvalidStateError';

/** Resolves to what `refused` makes of the error where storage is blocked or refuses. */
export async function attempt<T>(work: (db: Database) => Promise<T>, refused: (error: unknown) => T): Promise<T> {
  try {
    return await work(await database());
  } catch (error) {
    if (!isClosed(error)) return refused(error);
  }
  opening = null;
  try {
    return await work(await database());
  } catch (error) {
    return refused(error);
  }
}

/** Why something is not kept: its storage is full, or it does not answer, or answers no. */
export type Refusal = 'full' | 'blocked';
export interface Refused {
  refusal: Refusal;
}

export const refusalOf = (error: unknown): Refused => ({
  refusal: error instanceof Error && error.name === 'QuotaExceededError' ? 'full' : 'blocked',
});

/** All that `work` changes, or nothing of it. */
export async function inOneTurn<T>(db: Database, work: (turn: Turn) => Promise<T>): Promise<T> {
  const turn = db.transaction(STORES, 'readwrite');
  const working = work(turn).catch((error: unknown) => {
    try {
      turn.abort();
    } catch {
      // It has ended by what failed.
    }
    throw error;
  });
  const [done, worked] = await Promise.allSettled([turn.done, working]);
  if (done.status === 'fulfilled' && worked.status === 'fulfilled') return worked.value;
  // What was aborted says nothing of what it was aborted for.
  const reasons = [done, worked].flatMap((one) => (one.status === 'rejected' ? [one.reason as Error] : []));
  throw reasons.find(({ name }) => name !== 'AbortError') ?? reasons[0];
}
