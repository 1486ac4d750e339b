/** The worker that owns the GPU device: trains there, or on the CPU where there is no WebGPU. */
import { expose } from 'comlink';
import type { NoGpu } from '../gpu/device.ts';
import { requestGpuEngine } from '../gpu/engine.ts';
import { chooseEngine } from '../experiment/choose-engine.ts';
import { loadBook } from './book.ts';
import { checkpointStore } from './checkpoint-store.ts';
import { WORKER_CORES } from './cores.ts';
import { carryErrors } from './error-transfer.ts';
import { answerPulse } from './pulse.ts';
import { kernelMemory } from './kernel-memory.ts';
import { EngineTrainer } from '../experiment/trainer-service.ts';

carryErrors();
answerPulse();
/** The name of the built script tells all code that it loads; another version of the browser compiles kernels in another way. */
const version = `${import.meta.url.split('/').at(-1)} · ${navigator.userAgent}`;
/** While the code is being changed, its name tells nothing. */
const checkpoints = import.meta.env.DEV ? null : checkpointStore;

const choose = (noGpu?: NoGpu) =>
  chooseEngine(noGpu ? Promise.resolve(noGpu) : requestGpuEngine(kernelMemory()), WORKER_CORES);

expose(new EngineTrainer(choose, checkpoints, version, loadBook));
