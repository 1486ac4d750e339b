/** The page that the bench drives: one adapter, and the sections that need one, on the main thread. */
import { requestGpuEngine } from '../../../src/gpu/engine.ts';
import type { AdapterInfo } from '../../../src/model/training.ts';
import type { RefitPlace, Sections } from '../figures.ts';
import { refit } from '../refit.ts';
import { DEVICE_SECTIONS, type MeasuredSectionName } from '../sections.ts';

/** What the page offers to whoever drives it. */
interface BenchPage {
  describe(): Promise<{ adapter: AdapterInfo } | { reason: string }>;
  run(name: MeasuredSectionName, quick: boolean): Promise<Sections[MeasuredSectionName]>;
  refit(where: string, quick: boolean): Promise<RefitPlace>;
}

declare global {
  interface Window {
    mupBench: BenchPage;
    /** What whoever drives it must offer to the page. */
    mupTell(text: string): Promise<void>;
  }
}

const tell = (text: string) => void window.mupTell(text);

window.mupBench = {
  async describe() {
    const found = await requestGpuEngine();
    if ('reason' in found) return found;
    const { adapter } = found.engine;
    found.engine.destroy();
    return { adapter };
  },
  async run(name, quick) {
    const found = await requestGpuEngine();
    if ('reason' in found) throw new Error(found.reason);
    const { engine } = found;
    const { device, adapter } = engine;
    return DEVICE_SECTIONS[name]({ device, adapter, engine }, { quick, tell });
  },
  refit: (where, quick) => refit(where, { quick, tell }),
};
