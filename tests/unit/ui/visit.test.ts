import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { presetExperiment } from '../../../src/model/presets.ts';
import { experimentFromHash, linkHash } from '../../../src/ui/link/experiment-link.ts';
import { lossesOf } from '../../../src/ui/state/losses.svelte.ts';
import { Playground } from '../../../src/ui/state/playground.svelte.ts';
import { Visit } from '../../../src/ui/state/visit.svelte.ts';
import type { SavedEntry } from '../../../src/ui/storage/saved.ts';
import type { EngineDescription } from '../../../src/experiment/protocol.ts';
import { fakeBrowser, settled, watch } from './fake-browser.svelte.ts';
import { fakeEngine, fakeRun, fakeServices } from './fake-stream.ts';

const experiment = { ...presetExperiment('smoke'), name: 'Kept', seeds: [7] };
const data = {
  ...{ id: 'a', created: '2026-01-02T12:00:00.000Z', experiment, adapter: fakeEngine.adapter },
  ...{ runs: [fakeRun(experiment, 8, 7)], sealed: [], facts: [] },
};
const entry: SavedEntry = {
  ...{ id: 'a', created: data.created, name: 'Kept', kind: 'prediction', experiment, widths: [8] },
  ...{ isFinished: false, trained: 1, wanted: 6, bytes: 1000, texts: {} },
};
const gpu: EngineDescription = { ...fakeEngine, kind: 'gpu', adapter: { ...fakeEngine.adapter, software: false } };
const cpu: EngineDescription = { ...gpu, kind: 'reference' };

/** A promise that resolves when the test says so. */
function gate() {
  let resolve = () => {};
  const promise = new Promise<void>((open) => (resolve = open));
  return { promise, resolve };
}

/** A page that begins, with storage and an engine that answer when the test says so. */
function stage({
  hash = '',
  kept = [entry],
  engine = gpu,
}: { hash?: string; kept?: SavedEntry[]; engine?: EngineDescription } = {}) {
  const browser = fakeBrowser(hash);
  const reading = gate();
  const looking = gate();
  const services = { ...fakeServices(engine, Infinity, () => 1), describe: () => looking.promise.then(() => engine) };
  const playground = new Playground(services);
  const visit = new Visit(playground, {
    bar: browser.bar,
    kept: {
      list: () => reading.promise.then(() => kept),
      open: async () => ({ data, texts: { 'mine.txt': 'kept' }, origin: 'own', doubt: '' }),
    },
    recorded: async () => null,
  });
  browser.onhashchange = () => visit.follow();
  const begun = visit.begin();
  const leave = watch(
    () => visit.followView(),
    () => visit.followWork(),
  );
  const read = async () => {
    reading.resolve();
    await settled();
  };
  const find = async () => {
    looking.resolve();
    await begun;
    await settled();
  };
  return { browser, playground, visit, read, find, leave, prediction: playground.studies.prediction };
}

let page: ReturnType<typeof stage> | null = null;
const open = (...of: Parameters<typeof stage>) => (page = stage(...of));
beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  page?.leave();
  vi.useRealTimers();
});

describe('what this browser kept', () => {
  it('is opened, also before an engine is found', async () => {
    const { prediction, read } = open();
    await read();
    expect(prediction.own.id).toBe('a');
    expect(prediction.draft.values.name).toBe('Kept');
  });

  it('is there for whoever opens the page where its models are asked', async () => {
    const { playground, prediction, read } = open({ hash: '#learnt' });
    await read();
    expect(playground.view).toBe('learnt');
    expect(prediction.own.id).toBe('a');
  });

  it('does not take the place of what was entered while it was read', async () => {
    const { prediction, read, find } = open();
    prediction.draft.set([0], 'steps', 123);
    await read();
    await find();
    expect(prediction.draft.values.recipes[0].steps).toBe(123);
    expect(prediction.own.isEmpty).toBe(true);
  });

  it('nor of a preset chosen meanwhile, though it be the one that stood there', async () => {
    const { prediction, read, find } = open({ engine: cpu });
    const { id } = prediction.draft.presets[0];
    prediction.draft.choosePreset(id);
    await read();
    await find();
    expect(prediction.draft.presetId).toBe(id);
    expect(prediction.own.isEmpty).toBe(true);
  });

  it('nor of a text of the same name', async () => {
    const linked = linkHash(experiment);
    const { playground, prediction, read } = open({ hash: `#${linked}` });
    playground.texts = { 'mine.txt': 'another' };
    await read();
    expect(playground.texts).toEqual({ 'mine.txt': 'another' });
    expect(prediction.own.isEmpty).toBe(true);
  });

  it('does not lead away from a view that was chosen, or from what was begun', async () => {
    const other = { ...entry, kind: 'basin' as const };
    const first = open({ kept: [other] });
    first.playground.show('transfer');
    await first.read();
    expect(first.playground.view).toBe('transfer');
    first.leave();
    const second = open({ kept: [other] });
    second.prediction.draft.set([0], 'steps', 123);
    await second.read();
    expect(second.playground.view).toBe('prediction');
    second.leave();
    const third = open({ kept: [other] });
    await third.read();
    expect(third.playground.view).toBe('basin');
  });

  it('goes with a link to that very experiment, wherever it stands in the list, and with no other', async () => {
    const newer = { ...entry, id: 'b', experiment: presetExperiment('smoke') };
    const same = open({ hash: `#${linkHash(experiment)}`, kept: [newer, entry] });
    await same.read();
    expect(same.prediction.own.id).toBe('a');
    same.leave();
    const other = open({ hash: `#${linkHash({ ...experiment, seeds: [8] })}` });
    await other.read();
    expect(other.prediction.own.isEmpty).toBe(true);
    expect(other.prediction.draft.values.seeds).toEqual([8]);
  });
});

describe('a slow machine', () => {
  it('gets small presets, but for what was entered before it was known', async () => {
    const { playground, prediction, read, find } = open({ engine: cpu, kept: [] });
    await read();
    playground.studies.transfer.draft.set([0], 'steps', 123);
    await find();
    expect(prediction.draft.presetId).toBe('sentences-smoke');
    expect(playground.studies.transfer.draft.values.recipes[0].steps).toBe(123);
    // The page's own choice still gives way to what was kept.
    expect(playground.studies.basin.draft.isUntouched).toBe(true);
  });

  it('leaves a linked experiment as it is', async () => {
    const { prediction, read, find } = open({
      hash: `#${linkHash(presetExperiment('first-light'))}`,
      engine: cpu,
      kept: [],
    });
    await read();
    await find();
    expect(prediction.draft.presetId).toBe('first-light');
  });
});

describe('steps back', () => {
  /** A page where somebody has gone from Predict to Transfer. */
  async function gone() {
    const at = open({ kept: [] });
    await at.read();
    await vi.advanceTimersByTimeAsync(400);
    at.playground.show('transfer');
    await settled();
    return at;
  }

  it('keep an edit that the address did not say yet', async () => {
    const { browser, playground, prediction } = await gone();
    const { draft } = playground.studies.transfer;
    draft.set([0], 'steps', 123);
    await settled();
    browser.back();
    expect(playground.view).toBe('prediction');
    prediction.draft.set([0], 'steps', 456);
    await settled();
    browser.forward();
    expect(playground.view).toBe('transfer');
    expect(draft.values.recipes[0].steps).toBe(123);
    browser.back();
    expect(prediction.draft.values.recipes[0].steps).toBe(456);
    await vi.advanceTimersByTimeAsync(400);
    expect(experimentFromHash(browser.bar.location.hash)!.recipes[0].steps).toBe(456);
  });

  it('a view that is left has its latest edit in its step', async () => {
    const { browser, playground, prediction } = await gone();
    browser.back();
    prediction.draft.set([0], 'steps', 456);
    await settled();
    playground.show('basin');
    await settled();
    expect(experimentFromHash(browser.hashes().at(-2)!)!.recipes[0].steps).toBe(456);
  });

  it('lead from a link followed to what stood there before, and forward to what became of the link', async () => {
    const { browser, playground } = await gone();
    const { draft } = playground.studies.transfer;
    draft.set([0], 'steps', 123);
    await settled();
    const linked = presetExperiment('transfer-smoke');
    browser.go(`#${linkHash({ ...linked, name: 'Linked' })}`);
    expect(draft.values.name).toBe('Linked');
    await vi.advanceTimersByTimeAsync(400);
    draft.set([0], 'steps', 77);
    await settled();
    browser.back();
    expect(draft.values.recipes[0].steps).toBe(123);
    browser.forward();
    expect([draft.values.name, draft.values.recipes[0].steps]).toEqual(['Linked', 77]);
  });

  it('keep a table that the address did not say yet', async () => {
    const { browser, playground } = await gone();
    playground.show('losses');
    await settled();
    const losses = lossesOf(playground, browser.bar.location.hash);
    await vi.advanceTimersByTimeAsync(400);
    losses.openText('mine.csv', 'width,loss\n16,4\n32,3.5\n64,3.2\n');
    await settled();
    browser.back();
    browser.forward();
    expect(playground.view).toBe('losses');
    expect(losses.title).toBe('mine.csv');
    await vi.advanceTimersByTimeAsync(400);
    expect(browser.bar.location.hash).toBe(`#${losses.hash}`);
  });

  it('a link into a view that trains is refused in words', async () => {
    const { browser, visit, prediction } = await gone();
    browser.back();
    void prediction.train();
    await settled();
    expect(prediction.isTraining).toBe(true);
    browser.go(`#${linkHash(experiment)}`);
    expect(visit.refusal).toMatch(/^Predict is training; /);
    expect(prediction.draft.values.seeds).not.toEqual([7]);
  });

  it('that are refused while the view trains leave the address as it was, and can be taken when it has ended', async () => {
    const { browser, playground, visit, prediction } = await gone();
    browser.back();
    const before = browser.bar.location.hash;
    browser.go(`#${linkHash(experiment)}`);
    await vi.advanceTimersByTimeAsync(400);
    expect(prediction.draft.values.seeds).toEqual([7]);
    const linked = browser.bar.location.hash;
    void prediction.train();
    await settled();
    expect(prediction.isTraining).toBe(true);
    browser.back();
    expect(visit.refusal).toMatch(/^Predict is training; go back when it has ended/);
    expect(prediction.draft.values.seeds).toEqual([7]);
    expect(browser.bar.location.hash).toBe(linked);
    expect(visit.address.step).not.toBe(null);
    playground.training.cancel();
    await vi.advanceTimersByTimeAsync(400);
    expect(prediction.isTraining).toBe(false);
    browser.back();
    expect(browser.bar.location.hash).toBe(before);
    expect(prediction.draft.values.seeds).not.toEqual([7]);
  });

  it('a link that is refused does not stay in the address', async () => {
    const { browser, visit } = await gone();
    const before = browser.bar.location.hash;
    browser.go(`#${linkHash(experiment).slice(0, -40)}`);
    expect(visit.refusal).toMatch(/The experiment shown stays as it was\.$/);
    expect(browser.bar.location.hash).toBe(before);
  });

  it('nor does one that follows a link to what is shown', async () => {
    const { browser } = await gone();
    const before = browser.bar.location.hash;
    // The first makes what stands there somebody's choice, the second changes nothing.
    browser.go(before);
    await vi.advanceTimersByTimeAsync(400);
    browser.go(before);
    browser.go(before.slice(0, -40));
    expect(browser.bar.location.hash).toBe(before);
  });

  it('nor one to a table of losses, which leaves the table shown', async () => {
    const { browser, playground, visit } = await gone();
    playground.show('losses');
    const losses = lossesOf(playground, '');
    await settled();
    await vi.advanceTimersByTimeAsync(400);
    const before = browser.bar.location.hash;
    expect(before).toBe(`#${losses.hash}`);
    browser.go('#v=1&losses=%%%');
    expect(visit.refusal).toMatch(/The link is damaged.* The table shown stays as it was\.$/);
    expect(browser.bar.location.hash).toBe(before);
  });
});
