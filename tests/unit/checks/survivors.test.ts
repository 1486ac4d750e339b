import { expect, test } from 'vitest';
import { divergedWords, leftOutNotes } from '../../../src/checks/survivors.ts';

type Ended = Parameters<typeof divergedWords>[0][number];

const run = (width: number, seed: number, divergedAt?: number | null): Ended => ({
  ...{ width, seed, status: divergedAt === undefined ? 'done' : 'diverged' },
  divergedAt: divergedAt ?? null,
});

test('nothing is said where no seed diverged', () => {
  expect(divergedWords([run(8, 1), run(8, 2)])).toBe('');
  expect(divergedWords([])).toBe('');
  expect(divergedWords([{ width: 8, seed: 1, status: 'failed', divergedAt: null }])).toBe('');
});

test('each of few seeds is told with its step, of more only how many they are', () => {
  expect(divergedWords([run(8, 1), run(8, 2, 40), run(8, 3)])).toBe('1 of 3 seeds diverged (seed 2 at step 40)');
  const four = [1, 2, 3, 4].map((seed) => run(8, seed, 10 * seed));
  expect(divergedWords([...four.slice(0, 3), run(8, 4)])).toBe(
    '3 of 4 seeds diverged (seed 1 at step 10, seed 2 at step 20, seed 3 at step 30)',
  );
  expect(divergedWords(four)).toBe('4 of 4 seeds diverged');
});

test('the only seed of a width is no share of it', () => {
  expect(divergedWords([run(8, 5, 0)])).toBe('seed 5 diverged at step 0');
});

test('a step that an earlier version did not write is not told', () => {
  expect(divergedWords([run(8, 1), run(8, 2, null)])).toBe('1 of 2 seeds diverged (seed 2)');
  expect(divergedWords([{ ...run(8, 5, null), divergedAt: undefined as unknown as null }])).toBe('seed 5 diverged');
});

test('one sentence for each width that is left out, ascending, by its own runs', () => {
  const runs = [run(8, 1), run(8, 2, 3), run(16, 1), run(16, 2), run(128, 1, 7)];
  const widths = [128, 16, 8];
  expect(leftOutNotes(runs, widths)).toEqual([
    'Width 8 takes no part: 1 of 2 seeds diverged (seed 2 at step 3).',
    'Width 128 takes no part: seed 1 diverged at step 7.',
  ]);
  expect(widths).toEqual([128, 16, 8]);
});
