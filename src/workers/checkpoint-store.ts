/**
 * Cohorts under way, kept in this browser by the trainer's worker, so that a page that was reloaded, crashed or closed goes on from them.
 * Each page has a place of its own, which it holds by a lock as long as it lives: pages that train the very same cohort take nothing from
 * each other. Where storage refuses nothing is found, and nothing is kept.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { newId } from '../model/identity.ts';
import type { CheckpointPlace, CheckpointStore, KeptCohort } from '../experiment/checkpoints.ts';

interface Head {
  place: string;
  /** Of the cohort. */
  key: string;
  /** ISO 8601 time at which it was kept. */
  kept: string;
  /** Steps taken by the runs that were under way. */
  step: number;
}

interface Schema extends DBSchema {
  heads: { key: string; value: Head };
  /** By place. */
  cohorts: { key: string; value: KeptCohort };
}

/** Cohorts kept at a time: beyond them the oldest go of which no page holds the place, for nobody came back to those. */
const MOST = 4;
/** Milliseconds after which storage that does not answer is taken for empty: no training waits for it. */
const PATIENCE = 2000;

function database(): Promise<IDBPDatabase<Schema>> {
  return openDB<Schema>('mup-playground-checkpoints', 2, {
    upgrade(db) {
      // What another version of the code kept is not gone on with.
      for (const store of Array.from(db.objectStoreNames)) db.deleteObjectStore(store);
      db.createObjectStore('heads', { keyPath: 'place' });
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

/** Of one cohort, what was kept last first. */
const headsOf = (key: string): Promise<Head[]> =>
  attempt(async (db) => {
    const heads = (await db.getAll('heads')).filter((head) => head.key === key);
    return heads.sort((one, other) => (one.kept < other.kept ? 1 : -1));
  }, []);

/** Holds a place for this page. @returns what lets go of it; null where another page holds it. */
function hold(place: string): Promise<(() => void) | null> {
  const { locks } = globalThis.navigator ?? {};
  const free = () => {};
  if (!locks) return Promise.resolve(free);
  return new Promise((resolve) => {
    const held = (lock: Lock | null) =>
      lock ? new Promise<void>((release) => resolve(release)) : Promise.resolve(resolve(null));
    locks.request(`mup-playground keeps ${place}`, { ifAvailable: true }, held).catch(() => resolve(free));
  });
}

const drop = (place: string) =>
  attempt(async (db) => {
    const turn = db.transaction(['heads', 'cohorts'], 'readwrite');
    await Promise.all([turn.objectStore('heads').delete(place), turn.objectStore('cohorts').delete(place), turn.done]);
  }, undefined);

/** A place that can be let go of with what is kept in it. */
interface HeldPlace extends CheckpointPlace {
  release(): void;
}

function placeAt(place: string, key: string, kept: KeptCohort | null, release: () => void): HeldPlace {
  return {
    kept,
    release,
    keep: (cohort) =>
      attempt(async (db) => {
        const others = (await db.getAll('heads')).filter((one) => one.place !== place);
        others.sort((one, other) => (one.kept < other.kept ? 1 : -1));
        const spare = await holdEach(others.slice(MOST - 1));
        try {
          const head = { place, key, kept: new Date().toISOString(), step: cohort.state.step };
          const turn = db.transaction(['heads', 'cohorts'], 'readwrite');
          const [heads, cohorts] = [turn.objectStore('heads'), turn.objectStore('cohorts')];
          const dropped = spare.flatMap((one) => [heads.delete(one.place), cohorts.delete(one.place)]);
          await Promise.all([...dropped, heads.put(head), cohorts.put(cohort, place), turn.done]);
        } finally {
          for (const one of spare) one.release();
        }
      }, undefined),
    drop: async () => {
      await drop(place);
      release();
    },
  };
}

/** Of these, the ones that no page holds, held. */
async function holdEach(heads: readonly Head[]): Promise<{ place: string; release: () => void }[]> {
  const held = await Promise.all(heads.map(async ({ place }) => ({ place, release: await hold(place) })));
  return held.flatMap(({ place, release }) => (release ? [{ place, release }] : []));
}

/** The place of a page that was left, or another one; with the latest that any page kept, which leads to the same bits. */
async function takePlace(key: string): Promise<HeldPlace> {
  const heads = await headsOf(key);
  const [latest] = heads;
  const kept = latest ? await attempt(async (db) => (await db.get('cohorts', latest.place)) ?? null, null) : null;
  for (const { place } of heads) {
    const release = await hold(place);
    if (release) return placeAt(place, key, kept, release);
  }
  return freshPlace(key, kept);
}

async function freshPlace(key: string, kept: KeptCohort | null): Promise<HeldPlace> {
  const place = newId();
  return placeAt(place, key, kept, (await hold(place)) ?? (() => {}));
}

const noAnswer = () => new Promise<null>((resolve) => setTimeout(() => resolve(null), PATIENCE));

export const checkpointStore: CheckpointStore = {
  async take(key) {
    const taking = takePlace(key);
    const taken = await Promise.race([taking, noAnswer()]);
    if (taken) return taken;
    // What comes too late is left to the next page.
    void taking.then((late) => late.release());
    return freshPlace(key, null);
  },

  stepOf: async (key) => (await headsOf(key))[0]?.step ?? null,

  async discard(key) {
    for (const { place } of await headsOf(key)) {
      const release = await hold(place);
      if (!release) continue;
      await drop(place);
      release();
    }
  },
};
