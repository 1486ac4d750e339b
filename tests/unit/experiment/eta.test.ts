import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cohortWork, ProgressMeter, secondsOf, speedFrom } from '../../../src/experiment/eta.ts';
import { experimentWith } from './fakes.ts';

const positive = (max: number) => fc.double({ min: 1e-3, max, noNaN: true });

test('overhead and throughput are found again from two sizes or more', () => {
  fc.assert(
    fc.property(
      positive(1),
      positive(100),
      fc.uniqueArray(fc.integer({ min: 1, max: 50 }), { minLength: 2 }),
      (overhead, slope, sizes) => {
        const timings = sizes.map((size) => ({ flopsPerStep: size * 1e6, secondsPerStep: overhead + slope * size }));
        const speed = speedFrom(timings)!;
        for (const size of [1, 100]) {
          const seconds = secondsOf({ steps: 10, flopsPerStep: size * 1e6 }, speed);
          expect(seconds / (10 * (overhead + slope * size))).toBeCloseTo(1, 5);
        }
      },
    ),
  );
});

test('times that shrink with size leave the largest to go by', () => {
  const speed = speedFrom([
    { flopsPerStep: 1e6, secondsPerStep: 2 },
    { flopsPerStep: 9e6, secondsPerStep: 1 },
  ])!;
  expect(speed.secondsPerFlop).toBeGreaterThan(0);
  expect(secondsOf({ steps: 1, flopsPerStep: 9e6 }, speed)).toBeCloseTo(1, 12);
});

test('nothing measured, nothing claimed', () => {
  expect(speedFrom([])).toBeNull();
  const meter = new ProgressMeter();
  meter.begin({ steps: 10, flopsPerStep: 1 }, 0);
  expect(meter.estimate([], 5)).toMatchObject({ share: 0, secondsLeft: null, currentSecondsLeft: null });
});

test('a steady pace gives the exact time left, and a pause does not count', () => {
  const meter = new ProgressMeter();
  const work = { steps: 10, flopsPerStep: 5 };
  meter.begin(work, 0);
  for (let step = 1; step <= 4; step++) meter.advance(step, 2 * step);
  meter.pause(8);
  expect(meter.estimate([], 1000).currentSecondsLeft).toBeCloseTo(12, 9);
  meter.resume(1008);
  meter.advance(5, 1010);
  const { share, secondsLeft, currentSecondsLeft } = meter.estimate([work], 1010);
  expect(currentSecondsLeft).toBeCloseTo(10, 9);
  expect(secondsLeft).toBeCloseTo(30, 9);
  expect(share).toBeCloseTo(0.25, 12);
});

test('a cancelled cohort teaches nothing', () => {
  const meter = new ProgressMeter();
  meter.begin({ steps: 10, flopsPerStep: 5 }, 0);
  meter.advance(1, 1);
  meter.finish(1, false);
  expect(meter.estimate([{ steps: 10, flopsPerStep: 5 }], 1)).toMatchObject({ share: 0, secondsLeft: null });
});

test('work grows with seeds, width and evaluations', () => {
  const recipe = experimentWith().recipes[0];
  const flops = (width: number, runs: number, every = 0) =>
    cohortWork({ ...recipe, evaluation: { every, sequences: 256 } }, width, 16, runs).flopsPerStep;
  expect(flops(8, 2)).toBeCloseTo(2 * flops(8, 1), 3);
  expect(flops(16, 1)).toBeGreaterThan(2 * flops(8, 1));
  expect(flops(8, 1, 1)).toBeGreaterThan(flops(8, 1, 0));
});
