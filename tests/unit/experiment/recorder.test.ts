import { expect, test } from 'vitest';
import { runOf } from '../../../src/model/run.ts';
import type { RunOutcome } from '../../../src/model/training.ts';
import { CohortRecorder } from '../../../src/experiment/recorder.ts';
import { experimentWith } from './fakes.ts';

const recipe = experimentWith().recipes[0];
const facts = { vocabulary: 16, textHash: null };

function outcome(id: string, change: Partial<RunOutcome> = {}): RunOutcome {
  const ended = { status: 'done' as const, divergedAt: null, finalEvalLoss: 2, finalEvalStandardError: 0.1 };
  return { id, ...ended, seconds: 1, ...change };
}

test('after a lost device the losses start again, and evaluations that come again are not written twice', () => {
  const run = runOf(recipe, 8, 1);
  const runs = [run.id];
  const recorder = new CohortRecorder([run], facts);
  const lose = (firstStep: number, ...losses: number[]) =>
    recorder.add({ kind: 'losses', runs, firstStep, losses: Float32Array.from(losses) });
  const evaluate = (step: number, loss: number) =>
    recorder.add({
      ...{ kind: 'evaluation', runs, step },
      losses: Float32Array.of(loss),
      standardErrors: Float32Array.of(0.1),
    });
  evaluate(0, 6);
  lose(0, 5, 4);
  evaluate(2, 3.5);
  lose(2, 3);
  expect(recorder.stepsDone).toBe(3);
  // Here the device is lost.
  evaluate(0, 6);
  lose(0, 5, 4);
  expect(recorder.stepsDone).toBe(2);
  evaluate(2, 3.5);
  lose(2, 3, 2);
  evaluate(4, 1.5);
  const [result] = recorder.results(null);
  expect(result).toMatchObject({ trainLoss: [5, 4, 3, 2], evalSteps: [0, 2, 4], evalLoss: [6, 3.5, 1.5] });
  expect(result.status).toBe('failed');
});

test('the steps of a cohort that trains in parts are averaged over its runs', () => {
  const runs = [1, 2].map((seed) => runOf(recipe, 8, seed));
  const recorder = new CohortRecorder(runs, facts);
  recorder.add({ kind: 'losses', runs: [runs[0].id], firstStep: 0, losses: Float32Array.of(5, 4, 3, 2) });
  expect(recorder.stepsDone).toBe(2);
});

test('a result carries the overrides of its run and the parameters of its own depth', () => {
  const overrides = { layers: 3, 'init.hidden': 0.5 };
  const [plain, swept] = [runOf(recipe, 8, 1), runOf(recipe, 8, 1, overrides)].map(
    (run) => new CohortRecorder([run], facts).results([outcome(run.id)])[0],
  );
  expect(swept).toMatchObject({ id: 'mup-w8-l3-init0.5-s1', recipe: 'muP', width: 8, overrides });
  expect(swept.parameters.nonEmbedding - 8).toBe(3 * (plain.parameters.nonEmbedding - 8));
});

test('how a run ended: done, overflowed, left for good, or without a finite loss in the end', () => {
  const runs = [1, 2, 3, 4].map((seed) => runOf(recipe, 8, seed));
  const [done, overflowed, left, last] = runs.map(({ id }) => id);
  const recorder = new CohortRecorder(runs, facts);
  const losses = [
    [3, 2.5, 2, 2],
    [3, NaN, NaN, NaN],
    [3, 2.5, 4, 9],
    [3, 2.5, 2, 2],
  ];
  runs.forEach(({ id }, r) =>
    recorder.add({ kind: 'losses', runs: [id], firstStep: 0, losses: Float32Array.from(losses[r]) }),
  );
  const results = recorder.results([
    outcome(done),
    outcome(overflowed, { status: 'diverged', divergedAt: 1, finalEvalLoss: null }),
    outcome(left, { finalEvalLoss: 8 }),
    outcome(last, { finalEvalLoss: NaN }),
  ]);
  expect(
    results.map(({ status, divergedAt, finalEvalLoss, tokens }) => [status, divergedAt, finalEvalLoss, tokens]),
  ).toEqual([
    ['done', null, 2, 4 * 16],
    ['diverged', 1, null, 16],
    ['diverged', 2, 8, 4 * 16],
    ['diverged', 4, null, 4 * 16],
  ]);
});
