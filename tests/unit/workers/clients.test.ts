import { expose, wrap } from 'comlink';
import { afterEach, expect, test } from 'vitest';
import { InputError } from '../../../src/model/parse.ts';
import type { RunOutcome, TrainingReport } from '../../../src/model/training.ts';
import { analystClient, endOf, trainerClient } from '../../../src/workers/clients.ts';
import { Ending } from '../../../src/workers/ending.ts';
import { carryErrors } from '../../../src/workers/error-transfer.ts';
import { analyse } from '../../../src/analysis/analyse.ts';
import type { FitPoint } from '../../../src/scaling/width/report.ts';
import type { TrainerService } from '../../../src/experiment/protocol.ts';
import { listenToReports } from '../../../src/experiment/report-port.ts';
import { ask, cohortOf, experimentWith, FakeTrainer, lossAt } from '../experiment/fakes.ts';

carryErrors();
const open: MessagePort[] = [];

function remote<T>(service: object) {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  expose(service, port1);
  return wrap<T>(port2);
}

const lawOf = (points: FitPoint[]) => ({ kind: 'law' as const, inputs: { points, targets: [], grid: [] } });

afterEach(() => open.splice(0).forEach((port) => port.close()));

test('an InputError arrives as one, with its field and message', async () => {
  const trainer = new FakeTrainer();
  trainer.refused = [48];
  const client = trainerClient(remote<TrainerService>(trainer), new Ending());
  const recipe = experimentWith().recipes[0];
  const error = await client.assertFits(cohortOf(recipe, 48)).catch((one: unknown) => one);
  expect(error).toBeInstanceOf(InputError);
  expect(error).toMatchObject({ name: 'InputError', field: 'width', message: 'width 48 does not fit.' });
});

test('another error keeps its message and is no InputError', async () => {
  const asked = analystClient(
    remote(() => Promise.reject(new RangeError('out of reach'))),
    new Ending(),
  );
  const error = await asked(lawOf([])).catch((one: unknown) => one);
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toBeInstanceOf(InputError);
  expect(error).toMatchObject({ name: 'RangeError', message: 'out of reach' });
});

test('the analyst names the point at fault across the boundary', async () => {
  const asked = analystClient(remote(analyse), new Ending());
  await expect(asked(lawOf([{ x: 8, loss: -1 }]))).rejects.toMatchObject({ field: 'points[0].loss' });
});

test('a check is asked for and answered across the boundary', async () => {
  const asked = analystClient(remote(ask), new Ending());
  const { transfer } = await asked({ kind: 'checks', inputs: { experiment: experimentWith(), runs: [] } });
  expect(transfer).toMatchObject([{ recipe: 'muP', sentence: '0 runs, 0 losses' }]);
});

test('a training reports through its port, and the end comes after the last report', async () => {
  const client = trainerClient(remote<TrainerService>(new FakeTrainer()), new Ending());
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

test('a call to a worker that fails ends instead of waiting for ever', async () => {
  const worker = new EventTarget() as unknown as Worker;
  const client = trainerClient(
    remote<TrainerService>({ describe: () => new Promise(() => {}) }),
    endOf(worker, 'training'),
  );
  const call = client.describe();
  worker.dispatchEvent(Object.assign(new Event('error'), { message: 'script not found' }));
  await expect(call).rejects.toThrow('The training worker stopped: script not found. Reload the page to go on.');
});

test('a worker that lives holds no call that has settled, neither its result nor its failure', async () => {
  const ending = new Ending();
  const trainer = new FakeTrainer();
  trainer.refused = [48];
  const client = trainerClient(remote<TrainerService>(trainer), ending);
  const { recipes } = experimentWith();
  const calls = [...Array(50)].map((_, i) => client.assertFits(cohortOf(recipes[0], i % 2 ? 48 : 8)));
  expect(ending.pending).toBe(50);
  const settled = await Promise.allSettled(calls);
  expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(25);
  expect(ending.pending).toBe(0);
});

test('every call rejects once the worker is gone, those that wait and those that come', async () => {
  const ending = new Ending();
  const waiting = ending.or(new Promise(() => {}));
  ending.tell(new Error('gone'));
  await expect(waiting).rejects.toThrow('gone');
  await expect(ending.or(new Promise(() => {}))).rejects.toThrow('gone');
  expect(ending.pending).toBe(0);
});
