/** Results as a file: opened and shown, or refused, and never at the cost of what is kept already. */
import { readFileSync } from 'node:fs';
import { deflateRawSync } from 'node:zlib';
import { afterAll, beforeAll, expect } from 'vitest';
import { presetExperiment } from '../../../src/model/presets.ts';
import { asLinked, packResult } from '../../../src/experiment/packed-result.ts';
import { parseResult } from '../../../src/model/result.ts';
import { hashOfBytes } from '../../../src/ui/link/packed.ts';
import { resultFromHash, resultHash } from '../../../src/ui/link/result-link.ts';
import { Playground } from '../../../src/ui/state/playground.svelte.ts';
import { resultFrom } from '../../../src/ui/state/result-export.ts';
import { openResultFile } from '../../../src/ui/state/result-file.ts';
import { save } from '../../../src/ui/storage/keep.ts';
import { remove } from '../../../src/ui/storage/records.ts';
import { listAll, open } from '../../../src/ui/storage/saved.ts';
import { storage } from '../ui/fake-idb.ts';
import { fakeAsk, fakeEngine, fakeRun, fakeSeal, fakeServices } from '../ui/fake-stream.ts';
import { door } from './door.ts';
import { scribbled, spoilt } from './inputs.ts';
import fc from 'fast-check';

const experiment = presetExperiment('smoke');
experiment.recipes[0].steps = 3;
const measured = (id: string, widths: number[]) => ({
  ...{ id, created: '2026-01-02T12:00:00.000Z', experiment, adapter: fakeEngine.adapter, facts: [] },
  runs: widths.map((width) => fakeRun(experiment, width, 1)),
  sealed: [fakeSeal(experiment, 48)],
});
const written = await resultFrom(measured('theirs', [8, 12, 16, 24, 48]), fakeAsk);

/** Recorded results, which are valid in all that a result may hold, with as few steps as their runs may have. */
const recorded = ['sentences', 'qk-norm', 'transfer-sentences', 'coordinates-smoke', 'basin-smoke'].map((name) => {
  const result = parseResult(JSON.parse(readFileSync(`public/recorded/${name}.json`, 'utf8')));
  const runs = result.runs
    .slice(0, 6)
    .map((run) => ({ ...run, steps: run.steps.slice(0, 3), trainLoss: run.trainLoss.slice(0, 3) }));
  return { ...result, runs };
});

const mine = measured('mine', [8, 12]);
beforeAll(async () => {
  await storage.clear();
  storage.isBlocked = false;
  await save(mine, {}, true);
});
afterAll(async () => {
  storage.isBlocked = true;
  await storage.clear();
});

const texts = spoilt([written, ...recorded]);

door(
  'result file',
  fc.oneof({ weight: 3, arbitrary: texts }, scribbled(texts)),
  async (text) => {
    const playground = new Playground(fakeServices(fakeEngine, Infinity));
    const file = { name: 'r.json', size: text.length, text: async () => text };
    try {
      await openResultFile(file, playground);
      // What is shown can be handed out again.
      const { study } = playground;
      const shown = await study!.result();
      expect(parseResult(JSON.parse(JSON.stringify(shown))).experiment).toEqual(study!.own.experiment);
    } finally {
      expect((await open('mine'))!.data.runs).toEqual(mine.runs);
      for (const { id } of (await listAll())!) if (id !== 'mine') await remove(id);
    }
  },
  { begins: /^r\.json (is not JSON|cannot be used: \S)/ },
);

/** Whole ones: of half a result the seals do not hold. */
const linked = ['sentences', 'qk-norm', 'transfer-sentences', 'coordinates-smoke', 'basin-smoke'].map((name) =>
  packResult(asLinked(parseResult(JSON.parse(readFileSync(`public/recorded/${name}.json`, 'utf8'))), 2)),
);
const packed = spoilt(linked);

door(
  'result link',
  fc.oneof({ weight: 3, arbitrary: packed }, scribbled(packed)),
  async (text) => {
    const result = await resultFromHash(`#${hashOfBytes('measured', deflateRawSync(text))}`);
    // What was taken can be sent on.
    const again = await resultFromHash(await resultHash(result!, true));
    expect([again!.experiment, again!.sealed]).toEqual([result!.experiment, result!.sealed]);
  },
  { begins: /^The link / },
);
