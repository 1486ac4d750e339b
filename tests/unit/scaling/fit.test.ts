import { describe, expect, test } from 'vitest';
import { InputError } from '../../../src/model/parse.ts';
import { backtest } from '../../../src/scaling/width/backtest.ts';
import { fitReport } from '../../../src/scaling/width/fit.ts';
import { fitLaw } from '../../../src/scaling/width/law.ts';
import { LEVELS, type BacktestRow, type FitPoint } from '../../../src/scaling/width/report.ts';
import { byParameters, byWidth } from './published.ts';

const report = (points: FitPoint[], targets: number[] = [], grid: number[] = []) =>
  fitReport({ points, targets, grid });
const onLaw = (xs: number[], b = 0.5) => xs.map((x) => ({ x, loss: 3 + 2 * x ** -b }));

describe('status', () => {
  test('converged on the published table', () => {
    const { status, notes } = report(byParameters);
    expect(status).toBe('converged');
    expect(notes).toEqual([]);
  });

  test('three rungs fit any floor', () => {
    const { status, notes, leastSquares } = report(onLaw([1, 2, 8]));
    expect(status).toBe('floor-not-identified');
    expect(notes).toContain('Three rungs fit any floor: the interval shows how little is known beyond them.');
    expect(leastSquares).not.toBeNull();
  });

  test('a short span of x', () => {
    const { status, notes } = report(onLaw([10, 15, 20, 25, 30]));
    expect(status).toBe('floor-not-identified');
    expect(notes[0]).toContain('only 3.0 times');
  });

  test.each([
    ['a floor of zero', [1, 2, 4, 8].map((x) => ({ x, loss: 4 - Math.log(x) })), 'floor is zero'],
    ['a large exponent', onLaw([1, 2, 4, 8, 16], 6), 'upper bound, b = 4'],
    ['a small exponent', [1, 2, 4, 8, 16].map((x) => ({ x, loss: 1 + 4 * x ** -0.005 })), 'lower bound, b = 0.02'],
    ['level losses', [3, 2.99, 3.01, 3].map((loss, i) => ({ x: 2 ** i, loss })), 'neither fall nor clearly rise'],
  ])('at a bound: %s', (_, points, words) => {
    const { status, notes } = report(points);
    expect(status).toBe('at-bound');
    expect(notes.join(' ')).toContain(words);
  });

  test.each([
    ['at every rung', [3, 3.1, 3.15]],
    ['by their trend', [3, 3.2, 3.1, 3.4, 3.35, 3.6]],
  ])('losses that rise %s are refused', (_, losses) => {
    const points = losses.map((loss, i) => ({ x: 2 ** i, loss }));
    const { status, notes, leastSquares, intervals, predictions, band, backtest } = report(points, [100], [50]);
    expect({ status, leastSquares, intervals, predictions, band, backtest }).toEqual({
      status: 'rising',
      leastSquares: null,
      intervals: null,
      predictions: [],
      band: [],
      backtest: [],
    });
    expect(notes).toEqual(['The losses rise with x, so no falling law fits and nothing is predicted.']);
  });

  test('a rung that is worse than the one before is named', () => {
    const points = onLaw([16, 32, 64, 128, 256]);
    points[3]!.loss = points[2]!.loss + 0.01;
    expect(report(points).notes.join(' ')).toContain('rises from x = 64 to 128');
  });

  test.each([
    [[]],
    [onLaw([1])],
    [onLaw([1, 2])],
    [[...onLaw([1, 2]), ...onLaw([1, 2])]],
    [onLaw([1e16, 1e16 + 2, 2e16])],
  ])('fewer than three different x give no law (%#)', (points) => {
    const answer = report(points, [100], [50]);
    expect(answer.status).toBe('too-few-points');
    expect(answer.leastSquares).toBeNull();
    expect(answer.predictions).toEqual([]);
    expect(answer.notes[0]).toMatch(/^A law needs losses at three different x or more; there (are none|is 1|are 2)/);
  });

  test('points that share too few x are counted', () => {
    expect(report([...onLaw([8]), ...onLaw([8]), ...onLaw([8])]).notes).toEqual([
      'A law needs losses at three different x or more; there is 1, shared by 3 points.',
    ]);
  });

  test('standard errors on some points only are set aside, and said to be', () => {
    const some = byParameters.map((point, i) => (i < 3 ? { ...point, standardError: 0.01 } : point));
    expect(report(some).notes.join(' ')).toContain('count the same');
    expect(report(some).leastSquares).toEqual(report(byParameters).leastSquares);
  });
});

test.each([
  ['points[1].loss', { x: 2, loss: NaN }],
  ['points[1].loss', { x: 2, loss: -1 }],
  ['points[1].loss', { x: 2, loss: 0 }],
  ['points[1].loss', { x: 2, loss: Infinity }],
  ['points[1].x', { x: 0, loss: 1 }],
  ['points[1].x', { x: -2, loss: 1 }],
  ['points[1].standardError', { x: 2, loss: 1, standardError: -1 }],
  ['points[1].standardError', { x: 2, loss: 1, standardError: NaN }],
])('%s is refused in one sentence: %j', (field, bad) => {
  const attempt = () => report([{ x: 1, loss: 2 }, bad, { x: 4, loss: 1 }]);
  expect(attempt).toThrow(InputError);
  expect(attempt).toThrow(new RegExp(`^${field.replace(/[[\].]/g, '\\$&')} must be a finite number .*\\.$`));
});

test.each([0, 1.5, -2, NaN])('a number of seeds of %d is refused', (seeds) => {
  const attempt = () => report([{ x: 1, loss: 2, seeds }]);
  expect(attempt).toThrow(InputError);
  expect(attempt).toThrow(`points[0].seeds must be a whole number of at least 1, not ${seeds}.`);
});

test('targets and grid are checked too', () => {
  expect(() => report(byParameters, [0])).toThrow('targets[0] must be a finite number above 0, not 0.');
  expect(() => report(byParameters, [], [1, NaN])).toThrow('grid[1] must be a finite number above 0, not NaN.');
});

describe('backtest', () => {
  test('fits the k smallest for every k from 3 and predicts every point beyond', () => {
    const shuffled = [7, 2, 9, 0, 4, 1, 8, 3, 6, 5].map((i) => byParameters[i]!);
    const rows = backtest(shuffled);
    expect(rows.length).toBe(7 + 6 + 5 + 4 + 3 + 2 + 1);
    const widest = rows.filter((row) => row.target === 1446.72 && row.fittedOn >= 4);
    const medians = [4, 5, 6, 7, 8, 9].map((k) => fitLaw(byParameters.slice(0, k)).quantilesAt(1446.72)(0.5));
    expect(widest.map((row) => row.predicted)).toEqual(medians);
    // Held against all larger sizes, the medians miss by less than the least-squares law does.
    const missed = (of: (row: BacktestRow) => number) =>
      rows.reduce((sum, row) => sum + Math.abs(of(row) / row.actual - 1), 0) / rows.length;
    const bySquares = missed(({ fittedOn, target }) => fitLaw(byParameters.slice(0, fittedOn)).at(target));
    expect(missed(({ predicted }) => predicted)).toBeLessThan(bySquares);
    for (const row of rows) {
      expect(row.actual).toBe(byParameters.find((point) => point.x === row.target)!.loss);
      expect(row.lo).toBeLessThan(row.hi);
    }
  });

  test('knows nothing of the points it predicts', () => {
    const row = (points: FitPoint[]) => backtest(points).filter(({ fittedOn }) => fittedOn === 5)[0]!;
    const changed = byWidth.map((point, i) => (i >= 5 ? { ...point, loss: point.loss + 1 } : point));
    const { predicted, lo, hi } = row(byWidth);
    expect(row(changed)).toMatchObject({ predicted, lo, hi });
  });

  test('has no row where the smaller losses rise', () => {
    const points = [3.0, 3.1, 3.2, 2.6, 2.5, 2.45].map((loss, i) => ({ x: 2 ** i, loss }));
    expect(new Set(backtest(points).map((row) => row.fittedOn))).toEqual(new Set([4, 5]));
  });

  test('goes by x and then by loss, whatever the order asked', () => {
    const points = [...onLaw([8, 2, 1, 4]), { x: 8, loss: 3.6 }];
    const asked = structuredClone(points);
    const rows = backtest(points).map(({ fittedOn, target, actual }) => [fittedOn, target, actual]);
    expect(rows).toEqual([
      [3, 8, 3.6],
      [3, 8, 3 + 2 / Math.sqrt(8)],
    ]);
    expect(points).toEqual(asked);
  });

  test('a long table is fitted at 64 lengths, spread evenly, the shortest and the longest among them', () => {
    const points = onLaw(Array.from({ length: 80 }, (_, i) => 1.2 ** i));
    const long = [...new Set(backtest(points).map((row) => row.fittedOn))];
    expect([long.length, long[0], long.at(-1)]).toEqual([64, 3, 79]);
    const steps = long.slice(1).map((k, i) => k - long[i]!);
    expect([Math.min(...steps), Math.max(...steps)]).toEqual([1, 2]);
  });

  test('replicates of one x enter together', () => {
    const points = onLaw([1, 2, 4, 8, 16]).flatMap((point) => [point, { ...point, loss: point.loss + 0.01 }]);
    expect([...new Set(backtest(points).map((row) => row.fittedOn))]).toEqual([6, 8]);
  });
});

test('the same request gives the same bits, in any order of points', () => {
  const request = { targets: [2000], grid: [10, 100] };
  const again = fitReport({ points: byParameters.toReversed(), ...request });
  expect(again).toEqual(fitReport({ points: byParameters, ...request }));
});

test('no estimate lies outside its own interval, not even where the fit stops at a bound', () => {
  const ladders = [
    [3, 3, 3, 3],
    [3.5, 3.2, 2.1, 1.9],
    [5, 1, 0.9, 0.89],
    [300, 65, 122, 130],
  ];
  for (const losses of ladders) {
    const points = losses.map((loss, i) => ({ x: 8 * 2 ** i, loss }));
    const { leastSquares, intervals, predictions } = fitReport({ points, targets: [128, 512], grid: [] });
    for (const { loss, intervals: at } of predictions) {
      for (const level of LEVELS) expect(loss >= at[level][0] && loss <= at[level][1]).toBe(true);
    }
    for (const name of ['a', 'b', 'c'] as const) {
      expect(leastSquares![name]).toBeGreaterThanOrEqual(intervals![name][0]);
      expect(leastSquares![name]).toBeLessThanOrEqual(intervals![name][1]);
    }
  }
});
