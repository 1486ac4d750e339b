import { describe, expect, test } from 'vitest';
import { checkTransfer } from '../../../src/checks/transfer.ts';
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
