import { describe, expect, test } from 'vitest';
import { fitLaw } from '../../../src/scaling/width/law.ts';
import { mixtureQuantiles } from '../../../src/scaling/numeric/mixture.ts';
import { LEVELS, type FitPoint } from '../../../src/scaling/width/report.ts';
import { studentT } from '../../../src/scaling/numeric/student-t.ts';
import { byParameters } from './published.ts';

test.each([
  // t, ν, P(T <= t), density: scipy.stats.t
  [1, 1, 0.75, 0.15915494309189535],
  [1, 2, 0.7886751345948129, 0.19245008972987526],
  [2.5, 3, 0.9561466764959672, 0.0386614857271673],
  [-2, 4, 0.05805826175840778, 0.06629126073623882],
  [1.3, 7, 0.8826160823038114, 0.16209295508952076],
  [3, 10, 0.9933281724887152, 0.01140054946454253],
  [-1, 200, 0.15925942395487336, 0.24136705608784018],
])('Student t at %d with %d degrees of freedom', (t, freedom, below, density) => {
  const value = studentT(t, freedom);
  expect(value.below).toBeCloseTo(below, 12);
  expect(value.density).toBeCloseTo(density, 12);
});

test('quantiles of a mixture, also where its parts lie far apart', () => {
  const student = { location: 0, scale: 1, freedom: 4, uniform: 0 };
  expect(mixtureQuantiles([{ ...student, weight: 1 }])(0.9)).toBeCloseTo(1.5332062740589438, 10);
  const quantile = mixtureQuantiles([
    { ...student, weight: 0.5 },
    { weight: 0.5, location: 1e4, scale: 0, freedom: 2, uniform: 2 },
  ]);
  expect(quantile(0.25)).toBeCloseTo(0, 8);
  expect(quantile(0.75)).toBeCloseTo(1e4, 8);
  expect(quantile(0.95)).toBeCloseTo(1e4 + 0.8, 8);
});

/**
 * P(new loss <= z) by adding up a dense grid over the forms, b, the floor's share and the loss at the geometric mean, an
 * integration that shares nothing with the code: each law counts by (Σ r² + floor)^(-(n + 1/2)/2), times the prior's
 * fall per floor at its b, and given the law the new loss is a Student t.
 */
function bruteForce(points: readonly FitPoint[], x: number, ends: readonly number[], noiseFloor: number): number[] {
  const n = points.length;
  const centre = points.reduce((sum, point) => sum + Math.log(point.x), 0) / n;
  const mean = points.reduce((sum, point) => sum + point.loss, 0) / n;
  const prior = (noiseFloor * mean) ** 2;
  const [first, last] = [Math.log(points[0]!.x), Math.log(points.at(-1)!.x)];
  const below = ends.map(() => 0);
  let total = 0;
  const steps = { b: 24, c: 30, m: 36 };
  const range = Math.log(12 / 0.04);
  const bends = { 0: 0.5, [-0.4]: 0.2, [-0.2]: 0.1, 1: 0.15 };
  const forms = [...Object.entries(bends).map(([r, weight]) => ({ r: Number(r), weight, floored: true }))];
  for (const { r, weight: share, floored } of [...forms, { r: 0, weight: 0.05, floored: false }]) {
    for (let i = 0; i < steps.b; i++) {
      const b = (0.04 / (last - first)) * Math.exp((range * (i + 0.5)) / steps.b);
      const rise = (log: number) => Math.exp(-b * (log - first)) * (1 + r * Math.exp(-b * (log - first)));
      const phi = points.map((point) => rise(Math.log(point.x)) / rise(centre));
      const phiNew = rise(Math.log(x)) / rise(centre);
      const fall = phi[0]! - phi.at(-1)!;
      for (let j = 0; j < (floored ? steps.c : 1); j++) {
        const c = floored ? (mean * (j + 0.5)) / steps.c : 0;
        // dA dc is dm d(fall), fall = (m - c)·(φ₁ - φₙ), over a range of the mean loss; without a floor m alone is free.
        const volume = floored ? fall / steps.c : 1;
        for (let k = 0; k < steps.m; k++) {
          const m = mean * (0.93 + (0.1 * (k + 0.5)) / steps.m);
          if (m < c) continue;
          let sum = prior;
          for (let p = 0; p < n; p++) sum += (points[p]!.loss - c - (m - c) * phi[p]!) ** 2;
          const weight = share * volume * (sum / prior) ** (-(n + 0.5) / 2);
          total += weight;
          const scale = Math.sqrt(sum / (n + 0.5));
          ends.forEach((z, e) => {
            below[e]! += weight * studentT((z - c - (m - c) * phiNew) / scale, n).below;
          });
        }
      }
    }
  }
  return below.map((sum) => sum / total);
}

test('the predictive agrees with brute force, where the floor runs into zero too', () => {
  const noise = [0.03, -0.04, 0.02, 0.03, -0.03];
  const points = noise.map((shift, i) => ({ x: 2 ** i, loss: 2 + 1.5 * 2 ** (-0.4 * i) + shift }));
  const interval = fitLaw(points).intervalAt(64);
  const ends = LEVELS.flatMap((level) => interval(level));
  const probabilities = bruteForce(points, 64, ends, 5e-5);
  const wanted = [0.25, 0.75, 0.1, 0.9, 0.025, 0.975];
  // The code's tails have a whole number of degrees of freedom, half of one below.
  probabilities.forEach((probability, i) => expect(Math.abs(probability - wanted[i]!)).toBeLessThan(0.015));
});

describe('intervals', () => {
  test('are nested and widen with the distance from the rungs', () => {
    const law = fitLaw(byParameters.slice(0, 7));
    const width = (x: number) => {
      const [lo, hi] = law.intervalAt(x)('80');
      return hi - lo;
    };
    expect(width(676)).toBeGreaterThan(width(194));
    expect(width(5000)).toBeGreaterThan(width(676));
    const [half, most, nearlyAll] = LEVELS.map((level) => law.intervalAt(676)(level));
    expect(nearlyAll![0]).toBeLessThan(most![0]);
    expect(most![0]).toBeLessThan(half![0]);
    expect(half![1]).toBeLessThan(most![1]);
    expect(most![1]).toBeLessThan(nearlyAll![1]);
  });

  test('hold the three held-out losses of the published table at 80 %, and more rungs narrow them', () => {
    const seven = fitLaw(byParameters.slice(0, 7));
    for (const { x, loss } of byParameters.slice(7)) {
      const [lo, hi] = seven.intervalAt(x)('80');
      expect(lo).toBeLessThan(loss);
      expect(hi).toBeGreaterThan(loss);
    }
    const width = (k: number) => {
      const [lo, hi] = fitLaw(byParameters.slice(0, k)).intervalAt(1446.72)('80');
      return hi - lo;
    };
    expect(width(9)).toBeLessThan(width(7));
    expect(width(7)).toBeLessThan(width(4));
  });

  test('exact data: narrow but not of no width, around the truth', () => {
    const truth = (x: number) => 3 + 2 * x ** -0.5;
    const law = fitLaw([1, 2, 4, 8, 16, 32].map((x) => ({ x, loss: truth(x) })));
    const [lo, hi] = law.intervalAt(64)('95');
    expect(lo).toBeLessThan(truth(64));
    expect(hi).toBeGreaterThan(truth(64));
    expect(hi - lo).toBeLessThan(0.01);
    const { a, b, c } = law.parameterIntervals();
    for (const [interval, value] of [
      [a, 2],
      [b, 0.5],
      [c, 3],
    ] as const) {
      expect(interval[0]).toBeLessThan(value);
      expect(interval[1]).toBeGreaterThan(value);
    }
  });

  test('three rungs: wide, finite, never negative', () => {
    const law = fitLaw(byParameters.slice(0, 3));
    const [lo, hi] = law.intervalAt(1e6)('95');
    expect(lo).toBeGreaterThanOrEqual(0);
    expect(hi - lo).toBeGreaterThan(0.5);
    expect(hi).toBeLessThan(byParameters[2]!.loss * 1.1);
  });

  test('parameters: the same c and b in any unit of x, and an interval of a around a, also at 10^18 FLOPs', () => {
    const small = fitLaw(byParameters.slice(0, 5));
    const large = fitLaw(byParameters.slice(0, 5).map(({ x, loss }) => ({ x: x * 1e18, loss })));
    for (const name of ['b', 'c'] as const) {
      large.parameterIntervals()[name].forEach((end, i) => {
        expect(end / small.parameterIntervals()[name][i]!).toBeCloseTo(1, 6);
      });
    }
    for (const law of [small, large]) {
      const [lo, hi] = law.parameterIntervals().a;
      expect(lo).toBeLessThan(law.parameters.a);
      expect(hi).toBeGreaterThan(law.parameters.a);
    }
    // With b from 0.25 to 0.41, a = A·g^-b in these units runs over orders of magnitude, and not over more.
    const [lo, hi] = large.parameterIntervals().a;
    const [bLo, bHi] = large.parameterIntervals().b;
    expect(Math.log(hi / lo) / Math.log(1e18 ** (bHi - bLo))).toBeCloseTo(1, 0);
  });

  test('larger standard errors widen them; a luckily tiny one does not make a point exact', () => {
    const withError = (error: (i: number) => number) =>
      fitLaw(byParameters.slice(0, 7).map((point, i) => ({ ...point, standardError: error(i) })));
    const width = (law: ReturnType<typeof fitLaw>) => {
      const [lo, hi] = law.intervalAt(676)('80');
      return hi - lo;
    };
    expect(width(withError(() => 0.05))).toBeGreaterThan(2 * width(withError(() => 0.005)));
    const lucky = withError((i) => (i === 3 ? 1e-9 : 0.005));
    expect(lucky.notes.join()).toContain('raised to a tenth');
    expect(width(lucky)).toBeGreaterThan(0.2 * width(withError(() => 0.005)));
  });
});
