/** The services without workers, on the float64 reference: for Node, where there is no WebGPU. */
import { createReferenceEngine } from '../reference/trainer.ts';
import { analyse } from '../analysis/analyse.ts';
import { remembering, type Ask } from '../analysis/ask.ts';
import type { TrainerService } from './protocol.ts';
import { EngineTrainer } from './trainer-service.ts';

export function localServices(): { trainer: TrainerService; ask: Ask } {
  const trainer = new EngineTrainer(async () => ({ engine: createReferenceEngine(), reason: null }));
  return { trainer, ask: remembering(async (question) => analyse(question)) };
}
