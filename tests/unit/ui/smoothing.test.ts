import { describe, expect, it } from 'vitest';
import { debiasedAverage, meanSeries, thinned } from '../../../src/ui/chart/smoothing.ts';

describe('debiased moving average', () => {
  it('keeps a constant series as it is, from its first value on', () => {
    for (const value of debiasedAverage(new Float32Array(50).fill(3.5), 8)) expect(value).toBeCloseTo(3.5, 12);
  });

  it('weights a value by half after one half-life', () => {
    const series = [1, ...new Array<number>(4).fill(0)];
    const smooth = debiasedAverage(series, 4);
    const keep = 2 ** -0.25;
    expect(smooth[4]).toBeCloseTo(keep ** 4 / (1 + keep + keep ** 2 + keep ** 3 + keep ** 4), 12);
  });

  it('passes over what diverged and goes on after it', () => {
    const smooth = debiasedAverage([2, NaN, 2, Infinity, 2], 3);
    expect([...smooth].map((value) => (Number.isNaN(value) ? 'nan' : value.toFixed(6)))).toEqual([
      '2.000000',
      'nan',
      '2.000000',
      'nan',
      '2.000000',
    ]);
  });

  it('is the series itself without a half-life', () => expect([...debiasedAverage([3, 1, 2], 0)]).toEqual([3, 1, 2]));
});

describe('thinning', () => {
  it('keeps short series whole', () => expect(thinned(4, 10)).toEqual([0, 1, 2, 3]));
  it('keeps the first and the last', () => {
    const at = thinned(1001, 11);
    expect(at).toEqual([0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
  });
});

it('the mean over seeds uses whichever reach a step', () => {
  expect([
    ...meanSeries([
      [1, 2, 3],
      [3, 4],
      [NaN, 6],
    ]),
  ]).toEqual([2, 4, 3]);
});
