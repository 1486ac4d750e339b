/** What is asked of every pair of recipes, and what is said of it beside what the losses say. */
import { expect, test } from 'vitest';
import type { Experiment, ExperimentInput } from '../../../src/model/experiment.ts';
import type { RunResult } from '../../../src/model/result.ts';
import { canCompare, compareAll, pairQuestions, pairsOf } from '../../../src/analysis/compare-request.ts';
import { ask, experimentWith } from '../experiment/fakes.ts';

const comparedWith = (change: Partial<ExperimentInput> = {}, names = ['A', 'B']): Experiment =>
  experimentWith({ study: { kind: 'compare' }, seeds: [1, 2], ...change }, names);

const answers = (experiment: Experiment, runs: readonly RunResult[]) =>
  compareAll(ask, pairQuestions(experiment, runs));

test('every pair is there once, in the order of the recipes', async () => {
  const experiment = comparedWith({ seeds: [1] }, ['A', 'B', 'C']);
  const runs = ['A', 'B', 'C'].flatMap((name) => [8, 16].map((width) => run(name, width, 1)));
  expect((await answers(experiment, runs)).map(({ a, b }) => a + b)).toEqual(['AB', 'AC', 'BC']);
  expect((await answers(experiment, runs.slice(0, 4))).map(({ a, b }) => a + b)).toEqual(['AB']);
  expect(pairsOf([1, 2, 3, 4])).toHaveLength(6);
});

test('two equal recipes are the same, number for number', async () => {
  const runs = [8, 16, 24].flatMap((width) =>
    ['A', 'B'].flatMap((name) => [1, 2].map((seed) => run(name, width, seed))),
  );
  const [{ verdict, sentence, measured }] = await answers(comparedWith(), runs);
  expect(verdict).toBe('no difference');
  expect(sentence).toMatch(/^A and B are the same, number for number: in all 6 pairs of runs, at 3 widths,/);
  expect(measured.map(({ difference }) => difference)).toEqual([0, 0, 0]);
});

const run = (recipe: string, width: number, seed: number, status: RunResult['status'] = 'done') =>
  ({ recipe, width, seed, status, finalEvalLoss: 3 + seed / 10 + 1 / width }) as RunResult;

test('losses go seed by seed; targets and other seeds take no part, nor a width at which a seed diverged', () => {
  const runs = [8, 16, 48].flatMap((width) =>
    ['A', 'B'].flatMap((name) => [1, 2, 9].map((seed) => run(name, width, seed))),
  );
  const diverged = runs.map((one) =>
    one.recipe === 'B' && one.width === 8 && one.seed === 2 ? run('B', 8, 2, 'diverged') : one,
  );
  const [{ inputs: request, remarks }] = pairQuestions(comparedWith(), diverged);
  expect(request.a.points.map(({ width, losses }) => [width, losses.map(({ seed }) => seed)])).toEqual([
    [8, [1, 2]],
    [16, [1, 2]],
  ]);
  expect(request.b.points.map(({ width }) => width)).toEqual([16]);
  expect(request.b.points[0].losses[0]).toEqual({ seed: 1, loss: 3.1 + 1 / 16 });
  expect([request.grid[0], request.grid.at(-1)]).toEqual([8 * 0.9, expect.closeTo(48 * 1.2, 9)]);
  expect(remarks).toEqual(['B: Width 8 takes no part: 1 of 2 seeds diverged (seed 2).']);
});

test('recipes whose seeds draw their batches alike are paired: runs of one width and seed see the same ones', () => {
  const experiment = comparedWith();
  for (const recipe of experiment.recipes) recipe.seedDraws = 'batches-too';
  const runs = [8, 16, 24].flatMap((width) => ['A', 'B'].map((name) => run(name, width, 1)));
  expect(pairQuestions(experiment, runs)[0].inputs.hasOtherBatches).toBe(false);
});

test.each([
  ['of another size', { batch: 4 }],
  ['that seeds draw', { seedDraws: 'batches-too' as const }],
])('recipes that train on other batches, %s, share no seed, and the pair says so', async (_, change) => {
  const experiment = comparedWith();
  Object.assign(experiment.recipes[1], change);
  const runs = [8, 16, 24].flatMap((width) =>
    ['A', 'B'].flatMap((name) => [1, 2].map((seed) => run(name, width, seed))),
  );
  const [{ notes, measured, sentence }] = await answers(experiment, runs);
  expect(measured).toEqual([]);
  // All seeds were shared: neither that none was, nor that sharing them would help, may be said.
  expect(notes[0]).toBe(
    'A and B train on different batches: runs of one seed share nothing, and the noise of both counts.',
  );
  expect(`${sentence} ${notes.join(' ')}`).not.toMatch(/No width was trained with one seed|same widths and seeds/);
});

test('x may be any size: targets stand where the first recipe has them', () => {
  const runs = [8, 16].flatMap((width) => ['A', 'B'].map((name) => run(name, width, 1)));
  const [question] = pairQuestions(comparedWith(), runs, ({ name }, width) => (name === 'A' ? 10 : 20) * width);
  expect(question.inputs.targets).toEqual([480]);
  expect(question.inputs.b.points.map(({ x }) => x)).toEqual([160, 320]);
  expect(canCompare(question)).toBe(true);
});
