import { describe, expect, test } from 'vitest';
import { analyse } from '../../../src/analysis/analyse.ts';
import { collapseTrainings, measuredCurves, tableGhosts } from '../../../src/analysis/table-curves.ts';
import type { Measurement } from '../../../src/model/measurement.ts';

const law = (size: number, step: number) => 2 + 6 * size ** -0.5 + 3 * step ** -0.6;

/** Logged every `every` steps up to 1,000. */
const training = (size: number, every: number, seed = 0): Measurement => {
  const steps = Array.from({ length: 1000 / every }, (_, i) => (i + 1) * every);
  const curve = { steps, losses: steps.map((step) => law(size, step)) };
  const known = { hyperparameters: {}, tokens: null, series: null, seed, curve };
  return { id: `${size} ${seed}`, size, loss: curve.losses.at(-1)!, ...known };
};

const pointsOf = (own: Measurement[]) => own.flatMap(({ size, loss }) => (loss === null ? [] : [{ x: size, loss }]));
const ghostsOf = (own: Measurement[], targets: number[]) => tableGhosts(own, pointsOf(own), targets);

test('the curve of a size that nobody trained is that of the law at every step that all have logged', () => {
  const own = [training(16, 50), training(32, 100), training(64, 50), training(128, 100, 1)];
  const question = ghostsOf(own, [512, 64])!;
  expect(question.inputs.targets).toEqual([512]);
  expect(question.inputs.ends).toEqual(Array.from({ length: 10 }, (_, i) => 100 * (i + 1)));
  const [curve] = analyse(question);
  for (const [i, step] of curve!.steps.entries()) {
    expect(Math.abs(curve!.loss[i]! / law(512, step) - 1)).toBeLessThan(2e-3);
    expect(curve!.lo[i]!).toBeLessThanOrEqual(curve!.loss[i]!);
  }
});

test('long curves are thinned from their end, and what cannot be is not asked', () => {
  const long = [16, 32, 64].map((size) => training(size, 1));
  expect(ghostsOf(long, [128])!.inputs.ends).toHaveLength(59);
  expect(ghostsOf(long, [128])!.inputs.ends!.at(-1)).toBe(1000);
  expect(ghostsOf(long, [])).toBeNull();
  expect(ghostsOf(long, [64])).toBeNull();
  expect(ghostsOf(long.slice(1), [128])).toBeNull();
  const lost = { ...long[0]!, loss: null };
  expect(ghostsOf([lost, ...long.slice(1)], [128])).toBeNull();
});

test('a training that the law does not take has no part in the curve', () => {
  const own = [16, 32, 64, 128].map((size) => training(size, 100));
  const spoilt = { ...training(256, 300), loss: 9 };
  const question = tableGhosts([...own, spoilt], pointsOf(own), [256, 512])!;
  expect(question).toEqual(ghostsOf(own, [256, 512]));
  expect(question.inputs.ends).toHaveLength(10);
  expect(tableGhosts(own, pointsOf(own.slice(2)), [512])).toBeNull();
});

describe('what a sealed curve is held against', () => {
  const own = [16, 32, 64, 128].map((size) => training(size, 1));
  const { ends } = ghostsOf(own, [512])!.inputs;
  const sealed = { points: pointsOf(own), steps: ends! };
  const measured = (more: Measurement[], rows = more) =>
    measuredCurves([...own, ...more], sealed, pointsOf(rows)).map(({ steps }) => steps);

  test('is what measured it, in windows of which it has every step', () => {
    expect(ends).toHaveLength(59);
    const [all] = measured([training(512, 1)]);
    expect(all).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
    // Every fourth step is none of 17 steps.
    expect(measured([training(512, 4)])).toEqual([[]]);
    const { curve, ...rest } = training(512, 1);
    const cut = { ...rest, curve: { steps: curve!.steps.slice(0, 500), losses: curve!.losses.slice(0, 500) } };
    expect(measured([cut])[0]!.at(-1)).toBe(ends!.findLast((end) => end <= 500));
  });

  test('heeds no other training, and no row that is not in use', () => {
    const target = training(512, 1);
    expect(measured([target, training(256, 12)], [target])).toEqual(measured([target]));
    const spoilt = { ...target, id: 'spoilt', seed: 1, loss: 9 };
    expect(measured([target, spoilt], [target])).toHaveLength(1);
  });

  test('is nothing where what it was made of is there no more', () => {
    expect(measuredCurves([training(512, 1)], sealed, pointsOf([training(512, 1)]))).toEqual([]);
    const sparse = [16, 32, 64, 128].map((size) => training(size, 50));
    const there = [...sparse, training(512, 1)];
    expect(measuredCurves(there, sealed, pointsOf([training(512, 1)]))).toEqual([]);
  });
});

describe('the curves that are brought to one scale', () => {
  const endsOf = (own: Measurement[]) => collapseTrainings(own).map(({ size, curve }) => [size, curve.steps.at(-1)]);
  const cut = (one: Measurement, last: number): Measurement => {
    const count = one.curve!.steps.filter((step) => step <= last).length;
    const curve = { steps: one.curve!.steps.slice(0, count), losses: one.curve!.losses.slice(0, count) };
    return { ...one, curve, loss: curve.losses.at(-1)! };
  };

  test('end where all do, or each at its own end where longer ones are of larger sizes or lengths are told', () => {
    const all = [16, 32, 64].map((size) => training(size, 50));
    expect(endsOf([all[0]!, cut(all[1]!, 600), all[2]!])).toEqual([
      [16, 600],
      [32, 600],
      [64, 600],
    ]);
    expect(endsOf([cut(all[0]!, 300), cut(all[1]!, 600), all[2]!])).toEqual([
      [16, 300],
      [32, 600],
      [64, 1000],
    ]);
    const told = [all[0]!, cut(all[1]!, 600), all[2]!].map((one, i) => ({ ...one, tokens: [3, 2, 3][i]! }));
    expect(endsOf(told).map(([, end]) => end)).toEqual([1000, 600, 1000]);
    expect(endsOf([...told, { ...told[0]!, tokens: 9 }])).toEqual([]);
  });

  test('are those of the best setting of each size, none of whose seeds diverged', () => {
    // Told apart by how often they were logged.
    const own = [16, 32, 64].flatMap((size) =>
      [0.1, 0.2].map((rate) => ({ ...training(size, 500 * rate), loss: 3 + rate, hyperparameters: { rate } })),
    );
    const lost = { ...own[0]!, seed: 1, loss: null };
    const taken = collapseTrainings([...own, lost]);
    expect(taken.map(({ size, curve }) => [size, curve.steps[0]])).toEqual([
      [16, 100],
      [32, 50],
      [64, 50],
    ]);
    expect(collapseTrainings([lost, training(32, 50)]).map(({ size }) => size)).toEqual([32]);
  });
});
