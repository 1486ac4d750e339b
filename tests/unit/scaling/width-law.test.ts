import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitLaw } from '../../../src/scaling/width/law.ts';
import { fitWidthLaw, lawPointsOf } from '../../../src/scaling/width/width-law.ts';
import { byParameters, byWidth } from './published.ts';

const law = (a: number, b: number, c: number) => (x: number) => c + a * x ** -b;
const pointsOn = (xs: number[], loss: (x: number) => number) => xs.map((x) => ({ x, loss: loss(x) }));
const relative = (value: number, wanted: number) => Math.abs(value / wanted - 1);

describe('the published table', () => {
  test('first seven by parameters: law, sum of squares and the three held-out errors', () => {
    const fit = fitLaw(byParameters.slice(0, 7));
    expect(fit.parameters.a).toBeCloseTo(2.469431, 6);
    expect(fit.parameters.b).toBeCloseTo(0.423108, 6);
    expect(fit.parameters.c).toBeCloseTo(2.923299, 6);
    expect(relative(fit.parameters.sse, 1.94046e-4)).toBeLessThan(5e-6);
    const errors = byParameters.slice(7).map(({ x, loss }) => (fit.at(x) - loss).toFixed(4));
    expect(errors).toEqual(['0.0093', '-0.0054', '-0.0056']);
  });

  test('first seven by width', () => {
    const { a, b, c } = fitLaw(byWidth.slice(0, 7)).parameters;
    expect(a).toBeCloseTo(11.065845, 6);
    expect(b).toBeCloseTo(0.45856, 6);
    expect(c).toBeCloseTo(2.724728, 6);
  });

  test('width 3072 from the first 4 to 9', () => {
    const predicted = [4, 5, 6, 7, 8, 9].map((k) => fitLaw(byParameters.slice(0, k)).at(1446.72).toFixed(4));
    expect(predicted).toEqual(['2.9746', '2.9944', '3.0122', '3.0369', '3.0260', '3.0389']);
  });
});

/** A ladder with a law inside the bounds and up to 1 % of noise, whose best b stays inside for x and for 12x². */
const noisyLadder = fc
  .record({
    b: fc.double({ min: 0.3, max: 1.2, noNaN: true }),
    c: fc.double({ min: 1, max: 4, noNaN: true }),
    excess: fc.double({ min: 0.5, max: 2, noNaN: true }),
    ratio: fc.double({ min: 1.5, max: 2, noNaN: true }),
    noise: fc.array(fc.double({ min: -0.01, max: 0.01, noNaN: true }), { minLength: 5, maxLength: 9 }),
  })
  .map(({ b, c, excess, ratio, noise }) =>
    noise.map((shift, i) => ({ x: 16 * ratio ** i, loss: c + excess * ratio ** (-b * i) + shift })),
  )
  .filter((points) => {
    const { a, b, c } = fitLaw(points).parameters;
    return a > 0 && c > 0 && b > 0.1 && b < 3;
  });

describe('invariants', () => {
  test('scaling x leaves c and every prediction and interval unchanged', () => {
    fc.assert(
      fc.property(noisyLadder, fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (points, factor) => {
        const fit = fitLaw(points);
        const scaled = fitLaw(points.map(({ x, loss }) => ({ x: x * factor, loss })));
        expect(relative(scaled.parameters.c, fit.parameters.c)).toBeLessThan(1e-9);
        expect(relative(scaled.parameters.b, fit.parameters.b)).toBeLessThan(1e-9);
        for (const x of [20, 300, 3000]) expect(relative(scaled.at(x * factor), fit.at(x))).toBeLessThan(1e-9);
        const before = fit.intervalAt(1000)('80');
        scaled
          .intervalAt(1000 * factor)('80')
          .forEach((end, i) => expect(relative(end, before[i]!)).toBeLessThan(1e-9));
      }),
      { numRuns: 30 },
    );
  });

  test('width and 12 w² give one c, the same predictions, intervals and forms, and b differing by exactly 2', () => {
    fc.assert(
      fc.property(noisyLadder, (points) => {
        const byWidth = fitLaw(points);
        const parameters = fitLaw(points.map(({ x, loss }) => ({ x: 12 * x * x, loss })));
        expect(relative(parameters.parameters.c, byWidth.parameters.c)).toBeLessThan(1e-9);
        expect(relative(2 * parameters.parameters.b, byWidth.parameters.b)).toBeLessThan(1e-9);
        for (const x of [20, 300, 3000]) {
          expect(relative(parameters.at(12 * x * x), byWidth.at(x))).toBeLessThan(1e-9);
        }
        const before = byWidth.intervalAt(1000)('80');
        parameters
          .intervalAt(12e6)('80')
          .forEach((end, i) => expect(relative(end, before[i]!)).toBeLessThan(1e-9));
        parameters.laws.forEach(({ name, weight }) => {
          expect(Math.abs(weight - byWidth.laws.find((law) => law.name === name)!.weight)).toBeLessThan(1e-9);
        });
      }),
      { numRuns: 30 },
    );
  });

  test('the order of the points changes not a bit', () => {
    const shuffled = noisyLadder.chain((points) =>
      fc.tuple(fc.constant(points), fc.shuffledSubarray(points, { minLength: points.length })),
    );
    fc.assert(
      fc.property(shuffled, ([points, permuted]) => {
        expect(fitLaw(permuted).parameters).toEqual(fitLaw(points).parameters);
        expect(fitLaw(permuted).intervalAt(999)('95')).toEqual(fitLaw(points).intervalAt(999)('95'));
      }),
      { numRuns: 30 },
    );
  });

  test('exact law data returns the exact law to 8 digits', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 2, noNaN: true }),
        fc.double({ min: 0.5, max: 5, noNaN: true }),
        fc.double({ min: 0.5, max: 20, noNaN: true }),
        fc.integer({ min: 3, max: 9 }),
        (b, c, a, rungs) => {
          const xs = Array.from({ length: rungs }, (_, i) => 2 ** i);
          const fit = fitLaw(pointsOn(xs, law(a, b, c))).parameters;
          expect(relative(fit.a, a)).toBeLessThan(1e-8);
          expect(relative(fit.b, b)).toBeLessThan(1e-8);
          expect(relative(fit.c, c)).toBeLessThan(1e-8);
        },
      ),
      { numRuns: 60 },
    );
  });

  test('no other allowed law has a smaller weighted sum of squares', () => {
    const unit = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(unit, unit), { minLength: 3, maxLength: 8 }),
        fc.array(fc.tuple(unit, unit, unit), { minLength: 50, maxLength: 50 }),
        (rungs, others) => {
          const points = rungs.map(([loss, weight], i) => ({ x: 2 ** i, loss: 1 + loss, weight: 0.1 + weight }));
          const best = fitWidthLaw(lawPointsOf(points)).sse;
          for (const [u, v, w] of others) {
            const other = law(3 * u, 0.02 * 200 ** v, 2 * w);
            const sse = points.reduce((sum, { x, loss, weight }) => sum + weight * (loss - other(x)) ** 2, 0);
            expect(best).toBeLessThanOrEqual(sse * (1 + 1e-12));
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('constraints', () => {
  const xs = [1, 2, 4, 8, 16];

  test('the floor is never negative', () => {
    const fit = fitLaw(pointsOn(xs, (x) => 3 - 0.6 * Math.log(x))).parameters;
    expect(fit.c).toBe(0);
    expect(fit.a).toBeGreaterThan(0);
  });

  test('losses that rise give their mean', () => {
    const fit = fitLaw(pointsOn(xs, (x) => 3 + 0.1 * x));
    expect(fit.parameters.a).toBe(0);
    expect(fit.at(1000)).toBeCloseTo(3.62, 12);
  });

  test('the exponent stays within its bounds', () => {
    expect(fitLaw(pointsOn(xs, law(1, 6, 3))).parameters.b).toBe(4);
    expect(fitLaw(pointsOn(xs, law(4, 0.005, 1))).parameters.b).toBe(0.02);
  });

  test('a precise point pulls harder than a vague one', () => {
    const points = pointsOn(xs, law(1, 0.5, 2)).map((point) => ({ ...point, standardError: 0.01 }));
    const off = { ...points[2]!, loss: points[2]!.loss + 0.05 };
    const residual = (standardError: number) => {
      const fit = fitLaw(points.map((point, i) => (i === 2 ? { ...off, standardError } : point)));
      return Math.abs(fit.at(4) - off.loss);
    };
    expect(residual(0.002)).toBeLessThan(0.2 * residual(0.05));
  });
});
