/** Section "endurance": thousands of short trainings one after the other in one page, and what that leaves in memory and in time. */
import { readFileSync } from 'node:fs';
import type { Browser, Page } from 'playwright';
import { presetExperiment } from '../../src/model/presets.ts';
import type { Experiment } from '../../src/model/experiment.ts';
import type { HeadlessDriver, HeadlessPage } from '../../src/workers/headless.ts';
import type { EnduranceFigures, EnduranceRow } from './figures.ts';
import type { SectionOptions } from './section.ts';
import { spreadOf } from './spread.ts';

const STEPS = 20;
/** Trainings in all, and from one look at the memory to the next. */
const EXTENT = { full: { runs: 2000, every: 100 }, quick: { runs: 20, every: 5 } };

/** One run, of another seed each time: what was computed once helps none of those that follow. */
function shortRun(seed: number): Experiment {
  const experiment = presetExperiment('smoke');
  experiment.ladder = { rungs: [8], targets: [] };
  experiment.seeds = [seed];
  const [recipe] = experiment.recipes;
  Object.assign(recipe, { batch: 4, context: 8, steps: STEPS });
  recipe.evaluation.sequences = 8;
  return experiment;
}

/** @param url where the playground is served; ends with a slash. */
export async function endurance(
  browser: Browser,
  url: string,
  { quick, tell }: SectionOptions,
): Promise<EnduranceFigures> {
  const { runs, every } = EXTENT[quick ? 'quick' : 'full'];
  const page = await browser.newPage();
  await page.goto(`${url}headless.html`);
  await page.waitForFunction(() => 'mupHeadless' in window);
  const device = await countBuffers(page);
  const rows: EnduranceRow[] = [];
  for (let done = 0; done < runs; done += every) {
    const seconds: number[] = [];
    for (let i = 1; i <= every; i++) seconds.push(await page.evaluate(trainOnce, shortRun(done + i)));
    rows.push({ runs: done + every, run: spreadOf(seconds), ...(await memoryOf(browser, page)), ...(await device()) });
    tell(`endurance: ${done + every} of ${runs} trainings`);
  }
  return { steps: STEPS, rows };
}

/** Runs in the page: seconds of a whole training, from asking to its result. */
async function trainOnce(experiment: Experiment): Promise<number> {
  const page = window as unknown as { mupHeadless: HeadlessPage } & HeadlessDriver;
  page.mupEvent ??= async () => {};
  const begun = performance.now();
  const outcome = await page.mupHeadless.run({ experiment, texts: {}, dump: false });
  if ('refused' in outcome) throw new Error(outcome.refused.message);
  return (performance.now() - begun) / 1000;
}

/** Counts what the trainer's worker has on its device, from before it asks for one. */
async function countBuffers(page: Page): Promise<() => Promise<Pick<EnduranceRow, 'device'>>> {
  const isTrainer = (worker: { url(): string }) => worker.url().includes('trainer');
  const worker = page.workers().find(isTrainer) ?? (await page.waitForEvent('worker', { predicate: isTrainer }));
  await worker.evaluate(() => {
    const counted = { made: 0, destroyed: 0, bytes: 0 };
    Object.assign(globalThis, { mupCounted: counted });
    const alive = new WeakSet<GPUBuffer>();
    const { createBuffer } = GPUDevice.prototype;
    GPUDevice.prototype.createBuffer = function (descriptor) {
      const buffer = createBuffer.call(this, descriptor);
      alive.add(buffer);
      counted.made++;
      counted.bytes += buffer.size;
      return buffer;
    };
    const { destroy } = GPUBuffer.prototype;
    GPUBuffer.prototype.destroy = function () {
      destroy.call(this);
      if (!alive.delete(this)) return;
      counted.destroyed++;
      counted.bytes -= this.size;
    };
  });
  return async () => ({
    device: await worker.evaluate(() => ({
      ...(globalThis as unknown as { mupCounted: EnduranceRow['device'] }).mupCounted,
    })),
  });
}

/** Bytes, once what nobody needs is collected. */
async function memoryOf(browser: Browser, page: Page): Promise<Pick<EnduranceRow, 'heap' | 'page' | 'graphics'>> {
  const session = await page.context().newCDPSession(page);
  // Twice: what the first one finishes, the second one frees.
  for (let i = 0; i < 2; i++) await session.send('HeapProfiler.collectGarbage');
  const { usedSize: heap } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  const whole = await browser.newBrowserCDPSession();
  const { processInfo } = await whole.send('SystemInfo.getProcessInfo');
  await whole.detach();
  const most = (type: string) => {
    const sizes = processInfo.filter((one) => one.type === type).map(({ id }) => residentOf(id));
    return sizes.some((size) => size === null) ? null : Math.max(...sizes.map(Number));
  };
  return { heap, page: most('renderer'), graphics: most('GPU') };
}

/** Bytes of a process in memory that no file stands for; null where the system does not tell. */
function residentOf(id: number): number | null {
  try {
    const kibibytes = /^RssAnon:\s+(\d+) kB/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1];
    return kibibytes === undefined ? null : 1024 * Number(kibibytes);
  } catch {
    return null;
  }
}
