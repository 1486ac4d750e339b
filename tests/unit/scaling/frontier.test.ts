/** The compute-optimal frontier and isoFLOP parabolas on exact data, against what follows from the law. */
import { describe, expect, it, test } from 'vitest';
import { randomStream } from '../../../src/model/random.ts';
import { budgetsFor, budgetsOf, isoFlopOf } from '../../../src/scaling/joint/isoflop.ts';
import { frontierReport } from '../../../src/scaling/joint/joint.ts';

interface Law {
  E: number;
  A: number;
  B: number;
  alpha: number;
  beta: number;
}

const lossOf = ({ E, A, B, alpha, beta }: Law, n: number, d: number) => E + A / n ** alpha + B / d ** beta;

/** By halving the interval in which the loss falls no more: nothing of the formula that is tested. */
function bestSize(law: Law, compute: number): number {
  // d loss / d log N at a fixed product rises through zero.
  const slope = (log: number) => {
    const n = Math.exp(log);
    return -law.alpha * law.A * n ** -law.alpha + law.beta * law.B * (compute / 6 / n) ** -law.beta;
  };
  let [lo, hi] = [0, Math.log(compute / 6)];
  for (let i = 0; i < 200; i++) {
    const middle = (lo + hi) / 2;
    if (slope(middle) < 0) lo = middle;
    else hi = middle;
  }
  return Math.exp((lo + hi) / 2);
}

const random = randomStream(5, 'exact laws');
const uniform = (lo: number, hi: number) => lo + (hi - lo) * random.uniform();
const LAWS = Array.from({ length: 12 }, (): Law => {
  const [alpha, beta] = [uniform(0.25, 0.6), uniform(0.25, 0.6)];
  return { E: uniform(1, 3), A: uniform(0.3, 1) * 1e8 ** alpha, B: uniform(0.3, 1) * 2e9 ** beta, alpha, beta };
});

/** Relative, of six digits. */
const SIX_DIGITS = 1e-6;
const expectSame = (value: number, wanted: number, what: string) =>
  expect(Math.abs(value / wanted - 1), `${what}: ${value}, not ${wanted}`).toBeLessThan(SIX_DIGITS);

describe('the frontier of exact losses', () => {
  it.each(LAWS.map((law, i) => [i, law] as const))('of law %i is the law’s own to six digits', (_, law) => {
    const points = [2e7, 5e7, 1e8, 3e8, 7e8].flatMap((n) =>
      [5e8, 2e9, 8e9, 3e10].map((d) => ({ n, d, loss: lossOf(law, n, d) })),
    );
    const budgets = [1e18, 1e19, 1e21];
    const { frontier } = frontierReport({ points, targets: [], budgets });
    expectSame(frontier!.exponent.value, law.beta / (law.alpha + law.beta), 'exponent');
    for (const [i, compute] of budgets.entries()) {
      const n = bestSize(law, compute);
      const found = frontier!.points[i]!;
      expectSame(found.n.value, n, `N at ${compute}`);
      expectSame(found.d.value, compute / 6 / n, `D at ${compute}`);
      expectSame(found.loss.value, lossOf(law, n, compute / 6 / n), `loss at ${compute}`);
      for (const { value, interval } of [found.n, found.d, found.loss]) {
        expect(interval[0]).toBeLessThanOrEqual(value);
        expect(interval[1]).toBeGreaterThanOrEqual(value);
      }
    }
  });

  it('no other size within the budget has a smaller loss', () => {
    const [law] = LAWS as [Law];
    const n = bestSize(law, 1e20);
    for (const times of [0.99, 1.01])
      expect(lossOf(law, n * times, 1e20 / 6 / n / times)).toBeGreaterThan(lossOf(law, n, 1e20 / 6 / n));
  });

  it('there is none where the loss does not depend on the tokens', () => {
    const points = [2e7, 5e7, 1e8, 3e8].flatMap((n) =>
      [5e8, 2e9, 8e9].map((d) => ({ n, d, loss: 2 + 400 / n ** 0.35 })),
    );
    expect(frontierReport({ points, targets: [], budgets: [1e19] }).frontier).toBeNull();
  });
});

describe('parabolas of exact losses', () => {
  /** Loss = floor + curvature·(log N − log best)², the best growing as a power of the budget. */
  const drawn = (power: number, curvature: number, times: readonly number[]) =>
    [1e17, 1e18, 1e19].flatMap((compute, k) => {
      const best = 1e7 * (compute / 1e17) ** power;
      return times.map((one) => {
        const n = best * one;
        return { n, d: compute / 6 / n, loss: 3 - k / 5 + curvature * Math.log(one) ** 2 };
      });
    });

  it.each([
    [0.5, 0.05, [0.25, 0.5, 1, 2, 4]],
    [0.46, 0.02, [0.3, 0.7, 1.1, 2.5]],
    [0.6, 0.1, [0.5, 0.8, 3]],
  ] as const)(
    'vertices, floors and exponent come back to six digits (power %f, curvature %f)',
    (power, curvature, times) => {
      const found = isoFlopOf(drawn(power, curvature, times))!;
      expect(found.parabolas).toHaveLength(3);
      for (const [k, one] of found.parabolas.entries()) {
        expectSame(one.compute, 10 ** (17 + k), 'budget');
        expectSame(one.n.value, 1e7 * 10 ** (k * power), 'vertex');
        expectSame(one.floor, 3 - k / 5, 'floor');
        expectSame(one.curvature, curvature, 'curvature');
        expect(one.isInside).toBe(true);
      }
      expectSame(found.exponent!.value, power, 'exponent');
    },
  );

  it('three sizes leave no scatter to tell an interval from', () => {
    expect(isoFlopOf(drawn(0.5, 0.1, [0.5, 0.8, 3]))!.parabolas.map(({ n }) => n.lo)).toEqual([null, null, null]);
    expect(isoFlopOf(drawn(0.5, 0.1, [0.5, 0.8, 2, 3]))!.parabolas.every(({ n }) => n.lo !== null)).toBe(true);
  });

  it('a vertex beyond the sizes is said to be, and takes no part in the exponent', () => {
    const { parabolas, exponent } = isoFlopOf(drawn(0.5, 0.05, [2, 3, 4, 5]))!;
    expect(parabolas.map(({ isInside }) => isInside)).toEqual([false, false, false]);
    expect(exponent).toBeNull();
  });

  it('budgets are told apart though sizes and tokens are rounded; points of none make no parabolas', () => {
    const rounded = drawn(0.5, 0.05, [0.25, 0.5, 1, 2]).map(({ n, d, loss }) => ({
      n: Number(n.toPrecision(3)),
      d: Number(d.toPrecision(3)),
      loss,
    }));
    expect(budgetsOf(rounded).map(({ length }) => length)).toEqual([4, 4, 4]);
    const grid = [1e7, 3e7, 1e8].flatMap((n) => [1e9, 5e9, 2e10].map((d) => ({ n, d, loss: 3 })));
    expect(isoFlopOf(grid)).toBeNull();
  });

  it('of a law’s own losses the vertices lie near the frontier', () => {
    for (const law of LAWS) {
      const points = [1e18, 1e19].flatMap((compute) =>
        [0.5, 0.8, 1.25, 2].map((times) => {
          const n = bestSize(law, compute) * times;
          return { n, d: compute / 6 / n, loss: lossOf(law, n, compute / 6 / n) };
        }),
      );
      for (const { n, compute } of isoFlopOf(points)!.parabolas)
        expect(Math.abs(Math.log(n.value / bestSize(law, compute)))).toBeLessThan(0.05);
    }
  });
});

test('budgets where none is asked for are the largest of the points, and ten and a hundred times it', () => {
  const points = [{ n: 1e8, d: 2e9, loss: 3 }, { n: 1e7, d: 2e9, loss: 3 }]; // prettier-ignore
  expect(budgetsFor(points, [])).toEqual([1.2e18, 1.2e19, 1.2e20]);
  expect(budgetsFor(points, [1e20, 1e18])).toEqual([1e18, 1e20]);
  expect(budgetsFor([], [])).toEqual([]);
});
