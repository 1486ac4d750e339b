import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../../src/model/parse.ts';
import type { Ladder } from '../../../src/model/experiment.ts';
import { presetExperiment } from '../../../src/model/presets.ts';
import { Playground } from '../../../src/ui/state/playground.svelte.ts';
import type { ResultsData } from '../../../src/ui/state/results-data.ts';
import type { ConductorOptions } from '../../../src/experiment/protocol.ts';
import { fakeConductor, fakeEngine, fakeRun, fakeSeal, fakeServices, fakeTraining } from './fake-stream.ts';

const experiment = presetExperiment('smoke');
const { rungs, targets } = experiment.ladder;

function measured(): ResultsData {
  const runs = [...rungs, ...targets].map((width) => fakeRun(experiment, width, 1));
  const sealed = targets.map((width) => ({ ...fakeSeal(experiment, width), actual: 4, verdict: 'inside' as const }));
  const { adapter } = fakeEngine;
  return { id: 'a', created: '2026-01-02T12:00:00.000Z', experiment, adapter, runs, sealed, facts: [] };
}

/** A page with everything measured, and what it would ask of the conductor. */
function stage(data = measured()) {
  const asked: ConductorOptions[] = [];
  const playground = new Playground({
    ...fakeServices(fakeEngine, Infinity),
    conduct(options) {
      asked.push(options);
      return fakeConductor();
    },
  });
  playground.open(data, {}, 'own');
  return { playground, prediction: playground.studies.prediction, asked };
}

describe('a rung that is left out', () => {
  it('stays out where training goes on, and is in again where training starts over: no seal is made without what nobody left out there', async () => {
    const { prediction, asked } = stage();
    prediction.toggleRung(16);
    await prediction.changeLadder((draft) => draft.addWidth('rungs', 40));
    await prediction.train();
    expect(asked[0]).toMatchObject({ excluded: { muP: [16] } });
    expect(asked[0].finished).not.toEqual([]);
    prediction.draft.set([0], 'steps', 100);
    await prediction.train();
    expect(asked[1]).toMatchObject({ excluded: {}, finished: [], sealed: [] });
    expect(prediction.excluded).toEqual({});
  });
});

/** What a browser gives for a dropped folder; a hundred entries at a time, as Chromium does. @param contents by path. */
function fakeFolder(fullPath: string, contents: Record<string, string>): FileSystemEntry {
  const inside = Object.entries(contents).filter(([path]) => `/${path}`.startsWith(`${fullPath}/`));
  const names = [...new Set(inside.map(([path]) => path.slice(fullPath.length).split('/')[0]!))];
  const entries = names.map((name) => {
    const [path, text] = [`${fullPath}/${name}`, contents[`${fullPath}/${name}`.slice(1)]];
    const file = (take: (file: File) => void) => take(new File([text!], name));
    return text === undefined ? fakeFolder(path, contents) : { name, fullPath: path, isDirectory: false, file };
  });
  const createReader = () => {
    const left = [...entries];
    return { readEntries: (take: (entries: unknown[]) => void) => take(left.splice(0, 1)) };
  };
  const name = fullPath.split('/').at(-1)!;
  return { name, fullPath, isDirectory: true, createReader } as unknown as FileSystemEntry;
}

describe('a dropped file', () => {
  it('goes to the field that takes it where there is one, and is left alone in words where there is none or several', async () => {
    const { playground } = stage();
    const taken: string[] = [];
    const file = new File(['To be or not'], 'mine.txt');
    await playground.drop([file]);
    expect(playground.notice).toMatch(/^mine\.txt was left alone, as nothing on show takes it now\./);
    const leave = playground.takeFiles((given) => taken.push(...given.map(({ path }) => path)));
    await playground.drop([file]);
    expect([taken, playground.notice]).toEqual([['mine.txt'], '']);
    const leaveOther = playground.takeFiles(() => taken.push('the other'));
    await playground.drop([file]);
    expect(taken).toEqual(['mine.txt']);
    expect(playground.notice).toMatch(/^mine\.txt was left alone/);
    await playground.drop([file, file]);
    expect(taken).toEqual(['mine.txt']);
    expect(playground.notice).toMatch(/^None of the 2 files was taken: several at a time are tables/);
    leaveOther();
    await playground.drop([file, file]);
    expect([taken, playground.notice]).toEqual([['mine.txt', 'mine.txt', 'mine.txt'], '']);
    leave();
  });

  it('may be a folder, whose files go where several would go', async () => {
    const { playground } = stage();
    const taken: string[] = [];
    const leave = playground.takeFiles((given) => taken.push(...given.map(({ path }) => path)));
    const contents = { 'notes/a.md': 'a', 'notes/.git/HEAD': 'x', 'notes/deep/.hidden': 'x', 'notes/deep/b.txt': 'b' };
    await playground.drop([], [fakeFolder('/notes', contents)]);
    expect([taken.sort(), playground.notice]).toEqual([['notes/a.md', 'notes/deep/.hidden', 'notes/deep/b.txt'], '']);
    await playground.drop([], [fakeFolder('/void', {})]);
    expect(playground.notice).toBe('void holds no files.');
    leave();
    await playground.drop([], [fakeFolder('/notes', contents)]);
    expect(playground.notice).toMatch(/^None of the 3 files was taken/);
    await playground.drop([], [fakeFolder('/runs', { 'runs/a.csv': 'width,loss\n8,3\n', 'runs/.DS_Store': 'x' })]);
    expect(playground.view).toBe('losses');
  });

  it('of measurements opens in the view of tables, wherever it is dropped, and several are one table', async () => {
    const { playground } = stage();
    await playground.drop([new File(['width,loss\n8,3\n16,2.8\n32,2.7\n'], 'mine.csv')]);
    expect([playground.view, playground.notice]).toEqual(['losses', '']);
    expect(playground.losses!.document).toMatchObject({ name: 'mine.csv' });
    const files = [8, 16, 32].map(
      (width) => new File([`step,loss\n1,5\n2,4\n3,3.9\n4,3.8\n5,${3 + 1 / width}\n`], `w${width}.csv`),
    );
    await playground.drop(files);
    expect(playground.losses!.title).toBe('3 files');
    await expect.poll(() => playground.losses!.series?.points.map(({ x }) => x)).toEqual([8, 16, 32]);
    await playground.drop([new File([new Uint8Array([1, 2, 3])], 'bytes.csv')]);
    expect(playground.notice).toMatch(/^bytes\.csv: This is not a text file/);
  });

  it('that this page wrote is never taken for a text or a table', async () => {
    const { playground } = stage();
    const taken: string[] = [];
    const leave = playground.takeFiles((given) => taken.push(...given.map(({ path }) => path)));
    const recorded = readFileSync('public/recorded/transfer-sentences.json');
    await playground.drop([new File([recorded], 'result.json')]);
    expect(playground.view).toBe('transfer');
    await playground.drop([new File(['{"schema":"mup-playground/experiment@1"}'], 'cut.json')]);
    expect(playground.notice).toMatch(/^cut\.json cannot be used: /);
    await playground.drop([new File(['{ "schema": "mup-playground/fit@1" }'], 'fit.json')]);
    expect(playground.notice).toMatch(/^fit\.json cannot be used: /);
    expect(taken).toEqual([]);
    leave();
  });

  it('is known by its schema wherever that stands, and what is not believed of it stays said', async () => {
    const { playground } = stage();
    const taken: string[] = [];
    const leave = playground.takeFiles((given) => taken.push(...given.map(({ path }) => path)));
    const { schema, ...recorded } = JSON.parse(readFileSync('public/recorded/transfer-sentences.json', 'utf8'));
    recorded.runs[0].trainLoss[0] = 0;
    await playground.drop([new File([JSON.stringify({ ...recorded, schema })], 'sorted.json')]);
    expect([playground.view, taken]).toEqual(['transfer', []]);
    expect(playground.notice).toMatch(/1 run holds losses that no model has, such as zero/);
    leave();
  });

  it('that cannot be read is told of', async () => {
    const { playground } = stage();
    const gone = new File(['x'], 'gone.csv');
    gone.slice = () => {
      throw new Error('The file is gone.');
    };
    await playground.drop([gone]);
    expect(playground.notice).toBe('gone.csv could not be read: The file is gone.');
  });
});

describe('going on from what was measured', () => {
  it('a rung that was trained cannot be made a target: the ladder stays', async () => {
    const { prediction } = stage();
    const moved = prediction.changeLadder((draft) => draft.moveWidth('rungs', rungs[1]));
    await expect(moved).rejects.toThrow(`width ${rungs[1]} was trained already`);
    await expect(moved).rejects.toBeInstanceOf(InputError);
    expect(prediction.draft.values.ladder).toEqual({ rungs, targets });
  });

  it('is offered after a failure only where the button would do it', async () => {
    const data = measured();
    const { playground, prediction } = stage({ ...data, runs: data.runs.slice(0, 2), sealed: [] });
    playground.services.conduct = () => fakeConductor({ start: () => Promise.reject(new Error('The device failed.')) });
    expect(prediction.leftByFailure).toBe('');
    await prediction.train();
    expect(prediction.fault?.message).toBe('The device failed.');
    const [kept, andOn] = [
      'What was measured is kept.',
      'What was measured is kept; press the button to go on from there.',
    ];
    expect(prediction.leftByFailure).toBe(andOn);
    // What is entered cannot be trained.
    prediction.draft.set([0], 'batch', -1);
    expect(prediction.leftByFailure).not.toContain('press');
    prediction.draft.set([0], 'batch', experiment.recipes[0].batch);
    expect(prediction.leftByFailure).toBe(andOn);
    // The trainer would refuse it.
    playground.cpuRefusal = () => new InputError('ladder.rungs[2]', 'ladder.rungs[2]: too much for the CPU.');
    expect(prediction.leftByFailure).toBe(kept);
    playground.cpuRefusal = null;
    // The services are gone.
    playground.engineFault = 'The training worker stopped.';
    expect(prediction.leftByFailure).toBe(kept);
    playground.engineFault = '';
    // Nothing is missing: the button would train everything again.
    await prediction.changeLadder((draft) => rungs.slice(2).forEach((width) => draft.removeWidth('rungs', width)));
    await prediction.changeLadder((draft) => targets.forEach((width) => draft.removeWidth('targets', width)));
    expect(prediction.leftByFailure).not.toContain('press');
  });

  it('comes such a ladder by another way, the runs reach the conductor, which refuses it', async () => {
    const { prediction, asked } = stage();
    prediction.draft.replace({
      ...experiment,
      ladder: { rungs: rungs.slice(0, -1), targets: [rungs.at(-1)!, ...targets] },
    });
    expect(prediction.missing.flat()).toHaveLength(1);
    await prediction.train();
    expect(asked[0].finished).toHaveLength(rungs.length + targets.length);
  });

  it('a measured target that was removed and added again has its old seal', async () => {
    const { prediction, asked } = stage();
    const { sealed } = measured();
    await prediction.changeLadder((draft) => draft.removeWidth('targets', targets[0]));
    await prediction.changeLadder((draft) => draft.addWidth('rungs', 64));
    await prediction.train();
    expect(asked[0].sealed).toEqual(sealed);
    await prediction.changeLadder((draft) => draft.addWidth('targets', targets[0]));
    expect(prediction.own.sealed).toEqual(sealed);
    await prediction.train();
    expect(asked[1].sealed).toEqual(sealed);
    expect(asked[1].finished!.map((run) => run.width)).toContain(targets[0]);
  });

  it.each([[[1, 2]], [[2]]])('starts over with the seeds %j: no runs, no seals', async (seeds) => {
    const { prediction, asked } = stage();
    prediction.draft.values.seeds = seeds;
    expect(prediction.isStale).toBe(true);
    await prediction.train();
    expect([asked[0].finished, asked[0].sealed]).toEqual([[], []]);
    expect(prediction.own.sealed).toEqual([]);
  });

  it('starts over once the text is found to be another than that of the runs, until that one is chosen', () => {
    const data = measured();
    const { prediction } = stage({ ...data, runs: data.runs.map((run) => ({ ...run, textHash: 'ab12' })) });
    const tell = fakeTraining(prediction.bench.training, prediction);
    const facts = { recipe: 'muP', vocabulary: 64, entropyRate: null, evaluationEntropy: null, notes: [] };
    tell({ kind: 'corpus', facts: { ...facts, textHash: 'ab12' } });
    expect(prediction.finished).toHaveLength(data.runs.length);
    tell({ kind: 'corpus', facts: { ...facts, textHash: 'cd34' } });
    expect(prediction.isStale).toBe(true);
    expect(prediction.finished).toEqual([]);
    prediction.own.forgetOtherText();
    expect(prediction.finished).toHaveLength(data.runs.length);
  });
});

describe('changes of the ladder while it trains', () => {
  /** A page that trains, whose conductor answers a change of the ladder when the test says so. */
  function training() {
    const waiting: { ladder: Ladder; answer: (refusal?: Error) => void }[] = [];
    const playground = new Playground({
      ...fakeServices(fakeEngine, Infinity),
      conduct: () =>
        fakeConductor({
          start: () => new Promise(() => {}),
          changeLadder: (ladder) =>
            new Promise((resolve, reject) => {
              waiting.push({ ladder, answer: (refusal) => (refusal ? reject(refusal) : resolve()) });
            }),
        }),
    });
    const { prediction } = playground.studies;
    prediction.draft.replace(experiment);
    void prediction.train();
    const next = async () => {
      await expect.poll(() => waiting).not.toEqual([]);
      return waiting.shift()!;
    };
    return { playground, prediction, next };
  }
  const refusal = new InputError('ladder.targets[1]', 'ladder.targets[1]: width 4096 does not fit.');

  it('a refusal takes back its own change and leaves a later one', async () => {
    const { playground, prediction, next } = training();
    const large = prediction.changeLadder((draft) => draft.addWidth('targets', 4096));
    const small = prediction.changeLadder((draft) => draft.addWidth('rungs', 40));
    expect(prediction.draft.values.ladder.targets).toContain(4096);
    (await next()).answer(refusal);
    await expect(large).rejects.toBe(refusal);
    const ladder = { rungs: [...rungs, 40].sort((a, b) => a - b), targets };
    expect(prediction.draft.values.ladder).toEqual(ladder);
    const second = await next();
    expect(second.ladder).toEqual(ladder);
    second.answer();
    await small;
    expect(prediction.draft.values.ladder).toEqual(ladder);
    expect(prediction.own.experiment!.ladder).toEqual(ladder);
    expect(playground.notice).toBe('');
  });

  it('a width that is refused goes, also where it was moved while it was asked about', async () => {
    const { prediction, next } = training();
    const added = prediction.changeLadder((draft) => draft.addWidth('targets', 4096));
    const moved = prediction.changeLadder((draft) => draft.moveWidth('targets', 4096));
    for (const change of [added, moved]) {
      (await next()).answer(refusal);
      await expect(change).rejects.toBe(refusal);
    }
    expect(prediction.draft.values.ladder).toEqual({ rungs, targets });
  });

  it('the last change that is asked for wins, however long an earlier one takes', async () => {
    const { prediction, next } = training();
    const there = prediction.changeLadder((draft) => draft.addWidth('rungs', 40));
    const gone = prediction.changeLadder((draft) => draft.removeWidth('rungs', 40));
    (await next()).answer();
    await there;
    (await next()).answer();
    await gone;
    expect(prediction.draft.values.ladder.rungs).not.toContain(40);
    expect(prediction.own.experiment!.ladder).toEqual({ rungs, targets });
  });

  it('a failure that is no refusal is said on the page, and the change is taken back', async () => {
    const { playground, prediction, next } = training();
    const change = prediction.changeLadder((draft) => draft.addWidth('rungs', 40));
    (await next()).answer(new Error('The training worker stopped. Reload the page to go on.'));
    await change;
    expect(playground.notice).toBe(
      'The ladder was not changed: The training worker stopped. Reload the page to go on.',
    );
    expect(prediction.draft.values.ladder).toEqual({ rungs, targets });
  });
});

describe('the law on show', () => {
  it('is never that of another axis, another recipe or other results', async () => {
    const { playground, prediction } = stage();
    const known = () => expect.poll(() => prediction.report).not.toBeNull();
    await known();
    prediction.abscissa = 'total';
    expect(prediction.report).toBeNull();
    await known();
    expect(prediction.report!.points.map(({ x }) => x)).toEqual(prediction.scene.rungs.map(({ x }) => x));
    playground.open({ ...measured(), id: 'b' }, {}, 'own');
    expect(prediction.report).toBeNull();
    await known();
    const recipe = experiment.recipes[0];
    const two = { ...experiment, recipes: [recipe, { ...recipe, name: 'SP', parametrization: 'sp' as const }] };
    playground.open({ ...measured(), id: 'b', experiment: two }, {}, 'own');
    await known();
    prediction.recipeIndex = 1;
    expect(prediction.report).toBeNull();
  });
});

it.each(['constructor', '__proto__', 'own.txt'])('a text called %s that is not on the page is missed', async (file) => {
  const { prediction, asked } = stage();
  prediction.chooseCorpus([0], 'text');
  prediction.draft.set([0], 'corpus.file', file);
  await prediction.train();
  expect(prediction.fault?.message).toBe(`The text "${file}" is not on this page; choose its file or paste it.`);
  expect(asked).toEqual([]);
});
