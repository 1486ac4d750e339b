/** Section "browsers": the same trainings in every browser that is installed, each on the engine that the page takes there. */
import type { EngineDescription } from '../../src/experiment/protocol.ts';
import type { Experiment } from '../../src/model/experiment.ts';
import { presetExperiment } from '../../src/model/presets.ts';
import type { HeadlessDriver, HeadlessPage } from '../../src/workers/headless.ts';
import type { RealPage } from '../browsers/real-browser.ts';
import type { BrowserFigures, BrowserRow } from './figures.ts';
import type { SectionOptions } from './section.ts';
import { spreadOf } from './spread.ts';

type Page = Pick<RealPage, 'browser' | 'open' | 'run'>;

/** Opens a page of a browser for `work`, and ends the browser behind it where it is its own. */
export type OpenPage = (work: (page: Page) => Promise<BrowserRow>) => Promise<BrowserRow>;

const STEPS = 200;
const ROUNDS = { quick: 2, full: 7 };

/** One layer, width 8, context 8, batch 2, 16 tokens: all that counts is what a submit and an answer cost. */
function tiny(): Experiment {
  const experiment = presetExperiment('smoke');
  experiment.ladder = { rungs: [8], targets: [] };
  const [recipe] = experiment.recipes;
  Object.assign(recipe, { layers: 1, baseWidth: 8, context: 8, batch: 2, steps: STEPS });
  recipe.corpus = { ...recipe.corpus, ...(recipe.corpus.kind === 'spectral' && { vocabulary: 16 }) };
  return experiment;
}

/** @param url where the playground is served; ends with a slash. */
export async function browsers(all: OpenPage[], url: string, { quick, tell }: SectionOptions): Promise<BrowserFigures> {
  const rows: BrowserRow[] = [];
  for (const onPage of all) {
    rows.push(
      await onPage((page) => {
        tell(`browsers: ${page.browser}`);
        return measure(page, url, quick);
      }),
    );
  }
  return { steps: STEPS, rows };
}

async function measure(page: Page, url: string, quick: boolean): Promise<BrowserRow> {
  await page.open(`${url}headless.html`);
  const engine = await page.run(describe);
  const trained = (experiment: Experiment, times: number) => page.run(train, experiment, times);
  // The first one compiles.
  await trained(tiny(), 1);
  const seconds = await trained(tiny(), ROUNDS[quick ? 'quick' : 'full']);
  const begun = performance.now();
  await trained(presetExperiment('smoke'), 1);
  // Its runs may train side by side.
  const smoke = (performance.now() - begun) / 1000;
  const { kind, adapter } = engine;
  return { name: page.browser, engine: kind, adapter: adapter.description, tiny: spreadOf(seconds), smoke };
}

type Headless = { mupHeadless: HeadlessPage } & HeadlessDriver;

/** Runs in the page. */
async function describe(): Promise<EngineDescription> {
  const page = window as unknown as Headless;
  while (!page.mupHeadless) await new Promise((resolve) => setTimeout(resolve, 20));
  return page.mupHeadless.describe();
}

/** Runs in the page: seconds of training of each time over. */
async function train(experiment: Experiment, times: number): Promise<number[]> {
  const page = window as unknown as Headless;
  page.mupEvent = async () => {};
  page.mupFile = async () => {};
  const seconds: number[] = [];
  for (let i = 0; i < times; i++) {
    const outcome = await page.mupHeadless.run({ experiment, texts: {}, dump: false });
    if ('refused' in outcome) throw new Error(outcome.refused.message);
    seconds.push(outcome.result.runs.reduce((sum, run) => sum + run.seconds, 0));
  }
  return seconds;
}
