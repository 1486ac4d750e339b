/** The cores of this machine as the trainer's worker has them: each trained on by a worker of its own. */
import { coresToTrainOn } from '../model/cores.ts';
import type { Cores } from '../experiment/choose-engine.ts';
import type { Core } from '../reference/across-cores.ts';
import { coreOf, type CoreService } from './core-service.ts';
import { RenewedWorker } from './renewed-worker.ts';

/** Milliseconds in which the first of these workers is to answer. */
const PATIENCE = 10_000;

/** Not all browsers start a worker from a worker. */
export const WORKER_CORES: Cores = {
  count: typeof Worker === 'undefined' ? 1 : coresToTrainOn(navigator.hardwareConcurrency),
  start: () => startWorkers(WORKER_CORES.count),
};

async function startWorkers(count: number): Promise<Core[]> {
  if (count < 2) return [];
  // Written out, as the bundler has to read it.
  const start = () => new Worker(new URL('./core-worker.ts', import.meta.url), { type: 'module', name: 'core' });
  // All of them at once, for their script cannot be had any more when the server is gone.
  const workers = Array.from({ length: count }, () => new RenewedWorker<CoreService>('training', start));
  const late = new Error('No worker of this worker answers.');
  const timer = setTimeout(() => workers.forEach((worker) => worker.end(late)), PATIENCE);
  try {
    await workers[0]!.call((remote) => remote.isReady());
    return workers.map((worker) => coreOf(() => worker));
  } catch {
    for (const worker of workers) worker.end(late);
    return [];
  } finally {
    clearTimeout(timer);
  }
}
