/** Orthogonalisation by its properties, on matrices whose singular vectors are known by construction. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomStream } from '../../../src/model/random.ts';
import { orthogonalise } from '../../../src/reference/orthogonalise.ts';
import { relativeError } from './finite-differences.ts';

/** Columns of Gram–Schmidt on normal draws: `count` orthonormal vectors of `length`. */
function orthonormal(seed: number, purpose: string, count: number, length: number): number[][] {
  const random = randomStream(seed, purpose);
  const vectors: number[][] = [];
  while (vectors.length < count) {
    let vector = Array.from({ length }, () => random.normal());
    // Twice is enough: what the first round leaves by rounding, the second takes away.
    for (let round = 0; round < 2; round++) {
      for (const other of vectors) {
        const along = dot(vector, other);
        vector = vector.map((value, i) => value - along * other[i]);
      }
    }
    const norm = Math.sqrt(dot(vector, vector));
    vectors.push(vector.map((value) => value / norm));
  }
  return vectors;
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, i) => sum + value * b[i], 0);

/** Σ s · u vᵀ */
function composed(u: number[][], s: number[], v: number[][]): Float64Array {
  const [rows, columns] = [u[0].length, v[0].length];
  const out = new Float64Array(rows * columns);
  s.forEach((value, k) => {
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) out[i * columns + j] += value * u[k][i] * v[k][j];
  });
  return out;
}

const cases = fc.record({
  rows: fc.integer({ min: 1, max: 12 }),
  columns: fc.integer({ min: 1, max: 12 }),
  /** Largest singular value over the smallest. */
  condition: fc.double({ min: 1, max: 30, noNaN: true }),
  scale: fc.constantFrom(1e-12, 1, 1e9),
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
});

test('singular vectors and their signs stay, singular values come near one', () => {
  fc.assert(
    fc.property(cases, ({ rows, columns, condition, scale, seed }) => {
      const rank = Math.min(rows, columns);
      const [u, v] = [orthonormal(seed, 'u', rank, rows), orthonormal(seed, 'v', rank, columns)];
      const random = randomStream(seed, 's');
      const s = Array.from({ length: rank }, () => scale * condition ** -random.uniform());
      const x = orthogonalise(composed(u, s, v), rows, columns);
      const after = u.map((left, k) => {
        const xv = Array.from({ length: rows }, (_, i) => dot(x.subarray(i * columns, (i + 1) * columns), v[k]));
        return dot(left, xv);
      });
      for (const value of after) {
        expect(value).toBeGreaterThan(0.6);
        expect(value).toBeLessThan(1.25);
      }
      // Nothing is left beside the singular vectors that were put in.
      expect(relativeError(x, composed(u, after, v))).toBeLessThan(1e-9);
    }),
    { numRuns: 60 },
  );
});

test('a random full-rank matrix becomes one whose rows are nearly orthonormal', () => {
  const [rows, columns] = [8, 32];
  const random = randomStream(3, 'matrix');
  const x = orthogonalise(Float64Array.from({ length: rows * columns }, () => random.normal()), rows, columns); // prettier-ignore
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) {
      const product = dot(x.subarray(i * columns, (i + 1) * columns), x.subarray(j * columns, (j + 1) * columns));
      if (i === j) expect(product).toBeGreaterThan(0.36);
      expect(Math.abs(product - (i === j ? 1 : 0))).toBeLessThan(0.6);
    }
  }
});

test('a tall matrix is treated as its transpose', () => {
  const random = randomStream(4, 'matrix');
  const tall = Float64Array.from({ length: 7 * 3 }, () => random.normal());
  const wide = Float64Array.from({ length: 3 * 7 }, (_, at) => tall[(at % 7) * 3 + Math.floor(at / 7)]);
  const [ofTall, ofWide] = [orthogonalise(tall, 7, 3), orthogonalise(wide, 3, 7)];
  for (let i = 0; i < 7; i++) for (let j = 0; j < 3; j++) expect(ofTall[i * 3 + j]).toBe(ofWide[j * 7 + i]);
});

test('zeros stay zeros, and a gradient as small as float32 can hold does not vanish', () => {
  expect([...orthogonalise(new Float64Array(6), 2, 3)]).toEqual([0, 0, 0, 0, 0, 0]);
  expect(orthogonalise(Float64Array.of(1e-30), 1, 1)[0]).toBeGreaterThan(0.6);
});
