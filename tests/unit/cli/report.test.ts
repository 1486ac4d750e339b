/** What the command line prints of a study, from checks written by hand. */
import { expect, test } from 'vitest';
import { basinText } from '../../../cli/report-basin.ts';
import { coordinatesText } from '../../../cli/report-coordinates.ts';
import { transferText } from '../../../cli/report-transfer.ts';
import { leftOverText, reportText } from '../../../cli/report.ts';
import type {
  BasinCheck,
  CoordinateCheck,
  ModuleCheck,
  SweepPoint,
  TransferCheck,
} from '../../../src/model/check-results.ts';
import type { ExperimentResult } from '../../../src/model/result.ts';
import { runOf } from '../../../src/model/run.ts';
import { assembleResult, resultOf } from '../../../src/analysis/assemble.ts';
import { CohortRecorder } from '../../../src/experiment/recorder.ts';
import { Conductor } from '../../../src/experiment/conductor.ts';
import { experimentWith, FakeTrainer, quickAsk } from '../experiment/fakes.ts';

const point = (value: number, loss: number | null, diverged = 0): SweepPoint => ({
  ...{ value, loss, diverged },
  standardError: null,
  runs: [],
});

const transfer: TransferCheck = {
  recipe: 'SP',
  parameter: 'optimizer.learningRate',
  over: 'width',
  curves: [
    {
      at: 16,
      points: [point(0.25, 4.5), point(0.5, 4.25), point(1, 4.375, 1)],
      minimum: { value: 0.57, lo: 0.4, hi: 0.7, loss: 4.25, grid: 0.5, status: 'inside' },
    },
    {
      at: 128,
      points: [point(0.25, 4), point(0.5, null, 2), point(1, null)],
      minimum: { value: 0.25, lo: null, hi: null, loss: 4, grid: 0.25, status: 'beside-divergence' },
    },
  ],
  shift: null,
  verdict: 'falls',
  sentence: 'The best learning rate falls with width.',
  wider: {
    ...{ value: 0.5, comparisons: 10, worse: 0, largest: -0.1, noise: 0.01 },
    sentence: 'Wider was never worse.',
  },
};

test('a transfer table marks each best, each divergence and each minimum with its interval', () => {
  expect(transferText(transfer).split('\n')).toEqual([
    'SP: loss at each learning rate, * the best of its row',
    'width     2^-2      2^-1         1                            minimum',
    '16     4.5000    4.2500*  4.3750!     2^-0.8 (80 %: 2^-1.3 to 2^-0.5)',
    '128    4.0000*  diverged         –  2^-2, beside values that diverged',
    '! some of its seeds diverged; the loss is that of the others',
    'The best learning rate falls with width.',
    'Wider was never worse.',
  ]);
});

test('a sweep of other values, over depths and without a minimum, is told in its own numbers', () => {
  const text = transferText({
    ...transfer,
    ...{ over: 'layers', parameter: 'optimizer.weightDecay', wider: null },
    curves: [{ at: 4, points: [point(0, 3), point(0.1, null), point(0.3, null)], minimum: null }],
  });
  expect(text).toMatch(/^layers +0 +0\.1 +0\.3 +minimum$/m);
  expect(text).toMatch(/^4 +3\.0000 +– +– +–$/m);
  expect(text).not.toContain('!');
});

const moduleOf = (name: string, change: Partial<ModuleCheck> = {}): ModuleCheck => ({
  ...{ name, level: 'module', role: 'down', values: [], verdict: 'flat' },
  slopes: [0, 0.01, 0.02, -0.03, 0.04],
  slopeErrors: [null, null, null, null, null],
  ...change,
});

test('slopes are shown at the first steps and at the last, parts set in', () => {
  const check: CoordinateCheck = {
    ...{ recipe: 'SP', widths: [16, 64], steps: [0, 1, 2, 3, 4], tolerance: 0.1, verdict: 'broken', culprit: null },
    modules: [
      moduleOf('layers.0.mlp.up', { level: 'part', slopes: [null, 0.5, 0.9, 0.98, 1], verdict: 'grows' }),
      moduleOf('logits', { slopeErrors: [0, 0, 0, 0.012, null] }),
    ],
    sentence: 'The first module that grows is layers.0.mlp.up.',
  };
  expect(coordinatesText(check).split('\n')).toEqual([
    'SP: slope of log(mean |x|) on log(width) over widths 16, 64; flat is within ±0.1',
    'module                  step 0       step 1       step 3  step 4  verdict',
    '  layers.0.mlp.up            –        +0.50        +0.98   +1.00    grows',
    'logits             +0.00 ±0.00  +0.01 ±0.00  -0.03 ±0.01   +0.04     flat',
    'The first module that grows is layers.0.mlp.up.',
  ]);
});

const basin: BasinCheck = {
  recipe: 'muP',
  parameters: ['optimizer.learningRate', 'init.hidden'],
  values: [
    [0.25, 0.5, 1],
    [1, 2, 3],
  ],
  margin: 0.05,
  maps: [
    {
      width: 16,
      losses: [
        [4, 4.01, 4.2],
        [4.02, 4.03, 4.5],
        [null, null, 4.6],
      ],
      diverged: [
        [false, false, false],
        [false, false, false],
        [true, false, false],
      ],
      minimum: { cell: [0, 0], loss: 4 },
      basin: [
        [0, 0],
        [0, 1],
        [1, 0],
        [1, 1],
      ],
    },
    {
      ...{ width: 32, basin: [], minimum: null },
      losses: [0, 1, 2].map(() => [null, null, null]),
      diverged: [0, 1, 2].map(() => [false, false, false]),
    },
  ],
  common: [
    [0, 1],
    [1, 0],
  ],
  share: 0.5,
  best: [0, 1],
  sentence: 'The basin is common.',
};

test('a basin is a map for each width with its minimum, its basin and what all widths share', () => {
  expect(basinText(basin).split('\n')).toEqual([
    'muP: learning rate downwards, init scale of the hidden matrices to the right, basin within 0.05 nats of the best',
    'M the best of its width, # in the basin of every width, + in that of this width, x diverged, · the rest',
    'width 16: best 4.0000 at learning rate 2^-2, init scale of the hidden matrices 1',
    '        1  2  3',
    '  2^-2  M  #  ·',
    '  2^-1  #  +  ·',
    '  1     x     ·',
    'width 32: no setting trained',
    '        1  2  3',
    '  2^-2     #',
    '  2^-1  #',
    '  1',
    'The basin is common.',
  ]);
});

function resultWith(losses: number[]): ExperimentResult {
  const sweep = { parameter: 'optimizer.learningRate' as const, values: [0.25, 0.5, 1] };
  const experiment = experimentWith({ ladder: { rungs: [16, 32] }, study: { kind: 'transfer', sweep } });
  const runs = losses.map((_, i) => runOf(experiment.recipes[0], 16, i + 1, { 'optimizer.learningRate': 0.5 }));
  const results = new CohortRecorder(runs, { vocabulary: 16, textHash: null }).results(
    runs.map(({ id }, i) => ({
      ...{ id, status: 'done', divergedAt: null, finalEvalLoss: losses[i], finalEvalStandardError: 0.1, seconds: 2 },
    })),
  );
  const adapter = { vendor: 'fake', architecture: '', description: '', features: [], software: true };
  const checks = losses.length === 0 ? {} : { transfer: [transfer] };
  return assembleResult({ experiment, adapter, runs: results, sealed: [] }, { fits: [], ...checks });
}

test('a study’s report is its checks and how its runs ended, with no table of hundreds of runs', () => {
  const text = reportText(resultWith([2, 2.5, 99]));
  expect(text).toBe(`${transferText(transfer)}\n\n2 runs done, 1 diverged.`);
  expect(leftOverText(resultWith([2]))).toBe('1 of 1 started runs were finished (the longest took 2.0 s).');
});

test('a prediction marks the mean of survivors and judges no target by it', async () => {
  const trainer = new FakeTrainer();
  trainer.diverging = ['mup-w16-s2', 'mup-w48-s2'];
  const experiment = experimentWith({ seeds: [1, 2, 3] });
  const record = await new Conductor(trainer, quickAsk, { experiment, texts: {} }, () => {}).run();
  const { result } = await resultOf(record, quickAsk);
  const text = reportText(result);
  expect(text).toMatch(/^muP +16 .* 2\.\d{4}! .* 2 done, 1 diverged$/m);
  expect(text).toMatch(/^! some of its seeds diverged; the loss is that of the others, and takes no part/m);
  expect(text).toContain('  Width 16 takes no part: 1 of 3 seeds diverged (seed 2 at step 2).');
  expect(text).toMatch(/^muP +48 .* – +not judged +–$/m);
  expect(text).toContain('  muP, width 48: 1 of 3 seeds diverged (seed 2 at step 2): not judged');
  // As an earlier version wrote it.
  const [seal] = result.sealed;
  const earlier = { ...result, sealed: [{ ...seal, actual: seal.loss, verdict: 'inside' as const }] };
  expect(reportText(earlier)).toContain('(seed 2 at step 2): judged by the mean of the others');
  const own = 'sealed also from the seeds that survived at width 16, where 1 of 3 seeds diverged (seed 2 at step 2)';
  const survivor = { x: 16, loss: 2.5, runs: ['mup-w16-s1', 'mup-w16-s3'] };
  const tainted = [{ ...seal, points: [...seal.points!, survivor] }];
  expect(reportText({ ...result, sealed: tainted })).toContain(`  muP, width 48: ${own}`);
  expect(text).not.toContain('sealed also');
});

test('where nothing was trained the report says so', () => {
  expect(reportText(resultWith([]))).toBe('No run was trained.');
});
