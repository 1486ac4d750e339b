/** The services without a browser, on the float64 reference: for Node, where there is no WebGPU. */
import { createCpuEngine, type Core } from '../reference/across-cores.ts';
import { analyse } from '../analysis/analyse.ts';
import { remembering, type Ask } from '../analysis/ask.ts';
import type { TrainerService } from './protocol.ts';
import { EngineTrainer } from './trainer-service.ts';

/**
 * @param cores to train on, beside this thread.
 * @param loadBook reads the corpus that is a book.
 */
export function localServices(
  cores: readonly Core[] = [],
  loadBook?: () => Promise<string>,
): { trainer: TrainerService; ask: Ask } {
  const choose = async () => ({ engine: createCpuEngine(cores), reason: null });
  const trainer = new EngineTrainer(choose, null, '', loadBook);
  return { trainer, ask: remembering(async (question) => analyse(question)) };
}
