/** A core behind comlink: what it is given, what it reports, and how it is stopped, held up and missed. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Cohort, TrainingEngine, TrainingOptions, TrainingReport } from '../../../src/model/training.ts';
import { createReferenceEngine } from '../../../src/reference/trainer.ts';
import { coreOf, coreServiceOf, type CoreService } from '../../../src/workers/core-service.ts';
import { carryErrors } from '../../../src/workers/error-transfer.ts';
import { RenewedWorker } from '../../../src/workers/renewed-worker.ts';
import { cohortOf, recipeOf, train } from '../reference/cohorts.ts';
import { FakeWorker } from './fake-worker.ts';

carryErrors();
const started: FakeWorker[] = [];
afterEach(() => started.splice(0).forEach((worker) => worker.end()));

const coreWith = (train: TrainingEngine['train']) =>
  coreOf(
    () =>
      new RenewedWorker<CoreService>('training', () => {
        const worker = new FakeWorker(coreServiceOf({ train }));
        started.push(worker);
        return worker.page;
      }),
  );

const options = (change: Partial<TrainingOptions> = {}): TrainingOptions => ({
  signal: new AbortController().signal,
  untilResumed: () => Promise.resolve(),
  onReport: () => {},
  ...change,
});

const cohort = cohortOf([recipeOf({ evaluation: { every: 5, sequences: 10 } })], 8, [3], 5);

/** Reports a loss of each step, as fast as it may go on. */
const endless: TrainingEngine['train'] = async ({ runs: [{ id }] }: Cohort, { onReport, signal, untilResumed }) => {
  for (let step = 0; !signal.aborted; step++) {
    onReport({ kind: 'losses', runs: [id], firstStep: step, losses: new Float32Array(1) });
    await untilResumed();
    await turn();
  }
  return [
    { ...{ id, status: 'cancelled', divergedAt: null, finalEvalLoss: null }, finalEvalStandardError: null, seconds: 0 },
  ];
};

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('trains as in this thread, with all reports before the outcomes, and begins no worker before', async () => {
  const expected = await train(cohort, { keepParameters: 'all' });
  const reports: TrainingReport[] = [];
  const core = coreWith(createReferenceEngine().train);
  expect(started).toHaveLength(0);
  const outcomes = await core.train(
    cohort,
    options({ keepParameters: 'all', onReport: (report) => reports.push(report) }),
  );
  expect(outcomes.map((one) => ({ ...one, seconds: 0 }))).toEqual(
    expected.outcomes.map((one) => ({ ...one, seconds: 0 })),
  );
  const lossesOf = (all: readonly TrainingReport[]) =>
    all.flatMap((one) => (one.kind === 'losses' ? [...one.losses] : []));
  expect(lossesOf(reports)).toEqual(lossesOf(expected.reports));
  const evaluationsOf = (all: readonly TrainingReport[]) => all.filter(({ kind }) => kind === 'evaluation');
  expect(evaluationsOf(reports)).toEqual(evaluationsOf(expected.reports));
});

test('is given its tokens segment by segment, as it asks for them', async () => {
  const { losses } = await train(cohort);
  const all = await cohort.stream.segment(0);
  const size = all.length / cohort.steps;
  const asked: number[] = [];
  const segment = async (index: number) => {
    asked.push(index);
    return all.subarray(index * 5 * size, (index + 1) * 5 * size);
  };
  const told: number[] = [];
  await coreWith(createReferenceEngine().train).train(
    { ...cohort, stream: { ...cohort.stream, segmentSteps: 5, segment } },
    options({ onReport: (report) => report.kind === 'losses' && told.push(...report.losses) }),
  );
  expect(told).toEqual(losses[0]);
  expect(asked).toEqual([0, 1, 2]);
});

describe('a failure on this side of the port', () => {
  /** Waits for the first segment, and tells when it is stopped. */
  const waiting = () => {
    const told = { isStopped: false };
    const train: TrainingEngine['train'] = async ({ stream }, { signal }) => {
      signal.addEventListener('abort', () => (told.isStopped = true));
      await stream.segment(0);
      return [];
    };
    return { told, core: coreWith(train) };
  };
  const withSegment = (segment: () => Promise<Uint32Array>): Cohort => ({
    ...cohort,
    stream: { ...cohort.stream, segment },
  });

  test('of a segment ends the training, here and on the core', async () => {
    const { told, core } = waiting();
    const failing = withSegment(() => Promise.reject(new RangeError('no room for tokens')));
    await expect(core.train(failing, options())).rejects.toThrow('no room for tokens');
    await vi.waitFor(() => expect(told.isStopped).toBe(true));
  });

  test('of sending a segment does so, too', async () => {
    const { told, core } = waiting();
    const windows = new Uint32Array(8);
    structuredClone(windows, { transfer: [windows.buffer] });
    await expect(
      core.train(
        withSegment(async () => windows),
        options(),
      ),
    ).rejects.toThrow();
    await vi.waitFor(() => expect(told.isStopped).toBe(true));
  });

  test('of hearing a report does so, too', async () => {
    const onReport = () => {
      throw new Error('no room for reports');
    };
    await expect(coreWith(endless).train(cohort, options({ onReport }))).rejects.toThrow('no room for reports');
  });
});

test('stops when it is cancelled, also while it is held up', async () => {
  for (const isHeld of [false, true]) {
    const abort = new AbortController();
    let heard = 0;
    const training = coreWith(endless).train(
      cohort,
      options({
        signal: abort.signal,
        untilResumed: () => (isHeld ? new Promise(() => undefined) : Promise.resolve()),
        onReport: () => heard++,
      }),
    );
    await vi.waitFor(() => expect(heard).toBeGreaterThan(0), { timeout: 600_000, interval: 1 });
    abort.abort();
    expect((await training)[0]).toMatchObject({ status: 'cancelled' });
  }
});

test('goes no farther than two reports while training is paused', async () => {
  let resume = () => {};
  const abort = new AbortController();
  let heard = 0;
  let isPaused = true;
  const training = coreWith(endless).train(
    cohort,
    options({
      signal: abort.signal,
      untilResumed: () => (isPaused ? new Promise((resolve) => (resume = resolve)) : Promise.resolve()),
      onReport: () => heard++,
    }),
  );
  await vi.waitFor(() => expect(heard).toBe(2), { timeout: 600_000, interval: 1 });
  for (let i = 0; i < 50; i++) await turn();
  expect(heard).toBe(2);
  isPaused = false;
  resume();
  await vi.waitFor(() => expect(heard).toBeGreaterThan(20), { timeout: 600_000, interval: 1 });
  abort.abort();
  await training;
});

describe('a worker that is gone', () => {
  test('ends what waits for it, and the next run has another one', async () => {
    const core = coreWith(endless);
    const training = core.train(cohort, options());
    await vi.waitFor(() => expect(started).toHaveLength(1), { timeout: 600_000, interval: 1 });
    started[0]!.fail('out of memory');
    await expect(training).rejects.toThrow('The training worker stopped: out of memory.');
    const abort = new AbortController();
    const again = core.train(cohort, options({ signal: abort.signal, onReport: () => abort.abort() }));
    expect((await again)[0]).toMatchObject({ status: 'cancelled' });
    expect(started).toHaveLength(2);
  });

  test('whose engine fails says why', async () => {
    const core = coreWith(() => Promise.reject(new RangeError('out of reach')));
    await expect(core.train(cohort, options())).rejects.toMatchObject({ name: 'RangeError', message: 'out of reach' });
  });
});
