/** Which engine trains here: the GPU's, or the reference on the CPU, which is loaded only then. */
import type { requestGpuEngine } from '../gpu/engine.ts';
import { loadPart } from '../model/missing-part.ts';
import type { ChosenEngine } from './trainer-service.ts';

type Reference = Pick<typeof import('../reference/trainer.ts'), 'createReferenceEngine'>;

/** @throws InputError in one sentence where there is no GPU and the reference cannot be loaded. */
export async function chooseEngine(
  requested: ReturnType<typeof requestGpuEngine>,
  loadReference: () => Promise<Reference> = () => import('../reference/trainer.ts'),
): Promise<ChosenEngine> {
  const found = await requested;
  if ('engine' in found) return { engine: found.engine, reason: null };
  const { createReferenceEngine } = await loadPart(loadReference);
  return { engine: createReferenceEngine(), ...found };
}
