import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MissingPart } from '../../../src/model/missing-part.ts';
import { InputError } from '../../../src/model/parse.ts';
import type { RunOutcome, TrainingReport } from '../../../src/model/training.ts';
import { analystClient, trainerClient } from '../../../src/workers/clients.ts';
import { carryErrors } from '../../../src/workers/error-transfer.ts';
import { RenewedWorker } from '../../../src/workers/renewed-worker.ts';
import { analyse, type Finding, type Question } from '../../../src/analysis/analyse.ts';
import type { FitPoint } from '../../../src/scaling/width/report.ts';
import type { LearntModels, LeftCohorts, TrainerService } from '../../../src/experiment/protocol.ts';
import { listenToReports } from '../../../src/experiment/report-port.ts';
import { ask, cohortOf, experimentWith, FakeTrainer, lossAt } from '../experiment/fakes.ts';
import { FakeWorker } from './fake-worker.ts';

carryErrors();
const started: FakeWorker[] = [];
afterEach(() => started.splice(0).forEach((worker) => worker.end()));

/** Each worker that is started holds the next of the services, the last of them again and again. */
function workerOf<Service>(...services: object[]): RenewedWorker<Service> {
  const left = [...services];
  return new RenewedWorker<Service>('training', () => {
    const worker = new FakeWorker(left.length > 1 ? left.shift()! : left[0]);
    started.push(worker);
    return worker.page;
  });
}
const trainerOf = (...services: object[]) =>
  trainerClient(workerOf<TrainerService & LeftCohorts & LearntModels>(...services));
const analystOf = (analyst: object) => analystClient(workerOf(analyst));

const lawOf = (points: FitPoint[]) => ({ kind: 'law' as const, inputs: { points, targets: [], grid: [] } });

test('an InputError arrives as one, with its field and message', async () => {
  const trainer = new FakeTrainer();
  trainer.refused = [48];
  const client = trainerOf(trainer);
  const recipe = experimentWith().recipes[0];
  const error = await client.assertFits(cohortOf(recipe, 48)).catch((one: unknown) => one);
  expect(error).toBeInstanceOf(InputError);
  expect(error).toMatchObject({ name: 'InputError', field: 'width', message: 'width 48 does not fit.' });
});

test('another error keeps its message and is no InputError', async () => {
  const asked = analystOf(() => Promise.reject(new RangeError('out of reach')));
  const error = await asked(lawOf([])).catch((one: unknown) => one);
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toBeInstanceOf(InputError);
  expect(error).toMatchObject({ name: 'RangeError', message: 'out of reach' });
});

test('the analyst names the point at fault across the boundary', async () => {
  const asked = analystOf(analyse);
  await expect(asked(lawOf([{ x: 8, loss: -1 }]))).rejects.toMatchObject({ field: 'points[0].loss' });
});

test('a check is asked for and answered across the boundary', async () => {
  const asked = analystOf(ask);
  const { transfer } = await asked({ kind: 'checks', inputs: { experiment: experimentWith(), runs: [] } });
  expect(transfer).toMatchObject([{ recipe: 'muP', sentence: '0 runs, 0 losses' }]);
});

test('a table is read while the analyst is in the midst of a fit', async () => {
  const isBusy = workerOf<(question: Question) => Finding>(() => new Promise<never>(() => undefined));
  const asked = analystClient(isBusy, workerOf(analyse));
  const fit = asked(lawOf([{ x: 8, loss: 3 }]));
  const inputs = { name: '', text: 'width,loss\n16,4\n32,3.5\n64,3.2\n', columns: {}, base: null };
  expect((await asked({ kind: 'reading', inputs })).ladders[0]!.points).toHaveLength(3);
  expect((await asked({ kind: 'table', inputs })).transfer).toEqual([]);
  // Nobody listens for its end later on.
  isBusy.end(new Error('The test is over.'));
  await expect(fit).rejects.toThrow('The test is over.');
});

test('a training reports through its port, and the end comes after the last report', async () => {
  const client = trainerOf(new FakeTrainer());
  const recipe = experimentWith().recipes[0];
  const heard: TrainingReport[] = [];
  const reports = listenToReports((report) => heard.push(report));
  const outcomes: RunOutcome[] = await client.train(cohortOf(recipe, 8, [1, 2]), reports.port);
  await reports.ended;
  reports.close();
  expect(outcomes.map((one) => one.finalEvalLoss)).toEqual([lossAt(8, 1), lossAt(8, 2)]);
  expect(heard.map((report) => (report.kind === 'losses' ? report.firstStep : null))).toEqual([0, 2]);
  expect(heard[0].losses).toBeInstanceOf(Float32Array);
});

const never = () => new Promise<never>(() => undefined);

test('a call to a worker that fails ends instead of waiting for ever, and the next one has another worker', async () => {
  const trainer = trainerOf({ describe: never }, new FakeTrainer());
  const call = trainer.describe();
  started[0].fail('script not found');
  await expect(call).rejects.toThrow('The training worker stopped: script not found.');
  expect(started[0].isEnded).toBe(true);
  expect(await trainer.describe()).toMatchObject({ kind: 'reference' });
});

test('a worker that may never be needed begins with the first call', async () => {
  const worker = new RenewedWorker<TrainerService & LeftCohorts & LearntModels>(
    'training',
    () => {
      started.push(new FakeWorker(new FakeTrainer()));
      return started.at(-1)!.page;
    },
    false,
  );
  expect(started).toHaveLength(0);
  expect(await trainerClient(worker).describe()).toMatchObject({ kind: 'reference' });
  expect(started).toHaveLength(1);
});

describe('another worker stands by', () => {
  test('and takes the place of one that failed, where no other one can be loaded any more', async () => {
    let isServed = true;
    const worker = new RenewedWorker<TrainerService & LeftCohorts & LearntModels>('training', () => {
      const next = new FakeWorker(started.length === 0 ? { describe: never } : new FakeTrainer());
      started.push(next);
      if (!isServed) setImmediate(() => next.fail());
      return next.page;
    });
    await worker.haveSpare();
    expect(started).toHaveLength(2);
    const trainer = trainerClient(worker);
    isServed = false;
    const call = trainer.describe();
    started[0].fail('crashed');
    await expect(call).rejects.toThrow('The training worker stopped: crashed.');
    expect(await trainer.describe()).toMatchObject({ kind: 'reference' });
    expect(started[1].isEnded).toBe(false);
  });

  test('which is told where it cannot be loaded', async () => {
    const worker = workerOf(new FakeTrainer());
    const spare = worker.haveSpare();
    started[1].fail();
    await expect(spare).rejects.toThrow(MissingPart);
  });
});

describe('as time goes by', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  /** Answers of workers come in between. */
  async function pass(seconds: number) {
    for (let second = 0; second < seconds; second += 10) {
      vi.advanceTimersByTime(10_000);
      for (let turn = 0; turn < 4; turn++) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  test('a worker that is gone without a word is missed, and so ends what waits for it', async () => {
    const trainer = trainerOf({ describe: never }, new FakeTrainer());
    const call = trainer.describe();
    const failed = expect(call).rejects.toThrow('The training worker does not answer any more.');
    started[0].end();
    await pass(130);
    await failed;
    expect(await trainer.describe()).toMatchObject({ kind: 'reference' });
  });

  test('one that takes its time is waited for as long as it tells that it is there', async () => {
    let answer = (_: object) => {};
    const describe = () => new Promise<object>((resolve) => (answer = resolve));
    const call = trainerOf({ describe }).describe();
    await pass(1000);
    answer({ kind: 'gpu' });
    expect(await call).toEqual({ kind: 'gpu' });
    // Nobody waits any more, and nobody is asked.
    await pass(20);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('a machine that slept for an hour has lost no worker', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'Date', 'performance'] });
    let answer = (_: object) => {};
    const describe = () => new Promise<object>((resolve) => (answer = resolve));
    const call = trainerOf({ describe }).describe();
    await pass(20);
    // No timer goes off meanwhile, and then one does.
    vi.setSystemTime(Date.now() + 3_600_000);
    await pass(20);
    expect(started[0].isEnded).toBe(false);
    answer({ kind: 'gpu' });
    expect(await call).toEqual({ kind: 'gpu' });
  });

  test('a training that does not end when it is cancelled is ended with its worker', async () => {
    const trainer = trainerOf({ train: never, cancel: never }, new FakeTrainer());
    const { port } = listenToReports(() => {});
    const training = trainer.train(cohortOf(experimentWith().recipes[0], 8), port);
    const failed = expect(training).rejects.toThrow('Training did not end when it was cancelled');
    trainer.cancel().catch(() => undefined);
    await pass(10);
    await failed;
    expect(started[0].isEnded).toBe(true);
    expect(await trainer.describe()).toMatchObject({ kind: 'reference' });
  });

  test('one that does is left alone', async () => {
    const trainer = trainerOf(new FakeTrainer());
    const reports = listenToReports(() => {});
    const training = trainer.train(cohortOf(experimentWith().recipes[0], 8), reports.port);
    await trainer.cancel();
    await training;
    reports.close();
    await pass(20);
    expect(started).toHaveLength(1);
    expect(started[0].isEnded).toBe(false);
  });
});
