import { describe, expect, test } from 'vitest';
import { randomStream } from '../../../src/model/random.ts';
import { fitReport } from '../../../src/scaling/width/fit.ts';
import { noiseOf } from '../../../src/scaling/width/noise.ts';
import type { FitPoint } from '../../../src/scaling/width/report.ts';
import type { Weighting } from '../../../src/scaling/width/weights.ts';

const XS = [8, 12, 18, 27, 40, 60];
const law = (x: number) => 3 + 2 * x ** -0.7;
const report = (points: FitPoint[], targets: number[] = []) => fitReport({ points, targets, grid: [] });
const width = (points: FitPoint[]) => {
  const [lo, hi] = report(points, [120]).predictions[0]!.intervals['80'];
  return hi - lo;
};

/** Means of `seeds` runs whose spread is exactly `deviation`, and which miss the law by `miss` times a fixed zigzag. */
const replicated = (deviation: number, seeds: number, miss = 0): FitPoint[] =>
  XS.map((x, i) => ({
    x,
    loss: law(x) + miss * [1, -1, -0.7, 1.2, -0.2, 0.4][i]!,
    standardError: deviation / Math.sqrt(seeds),
    seeds,
  }));

describe('replicates', () => {
  test('give the noise of one run, pooled over all widths', () => {
    const { noise } = report(replicated(0.004, 3, 0.001));
    expect(noise!.from).toBe('replicates');
    expect(noise!.deviation).toBeGreaterThan(0.0033);
    expect(noise!.deviation).toBeLessThan(0.0042);
    expect(noise!.sentence).toMatch(
      /^Noise of one run: 0\.00\d+ nats, pooled from 3 seeds at each of 6 widths \(alone 0\.0040\) and from the misses of the law \(alone 0\.00\d+\)\.$/,
    );
  });

  test('the law’s misses are not said to be the seeds’: each part of the number is told with its own size', () => {
    const points = replicated(0.0039, 3, 0.006);
    const { noise } = report(points);
    expect(noise!.from).toBe('replicates');
    const [, number, widths, seeds, misses] =
      /^Noise of one run: (\S+) nats, pooled from 3 seeds at each of (\d) widths \(alone (\S+)\) and from the misses of the law \(alone ([\d.]+)/
        .exec(noise!.sentence)!
        .map(Number);
    expect([widths, seeds]).toEqual([6, 0.0039]);
    expect(number).toBeGreaterThan(1.2 * seeds!);
    expect(misses).toBeGreaterThan(number!);
    const { sse } = report(points).leastSquares!;
    expect(misses).toBeCloseTo(Math.sqrt(sse / 3), 3);
    // Three points leave the law nothing to miss.
    expect(report(replicated(0.004, 3).slice(0, 3)).noise!.sentence).toMatch(/, from 3 seeds at each of 3 widths\.$/);
  });

  test('pooled: a spread that is small by luck at one width does not make that point exact', () => {
    const even = replicated(0.004, 3, 0.002);
    const lucky = even.map((point, i) => (i === 3 ? { ...point, standardError: 1e-7 } : point));
    expect(width(lucky)).toBeGreaterThan(0.8 * width(even));
    expect(report(lucky).leastSquares).toEqual(report(even).leastSquares);
  });

  test('a mean of more seeds counts for more', () => {
    const bent = (seeds: number) =>
      XS.map((x, i) => ({ x, loss: law(x) + (i === 2 ? 0.02 : 0), ...(i === 2 && seeds > 1 ? { seeds } : {}) }));
    const miss = (seeds: number) => {
      const points = bent(seeds).map((point) => (point.seeds ? { ...point, standardError: 0.01 } : point));
      const { a, b, c } = report(points).leastSquares!;
      return Math.abs(points[2]!.loss - (c + a * points[2]!.x ** -b));
    };
    expect(miss(9)).toBeLessThan(0.7 * miss(1));
  });

  test('say more about noise than residuals alone', () => {
    const without = replicated(0.004, 3, 0.003).map(({ x, loss }) => ({ x, loss }));
    expect(width(replicated(0.004, 3, 0.003))).toBeLessThan(width(without));
  });

  test('residuals win where they are larger than seeds allow', () => {
    const points = replicated(0.0002, 3, 0.01);
    const plain = points.map(({ x, loss }) => ({ x, loss }));
    expect(report(points).noise).toMatchObject({ from: 'residuals' });
    expect(report(points).noise!.sentence).toContain('larger than seeds alone explain');
    expect(width(points)).toBeGreaterThan(0.7 * width(plain));
  });

  test('identical seeds are taken for an accident, not for the absence of noise', () => {
    expect(report(replicated(0, 2, 0.002)).noise!.from).toBe('residuals');
  });
});

describe('without replicates', () => {
  test('residuals tell the noise, to within what few of them can', () => {
    const random = randomStream(3, 'noise');
    const xs = Array.from({ length: 40 }, (_, i) => 8 * 1.1 ** i);
    const points = xs.map((x) => ({ x, loss: law(x) + 0.01 * random.normal() }));
    const { noise } = report(points);
    expect(noise!.from).toBe('residuals');
    expect(noise!.deviation).toBeGreaterThan(0.008);
    expect(noise!.deviation).toBeLessThan(0.012);
  });

  test('three points show none: it is assumed, and said to be', () => {
    const { noise } = report(XS.slice(0, 3).map((x) => ({ x, loss: law(x) })));
    expect(noise).toMatchObject({ from: 'assumed' });
    expect(noise!.sentence).toContain('assumption of 0.1 %');
    expect(report(replicated(0.004, 3).slice(0, 3)).noise!.from).toBe('replicates');
  });

  test('standard errors given are taken, unless the residuals are larger', () => {
    const given = (miss: number) => replicated(0.004, 1, miss).map(({ seeds: _, ...point }) => point);
    expect(report(given(0.002)).noise).toMatchObject({ from: 'given', deviation: expect.closeTo(0.004, 9) });
    expect(report(given(0.05)).noise!.from).toBe('residuals');
    expect(report(given(0.05)).noise!.sentence).toContain('from the standard errors, enlarged');
  });

  test('exact losses: the noise that is believed is small and not zero, and the interval holds the exact target', () => {
    for (const n of [4, 5, 6]) {
      const points = XS.slice(0, n).map((x) => ({ x, loss: law(x) }));
      const { noise, predictions } = report(
        points,
        [2, 4].map((factor) => factor * points.at(-1)!.x),
      );
      expect(noise!.deviation / 3).toBeGreaterThan(4e-5);
      expect(noise!.deviation / 3).toBeLessThan(1e-4);
      expect(noise!.sentence).toContain('the least that is assumed, 0.005 % of the loss; less was seen from');
      for (const { x, intervals } of predictions) {
        const [lo, hi] = intervals['50'];
        expect(lo).toBeLessThan(law(x));
        expect(hi).toBeGreaterThan(law(x));
        expect((hi - lo) / law(x)).toBeLessThan(0.02);
      }
    }
  });
});

/**
 * Losses with a mean of 2, so that the least that is believed is 1e-4 nats. Five points leave two residuals, whose mean
 * square may reach 1 + 2·√(2/2) = 3 times what is expected.
 */
describe('by its own rule, from written sums of squares', () => {
  const noise = (sse: number, change: Partial<Weighting> = {}, points = 5) => {
    const y = Array.from({ length: points }, (_, i) => 2 + 0.5 * (i - (points - 1) / 2));
    const weight = y.map(() => 1);
    const weighting = { weights: weight, newVariance: 1, known: false, replicates: null, notes: [], ...change };
    return noiseOf({ t: y, y, weight, logScale: 0 }, weighting, sse);
  };
  const LEAST = 1e-8;
  const expectPrior = (prior: { freedom: number; sum: number }, freedom: number, sum: number) => {
    expect(prior.freedom).toBe(freedom);
    expect(prior.sum / sum).toBeCloseTo(1, 12);
  };

  test('the residuals that are left free tell it, one or more of them', () => {
    const two = noise(8e-4);
    expectPrior(two.prior, 0.5, 3.5 * LEAST);
    expect(two.noise).toMatchObject({ from: 'residuals', deviation: expect.closeTo(0.02, 12) });
    expect(two.noise.sentence).toBe('Noise of one run: 0.020 nats, from 2 residuals that the law leaves free.');
    const one = noise(8e-4, {}, 4);
    expectPrior(one.prior, 0.5, 2.5 * LEAST);
    expect(one.noise.sentence).toBe('Noise of one run: 0.028 nats, from the one residual that the law leaves free.');
    // Where points are means of runs, a unit of the sum of squares is the noise of one run.
    expectPrior(noise(8e-4, { weights: [1, 2, 3, 4, 5] }).prior, 0.5, 3 * 3.5 * LEAST);
  });

  test('the least that is believed takes the place of less', () => {
    const { noise: said } = noise(1.9e-8);
    expect(said.deviation).toBeCloseTo(1e-4, 15);
    expect(said.sentence).toBe(
      'Noise of one run: 0.00010 nats, the least that is assumed, 0.005 % of the loss; less was seen from 2 residuals that the law leaves free.',
    );
    expect(noise(2.1e-8).noise.sentence).not.toContain('the least');
  });

  test('three points without seeds: 0.1 % of the loss, as if one residual had shown it', () => {
    const { prior, noise: said } = noise(0, {}, 3);
    expectPrior(prior, 1, 0.002 ** 2);
    expect(said).toMatchObject({ from: 'assumed', deviation: expect.closeTo(0.002, 12) });
  });

  test('standard errors count as two residuals of their size, larger where the residuals are beyond luck', () => {
    const known = { known: true, weights: [2, 6, 10, 14, 18], newVariance: 0.09 };
    const allowed = noise(6, known);
    expectPrior(allowed.prior, 2.5, 2 + 5.5 * 10 * LEAST);
    expect(allowed.noise).toMatchObject({ from: 'given', deviation: expect.closeTo(0.3, 12) });
    const beyond = noise(12, known);
    expectPrior(beyond.prior, 2.5, 4 + 5.5 * 10 * LEAST);
    expect(beyond.noise).toMatchObject({ from: 'residuals', deviation: expect.closeTo(0.3 * Math.SQRT2, 12) });
    expect(noise(6.001, known).noise.from).toBe('residuals');
  });

  describe('seeds', () => {
    // Seeds alone: a variance of 0.002, from 12 degrees of freedom.
    const replicates = { freedom: 12, sum: 0.024, widths: 5, seeds: [3, 4] as [number, number] };

    test('are pooled with the residuals as far as these may be luck', () => {
      const { prior, noise: said } = noise(0.012, { replicates });
      expectPrior(prior, 12.5, 0.024 + 15.5 * LEAST);
      expect(said.deviation).toBeCloseTo(Math.sqrt(0.036 / 14), 12);
      expect(said.sentence).toBe(
        'Noise of one run: 0.051 nats, pooled from 3 to 4 seeds at each of 5 widths (alone 0.045) and from the misses of the law (alone 0.077).',
      );
    });

    test('count for the square of the ratio less where the residuals are beyond luck, down to nothing', () => {
      // Twice what luck allows: a quarter of the 12, each with twice the variance.
      const { prior, noise: said } = noise(0.024, { replicates: { ...replicates, widths: 1, seeds: [13, 13] } });
      expectPrior(prior, 3.5, 3 * 0.004 + 6.5 * LEAST);
      expect(said.deviation).toBeCloseTo(Math.sqrt(0.036 / 5), 12);
      expect(said.sentence).toBe(
        'Noise of one run: 0.085 nats, pooled from 13 seeds at one width (alone 0.045) and from the misses of the law (alone 0.11, more than seeds explain, so these count for less).',
      );
      // 12 / r² rounds to none from r² = 24 on.
      expect(noise(0.012 * Math.sqrt(23.9), { replicates }).prior.freedom).toBe(1.5);
      const none = noise(0.012 * Math.sqrt(24.1), { replicates });
      expectPrior(none.prior, 0.5, 3.5 * LEAST);
      expect(none.noise.sentence).toContain('from the residuals, which are larger than seeds alone explain');
    });

    test('alone tell it where three points leave no residual', () => {
      const { prior, noise: said } = noise(0, { replicates: { ...replicates, widths: 3, seeds: [5, 5] } }, 3);
      expectPrior(prior, 12.5, 0.024 + 13.5 * LEAST);
      expect(said.deviation).toBeCloseTo(Math.sqrt(0.002), 12);
      expect(said.sentence).toBe('Noise of one run: 0.045 nats, from 5 seeds at each of 3 widths.');
    });

    test('that are identical tell nothing', () => {
      expectPrior(noise(0, { replicates: { ...replicates, sum: 0 } }, 3).prior, 1, 0.002 ** 2);
      expectPrior(noise(8e-4, { replicates: { ...replicates, sum: 0 } }).prior, 0.5, 3.5 * LEAST);
    });
  });
});

test('where seeds draw their batches too it is said what a new run has', () => {
  const points = [8, 12, 16, 24].map((x) => ({ x, loss: 2 + 3 * x ** -0.7 + 1e-3 * Math.sin(31 * x) }));
  const sentenceOf = (seedDraws?: 'weights' | 'batches-too') =>
    fitReport({ points, targets: [], grid: [], seedDraws }).noise!.sentence;
  const plain = sentenceOf();
  expect(plain).toMatch(/^Noise of one run: [^.]+\.\d+ nats, [^.]+\.$/);
  expect(sentenceOf('weights')).toBe(plain);
  expect(sentenceOf('batches-too')).toBe(`${plain} A new run has other initial values, on other batches.`);
});
