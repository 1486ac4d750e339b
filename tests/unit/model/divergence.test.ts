import fc from 'fast-check';
import { expect, test } from 'vitest';
import { divergenceStep } from '../../../src/model/divergence.ts';

const vocabulary = 16;
const chance = Math.log(vocabulary);

test('a run that ends above its level is told by the updates made before it left for good', () => {
  const losses = [2.8, 9, 2.7, 2.6, 3.4, 5, 6];
  expect(divergenceStep(losses, 6.5, vocabulary)).toBe(4);
});

test('a run that learnt its tokens by heart did not diverge, however bad it is on others', () => {
  expect(divergenceStep([2.8, 1.2, 0.1], 6.5, vocabulary)).toBeNull();
});

test('a start above chance lifts the level', () => {
  expect(divergenceStep([8, 7, 6], 6, vocabulary)).toBeNull();
  expect(divergenceStep([8, 8.6, 8.7], 8.6, vocabulary)).toBe(1);
});

test('losses that are not finite are above every level', () => {
  expect(divergenceStep([2.8, null, null], 4, vocabulary)).toBe(1);
  expect(divergenceStep([2.8, 2, null], 4, vocabulary)).toBe(2);
});

test('exactly at the level, half a nat above chance, nothing has diverged yet', () => {
  const level = chance + 0.5;
  expect(divergenceStep([2.8, level + 1], level, vocabulary)).toBeNull();
  expect(divergenceStep([2.8, level], level + 1, vocabulary)).toBeNull();
  expect(divergenceStep([2.8, level, level + 1], level + 1, vocabulary)).toBe(2);
  expect(divergenceStep([2.8, level + 1, level + 1], level + 1, vocabulary)).toBe(1);
});

test('a run without a loss to start from, or to end with, is judged by chance alone or not at all', () => {
  expect(divergenceStep([null, 2.8, 6], 6, vocabulary)).toBe(2);
  expect(divergenceStep([null, null], 6, vocabulary)).toBe(0);
  expect(divergenceStep([2.8, null], null, vocabulary)).toBeNull();
});

const loss = fc.double({ min: 0, max: 20, noNaN: true });

test('whatever happens on the way, a run that ends at its level or below is not flagged', () => {
  fc.assert(
    fc.property(fc.array(loss, { minLength: 1 }), fc.double({ min: 0, max: 1, noNaN: true }), (losses, share) => {
      const level = Math.max(chance, losses[0]) + 0.5;
      expect(divergenceStep(losses, share * level, vocabulary)).toBeNull();
      expect(divergenceStep(losses, null, vocabulary)).toBeNull();
    }),
  );
});

test('a flagged run lies above its level from the told step on, and at the level or below just before', () => {
  fc.assert(
    fc.property(fc.array(loss, { minLength: 1 }), fc.double({ min: 0.01, max: 20, noNaN: true }), (drawn, excess) => {
      const level = Math.max(chance, drawn[0]) + 0.5;
      const losses = [...drawn, level + excess];
      const step = divergenceStep(losses, level + excess, vocabulary)!;
      expect(step).toBeGreaterThan(0);
      expect(losses[step - 1]).toBeLessThanOrEqual(level);
      for (const later of losses.slice(step)) expect(later).toBeGreaterThan(level);
    }),
  );
});
