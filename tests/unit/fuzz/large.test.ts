/** Files as large as none should be: read, or refused before they take the page's memory or its time. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { decodeText } from '../../../src/data/text/decode.ts';
import { parseTrained } from '../../../src/model/experiment.ts';
import { presetExperiment } from '../../../src/model/presets.ts';
import { runsAt } from '../../../src/model/run.ts';
import { readResult } from '../../../src/experiment/read-result.ts';
import { experimentFromHash } from '../../../src/ui/link/experiment-link.ts';
import { Playground } from '../../../src/ui/state/playground.svelte.ts';
import { resultFrom } from '../../../src/ui/state/result-export.ts';
import { openResultFile } from '../../../src/ui/state/result-file.ts';
import { list } from '../../../src/ui/storage/saved.ts';
import { storage } from '../ui/fake-idb.ts';
import { fakeAsk, fakeEngine, fakeRun, fakeServices } from '../ui/fake-stream.ts';

beforeAll(async () => {
  await storage.clear();
  storage.isBlocked = false;
});
afterAll(async () => {
  storage.isBlocked = true;
  await storage.clear();
});

const playground = () => new Playground(fakeServices(fakeEngine, Infinity));

test('a file of more than 200 MB is refused and not even read; one of just that much is refused for what it is', async () => {
  const text = vi.fn(async () => '');
  const file = { name: 'huge.json', size: 200_000_001, text };
  await expect(openResultFile(file, playground())).rejects.toThrow('huge.json is larger than 200 MB and was not read.');
  expect(text).not.toHaveBeenCalled();
  const pad = `{"schema":"mup-playground/experiment@1","pad":"${'a'.repeat(199_000_000)}"}`;
  expect(() => readResult(pad, 'huge.json')).toThrow(/^huge\.json cannot be used: /);
  const many = `{"schema":"mup-playground/experiment@1","runs":[${'{},'.repeat(1_000_000)}{}]}`;
  expect(() => readResult(many, 'huge.json')).toThrow(/^huge\.json cannot be used: /);
});

test('a text of more than 200 MB is refused, before it would take ten times that in the memory of the trainer', () => {
  expect(() => decodeText(new Uint8Array(200_000_001), 'huge.txt')).toThrow(
    'corpus.file: "huge.txt" has more than 200 MB; choose a smaller file, or cut it.',
  );
});

test('ten thousand runs are opened, kept, listed, shown and handed out again', async () => {
  const experiment = presetExperiment('compare-smoke');
  const [first] = experiment.recipes;
  Object.assign(first!, { steps: 4 });
  experiment.recipes = Array.from({ length: 5 }, (_, i) => ({ ...structuredClone(first!), name: `recipe ${i}` }));
  experiment.seeds = Array.from({ length: 32 }, (_, seed) => seed);
  experiment.ladder = { rungs: Array.from({ length: 64 }, (_, i) => 8 * (i + 1)), targets: [] };
  const runs = experiment.ladder.rungs.flatMap((width) =>
    runsAt(parseTrained(experiment), width).map(({ id, recipe, seed }) => ({
      ...fakeRun(experiment, width, seed),
      ...{ id, recipe: recipe.name },
    })),
  );
  expect(runs.length).toBeGreaterThan(10_000);
  const data = { id: 'many', created: '2026-01-02T12:00:00.000Z', adapter: fakeEngine.adapter, sealed: [], facts: [] };
  const result = await resultFrom({ ...data, experiment, runs: runs.slice(0, 5) }, fakeAsk);
  const text = JSON.stringify({ ...result, runs });
  const page = playground();
  await openResultFile({ name: 'many.json', size: text.length, text: async () => text }, page);
  const { study } = page;
  expect(study!.own.runs).toHaveLength(runs.length);
  expect([study!.finishedInPlan.length, study!.missing, study!.isStale]).toEqual([runs.length, [], false]);
  expect((await list())![0]).toMatchObject({ trained: runs.length, wanted: runs.length });
});

test('what is nested ten thousand deep is refused in a sentence, wherever it stands', () => {
  const deep = (depth: number) => `${'[{"a":'.repeat(depth / 2)}1${'}]'.repeat(depth / 2)}`;
  const smoke = JSON.stringify(presetExperiment('smoke'));
  for (const at of ['"ladder":', '"optimizer":', '"seeds":', '"name":', '"rungs":']) {
    const text = smoke.replace(at, `${at}${deep(10_000)},"x":`);
    expect(() => parseTrained(JSON.parse(text)), at).toThrow(/^\S+(:| must| is) /);
    expect(() => readResult(`{"schema":"mup-playground/experiment@1","experiment":${text}}`, 'deep.json')).toThrow(
      /^deep\.json cannot be used: /,
    );
  }
  expect(() => readResult(deep(1_000_000), 'deep.json')).toThrow(/^deep\.json cannot be used: /);
  const packed = Buffer.from(smoke.replace('"seeds":', `"seeds":${deep(5000)},"x":`)).toString('base64url');
  expect(() => experimentFromHash(`#v=1&experiment=${packed}`)).toThrow(/^The link (is damaged|is longer|holds)/);
});
