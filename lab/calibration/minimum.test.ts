import { describe, expect, test } from 'vitest';
import { coverageOfMinima, coverageOfShifts } from './minimum-coverage.ts';

describe('intervals of simulated sweeps hold about as often as they say', () => {
  test.each([2, 3, 5])('of a minimum, with %i seeds', (seeds) => {
    const { all, held } = coverageOfMinima(seeds, 40);
    expect(all).toBeGreaterThan(1050);
    expect(held).toBeGreaterThan(0.78);
    expect(held).toBeLessThan(0.92);
  });

  test.each([1, 2, 3])('of a shift over four widths, with %i seeds', (seeds) => {
    const { all, held } = coverageOfShifts(seeds, 8);
    expect(all).toBeGreaterThan(400);
    expect(held).toBeGreaterThan(0.75);
    expect(held).toBeLessThan(0.95);
  });
});
