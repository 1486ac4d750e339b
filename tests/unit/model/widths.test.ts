import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseExperiment } from '../../../src/model/experiment.ts';
import { InputError } from '../../../src/model/parse.ts';
import type { Recipe } from '../../../src/model/recipe.ts';
import { MOST_WIDTH, widthRule, widthsBetween } from '../../../src/model/widths.ts';
import { experimentWith } from '../experiment/fakes.ts';

const [base] = experimentWith().recipes;

/** Recipes whose heads divide their base width, in both ways of growing and with every kind of position. */
const recipe = fc.record({
  growth: fc.constantFrom('heads' as const, 'head-size' as const),
  position: fc.constantFrom('learned' as const, 'rope' as const, 'none' as const),
  qkNorm: fc.boolean(),
  headSize: fc.constantFrom(2, 4, 6, 8, 10, 16),
  heads: fc.integer({ min: 1, max: 7 }),
});
const recipes = fc.array(recipe, { minLength: 1, maxLength: 3 }).map((drawn) =>
  drawn.map(({ growth, position, qkNorm, headSize, heads }, i): Recipe => ({
    ...base,
    ...{ name: `r${i}`, growth, headSize, baseWidth: headSize * heads },
    architecture: { ...base.architecture, position, qkNorm },
    init: { ...base.init, query: 'key' },
  })),
);

function isParsed(recipes: Recipe[], width: number): boolean {
  try {
    parseExperiment({ recipes, ladder: { rungs: [width] } });
    return true;
  } catch (error) {
    if (error instanceof InputError && error.field.startsWith('ladder')) return false;
    throw error;
  }
}

test('the rule allows exactly the widths that an experiment of these recipes may name', () => {
  fc.assert(
    fc.property(recipes, fc.integer({ min: 1, max: MOST_WIDTH }), (wanted, far) => {
      const edges = wanted.map(widthRule).flatMap(({ unit, most }) => [unit, 2 * unit, most, most + 1, most + unit]);
      for (const width of [1, 6, 12, 60, 120, 840, far, ...edges]) {
        const isAllowed = widthsBetween(wanted, width, width + 1).length === 1;
        expect([width, isAllowed]).toEqual([width, isParsed(wanted, width)]);
      }
    }),
    { numRuns: 60 },
  );
});

test('widths begin at the first that is allowed, and end before the last', () => {
  expect(widthsBetween([base], 5, 16)).toEqual([8, 12]);
  expect(widthsBetween([base], 8, 8)).toEqual([]);
  expect(widthsBetween([base, { ...base, headSize: 6, baseWidth: 12 }], 1, 40)).toEqual([12, 24, 36]);
});
