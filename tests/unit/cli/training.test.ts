/** Studies from the command line's side, trained for real on the reference. */
import { expect, test } from 'vitest';
import { ProgressDisplay } from '../../../cli/progress.ts';
import { reportText } from '../../../cli/report.ts';
import { startTraining } from '../../../cli/training.ts';
import type { ExperimentInput } from '../../../src/model/experiment.ts';
import { experimentWith } from '../experiment/fakes.ts';

/** Trains, and gives the result with all that was shown. */
async function trained(change: Partial<ExperimentInput>, recipes = ['muP']) {
  const experiment = experimentWith(change, recipes);
  let shown = '';
  const output = { write: (text: string) => (shown += text) };
  const display = new ProgressDisplay(output, false, experiment.study, output);
  const request = { experiment, texts: {}, engine: 'reference' as const, browser: undefined, dump: undefined };
  const { result, failure } = await (await startTraining(request, display)).ended;
  expect(failure).toBeNull();
  return { result, shown };
}

const sweep = { parameter: 'optimizer.learningRate' as const, values: [2 ** -8, 2 ** -6, 2 ** -4] };

test('a transfer sweep: a line for each cohort, then a table for each recipe', async () => {
  const study = { kind: 'transfer' as const, sweep };
  const { result, shown } = await trained({ ladder: { rungs: [8, 16] }, study, seeds: [1, 2] }, ['muP', 'SP']);
  expect(shown).toMatch(/^width 8: 12 runs done, best \d\.\d{4} \(\w+-w8-lr[\d.]+-s\d\), [\d.]+ s$/m);
  expect(shown.split('\n').filter((line) => line.includes('runs done'))).toHaveLength(2);
  const report = reportText(result);
  for (const recipe of ['muP', 'SP']) expect(report).toContain(`${recipe}: loss at each learning rate`);
  expect(report).toMatch(/^width +2\^-8 +2\^-6 +2\^-4 +minimum$/m);
});

test('a sweep over depths: a row for each depth', async () => {
  const study = { kind: 'transfer' as const, sweep, depths: [1, 2] };
  const { result, shown } = await trained({ ladder: { rungs: [8] }, study });
  expect(shown).toMatch(/^2 layers: 3 runs done/m);
  expect(reportText(result)).toMatch(/^layers +2\^-8/m);
});

test('a coordinate check: slopes of every module with their verdicts', async () => {
  const { result } = await trained({ ladder: { rungs: [8, 16, 32] }, study: { kind: 'coordinates' } });
  expect(reportText(result)).toMatch(/^module +step 0 +step 1 +step 3( +step 4)? +verdict$/m);
  expect(reportText(result)).toMatch(/^logits +\S+ +[+-]\d\.\d\d/m);
});

test('a basin: a map for each width', async () => {
  const other = { parameter: 'init.hidden' as const, values: [0.5, 1, 2] };
  const { result } = await trained({ ladder: { rungs: [8, 16] }, study: { kind: 'basin', sweeps: [sweep, other] } });
  expect(reportText(result)).toMatch(/^width 16: best \d\.\d{4} at learning rate 2\^-\d, init scale /m);
});

test('what training went on after is told on the way', async () => {
  const { shown } = await trained({ ladder: { rungs: [8, 16], targets: [24] } });
  expect(shown).toMatch(/^ladder\.rungs: muP cannot be extrapolated/m);
});
