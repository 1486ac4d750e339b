/** Section "cpu-cores": presets for machines without a GPU on one core, on as many as the page takes, on the software adapter, and where both are tried. */
import { availableParallelism } from 'node:os';
import { threadCores } from '../../cli/cores.ts';
import { openHeadlessPage } from '../../cli/drive.ts';
import { analyse } from '../../src/analysis/analyse.ts';
import { cohortsOf } from '../../src/experiment/cohorts.ts';
import { Conductor } from '../../src/experiment/conductor.ts';
import { cohortWork } from '../../src/experiment/eta.ts';
import { localServices } from '../../src/experiment/local-services.ts';
import { mostTokens } from '../../src/model/corpora.ts';
import { coresToTrainOn } from '../../src/model/cores.ts';
import type { Experiment } from '../../src/model/experiment.ts';
import { presetExperiment } from '../../src/model/presets.ts';
import type { CpuCoresFigures, CpuCoresRow } from './figures.ts';
import type { SectionOptions } from './section.ts';

const PRESETS = ['smoke', 'transfer-smoke', 'basin-smoke'];
/** Of the steps of a preset: what sets one way apart from another shows in a part of them. */
const SHARE = { quick: 1 / 20, full: 1 / 4 };

/** @param browser path of one with a software adapter. */
export async function cpuCores(browser: string | undefined, { quick, tell }: SectionOptions): Promise<CpuCoresFigures> {
  const cores = coresToTrainOn(availableParallelism());
  const rows: CpuCoresRow[] = [];
  for (const preset of PRESETS) {
    tell(`cpu-cores: ${preset}`);
    const experiment = presetExperiment(preset);
    const share = SHARE[quick ? 'quick' : 'full'];
    for (const recipe of experiment.recipes) recipe.steps = Math.ceil(share * recipe.steps);
    const one = await onThreads(experiment, 1);
    const all = await onThreads(experiment, cores);
    if (all.losses !== one.losses) throw new Error(`${preset} ended with other losses on ${cores} cores than on one.`);
    const adapter = await inBrowser(experiment, browser, 'gpu');
    const tried = await inBrowser(experiment, browser, 'faster');
    rows.push({
      ...{ preset, ...sizeOf(experiment), one: one.seconds, all: all.seconds },
      ...{ adapter: adapter.seconds, tried: tried.seconds, taken: tried.taken },
    });
  }
  return { cores, rows };
}

function sizeOf(experiment: Experiment): Pick<CpuCoresRow, 'runs' | 'operations'> {
  const { rungs, targets } = cohortsOf(experiment);
  const cohorts = [...rungs, ...targets];
  const operations = cohorts.reduce((sum, runs) => {
    const [{ recipe, width }] = runs;
    const { steps, flopsPerStep } = cohortWork(recipe, width, mostTokens(recipe.corpus), runs.length);
    return sum + steps * flopsPerStep;
  }, 0);
  return { runs: cohorts.flat().length, operations };
}

async function onThreads(experiment: Experiment, count: number): Promise<{ seconds: number; losses: string }> {
  const cores = threadCores(count);
  try {
    const { trainer } = localServices(cores.all);
    const begun = performance.now();
    const { runs } = await new Conductor(
      trainer,
      async (question) => analyse(question),
      { experiment, texts: {} },
      () => {},
    ).run();
    const seconds = (performance.now() - begun) / 1000;
    return {
      seconds,
      losses: JSON.stringify(runs.map(({ id, trainLoss, finalEvalLoss }) => [id, trainLoss, finalEvalLoss])),
    };
  } finally {
    cores.end();
  }
}

/** Seconds in the page of a browser that is open already, and what trained; kernels are compiled within them. */
async function inBrowser(
  experiment: Experiment,
  browser: string | undefined,
  engine: 'gpu' | 'faster',
): Promise<{ seconds: number; taken: CpuCoresRow['taken'] }> {
  const page = await openHeadlessPage(browser, 'software', { event: () => {}, file: () => {}, tell: () => {} });
  try {
    const begun = performance.now();
    const outcome = await page.run({ experiment, texts: {}, dump: false, engine });
    if ('refused' in outcome) throw new Error(outcome.refused.message);
    const taken = outcome.result.adapter.architecture === 'cpu' ? 'the CPU' : 'the adapter';
    return { seconds: (performance.now() - begun) / 1000, taken };
  } finally {
    await page.close();
  }
}
