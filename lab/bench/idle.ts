/** Section "idle": for how much of an experiment's time the GPU has nothing to do between cohorts, but for what a seal waits for. */
import { analyse } from '../../src/analysis/analyse.ts';
import { Conductor } from '../../src/experiment/conductor.ts';
import type { TrainerService } from '../../src/experiment/protocol.ts';
import { EngineTrainer } from '../../src/experiment/trainer-service.ts';
import { requestGpuEngine } from '../../src/gpu/engine.ts';
import type { Experiment } from '../../src/model/experiment.ts';
import { presetExperiment } from '../../src/model/presets.ts';
import type { IdleFigures, IdleRow } from './figures.ts';
import type { BenchGpu, SectionOptions } from './section.ts';
import { spreadOf } from './spread.ts';

const EXPERIMENTS = ['first-light', 'compare-smoke'];
const STEPS = { quick: 20, full: 40 };
const ROUNDS = { quick: 1, full: 5 };

export async function idle(_: BenchGpu, { quick, tell }: SectionOptions): Promise<IdleFigures> {
  const extent = quick ? 'quick' : 'full';
  const rows: IdleRow[] = [];
  for (const name of EXPERIMENTS) {
    const { recipes, ...rest } = presetExperiment(name);
    const experiment = { ...rest, recipes: recipes.map((recipe) => ({ ...recipe, steps: STEPS[extent] })) };
    const ways = [false, true].map((isReady) => ({ isReady, measured: [] as Measured[] }));
    for (let round = 1; round <= ROUNDS[extent]; round++) {
      for (const { isReady, measured } of ways) {
        tell(`idle: ${name}, round ${round} of ${ROUNDS[extent]}`);
        measured.push(await measure(experiment, isReady));
      }
    }
    for (const { isReady, measured } of ways) {
      const spread = (of: (one: Measured) => number) => spreadOf(measured.map(of));
      rows.push({
        ...{ experiment: name, isReady, cohorts: measured[0].cohorts, seconds: spread((one) => one.total / 1000) },
        between: spread(({ between, total }) => between / total),
        sealing: spread(({ sealing, total }) => sealing / total),
      });
    }
  }
  return { steps: STEPS[extent], rows };
}

/** Milliseconds: from the first submit to the end of all work, and of these without work. */
interface Measured {
  cohorts: number;
  total: number;
  between: number;
  sealing: number;
}

/** Trains on a device of its own, on which nothing is compiled. @param isReady whether a cohort is made ready while another trains. */
async function measure(experiment: Experiment, isReady: boolean): Promise<Measured> {
  const found = await requestGpuEngine();
  if ('reason' in found) throw new Error(found.reason);
  const { engine } = found;
  const trainer = new EngineTrainer(async () => ({ engine, reason: null }));
  let cohorts = 0;
  let seals = 0;
  const counting: TrainerService = {
    describe: () => trainer.describe(),
    useCpu: () => trainer.useCpu(),
    kernels: () => trainer.kernels(),
    prepare: (recipe, texts) => trainer.prepare(recipe, texts),
    batches: (...asked) => trainer.batches(...asked),
    tryOut: (request) => trainer.tryOut(request),
    assertFits: (request) => trainer.assertFits(request),
    train: (request, reports) => {
      cohorts++;
      return trainer.train(isReady ? request : { ...request, next: undefined }, reports);
    },
    pause: () => trainer.pause(),
    resume: () => trainer.resume(),
    cancel: () => trainer.cancel(),
  };
  const watch = watchIdle(engine.device, () => ({ cohorts, seals }));
  try {
    const conductor = new Conductor(
      counting,
      async (question) => analyse(question),
      { experiment, texts: {} },
      ({ kind }) => {
        if (kind === 'sealed') seals++;
      },
    );
    await conductor.run();
    return { cohorts, ...watch() };
  } finally {
    engine.destroy();
  }
}

/** Notes when the device's queue runs empty, and what had happened when it was given work again. */
function watchIdle(
  { queue }: GPUDevice,
  counts: () => { cohorts: number; seals: number },
): () => Omit<Measured, 'cohorts'> {
  const submit = queue.submit.bind(queue);
  let [underWay, between, sealing] = [0, 0, 0];
  let begun: number | null = null;
  let emptySince = 0;
  let before = counts();
  queue.submit = (buffers) => {
    const now = performance.now();
    begun ??= now;
    const { cohorts, seals } = counts();
    // Within a cohort the queue may run empty, too: that is the engine's pace, not this section's matter.
    if (underWay === 0 && before.cohorts > 0 && cohorts > before.cohorts) {
      if (seals > before.seals) sealing += now - emptySince;
      else between += now - emptySince;
    }
    before = { cohorts, seals };
    underWay++;
    submit(buffers);
    void queue.onSubmittedWorkDone().then(() => {
      underWay--;
      emptySince = performance.now();
    });
  };
  return () => ({ total: emptySince - (begun ?? emptySince), between, sealing });
}
