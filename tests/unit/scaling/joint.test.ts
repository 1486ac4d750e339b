import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomStream } from '../../../src/model/random.ts';
import { jointReport, type JointPoint } from '../../../src/scaling/joint/joint.ts';

const PARAMETERS = ['E', 'A', 'B', 'alpha', 'beta'] as const;
type Law = Record<(typeof PARAMETERS)[number], number>;

const lawOf = ({ E, A, B, alpha, beta }: Law) => {
  return (n: number, d: number) => E + A * n ** -alpha + B * d ** -beta;
};

/** Small models at several step counts, as the playground trains them. */
function smallDesign(noise: number, seed: number) {
  const random = randomStream(seed, 'small design');
  const uniform = (lo: number, hi: number) => lo + (hi - lo) * random.uniform();
  const law = lawOf({
    E: uniform(1, 4),
    A: uniform(2, 20),
    B: uniform(100, 900),
    alpha: uniform(0.3, 0.8),
    beta: uniform(0.4, 0.8),
  });
  const measured = (n: number, d: number) => law(n, d) * (1 + noise * random.normal());
  const sizes = [8, 12, 16, 24, 32].map((width) => 12 * width ** 2);
  const points = sizes.flatMap((n) => [20e3, 40e3, 80e3, 160e3].map((d) => ({ n, d, loss: measured(n, d) })));
  return { points, target: { n: 12 * 64 ** 2, d: 160e3 } };
}

describe('least squares', () => {
  test.each<[string, Law]>([
    ['of large models', { E: 1.8172, A: 482.01, B: 2085.43, alpha: 0.3478, beta: 0.3658 }],
    ['of small ones', { E: 3.87, A: 12, B: 400, alpha: 0.7, beta: 0.55 }],
    ['with slow powers', { E: 0.5, A: 3, B: 8, alpha: 0.1, beta: 0.2 }],
  ])('exact data give the law back to 8 digits: %s', (_, law) => {
    const sizes = [8, 12, 16, 24, 32].map((width) => 12 * width ** 2);
    const points = sizes.flatMap((n) => [20e3, 40e3, 80e3, 160e3].map((d) => ({ n, d, loss: lawOf(law)(n, d) })));
    const { leastSquares, status } = jointReport({ points, targets: [] });
    expect(status).toBe('converged');
    for (const key of PARAMETERS) expect(Math.abs(leastSquares![key] / law[key] - 1)).toBeLessThan(1e-8);
  });

  test('units change A and B only, and the order of the points nothing', () => {
    const { points, target } = smallDesign(0.003, 5);
    const plain = jointReport({ points, targets: [target] });
    fc.assert(
      fc.property(
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-3, max: 1e6, noNaN: true }),
        (s, t) => {
          const scaled = jointReport({
            points: points.map(({ n, d, loss }) => ({ n: n * s, d: d * t, loss })),
            targets: [{ n: target.n * s, d: target.d * t }],
          });
          const [one, other] = [plain.leastSquares!, scaled.leastSquares!];
          for (const [p, q] of [
            [one.E, other.E],
            [one.alpha, other.alpha],
            [one.beta, other.beta],
            [one.A * s ** one.alpha, other.A],
            [one.B * t ** one.beta, other.B],
            [plain.predictions[0]!.loss, scaled.predictions[0]!.loss],
            [plain.predictions[0]!.intervals['80'][1], scaled.predictions[0]!.intervals['80'][1]],
          ] as const) {
            expect(Math.abs(p / q - 1)).toBeLessThan(1e-9);
          }
        },
      ),
      { numRuns: 5 },
    );
    expect(jointReport({ points: [...points].reverse(), targets: [target] })).toEqual(plain);
  });

  test('losses that know nothing of tokens leave that term at zero', () => {
    const points = smallDesign(0, 1).points.map(({ n, d }) => ({ n, d, loss: 2 + 10 * n ** -0.5 }));
    const { leastSquares, predictions } = jointReport({ points, targets: [{ n: 1e5, d: 1e7 }] });
    expect(leastSquares!.B * 20e3 ** -leastSquares!.beta).toBeLessThan(1e-6);
    expect(predictions[0]!.loss).toBeCloseTo(2 + 10 * 1e5 ** -0.5, 5);
    const rising = points.map(({ n, d, loss }) => ({ n, d, loss: loss + 1e-7 * d }));
    const { status, notes } = jointReport({ points: rising, targets: [] });
    expect({ status, note: notes[0] }).toEqual({
      status: 'at-bound',
      note: expect.stringMatching(/do not fall with tokens/),
    });
  });
});

test('no negative term: where the points leave the floor open, its interval ends at zero or above', () => {
  const { points } = smallDesign(0.01, 9);
  const { intervals, predictions } = jointReport({ points, targets: [{ n: 1e7, d: 1e9 }] });
  for (const [lo, hi] of Object.values(intervals!)) {
    expect(lo).toBeGreaterThanOrEqual(0);
    expect(hi).toBeGreaterThan(lo);
  }
  const { '50': half, '80': most, '95': nearly } = predictions[0]!.intervals;
  expect([nearly[0] <= most[0], most[0] <= half[0], half[1] <= most[1], most[1] <= nearly[1]]).not.toContain(false);
});

describe('refusals', () => {
  const refusal = (points: JointPoint[], expected = 'refused') => {
    const { status, notes, leastSquares, predictions } = jointReport({ points, targets: [{ n: 1, d: 1 }] });
    expect({ status, leastSquares, predictions }).toEqual({ status: expected, leastSquares: null, predictions: [] });
    return notes[0];
  };
  const grid = (ns: number[], ds: number[]) => ns.flatMap((n) => ds.map((d) => ({ n, d, loss: 2 + 1 / n + 1 / d })));

  test('too little to tell five parameters', () => {
    expect(refusal(grid([1, 2], [1, 2, 3]))).toBe(
      'The joint law needs losses at three different numbers of parameters or more; there are 2.',
    );
    expect(refusal(grid([1, 2, 4], [5, 6]))).toBe(
      'The joint law needs losses at three different numbers of tokens or more; there are 2.',
    );
    expect(refusal(grid([1, 2, 4], [5]))).toMatch(/^All losses were measured after the same number of tokens/);
    expect(refusal([1, 2, 3].map((n) => ({ n, d: n, loss: 3 })))).toMatch(/needs 6 losses or more; there are 3/);
  });

  test('tokens that follow from parameters, even roughly, are not identified', () => {
    const ladder = (jitter: number) =>
      [1, 2, 3, 4, 5, 6, 7].map((n, i) => ({ n, d: 20 * n * (1 + jitter * (-1) ** i), loss: 2 + 1 / n }));
    for (const jitter of [0, 0.01]) expect(refusal(ladder(jitter), 'not-identified')).toMatch(/^Tokens follow from/);
  });

  test('what is no number names its point', () => {
    const points = grid([1, 2, 4], [1, 2, 4]);
    points[3]!.d = NaN;
    expect(() => jointReport({ points, targets: [] })).toThrow('points[3].d must be a finite number above 0, not NaN.');
    expect(() => jointReport({ points: grid([1, 2], [1]), targets: [{ n: 0, d: 1 }] })).toThrow('targets[0].n must be');
  });
});
