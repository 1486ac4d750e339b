/** What is taken away while a recorded example is shown says what it is; what was measured says nothing of the kind. */
import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { commitOf } from '../../../cli/commit.ts';
import { ROOT } from '../../../cli/root.ts';
import { parseResult } from '../../../src/model/result.ts';
import { fileName, saveFigure } from '../../../src/ui/chart/export.ts';
import { Playground } from '../../../src/ui/state/playground.svelte.ts';
import { openResultFile } from '../../../src/ui/state/result-file.ts';
import { resultsOf } from '../../../src/ui/state/results-data.ts';
import { storage } from './fake-idb.ts';
import { fakeEngine, fakeServices } from './fake-stream.ts';

const saved: { name: string; content: Blob }[] = [];
const table = { columns: ['width', 'loss'], rows: [[8, 4.25]] };
const figure = { svg: undefined, table, file: 'scaling', title: 'Loss against size', about: [] };

beforeEach(async () => {
  saved.length = 0;
  await storage.clear();
  storage.isBlocked = false;
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  let content: Blob;
  vi.spyOn(URL, 'createObjectURL').mockImplementation((blob) => {
    content = blob as Blob;
    return 'blob:fake';
  });
  vi.stubGlobal('document', {
    createElement: () => ({
      download: '',
      click() {
        saved.push({ name: this.download, content });
      },
    }),
  });
});
afterEach(() => {
  storage.isBlocked = true;
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

it('numbers have a source beside each row, and a name that tells it', async () => {
  await saveFigure('csv', { ...figure, isRecorded: true });
  await saveFigure('csv', { ...figure, isRecorded: false });
  expect(saved.map(({ name }) => name)).toEqual(['example-scaling.csv', 'scaling.csv']);
  expect(await saved[0].content.text()).toBe('width,loss,source\r\n8,4.25,recorded example\r\n');
  expect(await saved[1].content.text()).toBe('width,loss\r\n8,4.25\r\n');
});

it.each(['sentences', 'coordinates-smoke'])(
  'the result of %s tells its source, also where it is opened again',
  async (name) => {
    const recorded = parseResult(
      JSON.parse(readFileSync(new URL(`../../../public/recorded/${name}.json`, import.meta.url), 'utf8')),
    );
    const { kind } = recorded.experiment.study;
    const playground = new Playground(fakeServices(fakeEngine, Infinity));
    const study = playground.studies[kind];
    study.example.load(resultsOf(recorded), 'recorded');
    expect(study.isRecorded).toBe(true);
    const written = await study.result();
    expect(written.source).toBe('recorded example');
    expect(written.app).toEqual(recorded.app);
    expect(parseResult(JSON.parse(JSON.stringify(written)))).toEqual(written);
    expect(fileName('result.json', study.isRecorded)).toBe('example-result.json');

    await openResultFile(new File([JSON.stringify(written)], 'example-result.json'), playground);
    expect([study.isExample, study.isRecorded]).toEqual([false, true]);
    expect(await study.result()).toMatchObject({ app: recorded.app, source: 'recorded example' });
    // What goes on here is of this page's build.
    study.own.begin(recorded.experiment, recorded.runs, recorded.sealed);
    expect(study.isRecorded).toBe(false);
    expect((await study.result()).app.commit).toBe(commitOf(ROOT));
    expect(recorded.app.commit).not.toBe(commitOf(ROOT));

    await storage.clear();
    await openResultFile(new File([JSON.stringify(recorded)], 'result.json'), playground);
    const measured = await study.result();
    expect(measured.app).toEqual(recorded.app);
    expect(measured.source).toBe(undefined);
  },
);
