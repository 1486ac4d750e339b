import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { checkTransfer } from '../../../src/checks/transfer.ts';
import { transferSchema } from '../../../src/model/check-results.ts';
import { randomStream } from '../../../src/model/random.ts';
import { experimentOf, runsOf, type Ending, type ExperimentParts } from './experiments.ts';
import { uCurve } from '../../../lab/calibration/u-curves.ts';

const RATE = 'optimizer.learningRate';
const RATES = [-8, -7, -6, -5, -4, -3, -2, -1].map((exponent) => 2 ** exponent);
const SHAPE = { fall: 0.8, rise: 0.9 };

/** A sweep of learning rates whose best log2 at a width or depth is `best`. */
function swept(
  best: (size: number) => number,
  parts: Partial<ExperimentParts> & { noise?: number; values?: number[]; depths?: number[] } = {},
) {
  const { noise = 0, values = RATES, depths, ...rest } = parts;
  const study = { kind: 'transfer' as const, sweep: { parameter: RATE, values }, ...(depths ? { depths } : {}) };
  const experiment = experimentOf({ study, ...(depths ? { rungs: [16] } : {}), ...rest } as ExperimentParts);
  const random = randomStream(11, 'transfer');
  const runs = runsOf(experiment, ({ width, overrides }): Ending => {
    const x = Math.log2(overrides[RATE]) - best(overrides.layers ?? width);
    return uCurve(SHAPE, x) + noise * random.normal();
  });
  return { experiment, runs, check: checkTransfer(experiment, experiment.recipes[0], runs) };
}

const falling = (width: number) => -3.2 - 0.9 * Math.log2(width / 8);

describe('the verdict', () => {
  test('a best value that stays where it is transfers', () => {
    const { check } = swept(() => -4.3, { seeds: [1, 2, 3], noise: 0.001 });
    expect(check).toMatchObject({ recipe: 'muP', parameter: RATE, over: 'width', verdict: 'transfers' });
    expect(check.curves.map(({ at }) => at)).toEqual([8, 16, 32]);
    expect(check.shift!.gridTotal).toBe(0);
    expect(Math.abs(check.shift!.perDoubling)).toBeLessThan(0.1);
    expect(check.shift!.lo).toBeLessThan(check.shift!.hi!);
    expect(check.sentence).toMatch(
      /^muP: the best learning rate stays within one grid step, from 2\^-4\.\d at width 8 to 2\^-4\.\d at width 32\.$/,
    );
  });

  test('a best value that falls is told with its rate and interval', () => {
    const { check } = swept(falling, { rungs: [64, 8, 16, 32], seeds: [1, 2, 3], noise: 0.001 });
    expect(check.verdict).toBe('falls');
    expect(check.shift!.perDoubling).toBeCloseTo(-0.9, 1);
    expect(check.shift!.lo).toBeLessThan(-0.9);
    expect(check.shift!.hi).toBeGreaterThan(-0.9);
    expect(check.sentence).toMatch(
      /^muP: the best learning rate falls by 2\^0\.9 \(80 % interval 2\^0\.\d to 2\^(0\.\d|1)\) with each doubling of the width, from 2\^-3\.2 at width 8 to 2\^-5\.9 at width 64\.$/,
    );
  });

  test.each([
    ['down and back', { 8: -3, 16: -6, 32: -6, 64: -3 }],
    ['to and fro', { 8: -3, 16: -6, 32: -2, 64: -3.5 }],
  ])(
    'one that wanders %s on the way does not transfer, though it ends where it began',
    (_, best: Record<number, number>) => {
      const { check } = swept((width) => best[width], { rungs: [8, 16, 32, 64], seeds: [1, 2] });
      expect(check.verdict).toBe('unclear');
    },
  );

  test('a value that changes nothing at one width has no best there, and no movement is made of it', () => {
    const { experiment } = swept(() => -4.3);
    const runs = runsOf(experiment, ({ width, overrides }): Ending =>
      width === 8 ? 2.77 : uCurve(SHAPE, Math.log2(overrides[RATE]) + 4.3),
    );
    const check = checkTransfer(experiment, experiment.recipes[0], runs);
    expect(check.curves[0].minimum).toBeNull();
    expect(check.verdict).toBe('transfers');
  });

  test('and one that rises', () => {
    const { check } = swept((width) => -6.2 + 0.9 * Math.log2(width / 8), { seeds: [1, 2] });
    expect(check.verdict).toBe('rises');
    expect(check.sentence).toMatch(/rises by 2\^0\.9 \(80 % interval .*\) with each doubling of the width/);
  });

  test('one seed gives an interval from the scatter of three widths, and none of two', () => {
    const three = swept(falling, { noise: 0.001 }).check;
    expect(three.shift!.lo).toBeLessThan(three.shift!.perDoubling);
    expect(three.curves[0].minimum).toMatchObject({ lo: null, hi: null });
    expect(three.curves[0].points[0].standardError).toBeNull();
    expect(three.sentence).toMatch(/, measured with one seed\.$/);
    const two = swept(falling, { rungs: [8, 64] }).check;
    expect(two.shift).toMatchObject({ lo: null, hi: null });
    expect(two.verdict).toBe('falls');
    expect(two.sentence).toMatch(/falls by 2\^0\.9 with each doubling of the width, .*, measured with one seed\.$/);
  });

  test('depths are swept at one width and counted in layers', () => {
    const { check } = swept((layers) => -3 - Math.log2(layers), { depths: [1, 2, 4], seeds: [1, 2] });
    expect(check).toMatchObject({ over: 'layers', verdict: 'falls', wider: null });
    expect(check.curves.map(({ at }) => at)).toEqual([1, 2, 4]);
    expect(check.sentence).toMatch(
      /with each doubling of the number of layers, from 2\^-3 at 1 layer to 2\^-5 at 4 layers\.$/,
    );
  });

  test('a grid too coarse to show a factor of two is unclear, and its step is said', () => {
    const coarse = [-9, -7, -5, -3, -1].map((exponent) => 2 ** exponent);
    const { check } = swept((width) => -4.8 - 0.9 * Math.log2(width / 8), { values: coarse, rungs: [8, 16] });
    expect(check.verdict).toBe('unclear');
    expect(check.sentence).toContain(
      'that is within one grid step, a factor of 4: too coarse to tell staying from moving',
    );
    expect(swept(() => -4.8, { values: coarse }).check.verdict).toBe('unclear');
  });

  test('nearly a factor of two with each doubling does not stay, though one step of the grid holds it', () => {
    const { check } = swept((width) => -3.6 - 0.95 * Math.log2(width / 8), { rungs: [8, 16], seeds: [1, 2] });
    expect(Math.abs(check.shift!.gridTotal)).toBeLessThanOrEqual(1);
    expect(check.shift!.perDoubling).toBeLessThan(-0.8);
    expect(check.shift!.perDoubling).toBeGreaterThan(-1);
    expect(check.verdict).toBe('unclear');
    expect(check.sentence).toMatch(
      /within one grid step, a factor of 2, but a factor of 1\.9 with each doubling is too fast/,
    );
    expect(swept((width) => -3.6 - 0.4 * Math.log2(width / 8), { rungs: [8, 16] }).check.verdict).toBe('transfers');
  });

  test('more than a grid step but less than a factor of two is neither', () => {
    const fine = [-6, -5.5, -5, -4.5, -4, -3.5, -3].map((exponent) => 2 ** exponent);
    const { check } = swept((width) => -4.1 - 0.4 * Math.log2(width / 8), { values: fine, seeds: [1, 2] });
    expect(check.verdict).toBe('unclear');
    expect(check.sentence).toContain('neither within one grid step nor surely a movement by a factor of two');
  });
});

describe('best values at the ends of the grid', () => {
  test('one that has fallen off the lower end has fallen at least so far', () => {
    const { check } = swept((width) => -4.2 - 3 * Math.log2(width / 8));
    expect(check.curves.map(({ minimum }) => minimum!.status)).toEqual(['inside', 'inside', 'lower-end']);
    expect(check.verdict).toBe('falls');
    expect(check.sentence).toMatch(/falls by at least 2\^1\.9 with .* to 2\^-8 or less at width 32/);
  });

  test('one that comes from above the grid has fallen too', () => {
    const { check } = swept((width) => 1 - 2.6 * Math.log2(width / 8));
    expect(check.curves[0].minimum!.status).toBe('upper-end');
    expect(check.verdict).toBe('falls');
    expect(check.sentence).toContain('from 2^-1 or more at width 8');
    expect(check.sentence).toContain('by at least');
  });

  test('the same bound says nothing where the other end would have to rise', () => {
    const { check } = swept((width) => -1.7 * Math.log2(width / 8), { rungs: [8, 16] });
    expect(check.curves[1].minimum!.status).toBe('inside');
    expect(Math.abs(check.shift!.gridTotal)).toBeLessThanOrEqual(1);
    expect(check.verdict).toBe('unclear');
    expect(check.sentence).toContain('at the smallest width it lies at the upper end of the grid');
  });

  test('the same end at all widths leaves it open', () => {
    const { check } = swept(() => 2);
    expect(check.shift!.gridTotal).toBe(0);
    expect(check.verdict).toBe('unclear');
    expect(check.sentence).toContain('sweep further there');
  });

  test('the line goes through the minima that are known from both sides', () => {
    const { check } = swept((width) => -5.1 - 0.9 * Math.log2(width / 8), { rungs: [8, 16, 32, 64, 128] });
    expect(check.curves.map(({ minimum }) => minimum!.status).slice(2)).toEqual(['inside', 'lower-end', 'lower-end']);
    expect(check.shift!.perDoubling).toBeCloseTo(-0.9, 1);
  });

  test('a best value of 0 is an end of the parameter, not of the grid', () => {
    const decays = [0, 0.01, 0.1, 1];
    const study = { kind: 'transfer' as const, sweep: { parameter: 'optimizer.weightDecay' as const, values: decays } };
    const experiment = experimentOf({ study });
    const bestAt = (index: (width: number) => number) => {
      const runs = runsOf(experiment, ({ width, overrides }) => {
        return 3 + Math.abs(decays.indexOf(overrides['optimizer.weightDecay']) - index(width));
      });
      return checkTransfer(experiment, experiment.recipes[0], runs);
    };
    expect(bestAt(() => 0)).toMatchObject({ verdict: 'transfers', shift: null });
    expect(bestAt((width) => (width === 8 ? 2 : 0))).toMatchObject({ verdict: 'falls', shift: null });
    expect(bestAt((width) => (width === 8 ? 2 : 0)).sentence).toContain('falls, from 0.1 at width 8 to 0 at width 32');
  });
});

describe('divergence', () => {
  const { experiment, runs } = swept(() => -4.3, { seeds: [1, 2] });
  const broken = runs.map((run) =>
    run.overrides[RATE] > 2 ** -4 && run.width === 32
      ? { ...run, status: 'diverged' as const, finalEvalLoss: null }
      : run,
  );
  const check = checkTransfer(experiment, experiment.recipes[0], broken);

  test('is counted where it happened', () => {
    const points = check.curves[2].points;
    expect(points.map(({ diverged }) => diverged)).toEqual([0, 0, 0, 0, 0, 2, 2, 2]);
    expect(points.map(({ loss }) => loss === null)).toEqual(points.map(({ diverged }) => diverged > 0));
  });

  test('beside the best value leaves its grid value', () => {
    expect(check.curves[2].minimum).toMatchObject({ status: 'beside-divergence', value: 2 ** -4, lo: null });
    expect(check.verdict).toBe('transfers');
    expect(check.shift).toMatchObject({ lo: null, hi: null });
  });
});

describe('whatever the runs', () => {
  const { experiment, runs } = swept(falling, { seeds: [1, 2], noise: 0.01 });
  const [recipe] = experiment.recipes;

  test('their order changes nothing', () => {
    const expected = checkTransfer(experiment, recipe, runs);
    fc.assert(
      fc.property(fc.shuffledSubarray(runs, { minLength: runs.length }), (shuffled) => {
        expect(checkTransfer(experiment, recipe, shuffled)).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  test('a part of them, some failed or diverged, gives a result that a file can hold', () => {
    const ending = fc.constantFrom('done', 'diverged', 'failed', 'cancelled');
    fc.assert(
      fc.property(fc.subarray(runs), fc.array(ending, { minLength: runs.length }), (some, endings) => {
        const ended = some.map((run, i) => {
          const status = endings[i] as (typeof runs)[number]['status'];
          return { ...run, status, finalEvalLoss: status === 'done' ? run.finalEvalLoss : null };
        });
        const check = checkTransfer(experiment, recipe, ended);
        expect(v.parse(transferSchema, JSON.parse(JSON.stringify(check)))).toEqual(check);
        expect(check.sentence).not.toMatch(/NaN|Infinity|undefined|null/);
      }),
      { numRuns: 150 },
    );
  });

  test('values in other units and widths of another base move nothing but the values', () => {
    const times = (factor: number) =>
      swept((width) => falling(width) + Math.log2(factor), {
        seeds: [1, 2],
        values: RATES.map((rate) => rate * factor),
      });
    const [plain, scaled] = [times(1).check, times(4).check];
    expect(scaled.verdict).toBe(plain.verdict);
    expect(scaled.shift!.perDoubling).toBeCloseTo(plain.shift!.perDoubling, 9);
    expect(scaled.shift!.hi).toBeCloseTo(plain.shift!.hi!, 9);
    scaled.curves.forEach(({ minimum }, i) =>
      expect(minimum!.value).toBeCloseTo(4 * plain.curves[i].minimum!.value, 9),
    );
    const wide = swept((width) => falling(width / 4), { seeds: [1, 2], rungs: [32, 64, 128] }).check;
    expect(wide.shift!.perDoubling).toBeCloseTo(plain.shift!.perDoubling, 9);
  });
});

test('seeds are those that any run was done with', () => {
  const { experiment, runs } = swept(() => -4.3, { seeds: [1, 2] });
  const failed = runs.map((run) => (run.seed === 2 ? { ...run, status: 'failed' as const, finalEvalLoss: null } : run));
  expect(checkTransfer(experiment, experiment.recipes[0], failed).sentence).toMatch(/, measured with one seed\.$/);
});

test('a study of another kind sweeps nothing over sizes', () => {
  const other = experimentOf({ study: { kind: 'coordinates' } });
  expect(() => checkTransfer(other, other.recipes[0], [])).toThrow(/"coordinates" sweeps nothing over sizes/);
});

test('until two widths have a minimum there is no shift', () => {
  const { experiment, runs } = swept(falling);
  const [recipe] = experiment.recipes;
  expect(checkTransfer(experiment, recipe, [])).toMatchObject({
    curves: [],
    shift: null,
    verdict: 'unclear',
    wider: null,
  });
  const check = checkTransfer(
    experiment,
    recipe,
    runs.filter((run) => run.width === 8),
  );
  expect(check).toMatchObject({ shift: null, verdict: 'unclear' });
  expect(check.sentence).toBe('muP: the best learning rate is known at one width only, 2^-3.2 at width 8.');
});
