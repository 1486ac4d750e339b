/** What this browser keeps: results opened from a file, found again after a reload; what was deleted, put back. */
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parseExperiment, type Experiment } from '../../../src/model/experiment.ts';
import { hashText } from '../../../src/data/text/hash.ts';
import type { RunResult } from '../../../src/model/result.ts';
import { presetExperiment } from '../../../src/model/presets.ts';
import { isKeptBefore } from '../../../src/ui/state/kept-before.ts';
import { Keeping } from '../../../src/ui/state/keeping.svelte.ts';
import { holdWhileTraining } from '../../../src/ui/state/left-training.ts';
import { Playground } from '../../../src/ui/state/playground.svelte.ts';
import { resultFrom } from '../../../src/ui/state/result-export.ts';
import { openResultFile } from '../../../src/ui/state/result-file.ts';
import type { ResultsData } from '../../../src/ui/state/results-data.ts';
import type { Services } from '../../../src/ui/state/services.ts';
import { Shelf } from '../../../src/ui/state/shelf.svelte.ts';
import { Visit } from '../../../src/ui/state/visit.svelte.ts';
import { endUnderWay, putBack, remove } from '../../../src/ui/storage/records.ts';
import { save } from '../../../src/ui/storage/keep.ts';
import { list, listAll, open } from '../../../src/ui/storage/saved.ts';
import type { ConductorEvent } from '../../../src/experiment/protocol.ts';
import { fakeBrowser, settled, watch } from './fake-browser.svelte.ts';
import { storage } from './fake-idb.ts';
import { fakeEngine, fakeRun, fakeSeal, fakeServices } from './fake-stream.ts';

const experiment = presetExperiment('smoke');
const services = fakeServices(fakeEngine, Infinity);

/** The same experiment, on a text of one's own. */
const ofText = (file: string): Experiment =>
  parseExperiment({ ...experiment, recipes: [{ ...experiment.recipes[0]!, corpus: { kind: 'text', file } }] });

const idOf = (outcome: Awaited<ReturnType<typeof save>>): string => {
  if (outcome.refusal) throw new Error(outcome.refusal);
  return outcome.id;
};

type Course = (experiment: Experiment, tell: (event: ConductorEvent) => void) => Promise<void>;

/** Services whose trainings take that course. */
const conducting = (course: Course): Services => ({
  ...services,
  conduct: ({ experiment: asked }, listener) => ({
    start: () => course(asked, listener),
    ...{ pause: async () => {}, resume: async () => {}, cancel: async () => {} },
    ...{ exclude: async () => {}, changeLadder: async () => {} },
  }),
});

function measured(id: string, widths: number[], created = '2026-01-02T12:00:00.000Z'): ResultsData {
  const runs = widths.map((width) => fakeRun(experiment, width, 1));
  const { adapter } = fakeEngine;
  return { id, created, experiment, adapter, runs, sealed: [fakeSeal(experiment, 48)], facts: [] };
}

/** A `result.json` as the page writes it. */
async function fileOf(data: ResultsData): Promise<File> {
  return new File([JSON.stringify(await resultFrom(data, services.ask))], 'theirs.json');
}

/** A page as it is after it was loaded. */
async function loaded(hash = ''): Promise<Playground> {
  const playground = new Playground(services);
  const visit = new Visit(playground, {
    bar: fakeBrowser(hash).bar,
    kept: { list, open },
    recorded: async () => null,
  });
  await visit.begin();
  await settled();
  return playground;
}

const theirs = measured('a', [8, 12, 16]);

/** Ids of what is kept, in order. */
const keptIds = async () => [...(await storage.contents('entries')).keys()];

beforeEach(async () => {
  await storage.clear();
  storage.isBlocked = false;
});
afterAll(() => {
  storage.isBlocked = true;
});

describe('losses of zero that an earlier version called done', () => {
  /** Width 48 as it was measured behind its seal. */
  const target = fakeRun(experiment, 48, 1);
  const judged = (finalEvalLoss: number) => {
    const seal = fakeSeal(experiment, 48);
    const verdict = finalEvalLoss < seal.lo ? 'below' : 'inside';
    return { ...seal, actual: finalEvalLoss, verdict } as const;
  };
  const zeroed = (run: RunResult): RunResult => ({
    ...run,
    trainLoss: run.trainLoss.map((loss, i) => (i < 100 ? loss : 0)),
  });

  it('make no law, seal or verdict, whether a file or this browser kept them', async () => {
    const { runs } = theirs;
    const data = {
      ...theirs,
      runs: [runs[0], zeroed(runs[1]), runs[2], target],
      sealed: [judged(target.finalEvalLoss!)],
    };
    const playground = await loaded();
    await openResultFile(await fileOf(data), playground);
    for (const page of [playground, await loaded()]) {
      const { own } = page.studies.prediction;
      expect(own.runs.map(({ width, status }) => [width, status])).toEqual([
        [8, 'done'],
        [12, 'failed'],
        [16, 'done'],
      ]);
      expect([own.runs[1].finalEvalLoss, own.runs[1].trainLoss.length, own.runs[1].steps.length]).toEqual([
        null,
        100,
        100,
      ]);
      expect(own.sealed).toEqual([]);
      expect(page.notice).toBe(
        `${experiment.name}: 1 run holds losses that no model has, such as zero: they were not computed. It counts as failed; the prediction for width 48, made from it, and the runs trained behind it are left out. Train again to measure what is missing.`,
      );
    }
    // What is taken away of it opens again, and has nothing left to say.
    playground.notice = '';
    await openResultFile(await fileOf(playground.studies.prediction.own.data()!), playground);
    expect(playground.notice).toBe('');
  });

  it('of a target leave its seal, and no verdict', async () => {
    const lost = { ...zeroed(target), finalEvalLoss: 2, evalLoss: [2] };
    await save({ ...theirs, runs: [...theirs.runs, lost], sealed: [judged(2)] }, {}, true);
    const { own } = (await loaded()).studies.prediction;
    expect(own.sealed).toEqual([fakeSeal(experiment, 48)]);
    expect(own.runs.at(-1)!.status).toBe('failed');
  });

  it('leave the seals that were not made from them', async () => {
    const [first, second, third] = theirs.runs;
    const made = (runs: string[]) => [{ x: 8, loss: first.finalEvalLoss!, runs }];
    const sealed = [
      { ...judged(target.finalEvalLoss!), points: made([first.id]) },
      { ...fakeSeal(experiment, 64), points: made([second.id]) },
    ];
    await save({ ...theirs, runs: [first, zeroed(second), third, target], sealed }, {}, true);
    const page = await loaded();
    expect(page.studies.prediction.own.sealed).toEqual([sealed[0]]);
    // Of width 64 nothing was trained yet.
    expect(page.notice).toContain('; the prediction for width 64, made from it, is left out. Train again');
  });

  it('of a target leave the others whose seals do not name what they were made from', async () => {
    const lost = zeroed(fakeRun(experiment, 64, 1));
    const sealed = [
      judged(target.finalEvalLoss!),
      { ...fakeSeal(experiment, 64), actual: 2, verdict: 'below' as const },
    ];
    await save({ ...theirs, runs: [...theirs.runs, target, lost], sealed }, {}, true);
    const page = await loaded();
    const { own } = page.studies.prediction;
    expect(own.sealed).toEqual([sealed[0], fakeSeal(experiment, 64)]);
    expect(own.runs.slice(3).map(({ width, status }) => [width, status])).toEqual([
      [48, 'done'],
      [64, 'failed'],
    ]);
    expect(page.notice).toMatch(/It counts as failed; train again to measure what is missing\.$/);
  });

  it('stand in the list as what opens', async () => {
    const { runs } = theirs;
    await save({ ...theirs, runs: [runs[0], zeroed(runs[1]), runs[2], target], sealed: [judged(4)] }, {}, true);
    const [entry] = (await list())!;
    expect(entry).toMatchObject({ isFinished: false, trained: 2 });
    expect((await open('a'))!.data.runs.filter(({ status }) => status === 'done')).toHaveLength(2);
  });
});

describe('a result opened from a file', () => {
  it('is there after a reload, as what it was, before what was measured here by the same settings', async () => {
    await save(measured('mine', [8], '2026-03-02T12:00:00.000Z'), {}, false);
    const playground = await loaded();
    expect(playground.studies.prediction.own.id).toBe('mine');
    expect(await openResultFile(await fileOf(theirs), playground)).toBe('theirs.json is open.');
    const before = playground.studies.prediction.own;
    expect([before.id, before.origin]).toEqual(['a', 'imported']);
    const { own } = (await loaded()).studies.prediction;
    expect([own.id, own.origin]).toEqual(['a', 'imported']);
    expect(own.runs).toEqual(theirs.runs);
    expect(own.sealed).toEqual(theirs.sealed);
  });

  it('gets a new id where other content has its own, once, however often it is opened', async () => {
    await save(measured('a', [8, 12, 16, 24]), {}, false);
    const playground = await loaded();
    const file = await fileOf(theirs);
    await openResultFile(file, playground);
    const { own } = playground.studies.prediction;
    const { id } = own;
    expect(id).not.toBe('a');
    expect((await open('a'))!.data.runs).toHaveLength(4);
    expect((await open(id))!.data).toEqual({ ...own.data(), facts: [] });
    await openResultFile(file, playground);
    expect(own.id).toBe(id);
    expect(await keptIds()).toEqual(['a', id].sort());
  });

  it('that is one’s own stays so, with the texts it was trained on', async () => {
    const data = { ...theirs, experiment: ofText('mine.txt') };
    await save(data, { 'mine.txt': 'kept' }, false);
    const playground = await loaded();
    playground.texts = {};
    await openResultFile(await fileOf(data), playground);
    expect(playground.studies.prediction.own.origin).toBe('own');
    expect(playground.texts).toEqual({ 'mine.txt': 'kept' });
    expect(await keptIds()).toEqual(['a']);
  });

  it('opens where storage is blocked, and says that it is not kept', async () => {
    storage.isBlocked = true;
    const playground = await loaded();
    expect(await openResultFile(await fileOf(theirs), playground)).toBe(
      'theirs.json is open but not kept: this browser’s storage is blocked or full.',
    );
    expect(playground.studies.prediction.own.runs).toHaveLength(3);
  });

  it('does not take the place of what its view trains meanwhile', async () => {
    const playground = new Playground(conducting(() => new Promise(() => {})));
    const { prediction } = playground.studies;
    const file = await fileOf(theirs);
    const opening = openResultFile(file, playground);
    void prediction.train();
    await expect(opening).rejects.toThrow('Predict is training; open theirs.json when it has ended.');
    expect(prediction.own.id).not.toBe('a');
  });
});

describe('what was trained', () => {
  it('is kept as it was when something else is opened in its place, and what is opened is not kept as finished by it', async () => {
    const train: Course = async (asked, tell) => tell({ kind: 'run', result: fakeRun(asked, 8, 1) });
    const playground = new Playground(conducting(train));
    const { prediction } = playground.studies;
    const keeping = new Keeping(playground, { save });
    const leave = watch(() => keeping.follow());
    prediction.draft.replace(experiment);
    await prediction.train();
    await expect.poll(keptIds).toHaveLength(1);
    const [trained] = (await keptIds()) as [string];
    expect((await open(trained))!.data.runs).toHaveLength(1);
    // An unfinished one, and another state of the very results.
    await save(measured('b', [8, 12]), {}, false);
    const { data, texts, origin } = (await open('b'))!;
    playground.open(data, texts, origin);
    await settled();
    await openResultFile(await fileOf(measured(trained, [8, 12])), playground);
    await settled();
    leave();
    expect((await list())!.find(({ id }) => id === 'b')?.isFinished).toBe(false);
    expect((await open(trained))!.data.runs).toHaveLength(1);
  });
});

describe('the list of what is kept', () => {
  async function shelf() {
    await save(measured('a', [8]), { 'mine.txt': 'kept' }, false);
    await save({ ...measured('b', [8, 12]), experiment: { ...experiment, name: 'Other' } }, {}, false);
    const made = new Shelf({ listAll, remove, putBack });
    await made.look();
    return made;
  }
  const named = (one: Shelf, id: string) => one.entries!.find((entry) => entry.id === id)!;
  const wholeOf = async (id: string) =>
    Promise.all(['entries', 'experiments'].map(async (store) => (await storage.contents(store)).get(id)));

  it('puts back the very record that was deleted last', async () => {
    const one = await shelf();
    const before = await wholeOf('a');
    await one.remove(named(one, 'a'));
    expect(one.deleted?.entry.name).toBe(experiment.name);
    expect(one.entries!.map(({ id }) => id)).toEqual(['b']);
    await one.undo();
    expect(await wholeOf('a')).toEqual(before);
    expect(one.deleted).toBeNull();
    expect(one.entries!.map(({ id }) => id).sort()).toEqual(['a', 'b']);
  });

  it('puts back only the last, and nothing twice', async () => {
    const one = await shelf();
    await one.remove(named(one, 'a'));
    await one.remove(named(one, 'b'));
    await Promise.all([one.undo(), one.undo()]);
    expect(await keptIds()).toEqual(['b']);
  });

  it('puts it beside what went on under its id meanwhile', async () => {
    const one = await shelf();
    await one.remove(named(one, 'a'));
    await save(measured('a', [8, 12, 16]), {}, true);
    await one.undo();
    expect((await open('a'))!.data.runs).toHaveLength(3);
    const back = one.entries!.find(({ id }) => id !== 'a' && id !== 'b')!;
    expect((await open(back.id))!.data).toEqual({ ...measured(back.id, [8]) });
  });

  it('says what storage refuses', async () => {
    const one = await shelf();
    const refused = new Shelf({ listAll, remove: async () => null, putBack });
    await refused.remove(named(one, 'a'));
    expect(refused.problem).toMatch(/ could not be deleted; this browser’s storage refuses\.$/);
    await one.remove(named(one, 'a'));
    storage.isBlocked = true;
    await one.undo();
    expect(one.problem).toMatch(/ could not be put back; this browser’s storage is blocked or full\.$/);
    storage.isBlocked = false;
    await one.undo();
    expect(one.problem).toBe('');
    expect(one.entries).toHaveLength(2);
  });

  it('does not lose sight of what could not be deleted because storage failed on the way', async () => {
    const one = await shelf();
    const failing = async () => ((storage.isBlocked = true), remove('a'));
    const blocked = new Shelf({ listAll, remove: failing, putBack });
    await blocked.look();
    await blocked.remove(named(one, 'a'));
    expect([blocked.problem, blocked.entries!.length, (await keptIds()).length]).toEqual([
      ...[`${experiment.name} could not be deleted; this browser’s storage refuses.`, 2, 2],
    ]);
    // One whose storage fails only after it was deleted is gone all the same.
    storage.isBlocked = false;
    const late = new Shelf({ listAll, putBack, remove: (id) => remove(id).finally(() => (storage.isBlocked = true)) });
    await late.look();
    await late.remove(named(one, 'a'));
    expect([late.deleted!.entry.id, late.entries!.map(({ id }) => id)]).toEqual(['a', ['b']]);
    expect(late.problem).toBe('What is kept here could not be read; this browser’s storage refuses.');
  });
});

it('what could not be opened once is tried again', async () => {
  vi.resetModules();
  const fresh = await import('./fake-idb.ts');
  const shelf = await import('../../../src/ui/storage/keep.ts');
  fresh.storage.isBlocked = true;
  expect(await shelf.save(theirs, {}, true)).toEqual({ refusal: 'blocked' });
  fresh.storage.isBlocked = false;
  expect(await shelf.save(theirs, {}, true)).toEqual({ id: theirs.id });
});

describe('texts of one’s own', () => {
  const texts = async () => [...(await storage.contents('texts')).values()].sort();

  it('are kept with the experiments that are made of them, and with no other', async () => {
    await save(
      { ...theirs, experiment: ofText('mine.txt') },
      { 'mine.txt': 'kept', 'secret.txt': 'of another' },
      false,
    );
    expect((await open('a'))!.texts).toEqual({ 'mine.txt': 'kept' });
    expect(await texts()).toEqual(['kept']);
    await save(theirs, { 'mine.txt': 'kept' }, false);
    expect((await open('a'))!.texts).toEqual({});
    expect(await texts()).toEqual([]);
  });

  it('are kept once, whatever they are called, until the last experiment that uses them is deleted', async () => {
    const of = (id: string, file: string) => ({ ...measured(id, [8]), experiment: ofText(file) });
    await save(of('a', 'mine.txt'), { 'mine.txt': 'the same' }, false);
    await save(of('b', 'yours.txt'), { 'yours.txt': 'the same' }, false);
    await save(of('c', 'mine.txt'), { 'mine.txt': 'another' }, false);
    expect(await texts()).toEqual(['another', 'the same']);
    await remove('a');
    expect(await texts()).toEqual(['another', 'the same']);
    expect((await open('b'))!.texts).toEqual({ 'yours.txt': 'the same' });
    const last = (await remove('b'))!;
    expect(await texts()).toEqual(['another']);
    // And comes back with it.
    expect(await putBack(last)).toBe(true);
    expect((await open('b'))!.texts).toEqual({ 'yours.txt': 'the same' });
  });
});

describe('texts of a training', () => {
  const texts = async () => [...(await storage.contents('texts')).values()].sort();

  it('are those it began with, whatever another view calls by their names meanwhile', async () => {
    let end = () => {};
    const ended = new Promise<void>((resolve) => (end = resolve));
    const train: Course = async (asked, tell) => {
      tell({ kind: 'phase', phase: 'training' });
      tell({ kind: 'cohort', cohort: { recipes: ['muP'], width: 8, layers: 2 }, runs: ['mup-w8-s1'] });
      await ended;
      tell({ kind: 'run', result: fakeRun(asked, 8, 1) });
      tell({ kind: 'phase', phase: 'done' });
    };
    const playground = new Playground(conducting(train));
    const { prediction, compare } = playground.studies;
    const keeping = new Keeping(playground, { save });
    prediction.draft.replace(ofText('pasted text'));
    prediction.useText([0], 'pasted text', 'of this training');
    const training = prediction.train();
    await keeping.keep(prediction);
    expect(await texts()).toEqual(['of this training']);
    compare.useText([0], 'pasted text', 'of another view');
    end();
    await training;
    await keeping.keep(prediction);
    expect((await open(prediction.own.id))!.texts).toEqual({ 'pasted text': 'of this training' });
    expect(await texts()).toEqual(['of this training']);
  });

  it('stay as long as a kept run was trained on them, whatever text comes by their name', async () => {
    const runs = measured('a', [8]).runs.map((run) => ({ ...run, textHash: hashText('trained on') }));
    const data = { ...measured('a', [8]), runs, experiment: ofText('mine.txt') };
    await save(data, { 'mine.txt': 'trained on' }, false);
    await save(data, { 'mine.txt': 'another' }, false);
    expect((await open('a'))!.texts).toEqual({ 'mine.txt': 'trained on' });
    await save(data, {}, false);
    expect((await open('a'))!.texts).toEqual({ 'mine.txt': 'trained on' });
    expect(await texts()).toEqual(['trained on']);
  });
});

describe('what an earlier version kept', () => {
  /** The database as it was up to 2026-11-29: one store, and in each record all texts that the page held. */
  async function earlier(...records: object[]) {
    const opening = indexedDB.open('mup-playground', 1);
    opening.onupgradeneeded = () =>
      opening.result.createObjectStore('experiments', { keyPath: 'id' }).createIndex('created', 'created');
    await new Promise((resolve) => (opening.onsuccess = resolve));
    const turn = opening.result.transaction('experiments', 'readwrite');
    for (const record of records) turn.objectStore('experiments').put(record);
    await new Promise((resolve) => (turn.oncomplete = resolve));
    opening.result.close();
  }
  const recordOf = (data: ResultsData, more: object = {}) => ({
    ...{ id: data.id, created: data.created, name: data.experiment.name, widths: [8, 12, 16, 24, 32, 48] },
    ...{ isFinished: false, texts: {}, data, ...more },
  });

  it('is listed and opens, each with its own texts, which stand there once', async () => {
    const mine = { ...measured('b', [8, 12], '2026-02-02T12:00:00.000Z'), experiment: ofText('mine.txt') };
    const early: Partial<Experiment> = { ...experiment };
    delete early.study;
    await earlier(
      recordOf({ ...theirs, experiment: early as Experiment }, { origin: 'imported', texts: { 'secret.txt': 'no' } }),
      recordOf(mine, { texts: { 'mine.txt': 'kept' }, kept: '2026-03-02T12:00:00.000Z', underWay: ['muP-w16-s1'] }),
      recordOf({ ...mine, id: 'c' }, { texts: { 'mine.txt': 'kept' }, isFinished: true }),
    );
    const found = (await list())!;
    expect(found.map(({ id, trained, isFinished, underWay }) => [id, trained, isFinished, underWay])).toEqual([
      ['b', 2, false, ['muP-w16-s1']],
      ['c', 2, true, undefined],
      ['a', 3, false, undefined],
    ]);
    expect(found[2]!.experiment).toEqual(experiment);
    expect(await open('a')).toEqual({ data: theirs, texts: {}, origin: 'imported', doubt: '' });
    expect(await open('b')).toEqual({ data: mine, texts: { 'mine.txt': 'kept' }, origin: 'own', doubt: '' });
    expect((await open('c'))!.texts).toEqual({ 'mine.txt': 'kept' });
    expect([...(await storage.contents('texts')).values()]).toEqual(['kept']);
    // What was kept by another page is not overwritten by this one.
    expect(await save(measured('a', [8]), {}, false)).not.toEqual({ id: 'b' });
  });

  it('can be deleted where this version cannot open it', async () => {
    const later = { ...theirs, experiment: { ...experiment, study: { kind: 'unheard of' } } };
    await earlier(recordOf(later as never), recordOf(measured('b', [8])));
    expect((await list())!.map(({ id }) => id)).toEqual(['b']);
    expect((await listAll())!.map(({ id, kind }) => [id, kind]).sort()).toEqual([
      ['a', undefined],
      ['b', 'prediction'],
    ]);
    expect((await remove('a'))!.data).toEqual(later);
    expect(await keptIds()).toEqual(['b']);
  });
});

it('what is kept is listed without its losses', async () => {
  await save(theirs, {}, false);
  const [before] = (await list())!;
  expect(before!.bytes).toBeGreaterThan(2 * 8 * theirs.runs[0]!.steps.length * 3);
  const entry = JSON.stringify((await storage.contents('entries')).get('a'));
  expect(entry).not.toContain(String(theirs.runs[0]!.trainLoss[1]));
  const db = indexedDB.open('mup-playground');
  await new Promise((resolve) => (db.onsuccess = resolve));
  const turn = db.result.transaction('experiments', 'readwrite');
  turn.objectStore('experiments').put({ id: 'a' });
  await new Promise((resolve) => (turn.oncomplete = resolve));
  db.result.close();
  expect(await list()).toEqual([before]);
});

describe('two pages that work on one experiment', () => {
  /** Another page of the same browser: what is kept is the same, what a page knows of it is its own. */
  async function anotherPage() {
    vi.resetModules();
    const { storage: shared } = await import('./fake-idb.ts');
    shared.isBlocked = false;
    const [reading, writing] = [import('../../../src/ui/storage/saved.ts'), import('../../../src/ui/storage/keep.ts')];
    return { ...(await reading), ...(await writing) };
  }

  it('keep what both measured: who comes second goes beside the first', async () => {
    const other = await anotherPage();
    await save(measured('a', [8]), {}, false);
    await other.open('a');
    expect(await other.save(measured('a', [8, 12]), {}, false)).toEqual({ id: 'a' });
    const beside = idOf(await save(measured('a', [8, 16]), {}, false));
    expect(beside).not.toBe('a');
    const widthsOf = async (id: string) => (await open(id))!.data.runs.map(({ width }) => width);
    expect(await widthsOf('a')).toEqual([8, 12]);
    expect(await widthsOf(beside)).toEqual([8, 16]);
    expect((await open(beside))!.data.id).toBe(beside);
    // And from then on by itself.
    expect(await save({ ...measured('a', [8, 16, 24]), id: beside }, {}, false)).toEqual({ id: beside });
    expect(await keptIds()).toHaveLength(2);
  });

  it('an earlier state that was opened elsewhere does not take the place of a later one', async () => {
    const other = await anotherPage();
    await save(measured('a', [8, 12, 16]), {}, true);
    const beside = idOf(await other.save(measured('a', [8]), {}, false));
    expect(beside).not.toBe('a');
    expect((await open('a'))!.data.runs).toHaveLength(3);
  });
});

describe('a training that goes on', () => {
  it('is kept from its first cohort on, with what trains, and is not called under way after its end', async () => {
    let end = () => {};
    const ended = new Promise<void>((resolve) => (end = resolve));
    const train: Course = async (_, tell) => {
      tell({ kind: 'phase', phase: 'training' });
      tell({ kind: 'cohort', cohort: { recipes: ['muP'], width: 8, layers: 2 }, runs: ['mup-w8-s1'] });
      await ended;
      tell({ kind: 'phase', phase: 'cancelled' });
    };
    const playground = new Playground(conducting(train));
    const { prediction } = playground.studies;
    const keeping = new Keeping(playground, { save });
    const leave = watch(() => keeping.follow());
    prediction.draft.replace(experiment);
    const training = prediction.train();
    await expect.poll(async () => (await list())?.[0]?.underWay).toEqual(['mup-w8-s1']);
    expect((await list())![0]).toMatchObject({ trained: 0, isFinished: false });
    // After a reload it is there again, to be gone on with.
    const next = await loaded();
    expect(next.studies.prediction.own.id).toBe(prediction.own.id);
    expect(next.studies.prediction.left).toMatchObject({ id: prediction.own.id, underWay: ['mup-w8-s1'] });
    // And goes on as what it was: none stays behind as left.
    const { own } = next.studies.prediction;
    own.begin(own.experiment!, [], []);
    expect(own.id).toBe(prediction.own.id);
    end();
    await training;
    await settled();
    leave();
    // Nothing came of it, and nothing stays of it.
    expect(await listAll()).toEqual([]);
  });
});

it('where what keeps could not be loaded, it is said, and kept once it can be', async () => {
  const train: Course = async (asked, tell) => {
    tell({ kind: 'phase', phase: 'training' });
    tell({ kind: 'run', result: fakeRun(asked, 8, 1) });
    tell({ kind: 'phase', phase: 'done' });
  };
  const playground = new Playground(conducting(train));
  const { prediction } = playground.studies;
  let isThere = false;
  const later: typeof save = (...what) => (isThere ? save(...what) : Promise.reject(new Error('no such part')));
  const keeping = new Keeping(playground, { save: later });
  prediction.draft.replace(experiment);
  await prediction.train();
  expect(await keeping.keep(prediction)).toBe(false);
  expect(keeping.refusal).toMatch(/^What is measured here is not kept/);
  isThere = true;
  expect(await keeping.keep(prediction)).toBe(true);
  expect(keeping.refusal).toBe('');
  expect(await keptIds()).toHaveLength(1);
});

it('the lock of a training goes by the id that its results are kept by, until its end', async () => {
  const held = new Set<string>();
  const request = async (name: string, _: object, work: () => Promise<void>) => {
    held.add(name);
    await work();
    held.delete(name);
  };
  vi.stubGlobal('navigator', { locks: { request } });
  let end = () => {};
  const ended = new Promise<void>((resolve) => (end = resolve));
  const playground = new Playground(conducting(() => ended));
  const { prediction } = playground.studies;
  const leave = watch(() => holdWhileTraining(playground.training));
  prediction.draft.replace(experiment);
  const training = prediction.train();
  await expect.poll(() => [...held]).toEqual([`mup-playground trains ${prediction.own.id}`]);
  playground.training.isKeptAs(prediction, 'beside');
  await expect.poll(() => [...held]).toEqual(['mup-playground trains beside']);
  expect(prediction.own.id).toBe('beside');
  end();
  await training;
  await expect.poll(() => held.size).toBe(0);
  leave();
  vi.unstubAllGlobals();
});

describe('what was under way and is discarded', () => {
  it('is under way no more, and what was measured before stays', async () => {
    await save(measured('a', [8, 12]), {}, false, ['mup-w16-s1']);
    expect(await endUnderWay('a')).toBe(true);
    expect((await list())!.map(({ id, underWay }) => [id, underWay])).toEqual([['a', undefined]]);
    expect((await loaded()).studies.prediction.left).toBeNull();
    // And it is kept by its id as before.
    expect(await save(measured('a', [8, 12, 16]), {}, false)).toEqual({ id: 'a' });
  });

  it('is gone whole where nothing was measured', async () => {
    await save(measured('a', []), {}, false, ['mup-w8-s1']);
    expect(await list()).toHaveLength(1);
    expect(await endUnderWay('a')).toBe(true);
    expect(await listAll()).toEqual([]);
  });
});

describe('a browser that refuses', () => {
  const train: Course = async (asked, tell) => {
    tell({ kind: 'phase', phase: 'training' });
    tell({ kind: 'run', result: fakeRun(asked, 8, 1) });
    tell({ kind: 'phase', phase: 'done' });
  };
  afterEach(() => {
    storage.isFull = false;
  });

  it('is told of as full where it is, until there is room; then all that was refused is kept', async () => {
    const playground = new Playground(conducting(train));
    const { prediction, compare } = playground.studies;
    const keeping = new Keeping(playground, { save });
    prediction.draft.replace(experiment);
    await prediction.train();
    storage.isFull = true;
    expect(await keeping.keep(prediction)).toBe(false);
    expect(keeping.refusal).toMatch(/^What is measured here is not kept: this browser’s storage is full\./);
    compare.draft.replace(presetExperiment('compare-smoke'));
    await compare.train();
    expect(await keeping.keep(compare)).toBe(false);
    expect(keeping.unkept.map(({ study }) => study.kind).sort()).toEqual(['compare', 'prediction']);
    storage.isFull = false;
    expect(await keeping.keepAll()).toBe(true);
    expect([keeping.refusal, (await keptIds()).sort()]).toEqual(['', [prediction.own.id, compare.own.id].sort()]);
    expect((await list())!.map(({ isFinished }) => isFinished)).toEqual([true, true]);
  });

  it.each(['entries', 'experiments'])(
    'leaves what was kept before as it was, also where %s alone are refused',
    async (store) => {
      await save(measured('a', [8]), {}, false);
      storage.isFull = store;
      expect(await save(measured('a', [8, 12]), {}, false)).toEqual({ refusal: 'full' });
      storage.isFull = false;
      expect((await list())!.map(({ trained }) => trained)).toEqual([1]);
      expect((await open('a'))!.data.runs).toHaveLength(1);
      expect(await save(measured('a', [8, 12]), {}, false)).toEqual({ id: 'a' });
    },
  );
});

describe('whether something was kept before', () => {
  it('is known before what reads it is loaded', async () => {
    expect(await isKeptBefore()).toBe(false);
    await save(theirs, {}, false);
    expect(await isKeptBefore()).toBe(true);
  });

  it('is not known where the browser does not tell, or never answers', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout'] });
    for (const databases of [undefined, () => new Promise(() => {}), () => Promise.reject(new Error('no'))]) {
      vi.stubGlobal('indexedDB', { databases });
      const found = isKeptBefore();
      await vi.runAllTimersAsync();
      expect(await found).toBe(true);
    }
    vi.unstubAllGlobals();
    vi.useRealTimers();
  });
});
