/** Where pages keep the cohorts under way: each page has a place of its own, and one that was left is taken over. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { KeptCohort } from '../../../src/experiment/checkpoints.ts';
import { checkpointStore } from '../../../src/workers/checkpoint-store.ts';
import { storage } from '../ui/fake-idb.ts';

/** Locks of a browser: one that is held is not given again. */
function fakeLocks() {
  const held = new Set<string>();
  return {
    held,
    async request(name: string, _: object, work: (lock: object | null) => Promise<void>) {
      if (held.has(name)) return work(null);
      held.add(name);
      await work({ name });
      held.delete(name);
    },
  };
}

const cohort = (step: number): KeptCohort => ({
  state: {
    ...{ runs: ['a'], ended: [], step, evaluation: 0, seconds: 1 },
    ...{ parameters: new Float32Array([step]), moments: [], runStates: new Uint32Array([step]) },
  },
  reports: [{ runs: ['a'], losses: new Float32Array(step), evaluations: [] }],
});

let locks: ReturnType<typeof fakeLocks>;
beforeEach(async () => {
  await storage.clear();
  storage.isBlocked = false;
  locks = fakeLocks();
  vi.stubGlobal('navigator', { locks });
  vi.useFakeTimers({ toFake: ['Date'], now: 0 });
});
afterEach(() => {
  storage.isBlocked = true;
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

/** Each thing is kept later than the one before. */
const later = () => vi.setSystemTime(Date.now() + 1000);
/** Pages that are closed hold nothing. */
const close = () => locks.held.clear();

test('pages that train the very same cohort take nothing from each other', async () => {
  const one = await checkpointStore.take('k');
  expect(one.kept).toBeNull();
  await one.keep(cohort(10));
  later();
  // The other one begins where the first is: it leads to the same bits.
  const other = await checkpointStore.take('k');
  expect(other.kept).toEqual(cohort(10));
  await other.keep(cohort(20));
  // The first one to end leaves the other's.
  await one.drop();
  expect(await checkpointStore.stepOf('k')).toBe(20);
  await other.drop();
  expect(await checkpointStore.stepOf('k')).toBeNull();
  expect(locks.held.size).toBe(0);
});

test('the place of a page that was left is taken over, with the latest of all', async () => {
  const [one, other] = [await checkpointStore.take('k'), await checkpointStore.take('k')];
  await one.keep(cohort(10));
  later();
  await other.keep(cohort(20));
  close();
  const next = await checkpointStore.take('k');
  expect(next.kept).toEqual(cohort(20));
  await next.drop();
  expect(await checkpointStore.stepOf('k')).toBe(10);
  expect((await checkpointStore.take('l')).kept).toBeNull();
});

test('what was left is discarded, and what another page keeps is not', async () => {
  await (await checkpointStore.take('k')).keep(cohort(10));
  close();
  later();
  const alive = await checkpointStore.take('other');
  await alive.keep(cohort(5));
  await checkpointStore.discard('k');
  await checkpointStore.discard('other');
  expect([await checkpointStore.stepOf('k'), await checkpointStore.stepOf('other')]).toEqual([null, 5]);
});

test('the oldest that were left go where there are more than four', async () => {
  for (const key of ['a', 'b', 'c', 'd', 'e']) {
    await (await checkpointStore.take(key)).keep(cohort(1));
    close();
    later();
  }
  const steps = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((key) => checkpointStore.stepOf(key)));
  expect(steps).toEqual([null, 1, 1, 1, 1]);
});

test('of pages that train none loses its place to the others, however many they are', async () => {
  const keys = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (const key of keys) {
    await (await checkpointStore.take(key)).keep(cohort(1));
    later();
  }
  expect(await Promise.all(keys.map((key) => checkpointStore.stepOf(key)))).toEqual(keys.map(() => 1));
  expect(locks.held.size).toBe(6);
});

test('a place that is taken too late to wait for is let go of, with what is kept there', async () => {
  await (await checkpointStore.take('k')).keep(cohort(10));
  close();
  let answer = () => {};
  const answered = new Promise<void>((resolve) => (answer = resolve));
  const { request } = locks;
  const asked = new Promise<void>((resolve) => {
    locks.request = async (...what) => {
      locks.request = request;
      resolve();
      await answered;
      await request.apply(locks, what);
    };
  });
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout'], now: Date.now() });
  const taking = checkpointStore.take('k');
  await asked;
  vi.advanceTimersByTime(2000);
  const place = await taking;
  expect(place.kept).toBeNull();
  answer();
  await place.drop();
  await vi.waitFor(() => expect(locks.held.size).toBe(0), { timeout: 600_000, interval: 1 });
  expect((await checkpointStore.take('k')).kept).toEqual(cohort(10));
});

test('what an earlier layout held is passed over, and does no harm', async () => {
  const opening = indexedDB.open('mup-playground-checkpoints', 1);
  opening.onupgradeneeded = () => {
    opening.result.createObjectStore('heads', { keyPath: 'key' }).put({ key: 'k', kept: '2026' });
    opening.result.createObjectStore('cohorts').put({ state: { step: 3 } }, 'k');
  };
  await new Promise((resolve) => (opening.onsuccess = resolve));
  opening.result.close();
  const place = await checkpointStore.take('k');
  expect(place.kept).toBeNull();
  await place.keep(cohort(10));
  expect(await checkpointStore.stepOf('k')).toBe(10);
});

test('where storage is blocked nothing is found, and nothing is kept', async () => {
  storage.isBlocked = true;
  const place = await checkpointStore.take('k');
  expect(place.kept).toBeNull();
  await place.keep(cohort(10));
  await place.drop();
  await checkpointStore.discard('k');
  expect(await checkpointStore.stepOf('k')).toBeNull();
});
