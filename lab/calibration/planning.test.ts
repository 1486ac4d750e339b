import { expect, test } from 'vitest';
import { randomStream } from '../../src/model/random.ts';
import { fitLaw } from '../../src/scaling/width/law.ts';
import { widthAt } from '../../src/scaling/plan/outcomes.ts';
import { planFor } from '../../src/scaling/plan/planning.ts';
import { measured, planTrials } from './plan-value.ts';

test('the expected width is near the mean of what a simulated next run gives', () => {
  const random = randomStream(3, 'outcomes');
  let expected = 0;
  let realised = 0;
  for (const trial of planTrials(30, 5)) {
    const { target, points } = trial.request;
    const x = target / 2;
    const [step] = planFor({ ...trial.request, candidates: [{ x, cost: 1, seeds: [1] }], budget: null }).next;
    const after = widthAt(fitLaw(measured(trial, [{ x, runs: 1 }], random)), target);
    expected += (step?.expected ?? widthAt(fitLaw(points), target)) / trial.law(target);
    realised += after / trial.law(target);
  }
  expect(realised / expected).toBeGreaterThan(0.75);
  expect(realised / expected).toBeLessThan(1.3);
});

test('following the plan leaves a narrower interval than spending as much on the cheapest runs', () => {
  const random = randomStream(4, 'followed');
  let planned = 0;
  let cheapest = 0;
  for (const trial of planTrials(10, 6)) {
    const { target, budget, candidates } = trial.request;
    const steps = planFor(trial.request).together.map(({ x, seeds }) => ({ x, runs: seeds }));
    const [{ x, cost }] = candidates;
    const repeats = [{ x, runs: Math.floor(budget / cost) }];
    planned += Math.log(widthAt(fitLaw(measured(trial, steps, random)), target));
    cheapest += Math.log(widthAt(fitLaw(measured(trial, repeats, random)), target));
  }
  expect(planned).toBeLessThan(cheapest - 1);
});
