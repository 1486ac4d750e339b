/** Long rows of numbers are compared by one loop: Vitest's own comparison takes a microsecond for each of them. */
import { expect } from 'vitest';

type Numbers = ArrayLike<number> & object;

// Read for every file, while the testers are those of all files.
const told = globalThis as { knowsSameNumbers?: boolean };
if (!told.knowsSameNumbers) {
  // What is not the same number for number is left to Vitest, which says where.
  expect.addEqualityTesters([(a, b) => (areNumbers(a) && areNumbers(b) && areSame(a, b) ? true : undefined)]);
  told.knowsSameNumbers = true;
}

function areNumbers(value: unknown): value is Numbers {
  return value instanceof Float64Array || value instanceof Float32Array || value instanceof Uint32Array;
}

function areSame(a: Numbers, b: Numbers): boolean {
  if (a.constructor !== b.constructor || a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
