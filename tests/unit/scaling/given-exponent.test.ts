/** What is known at one b, against sums over the points written out and against integrals that are added up. */
import { describe, expect, test } from 'vitest';
import { withFloor, withoutFloor } from '../../../src/scaling/width/given-exponent.ts';
import { excessAt } from '../../../src/scaling/width/law-forms.ts';
import { studentT } from '../../../src/scaling/numeric/student-t.ts';
import { fitAt, lawPointsOf } from '../../../src/scaling/width/width-law.ts';

const XS = [1, 2, 4, 8, 16];
const WEIGHTS = [1, 2, 1, 3, 2];
const WIGGLE = [0.02, -0.03, 0.01, 0.02, -0.02];

/** Points around floor + excess·x^-b, their fit at b, and the sums of which all else is made. */
function given(floor: number, excess: number, b: number, bend = 0) {
  const points = XS.map((x, i) => ({ x, loss: floor + excess * x ** -b + WIGGLE[i]!, weight: WEIGHTS[i]! }));
  const ladder = lawPointsOf(points);
  const fit = fitAt(ladder, b, bend);
  const phi = ladder.t.map((t) => excessAt(b, fit.second, t));
  const sum = (of: (i: number) => number) => WEIGHTS.reduce((total, w, i) => total + w * of(i), 0);
  const [w, wf, wff] = [sum(() => 1), sum((i) => phi[i]!), sum((i) => phi[i]! ** 2)];
  const [wy, wfy] = [sum((i) => points[i]!.loss), sum((i) => phi[i]! * points[i]!.loss)];
  const determinant = w * wff - wf ** 2;
  const A = (w * wfy - wf * wy) / determinant;
  const c = (wff * wy - wf * wfy) / determinant;
  const sse = (a: number, floor: number) => sum((i) => (points[i]!.loss - floor - a * phi[i]!) ** 2);
  return { points, ladder, fit, phi, w, wf, wff, wfy, determinant, A, c, sse };
}

/** Σ over u of f(sinh u)·cosh u, which is the integral over the whole line to many digits. */
function overLine(at: number, scale: number, f: (value: number) => number): number {
  let sum = 0;
  for (let u = -9; u <= 9; u += 0.15) sum += f(at + scale * Math.sinh(u)) * Math.cosh(u) * scale * 0.15;
  return sum;
}

test('densities, with a floor and without and at any b, stand to one another as the integrals over A and c do', () => {
  const [freedom, known] = [4, 0.003];
  const cases = [0.4, 0.9].flatMap((b) => [0, -0.4].map((bend) => ({ b, bend })));
  const ratios = cases.flatMap(({ b, bend }) => {
    const { points, ladder, fit, phi, w, wf, determinant, A, c, sse } = given(1.5, 1, b, bend);
    const loss = points.reduce((sum, point) => sum + point.loss, 0) / points.length;
    const likelihood = (a: number, floor: number) => (sse(a, floor) + known) ** (-(freedom + 2) / 2);
    const width = Math.sqrt((sse(A, c) + known) / freedom);
    // The level Σw(c + A·φ)/Σw and A are independent; c = level - A·Σwφ/Σw.
    const spread = width / Math.sqrt(determinant / w);
    const level = c + (A * wf) / w;
    const both = overLine(A, spread, (a) =>
      overLine(level, width / Math.sqrt(w), (middle) => likelihood(a, middle - (a * wf) / w)),
    );
    const fall = phi[0]! - phi.at(-1)!;
    const floored = withFloor(ladder, freedom, known).density(fit) - Math.log((both * fall) / loss);
    if (bend !== 0) return [floored];
    const { wff, wfy } = given(1.5, 1, b);
    const alone = overLine(wfy / wff, Math.sqrt((sse(wfy / wff, 0) + known) / wff), (a) => likelihood(a, 0));
    return [floored, withoutFloor(ladder, freedom, known).density(fit) - Math.log(alone)];
  });
  for (const ratio of ratios) expect(ratio).toBeCloseTo(ratios[0]!, 4);
});

test('the peak is sought by the fit within the signs, the density by the one without', () => {
  const { ladder, fit, sse } = given(-0.2, 2, 0.3);
  expect(fit.free.c).toBeLessThan(0);
  const { density, peaked } = withFloor(ladder, 5, 0.01);
  const odds = (sse(fit.amplitude, 0) + 0.01) / (fit.free.sse + 0.01);
  expect(peaked(fit) - density(fit)).toBeCloseTo(-2.5 * Math.log(odds), 10);
});

describe('parts', () => {
  test('without a floor: the Student t of A alone', () => {
    const { ladder, fit, wff, wfy, sse } = given(0, 3, 0.5);
    const [part, ...more] = withoutFloor(ladder, 3.5, 0.02).parts(fit);
    const amplitude = wfy / wff;
    expect(more).toEqual([]);
    expect(part).toMatchObject({ weight: 1, c: 0, freedom: 4, constant: 0, centre: 0, cell: 0 });
    expect(part!.amplitude).toBeCloseTo(amplitude, 12);
    expect(part!.spread).toBeCloseTo(wff, 10);
    expect(part!.variance).toBeCloseTo((sse(amplitude, 0) + 0.02) / 4.5, 12);
  });

  test('with a floor far from zero: one, whose law has the variance of a regression line', () => {
    const { ladder, fit, w, wf, wff, determinant, A, c, sse } = given(2, 1, 0.5);
    const [part, ...more] = withFloor(ladder, 3.5, 1e-4).parts(fit);
    expect(more).toEqual([]);
    expect(part).toMatchObject({ weight: 1, freedom: 3, cell: 0 });
    expect([part!.amplitude, part!.c]).toEqual([expect.closeTo(A, 10), expect.closeTo(c, 10)]);
    const { variance, constant, centre, spread } = part!;
    expect(variance).toBeCloseTo((sse(A, c) + 1e-4) / 3.5, 12);
    for (const phi of [0, 0.3, 2]) {
      const wanted = (wff - 2 * phi * wf + phi * phi * w) / determinant;
      expect(constant + (phi - centre) ** 2 / spread).toBeCloseTo(wanted, 10);
    }
  });

  test.each([
    ['the floor', 0.7, 2],
    ['the fall', 2, 0.8],
    ['both', 0.3, 0.3],
  ])('are cut from a chance of one in a thousand on a wrong sign of %s', (_, floor, excess) => {
    const { ladder, fit, w, wff, determinant, A, c, sse } = given(floor, excess, 0.4);
    let counts = '';
    for (let known = 1e-4; known < 1; known *= 1.2) {
      const variance = (sse(A, c) + known) / 5;
      const chance =
        studentT(-c / Math.sqrt((variance * wff) / determinant), 5).below +
        studentT(-A / Math.sqrt((variance * w) / determinant), 5).below;
      const cells = withFloor(ladder, 5, known).parts(fit).length;
      expect(cells).toBe(chance < 1e-3 ? 1 : 10);
      counts += ` ${cells}`;
    }
    expect(counts).toMatch(/^( 1)+( 10)+$/);
  });

  test.each([
    ['a floor near zero', 0.1, 2],
    ['a fall near zero', 2, 0.05],
    ['a negative floor', -0.1, 2],
  ])('cut by c, from %s: each the regression given its c, weighted by the density there', (_, floor, excess) => {
    const [freedom, known] = [5.5, 0.05];
    const { ladder, fit, w, wf, wff, wfy, determinant, A, c, sse } = given(floor, excess, 0.4);
    const parts = withFloor(ladder, freedom, known).parts(fit);
    const scale = Math.sqrt((((sse(A, c) + known) / freedom) * wff) / determinant);
    const most = wfy / wf;
    const [from, to] = [Math.asinh(-c / scale), Math.asinh((most - c) / scale)];
    expect(w).toBe(9);
    parts.forEach((part, i) => {
      const u = from + ((i + 0.5) / 10) * (to - from);
      expect(part.c).toBeCloseTo(c + scale * Math.sinh(u), 10);
      const best = (wfy - part.c * wf) / wff;
      expect(best).toBeGreaterThan(0);
      expect(part.amplitude).toBeCloseTo(best, 10);
      expect(part).toMatchObject({ freedom: 6, constant: 0, centre: 0 });
      expect(part.spread).toBeCloseTo(wff, 10);
      expect(part.variance).toBeCloseTo((sse(best, part.c) + known) / (freedom + 1), 10);
      expect(part.cell).toBeCloseTo((scale * Math.cosh(u) * (to - from)) / 10, 10);
      expect(part.weight / part.cell).toBeCloseTo(studentT((part.c - c) / scale, 5).density / scale, 10);
    });
    // The cells fill the range from c = 0 to where A = 0, and their weights what of the t lies there.
    expect(parts).toHaveLength(10);
    expect(parts.reduce((sum, { cell }) => sum + cell, 0) / most).toBeCloseTo(1, 1);
    const inside = studentT((most - c) / scale, 5).below - studentT(-c / scale, 5).below;
    expect(parts.reduce((sum, { weight }) => sum + weight, 0) / inside).toBeCloseTo(1, 1);
  });
});
