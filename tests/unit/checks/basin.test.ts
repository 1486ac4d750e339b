import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, test } from 'vitest';
import { checkBasin } from '../../../src/checks/basin.ts';
import { basinSchema } from '../../../src/model/check-results.ts';
import type { Experiment } from '../../../src/model/experiment.ts';
import { experimentOf, runsOf, type Ending, type RunPlace } from './experiments.ts';

const RATE = 'optimizer.learningRate';
const SCALE = 'init.hidden';
const RATES = [-5, -4, -3, -2].map((exponent) => 2 ** exponent);
const SCALES = [0.5, 1, 2];

const experiment = experimentOf({
  study: {
    kind: 'basin',
    sweeps: [
      { parameter: RATE, values: RATES },
      { parameter: SCALE, values: SCALES },
    ],
    margin: 0.1,
  },
  rungs: [32, 8, 16],
  seeds: [1, 2],
});
const [recipe] = experiment.recipes;

/** Distance of a run's setting from a cell, in grid steps. */
const distance = ({ overrides }: RunPlace, rate: number, scale: number) =>
  Math.abs(RATES.indexOf(overrides[RATE]) - rate) + Math.abs(SCALES.indexOf(overrides[SCALE]) - scale);

const within = (margin: number): Experiment =>
  ({ ...experiment, study: { ...experiment.study, margin } }) as Experiment;

const check = (endingOf: (place: RunPlace) => Ending, margin = 0.1) =>
  checkBasin(within(margin), recipe, runsOf(experiment, endingOf));

describe('a basin by construction', () => {
  test('that all widths share', () => {
    const found = check((place) => 3 - place.width / 100 + 0.09 * distance(place, 1, 1));
    expect(found).toMatchObject({
      parameters: [RATE, SCALE],
      values: [RATES, SCALES],
      margin: 0.1,
      share: 1,
      best: [1, 1],
    });
    expect(found.maps.map(({ width }) => width)).toEqual([8, 16, 32]);
    expect(found.common).toEqual([
      [0, 1],
      [1, 0],
      [1, 1],
      [1, 2],
      [2, 1],
    ]);
    expect(found.maps[0].minimum).toMatchObject({ cell: [1, 1] });
    expect(found.maps[0].minimum!.loss).toBeCloseTo(2.92, 12);
    expect(found.sentence).toBe(
      'muP: of the 5 settings that are within 0.1 nats of the best loss at any of the widths 8, 16 and 32, 5 (100 %) are at all of them; the best for all is learning rate 2^-4, init scale of the hidden matrices 1.',
    );
  });

  test('that moves with width: two cells of eight are common, and the best is the least bad', () => {
    const found = check((place) => 3 + 0.06 * distance(place, place.width === 32 ? 1 : 2, 1));
    expect(found.common).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect(found.share).toBe(2 / 8);
    expect(found.best).toEqual([1, 1]);
    expect(found.sentence).toContain('2 (25 %) are at all of them');
  });

  test('that is nowhere common', () => {
    const found = check((place) => 3 + 0.2 * distance(place, Math.log2(place.width) - 3, 0));
    expect(found).toMatchObject({ common: [], share: 0, best: null });
    expect(found.sentence).toBe(
      'muP: no setting is within 0.1 nats of the best loss at all of the widths 8, 16 and 32, though 3 are at one or more of them.',
    );
  });

  test('a wider margin takes in more', () => {
    const loss = (place: RunPlace) => 3 + 0.06 * distance(place, place.width === 32 ? 1 : 2, 1);
    const sizes = [0.05, 0.1, 0.5].map((margin) => check(loss, margin).common.length);
    expect(sizes[0]).toBeLessThan(sizes[1]);
    expect(sizes[2]).toBe(12);
  });
});

describe('at the ends', () => {
  test('a loss that is worse by just the margin is in the basin', () => {
    const found = check((place) => 3 + 0.125 * distance(place, 1, 1), 0.125);
    expect(found.common).toHaveLength(5);
    expect(check((place) => 3 + 0.125 * distance(place, 1, 1), 0.1249).common).toEqual([[1, 1]]);
  });

  test('of equal losses the first is the best', () => {
    const found = check(() => 3);
    expect(found.maps.map(({ minimum }) => minimum)).toEqual(Array(3).fill({ cell: [0, 0], loss: 3 }));
    expect(found.best).toEqual([0, 0]);
  });

  test('the best for all is that whose worst excess over a width’s own best is least, whatever the widths’ losses', () => {
    // Excesses: the cell [1, 1] 0, 0 and 0.09; [2, 1] 0.05 at each; all others too much.
    const excess = (place: RunPlace) => {
      if (distance(place, 1, 1) === 0) return place.width === 32 ? 0.09 : 0;
      if (distance(place, 2, 1) === 0) return 0.05;
      return distance(place, 3, 2) === 0 && place.width === 32 ? 0 : 0.5;
    };
    const found = check((place) => 100 / place.width + excess(place));
    expect(found.common).toEqual([
      [1, 1],
      [2, 1],
    ]);
    expect(found.best).toEqual([2, 1]);
  });

  test.each([
    [0, 1, ', at an end of the grid in learning rate: sweep further there.'],
    [3, 1, ', at an end of the grid in learning rate: sweep further there.'],
    [1, 0, ', at an end of the grid in init scale of the hidden matrices: sweep further there.'],
    [2, 2, ', at an end of the grid in init scale of the hidden matrices: sweep further there.'],
    [3, 0, ', at an end of the grid in learning rate and init scale of the hidden matrices: sweep further there.'],
  ])('a best setting at an end of the grid, as %i, %i, may be better further out', (rate, scale, words) => {
    const found = check((place) => 3 + 0.09 * distance(place, rate, scale));
    expect(found.best).toEqual([rate, scale]);
    expect(found.sentence.endsWith(words)).toBe(true);
  });

  test('fewer than two widths have nothing in common yet', () => {
    const runs = runsOf(experiment, (place) => 3 + 0.09 * distance(place, 1, 1));
    const upTo = (...widths: number[]) =>
      checkBasin(experiment, recipe, runs.filter(({ width }) => widths.includes(width))); // prettier-ignore
    const words = 'muP: a common basin needs two widths, and';
    expect(upTo()).toMatchObject({
      maps: [],
      common: [],
      share: 0,
      best: null,
      sentence: `${words} none has been trained yet.`,
    });
    expect(upTo(16)).toMatchObject({ share: 0, best: null, sentence: `${words} only 16 has been trained.` });
    expect(upTo(16, 8)).toMatchObject({ share: 1, best: [1, 1] });
    expect(upTo(16, 8).sentence).toContain('of the 5 settings');
  });

  test('a study of another kind sweeps no pair', () => {
    const other = experimentOf({ study: { kind: 'coordinates' } });
    expect(() => checkBasin(other, recipe, [])).toThrow(/"coordinates" sweeps no pair of hyperparameters/);
  });
});

test('a cell where any seed diverged is in no basin and is marked', () => {
  const found = check((place) =>
    place.overrides[RATE] === 2 ** -4 && place.width === 16 && place.seed === 2
      ? 'diverged'
      : 3 + 0.09 * distance(place, 1, 1),
  );
  const map = found.maps[1];
  expect(map.losses[1]).toEqual([null, null, null]);
  expect(map.diverged).toEqual([
    [false, false, false],
    [true, true, true],
    [false, false, false],
    [false, false, false],
  ]);
  expect(found.common).toEqual([
    [0, 1],
    [2, 1],
  ]);
});

test('a width at which nothing trained leaves no basin', () => {
  const found = check(({ width }) => (width === 32 ? 'diverged' : 3));
  expect(found).toMatchObject({ common: [], share: 0, best: null });
  expect(found.maps[2]).toMatchObject({ minimum: null, basin: [] });
  expect(found.sentence).toBe('muP: no setting trained at width 32, so there is no common basin.');
  const none = check(() => 'diverged');
  expect(none).toMatchObject({ common: [], share: 0, best: null });
  expect(none.sentence).toBe('muP: no setting trained at width 8, 16 and 32, so there is no common basin.');
});

describe('whatever the runs', () => {
  // Widths differ in steepness, so that no two cells are equally good.
  const runs = runsOf(
    experiment,
    (place) => 3 + (0.06 - place.width / 2000) * distance(place, place.width === 32 ? 1 : 2, 1) + place.seed / 50,
  );

  test('a constant added to the losses of a width, and the order of runs, change no basin', () => {
    const expected = checkBasin(experiment, recipe, runs);
    fc.assert(
      fc.property(
        fc.shuffledSubarray(runs, { minLength: runs.length }),
        fc.double({ min: -1, max: 1, noNaN: true }),
        (shuffled, constant) => {
          const raised = shuffled.map((run) => ({
            ...run,
            finalEvalLoss: run.finalEvalLoss! + (run.width === 16 ? constant : 0),
          }));
          const { common, share, best, maps } = checkBasin(experiment, recipe, raised);
          expect({ common, share, best }).toEqual({
            common: expected.common,
            share: expected.share,
            best: expected.best,
          });
          expect(maps.map(({ basin }) => basin)).toEqual(expected.maps.map(({ basin }) => basin));
        },
      ),
      { numRuns: 30 },
    );
  });

  test('a part of them gives a result that a file can hold', () => {
    fc.assert(
      fc.property(fc.subarray(runs), fc.double({ min: 0, max: 1, noNaN: true }), (some, margin) => {
        const found = checkBasin(within(margin), recipe, some);
        expect(v.parse(basinSchema, JSON.parse(JSON.stringify(found)))).toEqual(found);
        expect(found.share).toBeGreaterThanOrEqual(0);
        expect(found.share).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
    expect(checkBasin(experiment, recipe, [])).toMatchObject({ maps: [], share: 0, best: null });
    expect(
      checkBasin(
        experiment,
        recipe,
        runs.filter(({ width }) => width === 8),
      ).sentence,
    ).toBe('muP: a common basin needs two widths, and only 8 has been trained.');
  });
});
