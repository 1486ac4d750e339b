import { expect, test } from 'vitest';
import { Conductor } from '../../../src/experiment/conductor.ts';
import { candidatesOf, plansFor, rungSeconds, usualBudget } from '../../../src/analysis/plans.ts';
import { asking, experimentWith, FakeTrainer, quickAsk } from '../experiment/fakes.ts';

test('candidates are widths the recipe allows, below the smallest target, costed by their FLOPs', async () => {
  const experiment = experimentWith({ ladder: { rungs: [8, 16, 24, 32], targets: [64, 128] } });
  const { runs } = await new Conductor(new FakeTrainer(), quickAsk, { experiment, texts: {} }, () => {}).run();
  const candidates = candidatesOf(experiment.recipes[0], experiment, runs);
  const widths = candidates.map(({ x }) => x);
  expect(widths.length).toBeLessThanOrEqual(10);
  expect(widths.at(-1)).toBe(60);
  for (const width of widths) {
    expect(width % 4).toBe(0);
    expect(experiment.ladder.rungs).not.toContain(width);
  }
  const costs = candidates.map(({ cost }) => cost);
  expect(costs).toEqual(costs.toSorted((p, q) => p - q));
  expect(candidatesOf(experiment.recipes[0], experiment, [])).toEqual([]);
});

test('a finished prediction says what to train next for its largest target, within what the rungs took', async () => {
  const experiment = experimentWith({ ladder: { rungs: [8, 16, 24, 32], targets: [64, 128] } });
  const { runs } = await new Conductor(new FakeTrainer(), quickAsk, { experiment, texts: {} }, () => {}).run();
  const [plan] = await plansFor(asking({}), experiment, runs);
  expect(plan).toMatchObject({ recipe: 'muP', target: 128, unit: 'seconds' });
  for (const { cost } of plan.next) expect(cost).toBeLessThanOrEqual(plan.budget!);
  const bare = experimentWith({ ladder: { rungs: [8, 16, 24], targets: [] } });
  expect(await plansFor(asking({}), bare, runs)).toEqual([]);
});

test('a width trains with all seeds at once: that many runs a step, and its seconds count once', async () => {
  const experiment = experimentWith({ seeds: [1, 2], ladder: { rungs: [8, 16, 24], targets: [64] } });
  const { runs } = await new Conductor(new FakeTrainer(), quickAsk, { experiment, texts: {} }, () => {}).run();
  const timed = runs.map((run) => ({ ...run, seconds: run.width }));
  const [recipe] = experiment.recipes;
  expect(rungSeconds(recipe, experiment, timed)).toEqual([8, 16, 24]);
  expect(usualBudget(recipe, experiment, timed)).toBe(48);
  const two = candidatesOf(recipe, experiment, timed);
  const one = candidatesOf(recipe, { ...experiment, seeds: [1] }, timed);
  two.forEach(({ cost, seeds, isOnce }, i) => {
    expect([seeds, isOnce]).toEqual([[2], true]);
    expect(2 * cost).toBeCloseTo(one[i].cost, 12);
  });
});
