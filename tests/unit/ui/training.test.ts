import { describe, expect, it } from 'vitest';
import { presetExperiment } from '../../../src/model/presets.ts';
import { Curves } from '../../../src/ui/state/curves.svelte.ts';
import { Results } from '../../../src/ui/state/results.svelte.ts';
import { Training, type Conducting, type Trained } from '../../../src/ui/state/training.svelte.ts';
import { InputError } from '../../../src/model/parse.ts';
import type { ConductorEvent } from '../../../src/experiment/protocol.ts';
import { fakeConductor, fakeEvents, fakeRun } from './fake-stream.ts';

/** Frames that come when the test says so. */
function frames() {
  const waiting: (() => void)[] = [];
  return {
    next: (flush: () => void) => void waiting.push(flush),
    run: () => waiting.splice(0).forEach((flush) => flush()),
    get count() {
      return waiting.length;
    },
  };
}

function stage() {
  const frame = frames();
  const results = new Results(new Curves(frame.next));
  const study: Trained = { kind: 'prediction', own: results, fault: null };
  const training = new Training(frame.next);
  /** Starts a training that goes on until it is let go, and tells its events. */
  function begin(does: Partial<Conducting> = {}) {
    let tell: (event: ConductorEvent) => void = () => {};
    let letGo = () => {};
    const ended = training.start(study, experiment, [], [], (listener) => {
      tell = listener;
      return fakeConductor({ start: () => new Promise<void>((resolve) => (letGo = resolve)), ...does });
    });
    return { tell, letGo: () => letGo(), ended };
  }
  return { frame, results, study, training, begin };
}

const experiment = presetExperiment('smoke');

describe('what the page makes of a conductor’s events', () => {
  it('ends with all runs, the seals revealed and the corpus known', async () => {
    const { results, study, training } = stage();
    await training.start(study, experiment, [], [], (listener) =>
      fakeConductor({
        start: async () => {
          for (const event of fakeEvents({ experiment, texts: {} })) listener(event);
        },
      }),
    );
    expect(training.phase).toBe('done');
    expect(training.isBusy).toBe(false);
    expect(results.runs.map((run) => run.width)).toEqual([8, 12, 16, 24, 32, 48]);
    expect(results.sealed).toHaveLength(1);
    expect(results.sealed[0]).toMatchObject({ width: 48, verdict: 'inside' });
    expect(results.factsOf('muP')?.evaluationEntropy).toBe(3.873);
    expect(training.news).toMatch(/Width 48 measured: .* inside/);
  });

  it('flushes reports and progress once a frame, however many there are', () => {
    const { frame, results, training, begin } = stage();
    const { tell } = begin();
    const events = [...fakeEvents({ experiment, texts: {} })].filter(({ kind }) => kind !== 'phase');
    const before = results.curves.version;
    for (const event of events) tell(event);
    expect(results.curves.version).toBe(before);
    expect(training.progress).toBeNull();
    // One flush waits for the curves and one for the progress.
    expect(frame.count).toBe(2);
    frame.run();
    expect(results.curves.version).toBe(before + 1);
    expect(training.progress).toMatchObject({ current: [{ width: 48, step: 200, steps: 200 }] });
  });

  it('shows losses as they come, column by column', () => {
    const { results, begin } = stage();
    const { tell } = begin();
    const report = { kind: 'losses' as const, runs: ['a', 'b'], firstStep: 0, losses: Float32Array.of(5, 6, 4, NaN) };
    tell({ kind: 'report', report });
    tell({ kind: 'report', report: { ...report, firstStep: 2, losses: Float32Array.of(3, NaN) } });
    expect(results.curves.of('a')).toEqual({ steps: [1, 2, 3], losses: [5, 4, 3] });
    expect(results.curves.of('b').losses).toEqual([6, NaN, NaN]);
  });

  it('a run that starts again replaces what it told before', () => {
    const { results, begin } = stage();
    const training = begin();
    const tell = (firstStep: number, losses: number[]) =>
      training.tell({
        kind: 'report',
        report: { kind: 'losses', runs: ['a'], firstStep, losses: Float32Array.from(losses) },
      });
    tell(0, [5, 4, 3]);
    tell(0, [6, 5]);
    expect(results.curves.of('a')).toEqual({ steps: [1, 2], losses: [6, 5] });
  });

  it('keeps what was measured when training fails, and names the control at fault', async () => {
    const { results, study, training } = stage();
    await training.start(study, experiment, [], [], (listener) =>
      fakeConductor({
        start: async () => {
          listener({ kind: 'run', result: fakeRun(experiment, 8, 1) });
          throw new InputError('recipes[0].batch', 'recipes[0].batch: the batch does not fit.');
        },
      }),
    );
    expect(training.phase).toBe('failed');
    expect(study.fault).toEqual({ field: 'recipes[0].batch', message: 'recipes[0].batch: the batch does not fit.' });
    expect(results.runs).toHaveLength(1);
  });

  it('goes on from finished runs under the same id, and starts anew without them', async () => {
    const { results, study, training } = stage();
    const idle = fakeConductor();
    await training.start(study, experiment, [], [], () => idle);
    const first = results.id;
    results.addRun(fakeRun(experiment, 8, 1));
    await training.start(study, experiment, results.runs, [], () => idle);
    expect(results.id).toBe(first);
    expect(results.runs).toHaveLength(1);
    await training.start(study, experiment, [], [], () => idle);
    expect(results.id).not.toBe(first);
    expect(results.curves.of(fakeRun(experiment, 8, 1).id).steps).toEqual([]);
  });
});

describe('a training that follows another at once', () => {
  it('keeps its conductor, its cohort and its progress, whatever the earlier one still does', async () => {
    const { training, results, frame, begin } = stage();
    const asked: string[] = [];
    const conductor = (name: string) => ({
      pause: async () => void asked.push(`pause ${name}`),
      cancel: async () => void asked.push(`cancel ${name}`),
    });
    const progress = { share: 0.5, secondsLeft: 1, current: [] };
    const cohort = { recipes: ['muP'], width: 16, layers: 1 };
    const first = begin(conductor('first'));
    first.tell({ kind: 'progress', progress: { ...progress, share: 0.9 } });
    first.tell({ kind: 'phase', phase: 'done' });
    // Pressed again before the first one has resolved.
    const second = begin(conductor('second'));
    second.tell({ kind: 'phase', phase: 'training' });
    second.tell({ kind: 'cohort', cohort, runs: ['a'] });
    second.tell({ kind: 'progress', progress });
    first.letGo();
    await first.ended;
    first.tell({ kind: 'run', result: fakeRun(experiment, 8, 1) });
    first.tell({ kind: 'phase', phase: 'failed' });
    first.tell({ kind: 'progress', progress: { ...progress, share: 0.7 } });
    frame.run();
    training.pause();
    training.cancel();
    expect(asked).toEqual(['pause second', 'cancel second']);
    expect([training.phase, training.isBusy, training.progress?.share]).toEqual(['training', true, 0.5]);
    expect([training.cohorts[0]?.width, results.runs]).toEqual([16, []]);
  });

  it('is not told the failure of the earlier one', async () => {
    const { study, training, begin } = stage();
    let fail = (_: Error) => {};
    const first = begin({ start: () => new Promise((_, reject) => (fail = reject)) });
    first.tell({ kind: 'phase', phase: 'failed' });
    begin();
    fail(new Error('too late'));
    await first.ended;
    expect([study.fault, training.phase]).toEqual([null, 'preparing']);
  });
});

describe('what is asked of a conductor that is gone', () => {
  it.each(['pause', 'resume', 'cancel'] as const)('%s says so', async (what) => {
    const { study, training, begin } = stage();
    begin({ [what]: () => Promise.reject(new Error('The training worker stopped.')) });
    training[what]();
    await expect.poll(() => study.fault?.message).toBe('The training worker stopped.');
  });

  it('widths that are left out say so', async () => {
    const { study, training, begin } = stage();
    begin({ exclude: () => Promise.reject(new Error('The fitting worker stopped.')) });
    training.exclude({ muP: [8] });
    await expect.poll(() => study.fault).toEqual({ field: null, message: 'The fitting worker stopped.' });
  });
});
