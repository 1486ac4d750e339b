import { describe, expect, test } from 'vitest';
import type { MinimumAt } from '../../../src/checks/shift.ts';
import { checkTransfer } from '../../../src/checks/transfer.ts';
import { checkWider } from '../../../src/checks/wider.ts';
import type { RunResult } from '../../../src/model/result.ts';
import { randomStream } from '../../../src/model/random.ts';
import { experimentOf, runsOf, type RunPlace } from './experiments.ts';

const RATE = 'optimizer.learningRate';
const BATCH_NOISE = 0.2;
const SEED_NOISE = 0.01;
const STEP_NOISE = 0.02;

/**
 * Sweeps whose best rate is 2^-3 everywhere. All runs share the noise of their batches; each has an offset and noise of its own
 * around what `levelOf` gives it at a step.
 */
function wider(
  levelOf: (place: RunPlace, step: number) => number | null,
  { seeds = [1, 2, 3], rungs = [8, 16, 32], steps = 60 } = {},
) {
  const experiment = experimentOf({
    study: { kind: 'transfer', sweep: { parameter: RATE, values: [2 ** -4, 2 ** -3, 2 ** -2] } },
    ...{ rungs, seeds },
  });
  const batches = randomStream(1, 'batches');
  const batchNoise = Array.from({ length: steps }, () => BATCH_NOISE * batches.normal());
  const runs = runsOf(experiment, (place) => {
    const { width, seed, overrides } = place;
    const own = randomStream(seed, `run of width ${width}`);
    const offset = SEED_NOISE * own.normal();
    const trainLoss = batchNoise.map((noise, step) => {
      const level = levelOf(place, step);
      return level === null ? null : level + offset + noise + STEP_NOISE * own.normal();
    });
    const hasDiverged = trainLoss.includes(null);
    return {
      steps: trainLoss.map((_, i) => i + 1),
      trainLoss,
      status: hasDiverged ? 'diverged' : 'done',
      divergedAt: hasDiverged ? trainLoss.indexOf(null) : null,
      finalEvalLoss: hasDiverged ? null : 3 + Math.abs(Math.log2(overrides[RATE]) + 3),
    };
  });
  return checkTransfer(experiment, experiment.recipes[0], runs).wider;
}

/** Loss falls with width and with steps. */
const better = ({ width }: RunPlace, step: number) => 3 + 2 / width - step / 100;

describe('wider is never worse', () => {
  test('when it is better at every step', () => {
    const check = wider(better)!;
    expect(check).toMatchObject({ value: 2 ** -3, comparisons: 12, worse: 0 });
    expect(check.largest).toBeLessThan(0);
    expect(check.sentence).toMatch(
      /^muP: at the learning rate that is best at width 8 \(2\^-3\) a wider model is never worse beyond the noise of 0\.0\d+ nats, in 12 comparisons of neighbouring widths\.$/,
    );
  });

  test('the noise is that of seeds, not of batches, which all widths share', () => {
    // Offsets of three seeds and what is left of the steps' noise over ten of them, for a difference, twice.
    const expected = 2 * Math.sqrt((2 * (SEED_NOISE ** 2 + STEP_NOISE ** 2 / 10)) / 3);
    const { noise } = wider(better, { seeds: Array.from({ length: 12 }, (_, i) => i) })!;
    expect(noise * 2).toBeGreaterThan(expected / 1.6);
    expect(noise * 2).toBeLessThan(expected * 1.6);
  });

  test('one seed takes the noise from step to step', () => {
    const { noise, worse } = wider(better, { seeds: [1] })!;
    const expected = 2 * Math.sqrt((2 * STEP_NOISE ** 2) / 10);
    expect(noise).toBeGreaterThan(0.7 * expected);
    expect(noise).toBeLessThan(1.4 * expected);
    expect(worse).toBe(0);
  });

  test('where a width is worse over half of the steps, it is counted and measured', () => {
    const check = wider((place, step) => better(place, step) + (place.width === 32 && step >= 30 ? 0.5 : 0))!;
    expect(check).toMatchObject({ comparisons: 12, worse: 3 });
    expect(check.largest).toBeCloseTo(0.5 + 2 / 32 - 2 / 16, 1);
    expect(check.sentence).toMatch(/is worse in 3 of 12 comparisons .*, by up to 0\.4\d? nats where noise explains/);
  });

  test('equal widths are worse about as often as chance has it', () => {
    const check = wider((_, step) => 3 - step / 100, { rungs: [8, 16, 32, 64, 128, 256], steps: 400 })!;
    expect(check.comparisons).toBe(200);
    expect(check.worse / check.comparisons).toBeLessThan(0.1);
  });

  test('a wider run that diverged is worse from there on', () => {
    const check = wider((place, step) => (place.width === 32 && step >= 35 ? null : better(place, step)), {
      seeds: [1, 2],
    })!;
    expect(check).toMatchObject({ comparisons: 12, worse: 3 });
    expect(check.sentence).toMatch(
      /is worse in 3 of 12 comparisons of neighbouring widths, in 3 of them because it had diverged\.$/,
    );
  });
});

test('runs without loss curves, and one width, leave nothing to compare', () => {
  expect(wider(better, { steps: 0 })).toBeNull();
  const experiment = experimentOf({ study: { kind: 'transfer', sweep: { parameter: RATE, values: [1, 2, 4] } } });
  const runs = runsOf(experiment, ({ overrides }) => overrides[RATE]).filter((run) => run.width === 8);
  expect(checkTransfer(experiment, experiment.recipes[0], runs).wider).toBeNull();
});

describe('by hand', () => {
  const sweep = { parameter: RATE, values: [1, 2, 4] } as const;
  const experiment = experimentOf({ study: { kind: 'transfer', sweep: { parameter: RATE, values: [1, 2, 4] } } });
  const [recipe] = experiment.recipes;
  const [any] = runsOf(experiment, () => 3);
  const minima: MinimumAt[] = [
    { at: 8, minimum: { value: 2, lo: null, hi: null, loss: 3, grid: 2, status: 'inside' }, fit: null },
  ];
  const runAt = (
    width: number,
    seed: number,
    trainLoss: (number | null)[],
    change: Partial<RunResult> = {},
  ): RunResult => ({
    ...{ ...any, id: `${width} ${seed}`, width, seed, overrides: { [RATE]: 2 }, trainLoss },
    ...change,
  });
  const level = (steps: number, loss: number) => Array<number>(steps).fill(loss);
  const check = (...runs: RunResult[]) => checkWider(recipe, { ...sweep, values: [...sweep.values] }, minima, runs);

  test('seeds are paired, and their scatter is that of the mean excess', () => {
    const runs = [
      runAt(8, 1, level(20, 3)),
      runAt(8, 2, level(20, 4)),
      runAt(16, 2, level(20, 4.4)),
      runAt(16, 1, level(20, 3.2)),
    ];
    // Excesses of 0.2 and 0.4 in both windows: a mean of 0.3 and a standard error of 0.1, twice.
    const found = check(...runs)!;
    expect(found).toMatchObject({ value: 2, comparisons: 2, worse: 2 });
    expect(found.largest).toBeCloseTo(0.3, 12);
    expect(found.noise).toBeCloseTo(0.2, 12);
    expect(found.sentence).toBe(
      'muP: at the learning rate that is best at width 8 (2^1) a wider model is worse in 2 of 2 comparisons of neighbouring widths, by up to 0.3 nats where noise explains 0.2 nats.',
    );
  });

  test('one seed has the scatter of neighbouring steps', () => {
    const swinging = Array.from({ length: 10 }, (_, i) => 3 + (i % 2 ? 0.1 : 0));
    // Half the square of a step of 0.1, over ten steps.
    const found = check(runAt(8, 1, level(10, 3)), runAt(16, 1, swinging))!;
    expect(found.noise).toBeCloseTo(2 * Math.sqrt(0.005 / 10), 12);
    expect(found.largest).toBeCloseTo(0.05, 12);
    expect(found).toMatchObject({ comparisons: 1, worse: 1 });
    expect(found.sentence).toContain('is worse in 1 of 1 comparison of neighbouring widths, by');
    expect(check(runAt(8, 1, [3]), runAt(16, 1, [4]))).toMatchObject({
      comparisons: 1,
      noise: 0,
      worse: 1,
      largest: 1,
    });
    const two = check(runAt(8, 1, [3, 3]), runAt(16, 1, [3, 3.2]))!;
    expect(two.noise).toBeCloseTo(2 * Math.sqrt(0.02 / 2), 12);
  });

  test('windows of ten are counted from the end, and an excess as large as the noise is none', () => {
    const start = [...level(5, 9), ...level(20, 3)];
    expect(check(runAt(8, 1, level(25, 3)), runAt(16, 1, start))).toMatchObject({
      ...{ comparisons: 2, worse: 0, largest: 0, noise: 0 },
    });
  });

  test('only runs at the value that is best at the smallest width, done or diverged, with their own seed, are set side by side', () => {
    const narrow = runAt(8, 1, level(10, 3));
    expect(check(narrow, runAt(16, 1, level(10, 4), { overrides: { [RATE]: 1 } }))).toBeNull();
    expect(check(narrow, runAt(16, 1, level(10, 4), { status: 'cancelled' }))).toBeNull();
    expect(check(narrow, runAt(16, 2, level(10, 4)))).toBeNull();
    expect(check(narrow)).toBeNull();
    expect(checkWider(recipe, { ...sweep, values: [1] }, [], [narrow, runAt(16, 1, level(10, 4))])).toBeNull();
  });

  test('a wider run is lost from the window in which it diverged, and a narrower one ends what there is to compare', () => {
    const lost = { status: 'diverged', divergedAt: 10 } as const;
    const found = check(runAt(8, 1, level(20, 3)), runAt(16, 1, level(20, 3), lost))!;
    expect(found).toMatchObject({ comparisons: 2, worse: 1, largest: 0, noise: 0 });
    expect(found.sentence).toMatch(
      /is worse in 1 of 2 comparisons of neighbouring widths, in 1 of them because it had diverged\.$/,
    );
    const early = check(runAt(8, 1, level(20, 3)), runAt(16, 1, level(20, 3), { ...lost, divergedAt: 9 }))!;
    expect(early).toMatchObject({ comparisons: 2, worse: 2, largest: 0, noise: 0 });
    expect(check(runAt(8, 1, level(20, 3), lost), runAt(16, 1, level(20, 3)))).toMatchObject({
      comparisons: 1,
      worse: 0,
    });
    const hole = [null, ...level(9, 3), ...level(10, 3)];
    expect(check(runAt(8, 1, level(20, 3)), runAt(16, 1, hole))).toMatchObject({ comparisons: 2, worse: 1 });
    expect(check(runAt(8, 1, [null]), runAt(16, 1, [3]))).toBeNull();
  });

  test('what is lost has no part in the noise', () => {
    const lost = { status: 'diverged', divergedAt: 10 } as const;
    const runs = [
      runAt(8, 1, level(20, 3)),
      runAt(8, 2, level(20, 3)),
      runAt(16, 1, level(20, 3.1)),
      runAt(16, 2, level(20, 3.3)),
    ];
    expect(check(...runs.slice(0, 3), { ...runs[3], ...lost })!.noise).toBeCloseTo(0.2, 12);
    expect(check(...runs.slice(0, 3), { ...runs[3], ...lost })).toMatchObject({ comparisons: 2, worse: 2 });
  });

  test('is said to be chance up to one comparison in twenty, where none was lost', () => {
    const steps = (windows: number) => 10 * windows;
    const once = (windows: number) => [...level(10, 3.5), ...level(steps(windows) - 10, 3)];
    const said = (windows: number) =>
      check(runAt(8, 1, level(steps(windows), 3)), runAt(16, 1, once(windows)))!.sentence;
    const one = /is worse in 1 of \d+ comparisons/;
    expect(said(20)).toMatch(one);
    expect(said(20)).toMatch(/; about as often as chance would have it\.$/);
    expect(said(19)).toMatch(one);
    expect(said(19)).not.toContain('chance');
    const lost = runAt(16, 1, level(200, 3), { status: 'diverged', divergedAt: 190 });
    expect(check(runAt(8, 1, level(200, 3)), lost)!.sentence).toMatch(
      /is worse in 1 of 20 comparisons of neighbouring widths, in 1 of them because it had diverged\.$/,
    );
  });
});
