/** The engine without a page around it, for whoever drives the browser. */
import { requestGpuEngine } from '../../../src/gpu/engine.ts';
import type { Cohort } from '../../../src/model/training.ts';
import { cohortOf, recipeOf, train, type Trained } from '../../gpu/cohorts.ts';

async function ownEngine() {
  const own = await requestGpuEngine();
  if ('reason' in own) throw new Error(own.reason);
  return own.engine;
}

/** The tiny recipe of speed tests: one layer, width 8, context 8, batch 2, 16 tokens. */
const tinyCohort = (steps: number): Cohort =>
  cohortOf([recipeOf({ steps, batch: 2 })], { width: 8, vocabulary: 16 }, 1);

const numbers = ({ losses, outcomes }: Trained) => ({
  losses: losses.get('run 0')!,
  finalEvalLoss: outcomes[0].finalEvalLoss,
});

const offered = {
  /** The losses of a short run, undisturbed and with its device destroyed on the way. */
  async losing(steps: number) {
    const cohort = tinyCohort(steps);
    const engine = await ownEngine();
    const undisturbed = await train(engine, cohort);
    let seen = 0;
    let lost = 0;
    const disturbed = await train(engine, cohort, {
      onReport: (report) => {
        if (report.kind !== 'losses' || ++seen !== 2) return;
        lost++;
        engine.device.destroy();
      },
    });
    engine.destroy();
    return { lost, undisturbed: numbers(undisturbed), disturbed: numbers(disturbed) };
  },

  /** Milliseconds of the run, with everything compiled before, and how many submits it took. */
  async timed(steps: number, repeats: number) {
    const engine = await ownEngine();
    await train(engine, tinyCohort(steps));
    let submits = 0;
    const { queue } = engine.device;
    const submit = queue.submit.bind(queue);
    queue.submit = (buffers) => {
      submits++;
      submit(buffers);
    };
    const milliseconds: number[] = [];
    for (let i = 0; i < repeats; i++) {
      const started = performance.now();
      await train(engine, tinyCohort(steps));
      milliseconds.push(performance.now() - started);
    }
    engine.destroy();
    return { milliseconds, submits: submits / repeats };
  },
};

export type EnginePage = typeof offered;

declare global {
  interface Window {
    engine: EnginePage;
  }
}

window.engine = offered;
