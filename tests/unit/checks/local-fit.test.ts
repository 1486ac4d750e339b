/** The parabola around a best value, against what three points and Student's t say by hand. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitLocally, type Window } from '../../../src/checks/local-fit.ts';
import { mean, standardError } from '../../../src/checks/mean.ts';

/** Student's t for 80 % at 1, 2 and 3 degrees of freedom, from the tables. */
const T80 = [NaN, 3.0777, 1.8856, 1.6377];

const around = (xs: number[], losses: number[][]): Window => ({ xs, losses, seeds: losses.map((_, i) => i + 7) });
const bend = ([below, best, above]: number[]) => below + above - 2 * best;
/** Slope at x of the parabola through three points one apart. */
const slopeAt = (row: number[], centre: number, x: number) => (row[2] - row[0]) / 2 + bend(row) * (x - centre);

describe('through three points', () => {
  const wiggle = fc.integer({ min: -20, max: 20 }).map((thousandths) => thousandths / 1000);
  const row = fc.tuple(wiggle, wiggle, wiggle).map(([a, b, c]) => [3.1 + a, 3 + b, 3.13 + c]);

  test('the vertex is that of the mean, and each seed’s one Newton step away', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 4 }), (losses) => {
        const { vertex, vertices, lean } = fitLocally(around([-4, -3, -2], losses), null);
        const means = [0, 1, 2].map((i) => mean(losses.map((one) => one[i])));
        const expected = -3 - (means[2] - means[0]) / 2 / bend(means);
        expect(vertex).toBeCloseTo(expected, 9);
        expect(lean).toBe(0);
        expect(vertices.map(({ seed }) => seed)).toEqual(losses.map((_, i) => i + 7));
        losses.forEach((one, i) => {
          expect(vertices[i].x).toBeCloseTo(vertex - slopeAt(one, -3, vertex) / bend(means), 9);
        });
      }),
    );
  });

  test('the interval ends where Student’s t just tells the mean slope from zero', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 2, maxLength: 4 }), (losses) => {
        const { vertex, sides } = fitLocally(around([-4, -3, -2], losses), null);
        const slopesAt = (x: number) => losses.map((one) => slopeAt(one, -3, x));
        const told = (x: number) => mean(slopesAt(x)) / standardError(slopesAt(x))!;
        // Seeds that agree to the last bit leave nothing to divide by.
        fc.pre(standardError(slopesAt(vertex))! > 1e-6);
        const reach = T80[losses.length - 1];
        if (sides!.above !== Infinity) {
          expect(told(vertex + sides!.above)).toBeCloseTo(reach, 2);
          expect(told(vertex - sides!.below)).toBeCloseTo(-reach, 2);
        } else {
          // Far out the curvature is all that counts, and seeds do not agree that there is any.
          expect(Math.abs(told(vertex + 1e9))).toBeLessThanOrEqual(reach + 1e-3);
        }
      }),
    );
  });

  test('at an end of its three points the vertex stays, and the interval is still that of the slope there', () => {
    const losses = [[5, 3, 2], [5.1, 3, 2.05]]; // prettier-ignore
    const { vertex, sides } = fitLocally(around([0, 1, 2], losses), null);
    expect(vertex).toBe(2);
    const slopes = losses.map((one) => slopeAt(one, 1, vertex + sides!.above));
    expect(mean(slopes) / standardError(slopes)!).toBeCloseTo(T80[1], 2);
  });

  test('one seed has no interval', () => {
    expect(fitLocally(around([0, 1, 2], [[3, 2, 3]]), null)).toEqual({
      ...{ vertex: 1, lean: 0, sides: null, vertices: [{ seed: 7, x: 1 }] },
    });
  });

  test('what does not bend, or in no way that seeds agree on, may be least anywhere', () => {
    const anywhere = { below: Infinity, above: Infinity };
    const flat = fitLocally(around([0, 1, 2], [[3, 3, 3], [4, 4, 4]]), null); // prettier-ignore
    expect(flat).toMatchObject({ vertex: 1, lean: 0, sides: anywhere });
    const arched = fitLocally(around([0, 1, 2], [[3, 4, 3], [3, 4, 3]]), null); // prettier-ignore
    expect(arched).toEqual({ vertex: 1, lean: 0, sides: anywhere, vertices: [] });
    const apart = fitLocally(around([0, 1, 2], [[3.06, 3, 3], [3, 3, 3.01]]), null); // prettier-ignore
    expect(apart.sides).toEqual(anywhere);
    expect(apart.vertices).toHaveLength(2);
  });
});

describe('with further neighbours', () => {
  const xs = [-2, -1, 0, 1, 2];
  const inner = (losses: number[][]) => around([-1, 0, 1], losses.map((row) => row.slice(1, 4))); // prettier-ignore
  const fit = (losses: number[][]) => fitLocally(inner(losses), around(xs, losses));

  test('what leans is told by how far a third power moves the vertex, and widens the interval', () => {
    // 3 + 0.1 (x - 0.2)² + 0.01 (x - 0.2)³ is least at 0.2.
    const cubic = xs.map((x) => 3 + 0.1 * (x - 0.2) ** 2 + 0.01 * (x - 0.2) ** 3);
    const { vertex, lean } = fit([cubic]);
    expect(vertex).toBeCloseTo(-(cubic[3] - cubic[1]) / 2 / bend(cubic.slice(1, 4)), 9);
    expect(lean).toBeCloseTo(1.25 * (0.2 - vertex), 9);
    const twice = fit([cubic, cubic.map((loss) => loss + 1)]);
    expect(twice.sides!.below).toBeCloseTo(Math.abs(lean), 6);
    expect(twice.sides!.above).toBeCloseTo(Math.abs(lean), 6);
  });

  test('more points than three are fitted exactly while the seeds’ scatter explains what is no parabola', () => {
    // A fourth power that no parabola sees, and a scatter of variance δ² between two seeds, whose offsets do not count.
    const delta = 0.01;
    const quartic = [1, -4, 6, -4, 1];
    const scatter = [delta, -delta, 0, 0, 0];
    const rows = (size: number) =>
      [1, -1].map((side, seed) =>
        xs.map((x, i) => 3 + seed + 0.1 * (x - 0.3) ** 2 + size * quartic[i] + side * scatter[i]),
      );
    // The misfit is 70 size² over 5 - 3 degrees of freedom; it may be as large as δ² / 2.
    const most = delta / Math.sqrt(70);
    expect(fit(rows(0.99 * most)).vertex).toBeCloseTo(0.3, 9);
    const three = fit(rows(1.01 * most)).vertex;
    expect(three).toBeCloseTo(0.3 * (0.2 / (0.2 - 20 * 1.01 * most)), 9);
  });

  test('a single seed explains nothing', () => {
    const row = xs.map((x, i) => 3 + 0.1 * (x - 0.3) ** 2 + 1e-6 * [1, -4, 6, -4, 1][i]);
    expect(fit([row]).vertex).toBeCloseTo(0.3 * (0.2 / (0.2 - 2e-5)), 9);
  });

  test('points that bend down as a whole are left to the three', () => {
    const delta = 10;
    const rows = [1, -1].map((side) =>
      [2, 3.1, 3, 3.12, 2].map((loss, i) => loss + side * [delta, -delta, 0, 0, 0][i]),
    );
    expect(fit(rows).vertex).toBeCloseTo(-0.01 / 0.22, 6);
  });
});
