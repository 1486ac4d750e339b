import { expect, test } from 'vitest';
import { randomStream } from '../../../src/model/random.ts';
import { fitLaw } from '../../../src/scaling/law.ts';
import { planFor } from '../../../src/scaling/planning.ts';

const RUNGS = [8, 12, 16, 24, 32];
const CANDIDATES = [8, 12, 16, 20, 24, 32, 40, 48].map((x) => ({ x, cost: x * x }));

/** A ladder on a known law, with a way of measuring more of it. */
function ladder(seed: number) {
  const random = randomStream(seed, 'plans');
  const [b, c, excess] = [0.3 + random.uniform(), 1 + 2 * random.uniform(), 0.5 + random.uniform()];
  const noise = 0.001 * 5 ** random.uniform();
  const measure = (x: number) => (c + excess * (x / 8) ** -b) * (1 + noise * random.normal());
  return { points: RUNGS.map((x) => ({ x, loss: measure(x) })), measure };
}

const widthAt = (points: { x: number; loss: number }[], x: number) => {
  const [lo, hi] = fitLaw(points).intervalAt(x)('80');
  return hi - lo;
};

test('what a step is expected to leave of the interval is what it leaves, on average', () => {
  let expected = 0;
  let realised = 0;
  for (let seed = 0; seed < 40; seed++) {
    const { points, measure } = ladder(seed);
    const { next, now } = planFor({ points, target: 128, candidates: [{ x: 48, cost: 1 }], budget: null, unit: 'x' });
    const step = next[0] ?? { x: 48, expected: now };
    expected += Math.log(step.expected);
    for (let again = 0; again < 3; again++) {
      realised += Math.log(widthAt([...points, { x: 48, loss: measure(48) }], 128)) / 3;
    }
  }
  expect(Math.abs(expected - realised) / 40).toBeLessThan(0.2);
});

test('with no limit the widest candidate helps most; a target is never a candidate for itself', () => {
  const { points } = ladder(3);
  const plan = planFor({ points, target: 48, candidates: CANDIDATES, budget: null, unit: 'x' });
  expect(plan.next[0]!.x).toBe(40);
  expect(plan.next.map(({ x }) => x)).not.toContain(48);
  expect(plan.next.map(({ expected }) => expected)).toEqual(
    plan.next.map(({ expected }) => expected).toSorted((p, q) => p - q),
  );
  expect(plan.now).toBeCloseTo(widthAt(points, 48), 12);
  expect(plan.sentence).toMatch(/^Train width 40 next \(1.6e\+3 x\): the 80 % interval at width 48 should shrink from/);
});

test('a budget is never exceeded, by one step or by all of them together', () => {
  for (let seed = 0; seed < 8; seed++) {
    const { points } = ladder(seed);
    const budget = 300 + 400 * seed;
    const { next, together } = planFor({ points, target: 128, candidates: CANDIDATES, budget, unit: 'FLOPs' });
    for (const { cost } of next) expect(cost).toBeLessThanOrEqual(budget);
    expect(together.reduce((sum, { cost }) => sum + cost, 0)).toBeLessThanOrEqual(budget);
  }
});

test('following the plan leaves a narrower interval than spending as much on the cheapest rung', () => {
  let planned = 0;
  let cheapest = 0;
  for (let seed = 0; seed < 12; seed++) {
    const { points, measure } = ladder(50 + seed);
    const budget = 48 ** 2;
    const { together } = planFor({ points, target: 128, candidates: CANDIDATES, budget, unit: 'x' });
    const after = [...points, ...together.map(({ x }) => ({ x, loss: measure(x) }))];
    const repeats = Array.from({ length: Math.floor(budget / 64) }, () => ({ x: 8, loss: measure(8) }));
    planned += Math.log(widthAt(after, 128));
    cheapest += Math.log(widthAt([...points, ...repeats], 128));
  }
  expect(planned).toBeLessThan(cheapest);
});

test('no law, no plan; what is no number is named', () => {
  const points = [1, 2].map((x) => ({ x, loss: 3 }));
  const request = { points, target: 8, candidates: CANDIDATES, budget: null, unit: 'seconds' as const };
  expect(planFor(request).sentence).toBe(
    'Train three different widths first: without a law there is no interval to shrink.',
  );
  expect(() => planFor({ ...request, budget: 0 })).toThrow('budget must be a finite number above 0, not 0.');
  expect(() => planFor({ ...request, candidates: [{ x: 1, cost: NaN }] })).toThrow('candidates[0].cost must be');
});
