/** Threads of this process as cores: in earnest, and they are gone with the process. */
import { expect, test } from 'vitest';
import { threadCores } from '../../../cli/cores.ts';
import { createCpuEngine } from '../../../src/reference/across-cores.ts';
import { cohortOf, recipeOf, train } from '../reference/cohorts.ts';

test('train to the bits of this thread', async () => {
  const recipe = recipeOf();
  const cohort = cohortOf([recipe, recipe, recipe], 8, [1, 2, 3]);
  const { outcomes } = await train(cohort, { keepParameters: 'all' });
  const cores = threadCores(2);
  const engine = createCpuEngine(cores.all);
  const spread = await engine.train(cohort, {
    ...{ signal: new AbortController().signal, untilResumed: () => Promise.resolve(), onReport: () => {} },
    keepParameters: 'all',
  });
  cores.end();
  expect(spread.map((one) => ({ ...one, seconds: 0 }))).toEqual(outcomes.map((one) => ({ ...one, seconds: 0 })));
});
