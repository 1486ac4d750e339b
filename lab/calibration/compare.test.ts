import { expect, test } from 'vitest';
import { compare } from '../../src/scaling/compare/compare.ts';
import { comparedPairs, lawAt } from './compared-ladders.ts';

test('equal laws are seldom called a winner, and the 80 % interval holds the true difference', () => {
  const said = (kind: 'equal' | 'unequal') =>
    comparedPairs(14, 7, kind).map((pair) => {
      const { verdict, at } = compare({ a: pair.a, b: pair.b, targets: [pair.target], grid: [] });
      const truth = lawAt(pair.laws[0], pair.target) - lawAt(pair.laws[1], pair.target);
      const [lo, hi] = at[0]!.intervals['80'];
      return { isCalled: ['a', 'b', 'crossover'].includes(verdict), isHeld: lo <= truth && truth <= hi };
    });
  const equal = said('equal');
  const unequal = said('unequal');
  expect(equal.filter(({ isCalled }) => isCalled).length).toBeLessThanOrEqual(4);
  expect([...equal, ...unequal].filter(({ isHeld }) => isHeld).length).toBeGreaterThanOrEqual(19);
});
