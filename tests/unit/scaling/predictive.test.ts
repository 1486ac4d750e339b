/** Intervals of mixtures that are written down: a part or two, with Student's quantiles from scipy.stats.t. */
import { expect, test } from 'vitest';
import { WIDTH_LAW } from '../../../src/scaling/width/law-forms.ts';
import type { Component } from '../../../src/scaling/width/posterior.ts';
import { parameterIntervals, predictiveQuantiles } from '../../../src/scaling/width/predictive.ts';

/** 90 % quantile with four degrees of freedom. */
const T = 1.5332062740589438;
const ladder = { t: [], y: [], weight: [], logScale: Math.log(4) };
const part = (change: Partial<Component> = {}): Component => ({
  ...{ form: WIDTH_LAW, second: 0, weight: 1, b: 0.5, amplitude: 1, c: 2, freedom: 4 },
  ...{ variance: 0.04, constant: 0.5, centre: 0.3, spread: 0.2, cell: 0 },
  ...change,
});

test('a new run: the variance of the line at φ and its own noise, and never a loss below zero', () => {
  // x = 64 is 16 times the mean, so that φ = 1/4.
  const scale = Math.sqrt(0.04 * (3 + 0.5 + 0.05 ** 2 / 0.2));
  const quantile = predictiveQuantiles([part()], ladder, 64, 3);
  expect(quantile(0.5)).toBeCloseTo(2.25, 10);
  expect(quantile(0.9)).toBeCloseTo(2.25 + T * scale, 10);
  expect(predictiveQuantiles([part({ c: 0, amplitude: 0.01 })], ladder, 64, 3)(0.1)).toBe(0);
});

test('a and c: the t of each, a in the units of x, neither below zero', () => {
  const { a, c } = parameterIntervals([part()], ladder);
  const [byA, byC] = [2 * Math.sqrt(0.04 / 0.2), Math.sqrt(0.04 * (0.5 + 0.09 / 0.2))];
  [-T, T].forEach((t, i) => {
    expect(a[i]).toBeCloseTo(Math.max(0, 2 + t * byA), 10);
    expect(c[i]).toBeCloseTo(2 + t * byC, 10);
  });
  const low = parameterIntervals([part({ amplitude: 0.1, c: 0.1 })], ladder);
  expect([low.a[0], low.c[0]]).toEqual([0, 0]);
  expect(parameterIntervals([part({ cell: 1 })], ladder).c).toEqual([expect.closeTo(1.6, 8), expect.closeTo(2.4, 8)]);
});

test('b: even in log b between the middles of its nodes, each b once whatever the form', () => {
  const interval = (...nodes: [b: number, weight: number][]) =>
    parameterIntervals(
      nodes.map(([b, weight]) => part({ b, weight })),
      ladder,
    ).b;
  const near = (lo: number, hi: number) => [expect.closeTo(lo, 10), expect.closeTo(hi, 10)];
  // Ends at 0.25, 0.5, 2 and 4; the first and the last node have half a stretch only.
  expect(interval([4, 0.2], [0.25, 0.1], [1, 0.6], [0.25, 0.1])).toEqual(near(0.25 * 2 ** 0.5, 2 * 2 ** 0.5));
  // A tenth lies 0.05 of 0.4 into the second node, nine tenths 0.45 of 0.55 into the third.
  expect(interval([0.25, 0.05], [1, 0.4], [4, 0.55])).toEqual(near(0.5 * 4 ** 0.125, 2 * 2 ** (0.45 / 0.55)));
  expect(interval([0.25, 0.05], [1, 0.9], [4, 0.05])).toEqual(near(0.5 * 4 ** (1 / 18), 0.5 * 4 ** (17 / 18)));
  expect(interval([0.7, 1])).toEqual(near(0.7, 0.7));
});
