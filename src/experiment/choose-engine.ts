/** Which engine trains here: the GPU's, or the reference on the CPU. */
import type { requestGpuEngine } from '../gpu/engine.ts';
import { createCpuEngine, type Core } from '../reference/across-cores.ts';
import type { ChosenEngine } from './trainer-service.ts';

/** @param cores to train on where there is no GPU. */
export async function chooseEngine(
  requested: ReturnType<typeof requestGpuEngine>,
  cores: () => Promise<Core[]>,
): Promise<ChosenEngine> {
  const found = await requested;
  if ('engine' in found) return { engine: found.engine, reason: null };
  return { engine: createCpuEngine(await cores()), ...found };
}
