import { describe, expect, test } from 'vitest';
import * as v from 'valibot';
import { checkBasin } from '../../../src/checks/basin.ts';
import { placeOnGrid } from '../../../src/checks/grid-place.ts';
import { basinKey, basinNote, measuredBasin } from '../../../src/checks/measured-basin.ts';
import { withOverrides } from '../../../src/model/overrides.ts';
import { measuredBasinSchema } from '../../../src/model/study.ts';
import { experimentOf, runsOf } from './experiments.ts';

const RATES = [-6, -5, -4, -3, -2].map((exponent) => 2 ** exponent);
const SCALES = [0.5, 1, 2];
const sweeps = [
  { parameter: 'optimizer.learningRate' as const, values: RATES },
  { parameter: 'init.hidden' as const, values: SCALES },
];
const experiment = experimentOf({ study: { kind: 'basin', sweeps, margin: 0.1 }, rungs: [8, 16, 32] });
const [recipe] = experiment.recipes;

/** The common basin is learning rates 2^-5 to 2^-3 at init scale 1, and 2^-4 at 0.5. */
const runs = runsOf(experiment, ({ overrides }) => {
  const rate = Math.abs(Math.log2(overrides['optimizer.learningRate']) + 4);
  return 3 + 0.09 * rate + (overrides['init.hidden'] === 1 ? 0 : overrides['init.hidden'] === 0.5 ? 0.05 : 1);
});
const basin = measuredBasin(checkBasin(experiment, recipe, runs), recipe);

const at = (learningRate: number, hidden = 1) =>
  withOverrides(recipe, { 'optimizer.learningRate': learningRate, 'init.hidden': hidden });

test('what is carried has a place in an experiment', () => {
  expect(v.parse(measuredBasinSchema, JSON.parse(JSON.stringify(basin)))).toEqual(basin);
  expect(basin).toMatchObject({ sweeps, widths: [8, 16, 32], margin: 0.1 });
  expect(basin.common).toEqual([
    [1, 1],
    [2, 0],
    [2, 1],
    [3, 1],
  ]);
});

describe('the key of a recipe', () => {
  const key = basinKey(recipe, sweeps);

  test('leaves out its name, what was swept, and how it is evaluated', () => {
    const other = { ...at(2 ** -1, 3), name: 'Other', evaluation: { every: 5, sequences: 9 } };
    expect(basinKey(other, sweeps)).toBe(key);
  });

  test('does not depend on the order of fields', () => {
    const reversed = Object.fromEntries(Object.entries(recipe).reverse()) as typeof recipe;
    expect(basinKey(reversed, sweeps)).toBe(key);
  });

  test('changes with everything that can move a basin', () => {
    const changed: Partial<typeof recipe>[] = [
      { steps: 61 },
      { batch: 9 },
      { layers: 3 },
      { parametrization: 'sp' },
      { corpus: { ...recipe.corpus, seed: 2 } as typeof recipe.corpus },
      { architecture: { ...recipe.architecture, norm: 'rmsnorm' } },
      { optimizer: { ...recipe.optimizer, weightDecay: 0.1 } },
      { rules: [{ tensor: 'up', multiplier: 'learningRate', exponent: 0 }] },
    ];
    for (const change of changed) expect(basinKey({ ...recipe, ...change }, sweeps)).not.toBe(key);
  });
});

describe('the note', () => {
  test('has nothing to say in the basin, up to half a grid step around it', () => {
    for (const rate of [2 ** -5, 2 ** -4, 2 ** -3, 2 ** -5.4, 2 ** -2.6]) expect(basinNote(at(rate), basin)).toBeNull();
    expect(basinNote(at(2 ** -4, 0.5), basin)).toBeNull();
    expect(basinNote({ ...at(2 ** -4), name: 'Renamed' }, basin)).toBeNull();
  });

  test('names the range to go back to when one hyperparameter is off', () => {
    expect(basinNote(at(2 ** -2), basin)).toBe(
      'This recipe (learning rate 2^-2, init scale of the hidden matrices 1) lies outside the basin common to widths 8, 16 and 32, which is where losses are known to follow one law: set the learning rate between 2^-5 and 2^-3.',
    );
    expect(basinNote(at(2 ** -4, 2), basin)).toMatch(
      /: set the init scale of the hidden matrices between 2\^-1 and 1\.$/,
    );
    expect(basinNote(at(2 ** -3, 0.5), basin)).toMatch(
      /: set the learning rate to 2\^-4, or the init scale of the hidden matrices to 1\.$/,
    );
  });

  test('names values that do not follow one another one by one, in the order of the grid', () => {
    const apart = { ...basin, common: [[3, 1], [1, 1]] as [number, number][] }; // prettier-ignore
    expect(basinNote(at(2 ** -4), apart)).toMatch(/: set the learning rate to 2\^-5 or 2\^-3\.$/);
    const shuffled = { ...basin, common: [[3, 1], [1, 1], [2, 1]] as [number, number][] }; // prettier-ignore
    expect(basinNote(at(2 ** -2), shuffled)).toMatch(/: set the learning rate between 2\^-5 and 2\^-3\.$/);
  });

  test('names the nearest setting when both are off', () => {
    expect(basinNote(at(2 ** -7, 4), basin)).toMatch(
      /: set the learning rate to 2\^-5 and the init scale of the hidden matrices to 1\.$/,
    );
    // From the middle of the grid of learning rates both are as near: the first one is named.
    const two = { ...basin, common: [[0, 0], [4, 0]] as [number, number][] }; // prettier-ignore
    expect(basinNote(at(2 ** -4, 2), two)).toMatch(
      /: set the learning rate to 2\^-6 and the init scale of the hidden matrices to 2\^-1\.$/,
    );
    expect(basinNote(at(2 ** -1, 4), basin)).toMatch(
      /: set the learning rate to 2\^-3 and the init scale of the hidden matrices to 1\.$/,
    );
  });

  test('beyond half a step from the ends of the grid nothing was measured', () => {
    const wholeGrid = { ...basin, common: RATES.flatMap((_, i) => SCALES.map((__, j): [number, number] => [i, j])) };
    expect(basinNote(at(2 ** -6.4), wholeGrid)).toBeNull();
    expect(basinNote(at(2 ** -6.6), wholeGrid)).toContain('set the learning rate between 2^-6 and 2^-2');
  });

  test('names the fields in which another recipe differs', () => {
    const other = { ...recipe, steps: 100, optimizer: { ...recipe.optimizer, clip: 0 } };
    expect(basinNote(other, basin)).toBe(
      'The basin was measured on another recipe (optimizer.clip and steps differ), so nothing is known of a basin that widths of this one share, and only near such a basin do losses follow one law.',
    );
    const planted = { ...recipe, rules: [{ tensor: 'up' as const, multiplier: 'learningRate' as const, exponent: 0 }] };
    expect(basinNote(planted, basin)).toContain('(rules differs)');
    for (const key of ['no JSON', 'null', '3', '"text"']) {
      expect(basinNote(recipe, { ...basin, key })).toContain('another recipe (its key differs)');
    }
  });

  test('names up to four fields in their order, and of more three and how many others', () => {
    const besides = (fields: object) =>
      basinNote(recipe, { ...basin, key: JSON.stringify({ ...JSON.parse(basin.key), ...fields }) });
    expect(besides({ steps: 1, a: 1 })).toContain('(a and steps differ)');
    expect(besides({ 'rules.0.tensor': 'up', 'rules.10.tensor': 'up', 'rules.3': 1 })).toContain('(rules differs)');
    expect(besides({ a: 1, b: 1, c: 1, d: 1 })).toContain('(a, b, c and d differ)');
    expect(besides({ a: 1, b: 1, c: 1, d: 1, e: 1, f: 1 })).toContain('(a, b, c and 3 more fields differ)');
  });

  test('says so when the widths have no common basin', () => {
    expect(basinNote(recipe, { ...basin, common: [] })).toBe(
      'The widths 8, 16 and 32 have no common basin: no setting that was measured is within 0.1 nats of the best at each of them, and without one losses of small widths need not predict those of large ones.',
    );
  });
});

test('places on a grid are nearest in log2, and half-way to zero on a linear scale', () => {
  const grid = [0, 0.1, 0.4];
  const places = [0, 0.04, 0.06, 0.19, 0.21, 0.79].map((value) => placeOnGrid(grid, value));
  expect(places.map(({ index }) => index)).toEqual([0, 0, 1, 1, 2, 2]);
  expect(places.every(({ isOnGrid }) => isOnGrid)).toBe(true);
  expect(placeOnGrid(grid, 0.81)).toEqual({ index: 2, isOnGrid: false });
  expect(placeOnGrid([1, 2, 4], 0.7)).toEqual({ index: 0, isOnGrid: false });
  expect(placeOnGrid([1, 2, 4], 0.72)).toEqual({ index: 0, isOnGrid: true });
});
