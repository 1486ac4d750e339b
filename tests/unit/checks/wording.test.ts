import { expect, test } from 'vitest';
import { valueWriter } from '../../../src/checks/wording.ts';

test('a grid of powers of two is written in them, also one that begins at 0', () => {
  expect([0, 0.25, 1, 0.3].map(valueWriter([0, 0.25, 1]))).toEqual(['0', '2^-2', '1', '2^-1.7']);
  expect([0, 0.123].map(valueWriter([0, 0.1, 0.2]))).toEqual(['0', '0.12']);
});
