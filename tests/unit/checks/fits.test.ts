import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mean, standardError } from '../../../src/checks/mean.ts';
import { fitPolynomial, localMinimum, valueAt } from '../../../src/checks/polynomial.ts';
import { studentReach } from '../../../src/scaling/numeric/student-quantile.ts';

test('80 % intervals reach as far as the tables of Student t say', () => {
  const table: [number, number][] = [
    [1, 3.078],
    [2, 1.886],
    [3, 1.638],
    [4, 1.533],
    [10, 1.372],
    [30, 1.31],
  ];
  for (const [freedom, reach] of table) expect(studentReach(freedom)).toBeCloseTo(reach, 3);
});

test('the standard error of a mean needs two values', () => {
  expect(mean([1, 2, 6])).toBe(3);
  expect(standardError([1, 2, 6])).toBeCloseTo(Math.sqrt(7 / 3), 12);
  expect(standardError([4])).toBeNull();
});

describe('polynomials', () => {
  const coefficient = fc.double({ min: -3, max: 3, noNaN: true });
  const abscissae = fc.uniqueArray(fc.integer({ min: -20, max: 20 }), { minLength: 4, maxLength: 7 });

  test('exact data give the polynomial back', () => {
    fc.assert(
      fc.property(abscissae, fc.tuple(coefficient, coefficient, coefficient, coefficient), (xs, [a, b, c, d]) => {
        const of = (x: number) => a + b * x + c * x ** 2 + d * x ** 3;
        const fit = fitPolynomial(xs, xs.map(of), 3);
        for (const x of [-5, 0.5, 7]) expect(valueAt(fit, x)).toBeCloseTo(of(x), 5);
      }),
      { numRuns: 50 },
    );
  });

  test('are centred on their points', () => {
    expect(fitPolynomial([1, 2, 6], [9, 4, 1], 2).origin).toBe(3);
  });

  test('their minimum is where they rise to either side', () => {
    fc.assert(
      fc.property(abscissae, coefficient, coefficient, fc.double({ min: 0.1, max: 3, noNaN: true }), (xs, b, d, c) => {
        const fit = fitPolynomial(
          xs,
          xs.map((x) => b * x + c * x ** 2 + (d / 50) * x ** 3),
          3,
        );
        const at = localMinimum(fit);
        if (at === null) return;
        for (const side of [-1e-3, 1e-3]) expect(valueAt(fit, at + side)).toBeGreaterThan(valueAt(fit, at) - 1e-9);
      }),
      { numRuns: 50 },
    );
    expect(localMinimum(fitPolynomial([0, 1, 2], [9, 4, 1], 2))).toBeCloseTo(3, 9);
    expect(localMinimum(fitPolynomial([0, 1, 2], [0, 1, 0], 2))).toBeNull();
    expect(localMinimum({ origin: 0, coefficients: [0, 1, 0, 1] })).toBeNull();
  });
});
