import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cohortWork, secondsOf, sharedOut, speedFrom } from '../../../src/experiment/eta.ts';
import { CoresMeter, TurnsMeter } from '../../../src/experiment/meters.ts';
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
  const meter = new TurnsMeter<string>();
  meter.begin('a', { steps: 10, flopsPerStep: 1, runs: 1 }, 0);
  const { share, secondsLeft, secondsLeftOf } = meter.estimate([], 5);
  expect([share, secondsLeft, secondsLeftOf('a')]).toEqual([0, null, null]);
});

test('a steady pace gives the exact time left, and a pause does not count', () => {
  const meter = new TurnsMeter<string>();
  const work = { steps: 10, flopsPerStep: 5, runs: 1 };
  meter.begin('a', work, 0);
  for (let step = 1; step <= 4; step++) meter.advance('a', step, 1, 2 * step);
  meter.clock.pause(8);
  expect(meter.estimate([], 1000).secondsLeftOf('a')).toBeCloseTo(12, 9);
  meter.clock.resume(1008);
  meter.advance('a', 5, 1, 1010);
  const { share, secondsLeft, secondsLeftOf } = meter.estimate([{ under: ['a'], ahead: [work] }], 1010);
  expect(secondsLeftOf('a')).toBeCloseTo(10, 9);
  expect(secondsLeft).toBeCloseTo(30, 9);
  expect(share).toBeCloseTo(0.25, 12);
});

test('a cancelled cohort teaches nothing', () => {
  const meter = new TurnsMeter<string>();
  const work = { steps: 10, flopsPerStep: 5, runs: 1 };
  meter.begin('a', work, 0);
  meter.advance('a', 1, 1, 1);
  meter.finish('a', 1, false);
  expect(meter.estimate([{ under: [], ahead: [work] }], 1)).toMatchObject({ share: 0, secondsLeft: null });
});

describe('runs on cores of their own', () => {
  test('take as long as all of them on all cores, and at least as long as the longest', () => {
    const works = [3, 1, 2].map((amount) => ({ amount, runs: 1 }));
    expect([1, 2, 3, 100].map((cores) => sharedOut(works, cores))).toEqual([6, 3, 3, 3]);
    expect(sharedOut([{ amount: 12, runs: 6 }], 4)).toBe(3);
    expect(sharedOut([], 4)).toBe(0);
  });

  test('what waits for a stage is not spread beside it', () => {
    const meter = new CoresMeter<string>(2);
    // Each run takes a second for a step of 1, whichever core it is on.
    const rungs = { steps: 10, flopsPerStep: 2, runs: 2 };
    meter.begin('rungs', rungs, 100);
    meter.advance('rungs', 4, 2, 104);
    const target = { steps: 10, flopsPerStep: 1, runs: 1 };
    const { share, secondsLeft, secondsLeftOf } = meter.estimate(
      [
        { under: ['rungs'], ahead: [] },
        { under: [], ahead: [target] },
      ],
      104,
    );
    expect(secondsLeftOf('rungs')).toBeCloseTo(6, 12);
    expect(secondsLeft).toBeCloseTo(16, 12);
    expect(share).toBeCloseTo(8 / 30, 12);
  });

  test('leave cores idle where there are fewer of them, which teach nothing', () => {
    const meter = new CoresMeter<string>(8);
    const work = { steps: 10, flopsPerStep: 2, runs: 2 };
    meter.begin('a', work, 0);
    meter.advance('a', 5, 2, 5);
    // Each of sixteen runs takes ten seconds, two by two on each core.
    const ahead = { steps: 10, flopsPerStep: 16, runs: 16 };
    const { secondsLeft } = meter.estimate(
      [
        { under: ['a'], ahead: [] },
        { under: [], ahead: [ahead] },
      ],
      5,
    );
    expect(secondsLeft).toBeCloseTo(5 + 20, 12);
  });

  test('share the cores with the cohort beside them, stand still while paused, and count as lost when cancelled', () => {
    const meter = new CoresMeter<string>(2);
    const work = { steps: 10, flopsPerStep: 2, runs: 2 };
    meter.begin('a', work, 0);
    meter.begin('b', work, 0);
    meter.clock.pause(0);
    meter.clock.resume(50);
    // Four runs on two cores: half a step a second each.
    meter.advance('a', 2, 2, 54);
    meter.advance('b', 2, 2, 54);
    const before = meter.estimate([{ under: ['a', 'b'], ahead: [] }], 54);
    expect([before.secondsLeftOf('a'), before.secondsLeft]).toEqual([16, 16]);
    meter.finish('b', 54, false);
    const after = meter.estimate([{ under: ['a'], ahead: [work] }], 54);
    expect([after.secondsLeftOf('a'), after.secondsLeft, after.share]).toEqual([8, 18, 4 / 40]);
  });
});

test('work grows with seeds, width and evaluations', () => {
  const recipe = experimentWith().recipes[0];
  const flops = (width: number, runs: number, every = 0) =>
    cohortWork({ ...recipe, evaluation: { every, sequences: 256 } }, width, 16, runs).flopsPerStep;
  expect(flops(8, 2)).toBeCloseTo(2 * flops(8, 1), 3);
  expect(flops(16, 1)).toBeGreaterThan(2 * flops(8, 1));
  expect(flops(8, 1, 1)).toBeGreaterThan(flops(8, 1, 0));
});
