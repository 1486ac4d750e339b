import { expect, test } from 'vitest';
import { REACHES, simulateFrontiers } from './frontier-coverage.ts';

test('the 80 % intervals of the frontier hold about what they promise', () => {
  const held = simulateFrontiers(60, 3);
  const share = (of: boolean[]) => of.filter(Boolean).length / of.length;
  for (const [name, of] of [
    ['exponent', held.map(({ exponent }) => exponent)],
    ...REACHES.map((times, i) => [`best size at ${times} x`, held.map(({ sizes }) => sizes[i]!)] as const),
    ['loss of a new training', held.flatMap(({ losses }) => losses)],
  ] as const) {
    expect(share(of), name).toBeGreaterThan(0.64);
    expect(share(of), name).toBeLessThan(0.96);
  }
});
