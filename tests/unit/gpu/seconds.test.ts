/** Seconds of a training on a GPU: the device's work while tokens are waited for or training is paused is part of them, and what is waited beyond it is not. */
import { expect, test, vi } from 'vitest';
import { GpuEngine } from '../../../src/gpu/engine.ts';
import { cohortOf, recipeOf, train } from '../../gpu/cohorts.ts';
import { learningDevice } from './fake-device.ts';

test.each([
  ['tokens', 'segment'],
  ['leave to go on', 'resumed'],
])('waiting for %s counts as long as something is in flight', async (_, waitedFor) => {
  let now = 0;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  const device = learningDevice();
  const plain = cohortOf([recipeOf({ steps: 8 })], { width: 8, vocabulary: 16, segmentSteps: 4 }, 1);
  let done = () => {};
  let isWorking = false;
  device.answered = () => (isWorking ? new Promise((resolve) => (done = chained(done, resolve))) : Promise.resolve());
  /** The device works for half a second of the minute that this takes. */
  const late = async () => {
    await settled();
    now += 500;
    isWorking = false;
    done();
    await settled();
    now += 59_500;
  };
  let begun = 0;
  const stream = {
    ...plain.stream,
    segment: async (index: number) => {
      if (index === 0) isWorking = true;
      else if (waitedFor === 'segment') await late();
      return plain.stream.segment(index);
    },
  };
  const untilResumed = async () => {
    if (waitedFor === 'resumed' && ++begun === 2) await late();
  };
  const { outcomes } = await train(new GpuEngine(device.gpu), { ...plain, stream }, { untilResumed });
  clock.mockRestore();
  expect(outcomes[0].status).toBe('done');
  expect(outcomes[0].seconds).toBe(0.5);
});

const chained = (first: () => void, second: () => void) => () => (first(), second());

/** Whatever can go on has gone on. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 5));
