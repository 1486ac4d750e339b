/**
 * Cohorts under way, kept in this browser by the trainer's worker, so that a page that was reloaded, crashed or closed goes on from them.
 * Where storage refuses nothing is found, and nothing is kept.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import type { CheckpointStore, KeptCohort } from '../experiment/checkpoints.ts';

interface Head {
  key: string;
  /** ISO 8601 time at which it was kept. */
  kept: string;
}

interface Schema extends DBSchema {
  heads: { key: string; value: Head };
  cohorts: { key: string; value: KeptCohort };
}

/** Cohorts under way at a time: each page has one, and the oldest are of pages that nobody came back to. */
const MOST = 4;
/** Milliseconds after which storage that does not answer is taken for empty: no training waits for it. */
const PATIENCE = 2000;

function database(): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>('mup-playground-checkpoints', 1, {
    upgrade(db) {
      db.createObjectStore('heads', { keyPath: 'key' });
      db.createObjectStore('cohorts');
    },
    // A page that stays open must not hold up a later version of itself in another tab.
    blocking: (_current, _wanted, event) => (event.target as IDBDatabase).close(),
  });
}

async function attempt<T>(work: (db: IDBPDatabase<Schema>) => Promise<T>, otherwise: T): Promise<T> {
  try {
    // Opened each time: a connection that a browser has closed meanwhile is nobody's trouble.
    const db = await database();
    try {
      return await work(db);
    } finally {
      db.close();
    }
  } catch {
    return otherwise;
  }
}

const nothingInTime = () => new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE));

export const checkpointStore: CheckpointStore = {
  find: (key) => Promise.race([attempt(async (db) => (await db.get('cohorts', key)) ?? null, null), nothingInTime()]),

  keep: (key, cohort) =>
    attempt(async (db) => {
      const head = { key, kept: new Date().toISOString() };
      const turn = db.transaction(['heads', 'cohorts'], 'readwrite');
      const [heads, cohorts] = [turn.objectStore('heads'), turn.objectStore('cohorts')];
      const others = (await heads.getAll()).filter((one) => one.key !== key);
      others.sort((one, other) => (one.kept < other.kept ? 1 : -1));
      const dropped = others.slice(MOST - 1).flatMap((one) => [heads.delete(one.key), cohorts.delete(one.key)]);
      await Promise.all([...dropped, heads.put(head), cohorts.put(cohort, key), turn.done]);
    }, undefined),

  drop: (key) =>
    attempt(async (db) => {
      const turn = db.transaction(['heads', 'cohorts'], 'readwrite');
      await Promise.all([turn.objectStore('heads').delete(key), turn.objectStore('cohorts').delete(key), turn.done]);
    }, undefined),
};
