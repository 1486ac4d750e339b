import { expect, test } from 'vitest';
import { memoryBound } from '../../../src/model/memory.ts';

const GIB = 2 ** 30;

test('a training takes a quarter of a small machine, and no more than its bound of a large one', () => {
  expect(memoryBound(2 * GIB, { deviceMemory: 2 })).toBe(GIB / 2);
  expect(memoryBound(2 * GIB, { deviceMemory: 8 })).toBe(2 * GIB);
  expect(memoryBound(GIB, { deviceMemory: 8 })).toBe(GIB);
});

test('where the browser does not tell, the bound stands', () => {
  expect(memoryBound(2 * GIB, {})).toBe(2 * GIB);
});
