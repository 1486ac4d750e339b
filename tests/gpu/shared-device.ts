/** The one device of all files here, which share their modules: compiling takes most of their time, and what is compiled for one serves all. */
import { requestGpu } from '../../src/gpu/device.ts';
import { GpuEngine } from '../../src/gpu/engine.ts';

const got = await requestGpu();
if ('reason' in got) throw new Error(got.reason);

/** Never destroyed: a test that loses its device asks for another one. */
export const gpu = got;

/** With nothing measured yet, on that device. */
export const newEngine = (): GpuEngine => new GpuEngine(gpu);
