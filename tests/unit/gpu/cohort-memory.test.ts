import { afterEach, expect, test, vi } from 'vitest';
import { cohortMemory } from '../../../src/gpu/capacity.ts';

const GIB = 2 ** 30;
afterEach(() => vi.unstubAllGlobals());

test('a cohort takes what suits the device: less where its buffers or the machine are small', () => {
  expect(cohortMemory({ maxBufferSize: 4 * GIB })).toBe(2 * GIB);
  expect(cohortMemory({ maxBufferSize: GIB / 4 })).toBe(GIB / 2);
  vi.stubGlobal('navigator', { deviceMemory: 1 });
  expect(cohortMemory({ maxBufferSize: 4 * GIB })).toBe(GIB / 4);
});
