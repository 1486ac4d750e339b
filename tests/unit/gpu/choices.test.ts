/** Who races for which product, and what a race samples in the place of a large one. */
import { describe, expect, test } from 'vitest';
import { keyOf, MatmulChoices, sampleOf } from '../../../src/gpu/matmul/choices.ts';

const MOST_FLOPS = { gpu: 2 ** 29, software: 2 ** 22 };
/** Up of a model of width 256: 16 runs, batch 8 of context 64. */
const LARGE = { rows: 512, columns: 1024, depth: 256, count: 16, aTurned: false, bTurned: false };

test('kernels that keep operands as float16 race for those alone, and are expected to win nowhere', () => {
  const adapter = { software: false, subgroups: false };
  const [here, elsewhere] = [true, false].map((shaderF16) => new MatmulChoices({ ...adapter, shaderF16 }));
  const rounded = { ...LARGE, rounded: true };
  expect(here.guessFor(rounded)).toBe(here.guessFor(LARGE));
  expect(here.candidatesFor(LARGE)).toEqual(elsewhere.candidatesFor(rounded));
  expect(here.candidatesFor(rounded).length).toBeGreaterThan(here.candidatesFor(LARGE).length);
  expect(new Set([LARGE, rounded].map((shape) => keyOf(sampleOf(shape, false)))).size).toBe(2);
});

describe('the sample of a large product', () => {
  for (const software of [true, false]) {
    test(`costs no more than a race may (software: ${software})`, () => {
      const { rows, columns, depth, count } = sampleOf(LARGE, software);
      const most = software ? MOST_FLOPS.software : MOST_FLOPS.gpu;
      expect(2 * rows * columns * depth * count).toBe(most);
    });
  }

  test('has so many outputs left on a GPU that the same tile is expected to win', () => {
    const choices = new MatmulChoices({ software: false, subgroups: false });
    expect(choices.guessFor(LARGE).name).toContain('128x128');
    expect(choices.guessFor(sampleOf(LARGE, false))).toBe(choices.guessFor(LARGE));
  });

  test('is the product itself, sizes rounded up, where that is small', () => {
    const small = { ...LARGE, rows: 50, columns: 36, depth: 20, count: 3 };
    expect(sampleOf(small, false)).toMatchObject({ rows: 64, columns: 64, depth: 32, count: 4 });
  });
});
