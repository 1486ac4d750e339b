/** Which engine trains here: the GPU's, or the reference on the CPU. */
import type { requestGpuEngine } from '../gpu/engine.ts';
import { createReferenceEngine } from '../reference/trainer.ts';
import type { ChosenEngine } from './trainer-service.ts';

export async function chooseEngine(requested: ReturnType<typeof requestGpuEngine>): Promise<ChosenEngine> {
  const found = await requested;
  return 'engine' in found ? { engine: found.engine, reason: null } : { engine: createReferenceEngine(), ...found };
}
