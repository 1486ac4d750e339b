/** The worker that owns the GPU device: trains there, or on the CPU where there is no WebGPU. */
import { expose } from 'comlink';
import { requestGpuEngine } from '../gpu/engine.ts';
import { carryErrors } from './error-transfer.ts';
import { kernelMemory } from './kernel-memory.ts';
import { EngineTrainer, type ChosenEngine } from './trainer-service.ts';

carryErrors();
expose(new EngineTrainer(chooseEngine()));

async function chooseEngine(): Promise<ChosenEngine> {
  const found = await requestGpuEngine(kernelMemory());
  if ('engine' in found) return { engine: found.engine, reason: null };
  const { createReferenceEngine } = await import('../reference/trainer.ts');
  return { engine: createReferenceEngine(), ...found };
}
