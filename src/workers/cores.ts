/** The cores of this machine as the trainer's worker has them: each trained on by a worker of its own. */
import { coresToTrainOn } from '../model/cores.ts';
import type { Core } from '../reference/across-cores.ts';
import { coreOf, type CoreService } from './core-service.ts';
import { RenewedWorker } from './renewed-worker.ts';

/** Milliseconds in which the first of these workers is to answer. */
const PATIENCE = 10_000;

// Written out, as the bundler has to read it.
const startCore = () => new Worker(new URL('./core-worker.ts', import.meta.url), { type: 'module', name: 'core' });

/** None where there is but one to train on, or where this browser starts no worker from a worker. */
export async function workerCores(): Promise<Core[]> {
  const count = coresToTrainOn(navigator.hardwareConcurrency);
  if (count < 2 || typeof Worker === 'undefined') return [];
  const begin = () => new RenewedWorker<CoreService>('training', startCore);
  const first = begin();
  const late = setTimeout(() => first.end(new Error('The first core did not answer.')), PATIENCE);
  try {
    await first.call((remote) => remote.isReady());
  } catch {
    return [];
  } finally {
    clearTimeout(late);
  }
  return Array.from({ length: count }, (_, i) => coreOf(i === 0 ? () => first : begin));
}
