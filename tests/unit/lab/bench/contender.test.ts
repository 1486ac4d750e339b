import { expect, test } from 'vitest';
import { inSteps } from '../../../../lab/bench/contender.ts';

test('a trainer driven step by step is asked for its loss as seldom as wanted, and after the last step; a turn goes on where the last one ended', async () => {
  const asked: number[] = [];
  const training = inSteps({
    step: (step, readLoss) => {
      if (readLoss) asked.push(step);
      return Promise.resolve(readLoss ? 10 - step : null);
    },
    finish: () => Promise.resolve(),
    dispose: () => Promise.resolve(),
  });
  const { losses } = await training.train(5, 2);
  expect(losses).toEqual([1, 3, 4].map((step) => ({ step, loss: 10 - step })));
  expect((await training.train(2, 1)).losses.map(({ step }) => step)).toEqual([5, 6]);
  expect(asked).toEqual([1, 3, 4, 5, 6]);
});
