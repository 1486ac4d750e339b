import { expect, test } from 'vitest';
import { densityAtZero, studentT } from '../../../src/scaling/numeric/student-t.ts';

/** Simpson's rule over the density, which is written down here by the Gamma function of whole and half numbers. */
function gammaOfHalves(twice: number): number {
  if (twice === 1) return Math.sqrt(Math.PI);
  return twice === 2 ? 1 : (twice / 2 - 1) * gammaOfHalves(twice - 2);
}
function density(t: number, freedom: number): number {
  const peak = gammaOfHalves(freedom + 1) / (Math.sqrt(freedom * Math.PI) * gammaOfHalves(freedom));
  return peak * (1 + t ** 2 / freedom) ** (-(freedom + 1) / 2);
}
function below(t: number, freedom: number): number {
  const steps = 400;
  const h = t / steps;
  let sum = density(0, freedom) + density(t, freedom);
  for (let i = 1; i < steps; i++) sum += (i % 2 ? 4 : 2) * density(i * h, freedom);
  return 0.5 + (sum * h) / 3;
}

test.each([1, 2, 3, 4, 5, 6, 9, 10, 31])(
  'with %i degrees of freedom the density and what lies below it are those of the integral',
  (freedom) => {
    expect(densityAtZero(freedom)).toBeCloseTo(density(0, freedom), 12);
    for (const t of [-3, -1, -0.2, 0, 0.5, 1, 2.5]) {
      const value = studentT(t, freedom);
      expect(value.density).toBeCloseTo(density(t, freedom), 10);
      expect(value.below).toBeCloseTo(below(t, freedom), 7);
    }
  },
);

test('beyond 200 degrees of freedom it stays as at 200, near the normal', () => {
  expect(studentT(1.96, 1e6)).toEqual(studentT(1.96, 200));
  expect(studentT(1.96, 199)).not.toEqual(studentT(1.96, 200));
  expect(studentT(1.96, 200).below).toBeCloseTo(0.975, 2);
});

test('the place that is given takes the values and comes back', () => {
  const out = { below: 9, density: 9 };
  expect(studentT(0, 3, out)).toBe(out);
  expect(out.below).toBe(0.5);
});
