/** What runs have learnt, kept beside their results: found again, gone with them, put back with them. */
import { afterAll, beforeEach, expect, it } from 'vitest';
import { presetExperiment } from '../../../src/model/presets.ts';
import type { ResultsData } from '../../../src/ui/state/results-data.ts';
import { save } from '../../../src/ui/storage/keep.ts';
import { forgetParameters, keepParameters, keptParameters, parametersOf } from '../../../src/ui/storage/parameters.ts';
import { putBack, remove } from '../../../src/ui/storage/records.ts';
import { list } from '../../../src/ui/storage/saved.ts';
import { openDB } from '../../../node_modules/idb/build/index.js';
import { storage } from './fake-idb.ts';
import { fakeEngine, fakeRun } from './fake-stream.ts';

const experiment = presetExperiment('smoke');
const file = (...bytes: number[]) => new Uint8Array(bytes);

function measured(widths: number[], id = 'a'): ResultsData {
  const runs = widths.map((width) => fakeRun(experiment, width, 1));
  const created = '2026-01-02T12:00:00.000Z';
  return { id, created, experiment, adapter: fakeEngine.adapter, runs, sealed: [], facts: [] };
}
const stored = async () => [...(await storage.contents('parameters')).values()];

beforeEach(async () => {
  await storage.clear();
  storage.isBlocked = false;
  storage.isFull = false;
});
afterAll(() => {
  storage.isBlocked = true;
  storage.isFull = false;
});

it('they stay while their results are kept again and again, and count among what those take', async () => {
  const { runs } = measured([8, 12]);
  await save(measured([8, 12]), {}, false);
  const before = (await list())![0]!.bytes;
  const added = [
    { run: runs[0]!, bytes: file(1, 2, 3) },
    { run: runs[1]!, bytes: file(4) },
  ];
  expect(await keepParameters('a', added)).toBeNull();
  expect((await list())![0]!.bytes).toBe(before + 4);
  await save(measured([8, 12, 16]), {}, true);
  const all = measured([8, 12, 16]).runs;
  expect(await keptParameters('a', all)).toEqual([
    { id: runs[0]!.id, bytes: 3 },
    { id: runs[1]!.id, bytes: 1 },
  ]);
  expect(await parametersOf('a', runs[0]!.id)).toEqual(file(1, 2, 3));
  // Kept again, they take the place of what was kept before.
  await keepParameters('a', [{ run: runs[0]!, bytes: file(9) }]);
  expect(await stored()).toHaveLength(2);
  expect(await forgetParameters('a')).toBe(true);
  expect(await stored()).toEqual([]);
  expect(await keptParameters('a', all)).toEqual([]);
});

it('they go with a run that ended otherwise since, or is gone', async () => {
  const data = measured([8, 12]);
  await save(data, {}, true);
  await keepParameters(
    'a',
    data.runs.map((run) => ({ run, bytes: file(1) })),
  );
  const other = { ...data.runs[0]!, finalEvalLoss: data.runs[0]!.finalEvalLoss! + 0.1 };
  expect(await keptParameters('a', [other, data.runs[1]!])).toHaveLength(1);
  await save({ ...data, runs: [other] }, {}, true);
  expect(await stored()).toEqual([]);
});

it('they go with an experiment that is deleted, and come back with it', async () => {
  const data = measured([8]);
  await save(data, {}, true);
  await keepParameters('a', [{ run: data.runs[0]!, bytes: file(5, 6) }]);
  const size = (await list())![0]!.bytes;
  const taken = (await remove('a'))!;
  expect(await stored()).toEqual([]);
  expect(await putBack(taken)).toBe(true);
  expect(await parametersOf('a', data.runs[0]!.id)).toEqual(file(5, 6));
  expect((await list())![0]!.bytes).toBe(size);
  // Beside what was kept by its id meanwhile, too.
  const again = (await remove('a'))!;
  await save(measured([12]), {}, true);
  await putBack(again);
  const other = (await list())!.find(({ id }) => id !== 'a')!;
  expect(await parametersOf(other.id, data.runs[0]!.id)).toEqual(file(5, 6));
  expect(await parametersOf('a', data.runs[0]!.id)).toBeNull();
});

it('where there is no room, or nothing to keep them beside, it is told and all stays as it was', async () => {
  const data = measured([8]);
  expect(await keepParameters('a', [{ run: data.runs[0]!, bytes: file(1) }])).toEqual({ refusal: 'blocked' });
  await save(data, {}, true);
  storage.isFull = 'parameters';
  expect(await keepParameters('a', [{ run: data.runs[0]!, bytes: file(1) }])).toEqual({ refusal: 'full' });
  storage.isFull = false;
  expect(await keptParameters('a', data.runs)).toEqual([]);
  storage.isBlocked = true;
  expect(await keepParameters('a', [{ run: data.runs[0]!, bytes: file(1) }])).toEqual({ refusal: 'blocked' });
  expect(await keptParameters('a', data.runs)).toEqual([]);
  expect(await parametersOf('a', data.runs[0]!.id)).toBeNull();
});

it('what an earlier version kept opens, and parameters can be kept beside it', async () => {
  const data = measured([8]);
  await save(data, {}, true);
  const contents = await Promise.all(['entries', 'experiments'].map((name) => storage.contents(name)));
  await storage.clear();
  const earlier = await openDB('mup-playground', 2, {
    upgrade(db) {
      for (const name of ['experiments', 'entries']) db.createObjectStore(name, { keyPath: 'id' });
      db.createObjectStore('texts');
    },
  });
  const [entries, experiments] = contents.map((map) => [...map.values()]);
  const entry = { ...(entries![0] as Record<string, unknown>) };
  delete entry['parameters'];
  await earlier.put('entries', entry);
  await earlier.put('experiments', experiments![0]);
  earlier.close();
  expect((await list())!.map(({ id }) => id)).toEqual(['a']);
  expect(await keepParameters('a', [{ run: data.runs[0]!, bytes: file(7) }])).toBeNull();
  expect(await parametersOf('a', data.runs[0]!.id)).toEqual(file(7));
});
