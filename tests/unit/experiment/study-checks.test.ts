import { expect, test } from 'vitest';
import { runOf } from '../../../src/model/run.ts';
import type { ConductorEvent } from '../../../src/experiment/protocol.ts';
import { CohortRecorder } from '../../../src/experiment/recorder.ts';
import { StudyChecks } from '../../../src/experiment/study-checks.ts';
import { experimentWith, fitter, wordsOf } from './fakes.ts';

const sweep = { parameter: 'optimizer.learningRate' as const, values: [0.1, 0.2, 0.4] };
const experiment = experimentWith({ ladder: { rungs: [8, 16] }, study: { kind: 'transfer', sweep } });

/** So many runs that are done. */
function runsDone(count: number) {
  const runs = Array.from({ length: count }, (_, i) => runOf(experiment.recipes[0], 8, i + 1));
  const ended = { status: 'done' as const, divergedAt: null, finalEvalLoss: 2, finalEvalStandardError: 0, seconds: 1 };
  return new CohortRecorder(runs, { vocabulary: 16, textHash: null }).results(runs.map(({ id }) => ({ id, ...ended })));
}

test('an answer that was overtaken is not told, and whoever asked waits for the one that overtook it', async () => {
  const events: ConductorEvent[] = [];
  const answers: (() => void)[] = [];
  const slow = {
    check: async (request: Parameters<typeof fitter.check>[0]) => {
      await new Promise<void>((resolve) => answers.push(resolve));
      return fitter.check(request);
    },
  };
  const checks = new StudyChecks(slow, (event) => events.push(event));
  let isAnswered = false;
  const first = checks.ask(experiment, runsDone(1)).then(() => (isAnswered = true));
  const second = checks.ask(experiment, runsDone(2));
  answers[0]();
  await new Promise((resolve) => setTimeout(resolve));
  expect([isAnswered, checks.latest]).toEqual([false, null]);
  answers[1]();
  await Promise.all([first, second]);
  expect(wordsOf(events)).toEqual(['checks on 2 runs, 0 losses']);
  expect(checks.latest!.transfer[0].sentence).toBe('2 runs, 0 losses');
});

test('runs that are not over are no part of a question, and without any there is none', async () => {
  const events: ConductorEvent[] = [];
  const checks = new StudyChecks(fitter, (event) => events.push(event));
  const [done, cancelled] = runsDone(2);
  await checks.ask(experiment, [{ ...cancelled, status: 'cancelled' }]);
  expect([events, checks.latest]).toEqual([[], null]);
  await checks.ask(experiment, [done, { ...cancelled, status: 'failed' }]);
  expect(checks.latest!.transfer[0].sentence).toBe('1 runs, 0 losses');
});
