import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { parseExperiment } from '../../../src/model/experiment.ts';
import type { Cohort, RunOutcome, TrainingEngine, TrainingOptions } from '../../../src/model/training.ts';
import { createReferenceEngine } from '../../../src/reference/trainer.ts';
import { listenToReports } from '../../../src/workers/report-port.ts';
import { EngineTrainer } from '../../../src/workers/trainer-service.ts';
import { experimentWith } from './fakes.ts';

const recipe = experimentWith().recipes[0];
const request = { recipe, width: 8, seeds: [1] };
const wait = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

const reference = () => new EngineTrainer(Promise.resolve({ engine: createReferenceEngine(), reason: 'no GPU' }));

/** An engine whose training is whatever the test says. */
function engineThat(train: (cohort: Cohort, options: TrainingOptions) => Promise<RunOutcome[]>): EngineTrainer {
  const engine: TrainingEngine = { ...createReferenceEngine(), train };
  return new EngineTrainer(Promise.resolve({ engine, reason: null }));
}

const done = (id: string, seconds: number): RunOutcome => ({
  id,
  status: 'done',
  divergedAt: null,
  finalEvalLoss: 1,
  finalEvalStandardError: 0,
  seconds,
});

test('tells its engine and why it is no GPU', async () => {
  expect(await reference().describe()).toMatchObject({ kind: 'reference', reason: 'no GPU' });
});

test('trains for real: losses of every step and an evaluation, at a port', async () => {
  const trainer = reference();
  await trainer.prepare(recipe, {});
  const steps: number[] = [];
  let evaluations = 0;
  const reports = listenToReports((report) => {
    if (report.kind === 'losses') report.losses.forEach((_, i) => steps.push(report.firstStep + i));
    else evaluations++;
  });
  const [outcome] = await trainer.train(request, reports.port);
  await reports.ended;
  reports.close();
  expect(outcome).toMatchObject({ id: 'mup-w8-s1', status: 'done' });
  expect(steps).toEqual([0, 1, 2, 3]);
  expect(evaluations).toBe(1);
});

test('the batches are those that are trained on: consecutive, with one token shared', async () => {
  const trainer = reference();
  await trainer.prepare(recipe, {});
  const tokens = await trainer.batches(recipe);
  expect(tokens.length).toBe(4 * 2 * 9);
  expect(tokens[9]).toBe(tokens[8]);
  expect(Math.max(...tokens)).toBeLessThan(16);
});

test('a corpus is built once for recipes that share it, and anew for another text', async () => {
  const { recipes } = parseExperiment({
    recipes: [{ ...recipe, corpus: { kind: 'text', file: 'a.txt' } }],
    ladder: { rungs: [8] },
  });
  const trainer = reference();
  const vocabularyOf = async (text: string) => (await trainer.prepare(recipes[0], { 'a.txt': text })).vocabulary;
  expect(await vocabularyOf('ab'.repeat(200))).toBe(2);
  expect(await vocabularyOf('abc'.repeat(200))).toBe(3);
  await expect(trainer.prepare(recipes[0], {})).rejects.toMatchObject({ field: 'corpus.file' });
  const { textHash } = await trainer.prepare(recipes[0], { 'a.txt': '\uFEFF' + 'é\n'.repeat(200) });
  expect(textHash).toBe(createHash('sha256').update('é\n'.repeat(200)).digest('hex'));
  expect((await trainer.prepare(recipe, {})).textHash).toBeNull();
});

test('a pause holds the engine and is no part of the run’s seconds', async () => {
  const trainer = engineThat(async (_cohort, { untilResumed, onReport }) => {
    const started = performance.now();
    await untilResumed();
    onReport({ kind: 'losses', runs: ['mup-w8-s1'], firstStep: 0, losses: new Float32Array(1) });
    return [done('mup-w8-s1', (performance.now() - started) / 1000)];
  });
  await trainer.prepare(recipe, {});
  await trainer.pause();
  const reports = listenToReports(() => {});
  const end = trainer.train(request, reports.port);
  await wait(120);
  await trainer.resume();
  const [{ seconds }] = await end;
  reports.close();
  expect(seconds).toBeLessThan(0.06);
});

test('cancelling reaches a paused engine', async () => {
  const trainer = engineThat(async (_cohort, { signal, untilResumed }) => {
    await untilResumed();
    return signal.aborted ? [{ ...done('mup-w8-s1', 0), status: 'cancelled' }] : [done('mup-w8-s1', 0)];
  });
  await trainer.prepare(recipe, {});
  await trainer.pause();
  const reports = listenToReports(() => {});
  const end = trainer.train(request, reports.port);
  await wait(10);
  await trainer.cancel();
  expect((await end)[0].status).toBe('cancelled');
  reports.close();
});
