/** How far a best value moves, from minima written down: the line, its interval, the verdict at the ends of each tolerance, and the sentence. */
import { describe, expect, test } from 'vitest';
import type { SweepMinimum } from '../../../src/model/check-results.ts';
import type { Sweep } from '../../../src/model/study.ts';
import type { LocalFit } from '../../../src/checks/local-fit.ts';
import { isOneSided, shiftOf, type MinimumAt } from '../../../src/checks/shift.ts';
import { transferSentence, transferVerdict, type TransferFindings } from '../../../src/checks/transfer-verdict.ts';
import { experimentOf } from './experiments.ts';

/** Student's t for 80 % at 1 and 2 degrees of freedom, from the tables. */
const [T1, T2] = [3.0777, 1.8856];

/** A minimum at 2^height; seeds by their own heights. */
function minimum(
  at: number,
  height: number,
  {
    status = 'inside',
    seeds = {},
    lean = 0,
    grid = 2 ** Math.round(height),
    hasFit = true,
  }: Partial<{
    status: SweepMinimum['status'];
    seeds: Record<number, number>;
    lean: number;
    grid: number;
    hasFit: boolean;
  }> = {},
): MinimumAt {
  const vertices = Object.entries(seeds).map(([seed, x]) => ({ seed: Number(seed), x }));
  const fit: LocalFit = { vertex: height, sides: null, vertices, lean };
  const value = grid === 0 ? 0 : 2 ** height;
  return { at, minimum: { value, lo: null, hi: null, loss: 3, grid, status }, fit: hasFit ? fit : null };
}

describe('the line', () => {
  test('is that of least squares over log2 of the size', () => {
    const shift = shiftOf([0, 1, 0, 1].map((height, i) => minimum(2 ** i, height)))!;
    // Σ (x - 1.5) h = 1 over Σ (x - 1.5)² = 5; the residual is 0.8 over two degrees of freedom.
    expect(shift.perDoubling).toBeCloseTo(0.2, 12);
    expect(shift.hi! - shift.perDoubling).toBeCloseTo(T2 * Math.sqrt(0.8 / 2 / 5), 3);
    expect(shift.perDoubling - shift.lo!).toBeCloseTo(T2 * Math.sqrt(0.8 / 2 / 5), 3);
    expect(shift.gridTotal).toBe(1);
  });

  test('through three minima of one seed leaves one degree of freedom, and through two none', () => {
    const three = [0, 1, 0].map((height, i) => minimum(8 * 2 ** i, height));
    expect(shiftOf(three)).toMatchObject({ perDoubling: 0, gridTotal: 0 });
    expect(shiftOf(three)!.hi).toBeCloseTo(T1 * Math.sqrt(2 / 3 / 2), 3);
    expect(shiftOf(three.slice(0, 2))).toEqual({ perDoubling: 1, lo: null, hi: null, gridTotal: 1 });
    expect(shiftOf(three.slice(0, 1))).toBeNull();
  });

  test('has no interval from scatter where a minimum is only known to a grid step', () => {
    const three = [0, 1, 0].map((height, i) => minimum(8 * 2 ** i, height, { hasFit: i > 0 }));
    expect(shiftOf(three)).toMatchObject({ lo: null, hi: null });
  });

  test('takes its interval from the slopes of the seeds that all minima know, and from what fits lean', () => {
    const minima = [
      minimum(8, 0, { seeds: { 1: 0, 2: 0.1, 9: 5 }, lean: 0.1 }),
      minimum(16, 1, { seeds: { 2: 1.3, 1: 1 }, lean: 0.4 }),
    ];
    // Slopes 1 and 1.2: a standard error of 0.1; the leans make 0.3 of the slope.
    const side = Math.hypot(T1 * 0.1, 0.3);
    const shift = shiftOf(minima)!;
    expect(shift.perDoubling).toBeCloseTo(1, 12);
    expect(shift.hi! - 1).toBeCloseTo(side, 3);
    expect(1 - shift.lo!).toBeCloseTo(side, 3);
  });

  test('leaves out what is only a bound, as far as two others are known', () => {
    const bound = minimum(32, -1, { status: 'lower-end' });
    expect(shiftOf([minimum(8, 0), minimum(16, 1), bound])!.perDoubling).toBe(1);
    expect(shiftOf([minimum(8, 0), bound])).toMatchObject({ perDoubling: -0.5, lo: null, gridTotal: -1 });
    expect(isOneSided(bound)).toBe(true);
    expect(isOneSided(minimum(8, 0, { status: 'lower-end', grid: 0 }))).toBe(false);
    expect(shiftOf([minimum(8, 0), minimum(16, 0, { status: 'lower-end', grid: 0 })])).toBeNull();
  });
});

const [recipe] = experimentOf({ study: { kind: 'coordinates' } }).recipes;
const halves: Sweep = { parameter: 'optimizer.learningRate', values: [-4, -3, -2, -1, 0, 1, 2].map((e) => 2 ** e) };

describe('the verdict', () => {
  /** Of two widths a doubling apart, from height 0, with an interval of `side` to either side. */
  function verdictAt(
    heights: number[],
    side: number | null = null,
    sweep = halves,
    statuses: SweepMinimum['status'][] = [],
  ) {
    const minima = heights.map((height, i) => minimum(8 * 2 ** i, height, { status: statuses[i] }));
    const line = shiftOf(minima)!;
    const shift = { ...line, lo: side && line.perDoubling - side, hi: side && line.perDoubling + side };
    return transferVerdict({ name: recipe.name, sweep, over: 'width', minima, shift, seeds: 1 });
  }

  test('stays up to a grid step, ends included', () => {
    const near = [[0, 0.5, 1], [0, -0.5, -1], [0, 0.4]]; // prettier-ignore
    expect(near.map((heights) => verdictAt(heights))).toEqual(Array(3).fill('transfers'));
    expect(verdictAt([0, 1.01])).toBe('rises');
    expect(verdictAt([0, -1.01])).toBe('falls');
    // None in between may lie further out than the last.
    expect(verdictAt([0, 1.1, 0])).toBe('unclear');
    expect(verdictAt([0, 1, 0])).toBe('transfers');
  });

  test('stays by half of an octave for each doubling at most, on a grid that could show a factor of two', () => {
    expect(verdictAt([0, 0.5])).toBe('transfers');
    expect(verdictAt([0, -0.5])).toBe('transfers');
    expect(verdictAt([0, 0.51])).toBe('unclear');
    expect(verdictAt([0, -1])).toBe('unclear');
    const coarse = { ...halves, values: [-2.02, -1.01, 0, 1.01].map((e) => 2 ** e) };
    expect(verdictAt([0, 0.4], null, coarse)).toBe('unclear');
  });

  test('moves by a factor of two at least, where the grid is finer', () => {
    const fine = { ...halves, values: [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2].map((e) => 2 ** e) };
    expect(verdictAt([0, 0.5], null, fine)).toBe('unclear');
    expect(verdictAt([0, 1], null, fine)).toBe('rises');
    expect(verdictAt([0, 0.99], null, fine)).toBe('unclear');
    expect(verdictAt([0, -1], null, fine)).toBe('falls');
  });

  test('moves only where its interval leaves no doubt of the direction', () => {
    expect(verdictAt([0, 2], 1.9)).toBe('rises');
    expect(verdictAt([0, 2], 2)).toBe('unclear');
    expect(verdictAt([0, -2], 1.9)).toBe('falls');
    expect(verdictAt([0, -2], 2)).toBe('unclear');
  });

  test('takes a bound for a movement that can only be larger, and for nothing else', () => {
    expect(verdictAt([0, -2], null, halves, ['inside', 'lower-end'])).toBe('falls');
    expect(verdictAt([0, -2], null, halves, ['upper-end', 'inside'])).toBe('falls');
    expect(verdictAt([0, -2], null, halves, ['inside', 'upper-end'])).toBe('unclear');
    expect(verdictAt([0, -2], null, halves, ['lower-end', 'inside'])).toBe('unclear');
    expect(verdictAt([0, 2], null, halves, ['inside', 'upper-end'])).toBe('rises');
    expect(verdictAt([0, 2], null, halves, ['lower-end', 'inside'])).toBe('rises');
    expect(verdictAt([0, 2], null, halves, ['inside', 'lower-end'])).toBe('unclear');
    expect(verdictAt([0, 2], null, halves, ['upper-end', 'inside'])).toBe('unclear');
    expect(verdictAt([0, 0], null, halves, ['inside', 'lower-end'])).toBe('unclear');
  });

  test('counts in grid steps where a best value is 0, which is no bound', () => {
    const decays: Sweep = { parameter: 'optimizer.weightDecay', values: [0, 0.125, 0.25, 0.5] };
    const between = (first: number, last: number) => {
      const minima = [first, last].map((grid, i) =>
        minimum(8 * 2 ** i, Math.log2(grid), { grid, status: grid === 0 ? 'lower-end' : 'inside' }),
      );
      return transferVerdict({
        name: recipe.name,
        sweep: decays,
        over: 'width',
        minima,
        shift: shiftOf(minima),
        seeds: 1,
      });
    };
    expect(between(0, 0.125)).toBe('transfers');
    expect(between(0, 0.25)).toBe('rises');
    expect(between(0.25, 0)).toBe('falls');
    // Its own step is that of its positive values.
    expect(between(0.125, 0.5)).toBe('rises');
  });
});

describe('the sentence', () => {
  function sentenceAt(
    heights: number[],
    over: TransferFindings['over'] = 'width',
    statuses: SweepMinimum['status'][] = [],
    interval: { lo: number; hi: number } | null = null,
  ) {
    const minima = heights.map((height, i) => minimum(8 * 2 ** i, height, { status: statuses[i] }));
    const line = shiftOf(minima);
    const findings = {
      name: recipe.name,
      sweep: halves,
      over,
      minima,
      shift: line && { ...line, ...interval },
      seeds: 2,
    };
    return transferSentence(findings, transferVerdict(findings));
  }

  test('tells the interval of a movement from its slower to its faster end, up and down', () => {
    expect(sentenceAt([0, 2], 'width', [], { lo: 1.7, hi: 2.4 })).toBe(
      'muP: the best learning rate rises by 2^2 (80 % interval 2^1.7 to 2^2.4) with each doubling of the width, from 1 at width 8 to 2^2 at width 16.',
    );
    expect(sentenceAt([0, -2], 'layers', [], { lo: -2.4, hi: -1.7 })).toBe(
      'muP: the best learning rate falls by 2^2 (80 % interval 2^1.7 to 2^2.4) with each doubling of the number of layers, from 1 at 8 layers to 2^-2 at 16 layers.',
    );
    expect(sentenceAt([0, -2])).toContain('falls by 2^2 with each doubling of the width, from');
  });

  test.each([
    ['width', 'width 8', 'width', 'widths'],
    ['layers', '8 layers', 'number of layers', 'depths'],
  ] as const)('speaks of what was swept over: %s', (over, place, size, sizes) => {
    expect(sentenceAt([], over)).toBe(`muP: no ${size} has a best learning rate yet.`);
    expect(sentenceAt([0], over)).toBe(`muP: the best learning rate is known at one ${size} only, 1 at ${place}.`);
    expect(sentenceAt([0, 0], over, ['lower-end', 'lower-end'])).toContain(
      `; at the smallest ${size} it lies at the lower end of the grid, so`,
    );
    expect(sentenceAt([0, 0], over, ['inside', 'upper-end'])).toContain(
      `; at the largest ${size} it lies at the upper end of the grid, so`,
    );
    expect(sentenceAt([0, -0.95], over)).toContain(
      `; that is within one grid step, a factor of 2, but a factor of 1.9 with each doubling is too fast to be called staying: a finer sweep or more ${sizes} would tell.`,
    );
  });
});
