import { describe, expect, test } from 'vitest';
import { analyse } from '../../../src/analysis/analyse.ts';
import { collapseTrainings, tableGhosts } from '../../../src/analysis/table-curves.ts';
import type { Measurement } from '../../../src/model/measurement.ts';

const law = (size: number, step: number) => 2 + 6 * size ** -0.5 + 3 * step ** -0.6;

/** Logged every `every` steps up to 1,000. */
const training = (size: number, every: number, seed = 0): Measurement => {
  const steps = Array.from({ length: 1000 / every }, (_, i) => (i + 1) * every);
  const curve = { steps, losses: steps.map((step) => law(size, step)) };
  const known = { hyperparameters: {}, tokens: null, series: null, seed, curve };
  return { id: `${size} ${seed}`, size, loss: curve.losses.at(-1)!, ...known };
};

test('the curve of a size that nobody trained is that of the law at every step that all have logged', () => {
  const own = [training(16, 50), training(32, 100), training(64, 50), training(128, 100, 1)];
  const question = tableGhosts(own, [512, 64])!;
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
  expect(tableGhosts(long, [128])!.inputs.ends).toHaveLength(59);
  expect(tableGhosts(long, [128])!.inputs.ends!.at(-1)).toBe(1000);
  expect(tableGhosts(long, [])).toBeNull();
  expect(tableGhosts(long, [64])).toBeNull();
  expect(tableGhosts(long.slice(1), [128])).toBeNull();
  const lost = { ...long[0]!, loss: null };
  expect(tableGhosts([lost, ...long.slice(1)], [128])).toBeNull();
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
