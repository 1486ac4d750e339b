/** Alias tables hold exactly the distribution they were made from. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aliasTables } from '../../../src/data/alias.ts';

test('columns kept and columns taken add up to each probability', () => {
  const weights = fc.array(fc.oneof(fc.constant(0), fc.double({ min: 1e-9, max: 1, noNaN: true })), {
    minLength: 2,
    maxLength: 40,
  });
  fc.assert(
    fc.property(weights, (row) => {
      const total = row.reduce((sum, weight) => sum + weight, 0);
      fc.pre(total > 0);
      const columns = row.length;
      // Two rows, the second reversed, so that rows cannot be mixed up unseen.
      const p = Float64Array.from([...row, ...row.toReversed()], (weight) => weight / total);
      const { threshold, alias } = aliasTables(p, 2, columns);
      const held = new Float64Array(2 * columns);
      threshold.forEach((keep, at) => {
        const base = at - (at % columns);
        held[at] += keep / columns;
        held[base + alias[at]] += (1 - keep) / columns;
      });
      held.forEach((mass, at) => expect(mass).toBeCloseTo(p[at], 12));
    }),
  );
});
