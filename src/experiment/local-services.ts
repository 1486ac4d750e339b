/** The services without workers, on the float64 reference: for Node, where there is no WebGPU. */
import { createReferenceEngine } from '../reference/trainer.ts';
import { LawFitter } from '../analysis/fitter-service.ts';
import type { TrainerService } from './protocol.ts';
import type { FitterService } from '../analysis/fitter-service.ts';
import { EngineTrainer } from './trainer-service.ts';

export function localServices(): { trainer: TrainerService; fitter: FitterService } {
  const chosen = Promise.resolve({ engine: createReferenceEngine(), reason: null });
  return { trainer: new EngineTrainer(chosen), fitter: new LawFitter() };
}
