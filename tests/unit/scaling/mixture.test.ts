import fc from 'fast-check';
import { expect, test } from 'vitest';
import { randomStream } from '../../../src/model/random.ts';
import { mixtureQuantiles, type Part } from '../../../src/scaling/numeric/mixture.ts';
import { studentT } from '../../../src/scaling/numeric/student-t.ts';

const LEVELS = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975];

function below(parts: readonly Part[], z: number): number {
  return parts.reduce((sum, { weight, location, scale, freedom, uniform }) => {
    if (uniform === 0) return sum + weight * studentT((z - location) / scale, freedom).below;
    return sum + weight * Math.min(1, Math.max(0, (z - location) / uniform + 0.5));
  }, 0);
}

const drawn = fc
  .array(
    fc.record({
      weight: fc.double({ min: 1e-4, max: 1, noNaN: true }),
      location: fc.double({ min: -3, max: 3, noNaN: true }),
      scale: fc.double({ min: 1e-3, max: 2, noNaN: true }),
      freedom: fc.integer({ min: 2, max: 12 }),
      uniform: fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 2, noNaN: true })),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((parts): Part[] => {
    const total = parts.reduce((sum, { weight }) => sum + weight, 0);
    return parts.map((part) => ({ ...part, weight: part.weight / total }));
  });

test('what lies below a quantile is its probability, whatever the parts', () => {
  fc.assert(
    fc.property(drawn, (parts) => {
      const quantile = mixtureQuantiles(parts);
      const found = LEVELS.map(quantile);
      expect(found).toEqual([...found].sort((p, q) => p - q));
      for (const [i, z] of found.entries()) {
        // In a gap between uniform parts the probability jumps over no value, but stays at one.
        const width = 1e-9 * Math.max(1, Math.abs(z));
        expect(below(parts, z - width)).toBeLessThanOrEqual(LEVELS[i]! + 1e-12);
        expect(below(parts, z + width)).toBeGreaterThanOrEqual(LEVELS[i]! - 1e-12);
      }
    }),
    { numRuns: 200 },
  );
});

test('steps that go to and fro across the edges of uniform parts come to an end', () => {
  const part = (weight: number, scale: number, freedom: number, uniform: number): Part => ({
    ...{ weight, location: 0, scale, freedom, uniform },
  });
  const parts = [
    ...[part(0.08019640412630008, 0.001, 2, 0.5415418204317078), part(0.003075345724746582, 0.7300413263810572, 3, 0)],
    ...[part(0.17485847778183178, 0.11542336237956892, 8, 0), part(0.16690294153018823, 0.8671130521931742, 2, 0.01)],
    ...[
      part(0.5686384597577283, 0.09584083479982795, 2, 0.4300272189205573),
      part(0.006328371079204962, 0.006814608579722417, 6, 0),
    ],
  ];
  expect(below(parts, mixtureQuantiles(parts)(0.025))).toBeCloseTo(0.025, 13);
});

test('it moves and grows with the parts', () => {
  const parts: Part[] = [
    { weight: 0.7, location: 1, scale: 0.1, freedom: 3, uniform: 0 },
    { weight: 0.3, location: 1.5, scale: 0.4, freedom: 5, uniform: 0 },
  ];
  const moved = parts.map((part) => ({ ...part, location: 100 * part.location - 40, scale: 100 * part.scale }));
  for (const p of LEVELS) expect(mixtureQuantiles(moved)(p)).toBeCloseTo(100 * mixtureQuantiles(parts)(p) - 40, 10);
});

test('a single t has the quantiles of the table', () => {
  const [part]: Part[] = [{ weight: 1, location: 2, scale: 0.5, freedom: 4, uniform: 0 }];
  const quantile = mixtureQuantiles([part!]);
  expect(quantile(0.975)).toBeCloseTo(2 + 0.5 * 2.7764451, 7);
  expect(quantile(0.9)).toBeCloseTo(2 + 0.5 * 1.5332063, 7);
  expect(quantile(0.5)).toBeCloseTo(2, 12);
});

test('between narrow parts, where hardly any weight lies, it is not taken for their far ends', () => {
  const random = randomStream(1, 'narrow parts');
  for (let i = 0; i < 300; i++) {
    const count = 2 + random.below(20);
    const scale = 10 ** (-1 - 4 * random.uniform());
    const freedom = 3 + random.below(10);
    const parts = Array.from({ length: count }, (_, at): Part => ({
      weight: 1 / count,
      location: at + 0.2 * random.uniform(),
      scale,
      freedom,
      uniform: 0,
    }));
    const p = (1 + random.below(count - 1)) / count;
    expect(Math.abs(below(parts, mixtureQuantiles(parts)(p)) - p)).toBeLessThan(1e-10);
  }
});

test('far out in a tail', () => {
  const quantile = mixtureQuantiles([{ weight: 1, location: 0, scale: 1, freedom: 30, uniform: 0 }]);
  for (const p of [1e-8, 1e-6, 1e-4]) {
    expect(quantile(p)).toBeLessThan(-4);
    expect(studentT(quantile(p), 30).below / p).toBeCloseTo(1, 6);
    expect(quantile(1 - p)).toBeCloseTo(-quantile(p), 4);
  }
});

test('of parts that are no numbers there is none', () => {
  const part: Part = { weight: 1, location: 0, scale: 1, freedom: 3, uniform: 0 };
  expect(mixtureQuantiles([{ ...part, location: NaN }])(0.5)).toBeNaN();
  expect(mixtureQuantiles([{ ...part, weight: NaN }])(0.5)).toBeNaN();
});

test('in a gap without weight it is a number between what lies on either side', () => {
  const at = (location: number): Part => ({ weight: 0.5, location, scale: 1, freedom: 2, uniform: 1 });
  const middle = mixtureQuantiles([at(0), at(10)])(0.5);
  expect(middle).toBeGreaterThanOrEqual(0.5 - 1e-9);
  expect(middle).toBeLessThanOrEqual(9.5 + 1e-9);
});
