import { describe, expect, it } from 'vitest';
import { presetExperiment } from '../../../src/model/presets.ts';
import { Curves } from '../../../src/ui/state/curves.svelte.ts';
import { Results } from '../../../src/ui/state/results.svelte.ts';
import { Training, type Trained } from '../../../src/ui/state/training.svelte.ts';
import { InputError } from '../../../src/model/parse.ts';
import { fakeEvents, fakeRun } from './fake-stream.ts';

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
  training.study = study;
  return { frame, results, study, training };
}

const experiment = presetExperiment('smoke');

describe('what the page makes of a conductor’s events', () => {
  it('ends with all runs, the seals revealed and the corpus known', async () => {
    const { results, study, training } = stage();
    await training.start(study, experiment, [], [], (listener) => ({
      start: async () => {
        for (const event of fakeEvents({ experiment, texts: {} })) listener(event);
      },
      pause() {},
      resume() {},
      cancel() {},
      exclude: async () => {},
      changeLadder: async () => {},
    }));
    expect(training.phase).toBe('done');
    expect(training.isBusy).toBe(false);
    expect(results.runs.map((run) => run.width)).toEqual([8, 12, 16, 24, 32, 48]);
    expect(results.sealed).toHaveLength(1);
    expect(results.sealed[0]).toMatchObject({ width: 48, verdict: 'inside' });
    expect(results.factsOf('muP')?.evaluationEntropy).toBe(3.873);
    expect(training.news).toMatch(/Width 48 measured: .* inside/);
  });

  it('flushes reports and progress once a frame, however many there are', () => {
    const { frame, results, training } = stage();
    const before = results.curves.version;
    for (const event of fakeEvents({ experiment, texts: {} })) training.apply(event);
    expect(results.curves.version).toBe(before);
    expect(training.progress).toBeNull();
    // One flush waits for the curves and one for the progress.
    expect(frame.count).toBe(2);
    frame.run();
    expect(results.curves.version).toBe(before + 1);
    expect(training.progress).toMatchObject({ current: { width: 48, step: 200, steps: 200 } });
  });

  it('shows losses as they come, column by column', () => {
    const { results, training } = stage();
    const report = { kind: 'losses' as const, runs: ['a', 'b'], firstStep: 0, losses: Float32Array.of(5, 6, 4, NaN) };
    training.apply({ kind: 'report', report });
    training.apply({ kind: 'report', report: { ...report, firstStep: 2, losses: Float32Array.of(3, NaN) } });
    expect(results.curves.of('a')).toEqual({ steps: [1, 2, 3], losses: [5, 4, 3] });
    expect(results.curves.of('b').losses).toEqual([6, NaN, NaN]);
  });

  it('a run that starts again replaces what it told before', () => {
    const { results, training } = stage();
    const tell = (firstStep: number, losses: number[]) =>
      training.apply({
        kind: 'report',
        report: { kind: 'losses', runs: ['a'], firstStep, losses: Float32Array.from(losses) },
      });
    tell(0, [5, 4, 3]);
    tell(0, [6, 5]);
    expect(results.curves.of('a')).toEqual({ steps: [1, 2], losses: [6, 5] });
  });

  it('keeps what was measured when training fails, and names the control at fault', async () => {
    const { results, study, training } = stage();
    await training.start(study, experiment, [], [], (listener) => ({
      start: async () => {
        listener({ kind: 'run', result: fakeRun(experiment, 8, 1) });
        throw new InputError('recipes[0].batch', 'recipes[0].batch: the batch does not fit.');
      },
      pause() {},
      resume() {},
      cancel() {},
      exclude: async () => {},
      changeLadder: async () => {},
    }));
    expect(training.phase).toBe('failed');
    expect(study.fault).toEqual({ field: 'recipes[0].batch', message: 'recipes[0].batch: the batch does not fit.' });
    expect(results.runs).toHaveLength(1);
  });

  it('goes on from finished runs under the same id, and starts anew without them', async () => {
    const { results, study, training } = stage();
    const idle = {
      start: async () => {},
      pause() {},
      resume() {},
      cancel() {},
      exclude: async () => {},
      changeLadder: async () => {},
    };
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
