/** A comparison as the conductor leads it: each recipe sealed before its targets train, every pair asked about anew. */
import { expect, test } from 'vitest';
import type { Experiment, ExperimentInput } from '../../../src/model/experiment.ts';
import { parseResult, type RunResult } from '../../../src/model/result.ts';
import type { Comparison } from '../../../src/model/scaling-results.ts';
import type { CompareRequest } from '../../../src/scaling/compare/compare.ts';
import { canCompare, compareAll, pairQuestions, pairsOf } from '../../../src/analysis/compare-request.ts';
import { Conductor } from '../../../src/experiment/conductor.ts';
import type { ConductorEvent, ConductorOptions } from '../../../src/experiment/protocol.ts';
import type { FitterService } from '../../../src/analysis/fitter-service.ts';
import { experimentWith, FakeTrainer, fitter, quickFitter } from '../experiment/fakes.ts';

const comparedWith = (change: Partial<ExperimentInput> = {}, names = ['A', 'B']): Experiment =>
  experimentWith({ study: { kind: 'compare' }, seeds: [1, 2], ...change }, names);

/** What a fitter might say, with the number of points it was given as its sentence. */
const saying = (request: CompareRequest): Comparison => ({
  a: request.a.name,
  b: request.b.name,
  at: [],
  band: [],
  measured: [],
  crossover: { probability: 0, x: null, interval: null },
  verdict: 'undecided',
  sentence: `${request.a.points.length} and ${request.b.points.length}`,
  notes: [],
});

function conduct(experiment: Experiment, options: Partial<ConductorOptions> = {}, change: Partial<FitterService> = {}) {
  const asked: CompareRequest[] = [];
  const events: ConductorEvent[] = [];
  const compare = async (request: CompareRequest) => (asked.push(request), saying(request));
  const services = Object.assign(Object.create(quickFitter) as FitterService, { compare }, change);
  const trainer = new FakeTrainer();
  const conductor = new Conductor(trainer, services, { experiment, texts: {}, ...options }, (event) => {
    events.push(event);
    trainer.calls.push(event.kind === 'sealed' ? `sealed ${event.prediction.recipe}` : event.kind);
  });
  return { conductor, events, trainer, asked };
}

const sentencesOf = (events: readonly ConductorEvent[]) =>
  events.flatMap((event) => (event.kind === 'comparisons' ? [event.comparisons.map(({ sentence }) => sentence)] : []));

test('the pair is asked about after each rung, never with a target, and both are sealed before a target trains', async () => {
  const { conductor, events, trainer, asked } = conduct(comparedWith());
  const result = parseResult(await conductor.run());
  expect(sentencesOf(events)).toEqual([['1 and 1'], ['2 and 2'], ['3 and 3'], ['4 and 4']]);
  expect(asked.every(({ a, b }) => [...a.points, ...b.points].every(({ width }) => width !== 48))).toBe(true);
  expect(asked.at(-1)!.targets).toEqual([48]);
  const order = trainer.calls.filter((call) => /^sealed|^train A\+B 48/.test(call));
  expect(order).toEqual(['sealed A', 'sealed B', 'train A+B 48 [1,2]']);
  expect(result.sealed.map(({ recipe, width, actual }) => [recipe, width, actual !== null])).toEqual([
    ['A', 48, true],
    ['B', 48, true],
  ]);
  expect(result.comparisons?.map(({ sentence }) => sentence)).toEqual(['4 and 4']);
  expect(result.fits.map(({ recipe }) => recipe)).toEqual(['A', 'B']);
});

test('every pair is there once, in the order of the recipes', async () => {
  const { conductor } = conduct(comparedWith({}, ['A', 'B', 'C']));
  const { comparisons } = await conductor.run();
  expect(comparisons!.map(({ a, b }) => a + b)).toEqual(['AB', 'AC', 'BC']);
  expect(pairsOf([1, 2, 3, 4])).toHaveLength(6);
});

test('two equal recipes are the same, number for number', async () => {
  const experiment = comparedWith({ ladder: { rungs: [8, 16, 24], targets: [48] } });
  const { conductor } = conduct(experiment, {}, { compare: (request) => fitter.compare(request) });
  const [{ verdict, sentence, measured }] = (await conductor.run()).comparisons!;
  expect(verdict).toBe('no difference');
  expect(sentence).toMatch(/^A and B are the same, number for number: in all 6 pairs of runs, at 3 widths,/);
  expect(measured.map(({ difference }) => difference)).toEqual([0, 0, 0]);
});

test('a pair that cannot be compared is told of, and training goes on to the seals', async () => {
  const compare = () => Promise.reject(new Error('too hot.'));
  const { conductor, events } = conduct(comparedWith(), {}, { compare });
  const result = parseResult(await conductor.run());
  const told = events.flatMap((event) => (event.kind === 'error' ? [event.message] : []));
  expect(told[0]).toBe('The recipes could not be compared: too hot.');
  expect(result.sealed).toHaveLength(2);
  expect('comparisons' in result).toBe(false);
});

test('going on keeps seals and runs, and compares before anything trains', async () => {
  const first = await conduct(comparedWith()).conductor.run();
  const options = { finished: first.runs, sealed: first.sealed };
  const { conductor, trainer, events } = conduct(comparedWith(), options);
  const again = await conductor.run();
  expect(trainer.trained).toEqual([]);
  expect(sentencesOf(events)).toEqual([['4 and 4']]);
  expect(again.sealed).toEqual(first.sealed);
});

test('a prediction asks for no comparison', async () => {
  const { conductor, asked } = conduct(comparedWith({ study: { kind: 'prediction' } }));
  expect('comparisons' in (await conductor.run())).toBe(false);
  expect(asked).toEqual([]);
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
  const [{ request, remarks }] = pairQuestions(comparedWith(), diverged);
  expect(request.a.points.map(({ width, losses }) => [width, losses.map(({ seed }) => seed)])).toEqual([
    [8, [1, 2]],
    [16, [1, 2]],
  ]);
  expect(request.b.points.map(({ width }) => width)).toEqual([16]);
  expect(request.b.points[0].losses[0]).toEqual({ seed: 1, loss: 3.1 + 1 / 16 });
  expect([request.grid[0], request.grid.at(-1)]).toEqual([8 * 0.9, expect.closeTo(48 * 1.2, 9)]);
  expect(remarks).toEqual(['B: Width 8 takes no part: 1 of 2 seeds diverged (seed 2).']);
});

test('recipes that train on other batches share no seed, and the pair says so', async () => {
  const experiment = comparedWith();
  experiment.recipes[1].batch = 4;
  const runs = [8, 16, 24].flatMap((width) =>
    ['A', 'B'].flatMap((name) => [1, 2].map((seed) => run(name, width, seed))),
  );
  const questions = pairQuestions(experiment, runs);
  const [{ notes, measured, sentence }] = await compareAll(fitter, questions);
  expect(measured).toEqual([]);
  // All seeds were shared: neither that none was, nor that sharing them would help, may be said.
  expect(notes[0]).toBe(
    'A and B train on different batches: runs of one seed share nothing, and the noise of both counts.',
  );
  expect(`${sentence} ${notes.join(' ')}`).not.toMatch(/No width was trained with one seed|same widths and seeds/);
});

test('x may be any size: targets stand where the first recipe has them', () => {
  const runs = [8, 16].flatMap((width) => ['A', 'B'].map((name) => run(name, width, 1)));
  const [{ request }] = pairQuestions(comparedWith(), runs, ({ name }, width) => (name === 'A' ? 10 : 20) * width);
  expect(request.targets).toEqual([480]);
  expect(request.b.points.map(({ x }) => x)).toEqual([160, 320]);
  expect(canCompare({ request, remarks: [] })).toBe(true);
});
