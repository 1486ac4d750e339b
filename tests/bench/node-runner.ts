/**
 * The bench in Node, on the adapter that npm's `webgpu` (Dawn) finds: the same sections and the same engine as in a page.
 * Built into one file (build-for-node.ts), which also runs alone: `node bench.js --runtime node [--out bench.json] …`.
 */
import { EXIT, Failure, runCommand } from '../../cli/command.ts';
import { assertWritableFile } from '../../cli/output.ts';
import { requestGpuEngine } from '../../src/gpu/engine.ts';
import type { SectionName, Sections } from './figures.ts';
import { readBenchOptions, USAGE } from './options.ts';
import { refit } from './refit.ts';
import { runBench, tell, tellEnd } from './report.ts';
import { DEVICE_SECTIONS, type MeasuredSectionName } from './sections.ts';

const VERSION = `Node ${process.versions.node}`;

await runCommand(async (args) => {
  const options = readBenchOptions(args);
  if (options.help) {
    console.log(USAGE);
    return EXIT.ok;
  }
  if (options.out !== undefined) assertWritableFile(options.out, '--out');
  await installWebgpu();
  const { quick } = options;
  const measure = async (name: SectionName): Promise<Sections[SectionName]> => {
    if (name === 'refit') return { places: [await refit(VERSION, { quick, tell })] };
    const { engine } = await engineOrFailure();
    try {
      const { device, adapter } = engine;
      return await DEVICE_SECTIONS[name as MeasuredSectionName]({ device, adapter, engine }, { quick, tell });
    } finally {
      engine.destroy();
    }
  };
  const { engine } = await engineOrFailure();
  const { adapter } = engine;
  engine.destroy();
  try {
    await runBench(options, { version: `${VERSION} with Dawn`, adapter, measure });
  } finally {
    tellEnd();
  }
  return EXIT.ok;
});

/** What `webgpu` exports. */
interface Dawn {
  create(options: string[]): GPU;
  globals: object;
}

/** Puts Dawn's WebGPU where a browser has its own. */
async function installWebgpu(): Promise<void> {
  // Not a dependency: its 130 MB are for those who measure a GPU in Node.
  const name = 'webgpu';
  let dawn: Dawn;
  try {
    dawn = (await import(/* @vite-ignore */ name)) as Dawn;
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code !== 'ERR_MODULE_NOT_FOUND') throw new Failure(`webgpu could not be loaded: ${message.split('\n')[0]}`);
    throw new Failure('--runtime node needs Dawn, which is not installed; run npm install --no-save webgpu');
  }
  Object.assign(globalThis, dawn.globals);
  // Later versions of Node have a navigator that cannot be assigned to. Peers read its userAgent.
  const navigator = { userAgent: `Node.js/${process.versions.node}`, gpu: dawn.create([]) };
  Object.defineProperty(globalThis, 'navigator', { value: navigator, configurable: true });
}

async function engineOrFailure() {
  const found = await requestGpuEngine();
  if ('engine' in found) return found;
  throw new Failure(`${found.reason} In Node, an adapter needs a Vulkan, Metal or Direct3D 12 driver.`);
}
