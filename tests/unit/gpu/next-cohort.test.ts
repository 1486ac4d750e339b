/** What an engine makes ready before a cohort's turn: all of its kernels, its first tokens, and nothing that takes memory of the device. */
import { expect, test, vi } from 'vitest';
import { GpuEngine } from '../../../src/gpu/engine.ts';
import { cohortOf, recipeOf, train } from '../../gpu/cohorts.ts';
import { FakeDevice } from './fake-device.ts';

/** Heads of another size, so that kernels are others. */
const present = () => cohortOf([recipeOf({ steps: 20 })], { width: 8, vocabulary: 16 }, 1);
const next = () => cohortOf([recipeOf({ steps: 20, headSize: 8 })], { width: 8, vocabulary: 16 }, 1);

test('a cohort that was made ready compiles nothing when it trains', async () => {
  const device = new FakeDevice();
  const engine = new GpuEngine(device.gpu);
  await train(engine, present());
  const before = { kernels: device.compiled.length, buffers: device.buffers.length };
  const following = next();
  const segment = vi.spyOn(following.stream, 'segment');
  await engine.makeReady(following);
  expect(segment).toHaveBeenCalledWith(0);
  const ready = device.compiled.length;
  expect(ready).toBeGreaterThan(before.kernels);
  expect(device.buffers).toHaveLength(before.buffers);
  await train(engine, next());
  expect(device.compiled).toHaveLength(ready);
});
