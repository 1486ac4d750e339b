/** Which engine trains here, and where the CPU stands beside it. */
import { expect, test } from 'vitest';
import { chooseEngine, type Cores } from '../../../src/experiment/choose-engine.ts';
import type { GpuEngine } from '../../../src/gpu/engine.ts';
import { createReferenceEngine } from '../../../src/reference/trainer.ts';

const core = createReferenceEngine();
const cores = (count: number): Cores => ({ count, start: async () => Array.from({ length: count }, () => core) });
const gpu = (software: boolean) =>
  Promise.resolve({ engine: { kind: 'gpu', adapter: { ...core.adapter, software } } as unknown as GpuEngine });

test('a GPU trains alone', async () => {
  const { engine, beside } = await chooseEngine(gpu(false), cores(4));
  expect([engine.kind, beside]).toEqual(['gpu', undefined]);
});

test('beside a software adapter the CPU can be asked for, which starts its cores only then', async () => {
  let started = 0;
  const counted: Cores = { count: 4, start: async () => (started++, [core, core, core, core]) };
  const { engine, beside } = await chooseEngine(gpu(true), counted);
  expect([engine.kind, beside!.description.cores, started]).toEqual(['gpu', 4, 0]);
  expect([(await beside!.make()).cores, started]).toEqual([4, 1]);
  const single = await chooseEngine(gpu(true), cores(1));
  expect(single.beside!.description.cores).toBeUndefined();
});

test('without a GPU the CPU trains, on its cores where it has several', async () => {
  const none = () => Promise.resolve({ reason: 'No GPU.', remedy: 'switch on' as const });
  for (const count of [0, 1, 3]) {
    const { engine, reason, remedy } = await chooseEngine(none(), cores(count));
    expect([engine.kind, engine.cores, reason, remedy]).toEqual([
      ...['reference', count > 1 ? count : undefined, 'No GPU.', 'switch on'],
    ]);
  }
});
