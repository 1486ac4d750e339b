import { expect, test } from 'vitest';
import { simulateJoint } from './joint-coverage.ts';

test.each([
  ['losses of trainings of their own', 24, 0],
  ['evaluations of one training a width', 12, 0.99],
])('the 80 %% intervals of new runs and of E hold about what they promise: %s', (_, designs, common) => {
  const held = simulateJoint(designs, 4, common);
  const share = (of: boolean[]) => of.filter(Boolean).length / of.length;
  const runs = share(held.flatMap(({ targets }) => targets.map((one) => one['80'])));
  expect(runs).toBeGreaterThan(0.68);
  expect(runs).toBeLessThan(0.95);
  expect(share(held.map(({ floor }) => floor))).toBeGreaterThan(0.55);
});
