import { expect, test } from 'vitest';
import { presetExperiment } from '../../../src/model/presets.ts';
import { plainPoints, type RungPoint } from '../../../src/workers/rung-points.ts';
import { hashInputs, noSeal } from '../../../src/workers/seal.ts';

const recipe = presetExperiment('smoke').recipes[0];
const points: RungPoint[] = [
  { x: 8, loss: 4.25, runs: ['mup-w8-s1'] },
  { x: 16, loss: 4, standardError: 0.125, runs: ['mup-w16-s1', 'mup-w16-s2'] },
];

test('the fitter learns how many runs a mean is of', () => {
  expect(plainPoints(points)).toEqual([
    { x: 8, loss: 4.25 },
    { x: 16, loss: 4, standardError: 0.125, seeds: 2 },
  ]);
});

test('the hash of a seal is what it was before the fitter knew of seeds', () => {
  const inputs = { recipe, points: plainPoints(points), level: 0.8, width: 48 };
  expect(hashInputs(inputs)).toBe('2f47d28e24305ea5c7226ccffe0f8ecba187d758150ea8bf443c039628bf0380');
});

test('why there is no seal: too few rungs, or losses that rise', () => {
  expect(noSeal(recipe, 2, false, [48]).message).toContain('needs at least 3 rungs with a loss and 2 rungs have one');
  expect(noSeal(recipe, 4, true, [48, 64]).message).toBe(
    `ladder.rungs: ${recipe.name} cannot be extrapolated, because its losses rise with width; widths 48, 64 are neither predicted nor trained.`,
  );
});
