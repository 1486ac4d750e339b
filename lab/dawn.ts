/** npm's `webgpu` (Dawn) in the place where a browser has its own WebGPU: the engine then runs in Node on any Vulkan, Metal or Direct3D 12 driver. */
import { Failure } from '../cli/command.ts';

/** What `webgpu` exports. */
interface Dawn {
  create(options: string[]): GPU;
  globals: object;
}

/** @throws Failure when the package is not there or does not load. @param wish what was asked for that needs it. */
export async function installDawn(wish: string): Promise<void> {
  // Not a dependency: its 130 MB are for those who have a GPU to test or to measure in Node.
  const name = 'webgpu';
  let dawn: Dawn;
  try {
    dawn = (await import(/* @vite-ignore */ name)) as Dawn;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code !== 'ERR_MODULE_NOT_FOUND') throw new Failure(`webgpu could not be loaded: ${message.split('\n')[0]}`);
    throw new Failure(`${wish} needs Dawn, which is not installed; run npm install --no-save webgpu`);
  }
  Object.assign(globalThis, dawn.globals);
  // Later versions of Node have a navigator that cannot be assigned to. Peers of the bench read its userAgent.
  const navigator = { userAgent: `Node.js/${process.versions.node}`, gpu: dawn.create([]) };
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
}
