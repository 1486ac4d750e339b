import { afterEach, expect, test, vi } from 'vitest';
import type { Cohort, TrainingEngine, TrainingOptions } from '../../../../src/model/training.ts';
import { timeInRounds, timeSteps, timeToFirstLoss } from '../../../../lab/bench/training-time.ts';

afterEach(() => vi.restoreAllMocks());

let clock = 0;

/** Delivers `count` steps of `runs` runs every `every` ms until it is stopped. */
function engineThatDelivers(every: number, count: number, runs: number, most = 1000): TrainingEngine {
  clock = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => clock);
  const ids = Array.from({ length: runs }, (_, r) => `run ${r}`);
  const train = async (_: Cohort, { signal, onReport }: TrainingOptions) => {
    for (let delivery = 0; delivery < most && !signal.aborted; delivery++) {
      clock += every;
      onReport({ kind: 'losses', runs: ids, firstStep: delivery * count, losses: new Float32Array(count * runs) });
    }
    return [];
  };
  return { train } as unknown as TrainingEngine;
}

const cohortOf = (runs: number) => ({ runs: Array.from({ length: runs }) }) as unknown as Cohort;

test('a delivery of n steps is a sample of its time over n, once the engine is warm', async () => {
  const engine = engineThatDelivers(40, 8, 2);
  const { steps, together } = await timeSteps(engine, cohortOf(2), { milliseconds: 200, least: 2 });
  expect(steps).toEqual(Array(5).fill(5));
  expect(together).toBe(2);
  // The first at 40 ms, warm 150 ms later at the earliest, then five deliveries fill the 200 ms.
  expect(clock).toBe(40 + 160 + 200);
});

test('long steps give as many samples as were asked for at least', async () => {
  const { steps } = await timeSteps(engineThatDelivers(5000, 1, 1), cohortOf(1), { milliseconds: 200, least: 2 });
  expect(steps).toEqual([5000, 5000]);
});

test('a cohort that trains in parts is told by how many trained together', async () => {
  const engine = engineThatDelivers(100, 1, 3);
  expect((await timeSteps(engine, cohortOf(8), { milliseconds: 100, least: 1 })).together).toBe(3);
});

test('rounds go over all cohorts, and long ones have a single round', async () => {
  const short = engineThatDelivers(100, 1, 1);
  const seen: string[] = [];
  const rounds = {
    rounds: 2,
    budget: { milliseconds: 100, least: 1 },
    tell: (cell: number, round: number) => void seen.push(`${cell} ${round}`),
  };
  const times = await timeInRounds(short, [() => cohortOf(1), () => cohortOf(1)], rounds);
  expect(seen).toEqual(['0 1', '1 1', '0 2', '1 2']);
  expect(times[0]).toEqual({ steps: [100, 100], together: 1, medians: [100, 100] });
  seen.length = 0;
  await timeInRounds(engineThatDelivers(2000, 1, 1), [() => cohortOf(1)], rounds);
  expect(seen).toEqual(['0 1']);
});

test('the first loss ends the training, and one without a loss is an error', async () => {
  expect(await timeToFirstLoss(engineThatDelivers(70, 4, 1), cohortOf(1))).toBe(70);
  expect(clock).toBe(70);
  await expect(timeToFirstLoss(engineThatDelivers(70, 4, 1, 0), cohortOf(1))).rejects.toThrow(/without a loss/);
});
