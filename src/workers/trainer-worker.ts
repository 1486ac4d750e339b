/** The worker that owns the GPU device: trains there, or on the CPU where there is no WebGPU. */
import { expose } from 'comlink';
import { requestGpuEngine } from '../gpu/engine.ts';
import { chooseEngine } from '../experiment/choose-engine.ts';
import { checkpointStore } from './checkpoint-store.ts';
import { carryErrors } from './error-transfer.ts';
import { answerPulse } from './pulse.ts';
import { kernelMemory } from './kernel-memory.ts';
import { EngineTrainer } from '../experiment/trainer-service.ts';

carryErrors();
answerPulse();
expose(
  new EngineTrainer(chooseEngine(requestGpuEngine(kernelMemory())), checkpointStore, import.meta.env.VITE_COMMIT ?? ''),
);
