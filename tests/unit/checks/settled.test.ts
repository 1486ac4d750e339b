import { expect, test } from 'vitest';
import { comparableLoss, runsOf, settle } from '../../../src/checks/settled.ts';
import { measurementsOf } from '../../../src/model/measurement.ts';
import { experimentOf, runsOf as madeUpRuns } from './experiments.ts';

const experiment = experimentOf({
  study: { kind: 'coordinates' },
  recipes: [{}, { name: 'SP', parametrization: 'sp' }],
});
const [recipe, other] = experiment.recipes;
const [run] = madeUpRuns(experiment, () => 3);

test('runs of a recipe are its own, by seed and then by name, whichever ended first', () => {
  const places = [
    { seed: 2, id: 'a' },
    { seed: 1, id: 'c' },
    { seed: 1, id: 'b' },
    { seed: 1, id: 'd' },
  ];
  const runs = places.map((place) => ({ ...run, ...place }));
  const strangers = runs.map((one) => ({ ...one, recipe: other.name }));
  const orders = [runs, [...runs].reverse(), [runs[2], runs[3], runs[0], runs[1]]];
  for (const order of orders) {
    expect(runsOf(recipe, [...strangers, ...order]).map(({ id }) => id)).toEqual(['b', 'c', 'd', 'a']);
  }
});

test('only a run that was done, with a loss, has one; only one that diverged counts as diverged', () => {
  const ends = [
    { id: 'done', finalEvalLoss: 3, status: 'done' },
    { id: 'unread', finalEvalLoss: null, status: 'done' },
    { id: 'failed', finalEvalLoss: 4, status: 'failed' },
    { id: 'cancelled', finalEvalLoss: 5, status: 'cancelled' },
    { id: 'diverged', finalEvalLoss: 6, status: 'diverged' },
  ] as const;
  expect(settle(measurementsOf(ends.map((end) => ({ ...run, ...end }))))).toEqual({
    done: [{ seed: run.seed, run: 'done', loss: 3 }],
    diverged: 1,
  });
});

test('a setting is compared by the mean over its seeds, and not at all where one diverged', () => {
  const done = [3, 4].map((loss, seed) => ({ seed, run: '', loss }));
  expect(comparableLoss({ done, diverged: 0 })).toBe(3.5);
  expect(comparableLoss({ done, diverged: 1 })).toBeNull();
  expect(comparableLoss({ done: [], diverged: 0 })).toBeNull();
});
