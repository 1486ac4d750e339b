/**
 * The bench in Node, on the adapter that npm's `webgpu` (Dawn) finds: the same sections and the same engine as in a page.
 * Built into one file (build-for-node.ts), which also runs alone: `node bench.js --runtime node [--out bench.json] …`.
 */
import { EXIT, Failure, runCommand } from '../../cli/command.ts';
import { assertWritableFile } from '../../cli/output.ts';
import { requestGpuEngine } from '../../src/gpu/engine.ts';
import { installDawn } from '../dawn.ts';
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
  await installDawn('--runtime node');
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

async function engineOrFailure() {
  const found = await requestGpuEngine();
  if ('engine' in found) return found;
  throw new Failure(`${found.reason} In Node, an adapter needs a Vulkan, Metal or Direct3D 12 driver.`);
}
