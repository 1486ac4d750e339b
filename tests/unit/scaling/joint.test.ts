import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { randomStream } from '../../../src/model/random.ts';
import { descend, HUBER_DELTA, huberObjective, type Start } from '../../../src/scaling/approach-three.ts';
import { jointLadder } from '../../../src/scaling/joint-law.ts';
import { jointReport, type JointPoint } from '../../../src/scaling/joint.ts';

/** The replication of Chinchilla's fit, Besiroglu et al. 2024, table 1. */
const PUBLISHED = { E: 1.8172, A: 482.01, B: 2085.43, alpha: 0.3478, beta: 0.3658 };

const lawOf = ({ E, A, B, alpha, beta }: typeof PUBLISHED) => {
  return (n: number, d: number) => E + A * n ** -alpha + B * d ** -beta;
};

/** Sizes of Chinchilla's budgets, 44M to 16B parameters at 6·10¹⁸ to 3·10²¹ FLOPs, with noise and some outliers. */
function chinchillaLike(noise: number, seed = 3): JointPoint[] {
  const random = randomStream(seed, 'isoFLOP');
  const law = lawOf(PUBLISHED);
  return [6e18, 1e19, 3e19, 6e19, 1e20, 3e20, 6e20, 1e21, 3e21].flatMap((flops) =>
    Array.from({ length: 26 }, () => {
      const n = 44e6 * (16e9 / 44e6) ** random.uniform();
      const d = flops / (6 * n);
      const error = noise * random.normal() * (random.uniform() < 0.1 ? 10 : 1);
      return { n, d, loss: law(n, d) * Math.exp(error) };
    }).filter(({ d }) => d > 3e8 && d < 1e12),
  );
}

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
  const target = { n: 12 * 64 ** 2, d: 160e3 };
  return { points, target, actual: measured(target.n, target.d) };
}

describe('least squares', () => {
  test('exact data give the law back to 8 digits', () => {
    const { leastSquares, status } = jointReport({ points: chinchillaLike(0), targets: [] });
    expect(status).toBe('converged');
    for (const key of ['E', 'A', 'B', 'alpha', 'beta'] as const) {
      expect(Math.abs(leastSquares![key] / PUBLISHED[key] - 1)).toBeLessThan(1e-8);
    }
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
            expect(Math.abs(p / q - 1)).toBeLessThan(1e-6);
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
  });
});

describe("Chinchilla's approach 3", () => {
  const points = chinchillaLike(0.002);
  const ladder = jointLadder(points);

  test('the gradient is that of the objective', () => {
    const at = huberObjective(ladder);
    const x = [0.4, 0.3, 0.5, -1, -0.5];
    const { gradient } = at(x);
    x.forEach((value, k) => {
      const moved = (h: number) => at(x.map((one, i) => (i === k ? value + h : one))).value;
      const slope = (moved(1e-5) - moved(-1e-5)) / 2e-5;
      expect(Math.abs(gradient[k]! / slope - 1)).toBeLessThan(1e-4);
    });
  });

  test('every start of the published grid that is tried reaches one objective', () => {
    const { huber } = jointReport({ points, targets: [] });
    const random = randomStream(11, 'starts');
    const pick = (values: number[]) => values[random.below(values.length)]!;
    for (let i = 0; i < 20; i++) {
      const [alpha, beta] = [pick([0, 0.5, 1, 1.5, 2]), pick([0, 0.5, 1, 1.5, 2])];
      const terms = [0, 5, 10, 15, 20, 25];
      const start: Start = [
        ...([alpha, beta, pick([-1, -0.5, 0, 0.5, 1])] as const),
        pick(terms) - alpha * ladder.logN,
        pick(terms) - beta * ladder.logD,
      ];
      const reached = descend(ladder, start).value * HUBER_DELTA ** 2;
      expect(Math.abs(reached / huber!.objective - 1)).toBeLessThan(1e-6);
    }
  });

  test('outliers move it less than least squares', () => {
    const { huber, leastSquares } = jointReport({ points, targets: [] });
    expect(Math.abs(huber!.E - PUBLISHED.E)).toBeLessThan(0.03);
    expect(Math.abs(huber!.E - PUBLISHED.E)).toBeLessThan(Math.abs(leastSquares!.E - PUBLISHED.E) + 0.01);
  });
});

test('the 80 % interval of a new run holds about what it promises', () => {
  let held = 0;
  const count = 120;
  for (let seed = 0; seed < count; seed++) {
    const { points, target, actual } = smallDesign([0.0005, 0.002, 0.01][seed % 3]!, 100 + seed);
    const [lo, hi] = jointReport({ points, targets: [target] }).predictions[0]!.intervals['80'];
    if (lo <= actual && actual <= hi) held += 1;
  }
  expect(held / count).toBeGreaterThan(0.7);
  expect(held / count).toBeLessThan(0.92);
});

describe('refusals', () => {
  const refusal = (points: JointPoint[]) => {
    const { status, notes, leastSquares } = jointReport({ points, targets: [{ n: 1, d: 1 }] });
    expect({ status, leastSquares }).toEqual({ status: 'refused', leastSquares: null });
    return notes[0];
  };
  const grid = (ns: number[], ds: number[]) => ns.flatMap((n) => ds.map((d) => ({ n, d, loss: 2 + 1 / n + 1 / d })));

  test('too little to tell five parameters', () => {
    expect(refusal(grid([1, 2], [1, 2, 3]))).toBe(
      'The joint law needs losses at three different numbers of parameters or more; there are 2.',
    );
    expect(refusal(grid([1, 2, 4], [5]))).toBe(
      'The joint law needs losses at three different numbers of tokens or more; there is 1.',
    );
    expect(refusal([1, 2, 3].map((n) => ({ n, d: n, loss: 3 })))).toMatch(/needs 6 losses or more; there are 3/);
    expect(refusal([1, 2, 3, 4, 5, 6, 7].map((n) => ({ n, d: 20 * n, loss: 2 + 1 / n })))).toMatch(
      /^Tokens follow from parameters/,
    );
  });

  test('what is no number names its point', () => {
    const points = grid([1, 2, 4], [1, 2, 4]);
    points[3]!.d = NaN;
    expect(() => jointReport({ points, targets: [] })).toThrow('points[3].d must be a finite number above 0, not NaN.');
    expect(() => jointReport({ points: grid([1, 2], [1]), targets: [{ n: 0, d: 1 }] })).toThrow('targets[0].n must be');
  });
});
