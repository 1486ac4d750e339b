/**
 * What Muon's five Newton–Schulz iterations make of a singular value, by its share of the matrix' Frobenius norm: the figures of
 * docs/parametrization.md.
 *
 *   npx tsx lab/bench/muon-singular-values.ts
 */
import { orthogonalise } from '../../src/reference/orthogonalise.ts';

/** Of a diagonal matrix of norm 1 that holds `share` and, beside it, what is left of the norm. */
const after = (share: number) => orthogonalise(Float64Array.of(share, 0, 0, Math.sqrt(1 - share ** 2)), 2, 2)[0];

const PER_DECADE = 2000;
for (const [from, to] of [
  [-2, 0],
  [-3, -2],
  [-4, -3],
]) {
  const values = Array.from({ length: (to - from) * PER_DECADE + 1 }, (_, i) => after(10 ** (from + i / PER_DECADE)));
  const [least, most] = [Math.min(...values), Math.max(...values)].map((value) => value.toFixed(2));
  console.log(`10^${from} to 10^${to} of the norm: ${least} to ${most}`);
}
