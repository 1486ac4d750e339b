/** The services without a browser, on the float64 reference: for Node, where there is no WebGPU. */
import { createCpuEngine, type Core } from '../reference/across-cores.ts';
import { analyse } from '../analysis/analyse.ts';
import { remembering, type Ask } from '../analysis/ask.ts';
import type { TrainerService } from './protocol.ts';
import { EngineTrainer } from './trainer-service.ts';

/** @param cores to train on, beside this thread. */
export function localServices(cores: readonly Core[] = []): { trainer: TrainerService; ask: Ask } {
  const trainer = new EngineTrainer(async () => ({ engine: createCpuEngine(cores), reason: null }));
  return { trainer, ask: remembering(async (question) => analyse(question)) };
}
