/** Verdicts to the last bit: what is inside an interval, what a target's mean is, and what a seal may claim of either. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunResult, SealedPrediction } from '../../../src/model/result.ts';
import { checkSeals, reveal, sealProblem, verdictOf } from '../../../src/experiment/seal.ts';
import { experimentWith } from './fakes.ts';

/** The next double of a positive number, upwards or downwards. */
function neighbour(value: number, side: 1 | -1): number {
  const bits = new BigInt64Array(1);
  const double = new Float64Array(bits.buffer);
  double[0] = value;
  bits[0] += BigInt(side);
  return double[0];
}

const sealed: SealedPrediction = {
  ...{ recipe: 'muP', width: 48, sealedAt: '2026-01-02T12:00:00.000Z', inputsHash: '' },
  ...{ loss: 3, lo: 2.9, hi: 3.1, level: 0.8, actual: null, verdict: null },
};

const runOf = (seed: number, finalEvalLoss: number | null, change: Partial<RunResult> = {}): RunResult => ({
  ...{ id: `mup-w48-s${seed}`, recipe: 'muP', width: 48, seed, overrides: {} },
  ...{ parameters: { total: 2, nonEmbedding: 1 }, status: 'done', steps: [1, 2], trainLoss: [4, 3] },
  ...{ evalSteps: [], evalLoss: [], finalEvalLoss, finalEvalStandardError: 0.01, tokens: 1, seconds: 1 },
  ...change,
});

describe('a verdict', () => {
  test('counts both ends of the interval as inside, and the very next number as outside', () => {
    const positive = fc.double({ min: 0.01, max: 20, noNaN: true });
    fc.assert(
      fc.property(positive, positive, (a, b) => {
        const [lo, hi] = [Math.min(a, b), Math.max(a, b)];
        expect([lo, hi, (lo + hi) / 2].map((actual) => verdictOf({ lo, hi }, actual))).toEqual(Array(3).fill('inside'));
        expect(verdictOf({ lo, hi }, neighbour(hi, 1))).toBe('above');
        expect(verdictOf({ lo, hi }, neighbour(lo, -1))).toBe('below');
      }),
    );
  });

  test('is on the mean of the seeds that were done, and the prediction stays as it was', () => {
    expect(reveal(sealed, [runOf(1, 3.25), runOf(2, 3)])).toEqual({ ...sealed, actual: 3.125, verdict: 'above' });
    expect(reveal(sealed, [runOf(1, 2.875)])).toEqual({ ...sealed, actual: 2.875, verdict: 'below' });
    expect(reveal(sealed, [runOf(1, 3), runOf(2, 9, { status: 'cancelled' }), runOf(3, null)])).toEqual({
      ...sealed,
      ...{ actual: 3, verdict: 'inside' },
    });
  });

  test('is none while nothing was measured, and what was said before is taken back', () => {
    const unmeasured = [[], [runOf(1, null)], [runOf(1, 3, { status: 'failed' })]];
    for (const runs of unmeasured) expect(reveal({ ...sealed, actual: 3, verdict: 'inside' }, runs)).toEqual(sealed);
  });

  test('on a curve is the share of its windows that hold the mean of the seeds that were done', () => {
    const curve = { steps: [1, 2], loss: [4, 3], lo: [3.5, 2.5], hi: [4.5, 3.5] };
    const held = (runs: RunResult[]) => reveal({ ...sealed, curve, curveHeld: null }, runs).curveHeld;
    expect(held([runOf(1, 3)])).toBe(1);
    expect(held([runOf(1, 3, { trainLoss: [4.5, 3.75] })])).toBe(0.5);
    expect(held([runOf(1, 3), runOf(2, 3, { trainLoss: [9, 9], status: 'failed' })])).toBe(1);
    expect(held([runOf(1, 3, { trainLoss: [null, 3] })])).toBe(1);
    expect(held([])).toBeNull();
  });
});

describe('a seal', () => {
  test('has an interval that holds its prediction, ends included', () => {
    for (const loss of [2.9, 3, 3.1]) expect(sealProblem({ ...sealed, loss })).toBeNull();
    for (const loss of [neighbour(2.9, -1), neighbour(3.1, 1), NaN]) {
      expect(sealProblem({ ...sealed, loss })).toBe('has an interval that does not hold its own prediction');
    }
  });

  test('claims a verdict only of what was measured', () => {
    expect(sealProblem({ ...sealed, actual: null, verdict: 'inside' })).toBe('has a verdict and nothing measured');
    expect(sealProblem({ ...sealed, actual: 3, verdict: 'inside' })).toBeNull();
  });

  const experiment = experimentWith();
  const check = (seal: Partial<SealedPrediction>, runs: RunResult[]) => () =>
    checkSeals({ experiment, sealed: [{ ...sealed, ...seal }], runs });

  test('is compared with the runs of its own recipe and width alone', () => {
    const others = [runOf(1, 9, { recipe: 'SP' }), runOf(1, 8, { width: 32 })];
    check({ actual: 3, verdict: 'inside' }, [runOf(1, 3), ...others])();
    check({ actual: 3, verdict: 'inside' }, others)();
    expect(check({ actual: 3, verdict: 'inside' }, [runOf(1, 3.05), ...others])).toThrow(/^sealed\[0\]\.verdict/);
    expect(check({ actual: 3.2, verdict: 'inside' }, others)).toThrow(/^sealed\[0\]\.verdict/);
  });

  test('may differ from the mean of its runs in the last bits, as another order of seeds would have it', () => {
    check({ actual: 3 * (1 + 5e-13), verdict: 'inside' }, [runOf(1, 3)])();
    expect(check({ actual: 3 * (1 + 3e-12), verdict: 'inside' }, [runOf(1, 3)])).toThrow(/^sealed\[0\]\.verdict/);
  });

  test('names points that are the means of their runs, as far as these are there', () => {
    const points = [{ x: 8, loss: 4.25, runs: ['mup-w8-s1', 'mup-w8-s2'] }];
    const rungs = [4, 4.5].map((loss, i) => runOf(i + 1, loss, { id: `mup-w8-s${i + 1}`, width: 8 }));
    const off = 'has another loss at width 8 than its runs';
    // Whose points do follow from their runs is told of the next thing wrong: a hash of nothing.
    expect(check({ points }, rungs)).toThrow(/is not that of its recipe and points/);
    expect(check({ points }, [])).toThrow(/is not that of its recipe and points/);
    expect(check({ points: [{ ...points[0], loss: 4.25 * (1 + 5e-13) }] }, rungs)).toThrow(/is not that of/);
    expect(check({ points: [{ ...points[0], loss: 4.25 * (1 + 3e-12) }] }, rungs)).toThrow(off);
    expect(check({ points }, [rungs[0], { ...rungs[1], finalEvalLoss: 4 }])).toThrow(off);
  });
});
