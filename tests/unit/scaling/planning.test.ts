import { expect, test } from 'vitest';
import { InputError } from '../../../src/model/parse.ts';
import { fitLaw } from '../../../src/scaling/width/law.ts';
import { widthAt, withRuns } from '../../../src/scaling/plan/outcomes.ts';
import { planFor, type PlanRequest } from '../../../src/scaling/plan/planning.ts';

const SHIFTS = [0.003, -0.004, 0.002, 0.004, -0.003];
const points = [16, 24, 32, 48, 64].map((x, i) => ({ x, seeds: 1, loss: 2 + (x / 16) ** -0.5 + SHIFTS[i]! }));
const candidates = [16, 24, 32, 40, 48, 64, 80, 96].map((x) => ({ x, cost: (x / 16) ** 1.5 }));
const request: PlanRequest = { points, target: 128, candidates, budget: 40, unit: 'seconds', noun: 'width' };

test('single steps within the budget, best first by shrinkage per cost', () => {
  const { now, next } = planFor(request);
  expect(now).toBe(widthAt(fitLaw(points), 128));
  expect(next.length).toBeGreaterThan(3);
  const gains = next.map(({ expected, cost }) => (now - expected) / cost);
  expect(gains).toEqual([...gains].sort((p, q) => q - p));
  for (const { x, seeds, cost, expected } of next) {
    expect(cost).toBeLessThanOrEqual(40);
    expect(cost).toBeCloseTo(seeds * (x / 16) ** 1.5, 12);
    expect(expected).toBeLessThan(now);
    expect(expected).toBeGreaterThan(0);
  }
});

test('without a budget best first by shrinkage alone, and no sequence', () => {
  const { next, together } = planFor({ ...request, budget: null });
  const widths = next.map(({ expected }) => expected);
  expect(widths).toEqual([...widths].sort((p, q) => p - q));
  expect(next[0]).toMatchObject({ x: 96, seeds: 4 });
  expect(together).toEqual([]);
});

test('more runs at one size shrink the interval more, and never below the noise of the target', () => {
  const { next } = planFor({ ...request, budget: null });
  const at = (seeds: number) => next.find((step) => step.x === 96 && step.seeds === seeds)!.expected;
  expect(at(2)).toBeLessThan(at(1));
  expect(at(4)).toBeLessThan(at(2));
  expect(at(4)).toBeGreaterThan(2 * fitLaw(points).noise.deviation);
});

test('the sequence stays within the budget, narrows with every step, and is what the sentence says', () => {
  for (const budget of [10, 40, 100]) {
    const { now, together, sentence } = planFor({ ...request, budget });
    expect(together.reduce((sum, { cost }) => sum + cost, 0)).toBeLessThanOrEqual(budget);
    const widths = [now, ...together.map(({ expected }) => expected)];
    expect(widths).toEqual([...widths].sort((p, q) => q - p));
    expect(sentence).toMatch(
      new RegExp(
        `^Train width ${together[0]!.x}( with \\d seeds)? next \\(about \\d+ s\\): the 80 % interval at width 128 should shrink from 0\\.\\d{3} to about 0\\.\\d{3} nats`,
      ),
    );
  }
});

test('no step where none can be paid, with what the cheapest takes', () => {
  const { next, together, sentence } = planFor({ ...request, budget: 0.5 });
  expect(next).toEqual([]);
  expect(together).toEqual([]);
  expect(sentence).toBe('No step fits the budget: the cheapest takes 1 s.');
});

test('a candidate may say how many runs it has', () => {
  const { next } = planFor({ ...request, candidates: [{ x: 96, cost: 10, seeds: [3] }] });
  expect(next).toMatchObject([{ x: 96, seeds: 3, cost: 30 }]);
});

test('a size that can be taken once only stands in the sequence once, others may come again', () => {
  const few = [
    { x: 80, cost: 1, seeds: [1] },
    { x: 96, cost: 1, seeds: [1] },
  ];
  const widthsOf = (isOnce: boolean) => {
    const asked = { ...request, budget: 6, candidates: few.map((one) => ({ ...one, isOnce })) };
    const { together, sentence } = planFor(asked);
    expect(sentence).toMatch(/, and with the whole budget to 0\.\d{3}\.$/);
    return together.map(({ x }) => x).sort((p, q) => p - q);
  };
  expect(widthsOf(true)).toEqual([80, 96]);
  expect(widthsOf(false).length).toBeGreaterThan(2);
});

test('runs join what is there: mean, number of seeds, and the standard error of all of them', () => {
  const [joined] = withRuns([{ x: 32, loss: 3, seeds: 1 }], { x: 32, runs: 1, loss: 3.1 }, 0.02);
  expect(joined!.loss).toBeCloseTo(3.05, 12);
  expect(joined).toMatchObject({ x: 32, seeds: 2 });
  expect(joined!.standardError).toBeCloseTo(0.05, 12);
  const [, fresh] = withRuns([{ x: 32, loss: 3, seeds: 1 }], { x: 64, runs: 4, loss: 2.8 }, 0.02);
  expect(fresh).toMatchObject({ x: 64, seeds: 4, standardError: 0.01 });
  const [given] = withRuns([{ x: 32, loss: 3, standardError: 0.01 }], { x: 32, runs: 1, loss: 3.1 }, 0.01);
  expect(given!.loss).toBeCloseTo(3.05, 12);
  expect(given!.standardError).toBeCloseTo(0.01 / Math.SQRT2, 12);
});

test('losses that rise have no law to sharpen', () => {
  const rising = points.map(({ x, loss }) => ({ x, loss: 5 - loss }));
  const { next, sentence } = planFor({ ...request, points: rising });
  expect(next).toEqual([]);
  expect(sentence).toContain('The losses rise with size');
});

test('a target is no candidate for itself, nor is what is larger', () => {
  const { next } = planFor({ ...request, target: 80, budget: null });
  expect(Math.max(...next.map(({ x }) => x))).toBe(64);
});

test('no law, no plan', () => {
  const { next, together, sentence } = planFor({ ...request, points: points.slice(0, 2) });
  expect([...next, ...together]).toEqual([]);
  expect(sentence).toBe('Train three different sizes first: without a law there is no interval to shrink.');
});

test.each([
  ['points[0].loss', { points: [{ x: 1, loss: NaN }, ...points] }],
  ['candidates[1].cost', { candidates: [candidates[0]!, { x: 32, cost: 0 }] }],
  ['candidates[0].seeds', { candidates: [{ x: 32, cost: 1, seeds: [0] }] }],
  ['target', { target: -1 }],
  ['budget', { budget: Infinity }],
])('%s is named where it cannot be used', (field, change) => {
  expect(() => planFor({ ...request, ...change })).toThrow(InputError);
  expect(() => planFor({ ...request, ...change })).toThrow(field);
});
