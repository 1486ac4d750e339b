import { expect, test } from 'vitest';
import { coverageOf } from './shared-luck.ts';

test('an interval holds a run on other data where each width had data of its own, and not where one seed’s widths shared them', () => {
  const luck = { share: 0.9, seeds: 1 };
  expect(coverageOf(60, { ...luck, isShared: false }).held).toBeGreaterThan(0.68);
  expect(coverageOf(60, { ...luck, isShared: true }).held).toBeLessThan(0.62);
});
