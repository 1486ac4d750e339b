import { expect, test } from 'vitest';
import { runId } from '../../../src/model/run.ts';
import { CohortRecorder } from '../../../src/workers/recorder.ts';
import { experimentWith } from './fakes.ts';

test('after a lost device the losses start again, and evaluations that come again are not written twice', () => {
  const recipe = experimentWith().recipes[0];
  const id = runId(recipe, 8, 1);
  const recorder = new CohortRecorder(recipe, [{ id, recipe, width: 8, seed: 1 }], { vocabulary: 16, textHash: null });
  const lose = (firstStep: number, ...losses: number[]) =>
    recorder.add({ kind: 'losses', runs: [id], firstStep, losses: Float32Array.from(losses) });
  const evaluate = (step: number, loss: number) =>
    recorder.add({
      kind: 'evaluation',
      runs: [id],
      step,
      losses: Float32Array.of(loss),
      standardErrors: Float32Array.of(0.1),
    });
  evaluate(0, 6);
  lose(0, 5, 4);
  evaluate(2, 3.5);
  lose(2, 3);
  // Here the device is lost.
  evaluate(0, 6);
  lose(0, 5, 4);
  evaluate(2, 3.5);
  lose(2, 3, 2);
  evaluate(4, 1.5);
  const [run] = recorder.results(null);
  expect(run).toMatchObject({ trainLoss: [5, 4, 3, 2], evalSteps: [0, 2, 4], evalLoss: [6, 3.5, 1.5] });
});
