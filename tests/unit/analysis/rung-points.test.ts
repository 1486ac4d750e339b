import { expect, test } from 'vitest';
import { presetExperiment } from '../../../src/model/presets.ts';
import { leftOutNotes } from '../../../src/checks/survivors.ts';
import type { RunResult } from '../../../src/model/result.ts';
import { gridOver, lawQuestion, plainPoints, rungPoints, type RungPoint } from '../../../src/analysis/rung-points.ts';
import { hashInputs, noSeal } from '../../../src/experiment/seal.ts';

const recipe = presetExperiment('smoke').recipes[0];
const points: RungPoint[] = [
  { x: 8, loss: 4.25, runs: ['mup-w8-s1'] },
  { x: 16, loss: 4, standardError: 0.125, runs: ['mup-w16-s1', 'mup-w16-s2'] },
];

const runAt = (
  width: number,
  seed: number,
  finalEvalLoss: number | null,
  change: Partial<RunResult> = {},
): RunResult => ({
  ...{ id: `mup-w${width}-s${seed}`, recipe: 'muP', width, seed, overrides: {}, status: 'done' },
  ...{ parameters: { total: 2, nonEmbedding: 1 }, steps: [], trainLoss: [], evalSteps: [], evalLoss: [] },
  ...{ finalEvalLoss, finalEvalStandardError: 0.01, tokens: 1, seconds: 1, ...change },
});

test('a point is the mean over the seeds of its width, with s/√n beside it where there are two or more', () => {
  const losses = [4, 4.5, 4.25, 5.25];
  const runs = [runAt(16, 1, 3), ...losses.map((loss, i) => runAt(8, i + 1, loss))];
  const given = [16, 8];
  // The deviations of 4, 4.5, 4.25 and 5.25 from 4.5 are -1/2, 0, -1/4, 3/4: s² = 7/8 / 3.
  expect(rungPoints(runs, given)).toEqual([
    { x: 8, loss: 4.5, standardError: Math.sqrt(0.875 / 3 / 4), runs: [1, 2, 3, 4].map((seed) => `mup-w8-s${seed}`) },
    { x: 16, loss: 3, runs: ['mup-w16-s1'] },
  ]);
  expect(given).toEqual([16, 8]);
});

test('a width without a finished loss has no point, and widths that were not asked for have none', () => {
  const runs = [runAt(8, 1, null), runAt(16, 1, 4, { status: 'failed' }), runAt(24, 1, 3), runAt(100, 1, 2)];
  expect(rungPoints(runs, [100, 8, 16, 24])).toEqual([
    { x: 24, loss: 3, runs: ['mup-w24-s1'] },
    { x: 100, loss: 2, runs: ['mup-w100-s1'] },
  ]);
  expect(rungPoints(runs, [8, 16])).toEqual([]);
});

test('a law is drawn over a grid of equal ratios, a little wider than the ladder', () => {
  expect(lawQuestion({ ...recipe, seedDraws: 'batches-too' }, points, [100]).inputs).toEqual({
    ...{ points: plainPoints(points), targets: [100], grid: [] },
    seedDraws: 'batches-too',
  });
  const grid = gridOver([16, 8, 100]);
  expect(grid).toHaveLength(97);
  expect(grid[0]).toBeCloseTo(7.2, 10);
  expect(grid[48]).toBeCloseTo(Math.sqrt(7.2 * 120), 10);
  expect(grid[96]).toBeCloseTo(120, 10);
});

test('a width at which any seed diverged has no point, whatever the others reached, and is told with seed and step', () => {
  const run = (width: number, seed: number, status: 'done' | 'diverged' = 'done', divergedAt: number | null = null) =>
    ({ id: `w${width}-s${seed}`, width, seed, status, divergedAt, finalEvalLoss: 3 + seed / 10 }) as RunResult;
  const runs = [run(8, 1), run(8, 2), run(16, 1), run(16, 2, 'diverged', 40), run(16, 3), run(24, 1, 'diverged')];
  expect(rungPoints(runs, [24, 16, 8])).toEqual([
    { x: 8, loss: 3.1500000000000004, standardError: expect.closeTo(0.05, 12), runs: ['w8-s1', 'w8-s2'] },
  ]);
  expect(leftOutNotes(runs, [24, 16, 8])).toEqual([
    'Width 16 takes no part: 1 of 3 seeds diverged (seed 2 at step 40).',
    'Width 24 takes no part: seed 1 diverged.',
  ]);
});

test('the analyst learns how many runs a mean is of', () => {
  expect(plainPoints(points)).toEqual([
    { x: 8, loss: 4.25 },
    { x: 16, loss: 4, standardError: 0.125, seeds: 2 },
  ]);
});

test('the hash of a seal is what it was before the analyst knew of seeds', () => {
  const inputs = { recipe, points: plainPoints(points), level: 0.8, width: 48 };
  expect(hashInputs(inputs)).toBe('2f47d28e24305ea5c7226ccffe0f8ecba187d758150ea8bf443c039628bf0380');
});

test('why there is no seal: too few rungs, or losses that rise', () => {
  expect(noSeal(recipe, 2, false, [48]).message).toContain('needs at least 3 rungs with a loss and 2 rungs have one');
  expect(noSeal(recipe, 1, false, [48]).message).toBe(
    `ladder.rungs: ${recipe.name} cannot be extrapolated, because a law needs at least 3 rungs with a loss and 1 rung has one; width 48 is neither predicted nor trained.`,
  );
  expect(noSeal(recipe, 4, true, [48, 64]).message).toBe(
    `ladder.rungs: ${recipe.name} cannot be extrapolated, because its losses rise with width; widths 48, 64 are neither predicted nor trained.`,
  );
});
