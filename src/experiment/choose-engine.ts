/** Which engine trains here: the GPU's, or the reference on the CPU. */
import type { requestGpuEngine } from '../gpu/engine.ts';
import { createCpuEngine, type Core } from '../reference/across-cores.ts';
import { REFERENCE_ADAPTER } from '../reference/trainer.ts';
import type { ChosenEngine } from './trainer-service.ts';

/** The cores of a machine. */
export interface Cores {
  /** How many runs they train at once, where they can. */
  count: number;
  /** None where there is but one to train on, or where they cannot be had. */
  start(): Promise<Core[]>;
}

/** Beside a software adapter there is the CPU as well: which of them is faster depends on what is to be trained. */
export async function chooseEngine(
  requested: ReturnType<typeof requestGpuEngine>,
  cores: Cores,
): Promise<ChosenEngine> {
  const found = await requested;
  const make = async () => createCpuEngine(await cores.start());
  if (!('engine' in found)) return { engine: await make(), ...found };
  const { engine } = found;
  if (!engine.adapter.software) return { engine, reason: null };
  const { count } = cores;
  const description = { kind: 'reference' as const, adapter: REFERENCE_ADAPTER, reason: null };
  return {
    engine,
    reason: null,
    beside: { description: { ...description, ...(count > 1 && { cores: count }) }, make },
  };
}
