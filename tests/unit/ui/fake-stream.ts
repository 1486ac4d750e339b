/** Events as a conductor tells them, with losses from a formula: for tests of what the page makes of them. Never shipped. */
import type { Experiment } from '../../../src/model/experiment.ts';
import type { Recipe } from '../../../src/model/recipe.ts';
import type { RunResult, SealedPrediction } from '../../../src/model/result.ts';
import { runId } from '../../../src/model/run.ts';
import { countParameters, modelShape } from '../../../src/model/shape.ts';
import type { FitReport, FitRequest } from '../../../src/scaling/width/report.ts';
import type { StudyState } from '../../../src/ui/state/study.svelte.ts';
import type { Conducting, Training } from '../../../src/ui/state/training.svelte.ts';
import type { Services } from '../../../src/ui/state/services.ts';
import { asking } from '../experiment/fakes.ts';
import type { ConductorEvent, ConductorOptions, EngineDescription } from '../../../src/experiment/protocol.ts';

export const trueLaw = (width: number): number => 3.885 + 3.75 * width ** -0.82;
const wobble = (width: number, seed: number) => 0.004 * Math.sin(width * 7.3 + seed * 2.1);
const lossAt = (width: number, seed: number, share: number) =>
  trueLaw(width) +
  wobble(width, seed) +
  1.6 * Math.exp(-share * (5 + Math.log2(width / 8))) +
  0.02 * Math.sin(share * 900 + width + seed);

export const fakeEngine: EngineDescription = {
  kind: 'gpu',
  adapter: { vendor: 'fake', architecture: 'stream', description: 'Laptop GPU', features: [], software: false },
  reason: null,
};

export function fakeRun(experiment: Experiment, width: number, seed: number): RunResult {
  const recipe = experiment.recipes[0];
  const steps = Array.from({ length: recipe.steps }, (_, i) => i + 1);
  const shape = modelShape(recipe, width, 256);
  return {
    id: runId(recipe, width, seed),
    recipe: recipe.name,
    width,
    seed,
    overrides: {},
    parameters: countParameters(shape),
    status: 'done',
    steps,
    trainLoss: steps.map((step) => lossAt(width, seed, step / recipe.steps)),
    evalSteps: [recipe.steps],
    evalLoss: [trueLaw(width) + wobble(width, seed)],
    finalEvalLoss: trueLaw(width) + wobble(width, seed),
    finalEvalStandardError: 0.006,
    tokens: recipe.steps * recipe.batch * recipe.context,
    seconds: 2,
  };
}

export function fakeSeal(experiment: Experiment, width: number): SealedPrediction {
  const loss = trueLaw(width) - 0.002;
  return {
    recipe: experiment.recipes[0].name,
    width,
    sealedAt: '2026-01-02T12:04:31.000Z',
    inputsHash: '7f3a'.padEnd(60, '0') + 'c21e',
    loss,
    lo: loss - 0.011,
    hi: loss + 0.011,
    level: 0.8,
    actual: null,
    verdict: null,
  };
}

/** All events of a whole experiment, in order. */
export function* fakeEvents({ experiment, finished = [] }: ConductorOptions): Generator<ConductorEvent> {
  const recipe = experiment.recipes[0];
  const { ladder, seeds } = experiment;
  yield { kind: 'phase', phase: 'preparing' };
  yield { kind: 'engine', engine: fakeEngine };
  yield {
    kind: 'corpus',
    facts: {
      recipe: recipe.name,
      vocabulary: 256,
      entropyRate: 3.873,
      evaluationEntropy: 3.873,
      textHash: null,
      notes: [],
    },
  };
  yield { kind: 'phase', phase: 'training' };
  const widths = [...ladder.rungs, ...ladder.targets].filter((width) => !finished.some((run) => run.width === width));
  if (ladder.rungs.every((width) => !widths.includes(width))) yield* seals(experiment);
  for (const [k, width] of widths.entries()) {
    const runs = seeds.map((seed) => fakeRun(experiment, width, seed));
    const cohort = { recipes: [recipe.name], width, layers: recipe.layers };
    yield { kind: 'cohort', cohort, runs: runs.map((run) => run.id) };
    for (let step = 0; step < recipe.steps; step += 10) {
      const count = Math.min(10, recipe.steps - step);
      const losses = new Float32Array(count * seeds.length);
      for (let i = 0; i < count; i++)
        runs.forEach((run, r) => (losses[i * seeds.length + r] = run.trainLoss[step + i]!));
      yield { kind: 'report', report: { kind: 'losses', runs: runs.map((run) => run.id), firstStep: step, losses } };
      const secondsLeft = (recipe.steps - step) / 50;
      yield {
        kind: 'progress',
        progress: {
          share: (k + step / recipe.steps) / widths.length,
          secondsLeft: (widths.length - k) * 6 - step / 50,
          current: [{ ...cohort, step: step + count, steps: recipe.steps, secondsLeft }],
        },
      };
    }
    for (const result of runs) yield { kind: 'run', result };
    if (width === ladder.rungs[ladder.rungs.length - 1]) yield* seals(experiment);
    if (ladder.targets.includes(width)) {
      yield {
        kind: 'revealed',
        prediction: { ...fakeSeal(experiment, width), actual: runs[0].finalEvalLoss, verdict: 'inside' },
      };
    }
  }
  yield { kind: 'phase', phase: 'done' };
}

function* seals(experiment: Experiment): Generator<ConductorEvent> {
  for (const width of experiment.ladder.targets) yield { kind: 'sealed', prediction: fakeSeal(experiment, width) };
}

/** A fit of the right form: the true law with intervals that widen as it goes beyond its points. */
export function fakeFit({ points, targets, grid }: FitRequest): FitReport {
  const last = Math.max(...points.map((point) => point.x));
  const predict = (x: number) => {
    const loss = trueLaw(x);
    const half = 0.005 + 0.012 * Math.max(0, Math.log2(x / last));
    const around = (z: number): [number, number] => [loss - z * half, loss + z * half];
    return { x, loss, intervals: { '50': around(0.5), '80': around(1), '95': around(1.8) } };
  };
  const hasLaw = points.length >= 3;
  return {
    status: hasLaw ? 'converged' : 'too-few-points',
    notes: [],
    points,
    noise: null,
    laws: [],
    leastSquares: hasLaw ? { a: 3.75, b: 0.82, c: 3.885, sse: 1e-4 } : null,
    intervals: hasLaw ? { a: [3, 4.5], b: [0.71, 0.94], c: [3.875, 3.91] } : null,
    predictions: hasLaw ? targets.map(predict) : [],
    band: hasLaw ? grid.map(predict) : [],
    backtest: points.slice(3).flatMap((point, i) => {
      const { loss } = predict(point.x);
      return {
        fittedOn: i + 3,
        target: point.x,
        predicted: loss,
        lo: loss - 0.02 / (i + 1),
        hi: loss + 0.02 / (i + 1),
        actual: point.loss,
      };
    }),
  };
}

/** Finds in earnest, but for the law. */
export const fakeAsk = asking({ law: fakeFit });

/** Services that play the fake events, `perFrame` of them at a time. */
export function fakeServices(
  engine: EngineDescription,
  perFrame: number,
  until: () => number = () => Infinity,
): Services {
  return {
    ask: fakeAsk,
    describe: async () => engine,
    useCpu: async () => ({ ...engine, kind: 'reference' as const, reason: 'The graphics device was lost for good.' }),
    kernels: async () => ({}),
    haveSpares: async () => {},
    stepLeft: async () => null,
    discardLeft: async () => {},
    learnt: () => Promise.reject(new Error('Nothing was trained here.')),
    prepare: async (recipe: Recipe) => ({
      recipe: recipe.name,
      vocabulary: 256,
      entropyRate: 3.873,
      evaluationEntropy: 3.873,
      textHash: null,
      notes: [],
    }),
    conduct: (options: ConductorOptions, listener: (event: ConductorEvent) => void) =>
      playing(options, listener, perFrame, until),
  };
}

/** A conductor that does nothing but what is given. */
export function fakeConductor(does: Partial<Conducting> = {}): Conducting {
  const nothing = async () => {};
  const idle = { start: nothing, pause: nothing, resume: nothing, cancel: nothing };
  return { ...idle, exclude: nothing, changeLadder: nothing, ...does };
}

/** Starts a training of what a study has measured that goes on for ever, and returns what tells its events. */
export function fakeTraining(training: Training, study: StudyState): (event: ConductorEvent) => void {
  const { experiment, runs, sealed } = study.own;
  let tell: (event: ConductorEvent) => void = () => {};
  void training.start(study, experiment!, runs, sealed, (listener) => {
    tell = listener;
    return fakeConductor({ start: () => new Promise(() => {}) });
  });
  tell({ kind: 'phase', phase: 'training' });
  return tell;
}

function playing(
  options: ConductorOptions,
  listener: (event: ConductorEvent) => void,
  perFrame: number,
  until: () => number,
): Conducting {
  let state: 'on' | 'paused' | 'cancelled' = 'on';
  let told = 0;
  return {
    async start() {
      for (const event of fakeEvents(options)) {
        listener(event);
        told++;
        while ((state === 'paused' || told >= until()) && (state as string) !== 'cancelled')
          await new Promise((next) => setTimeout(next, 20));
        if ((state as string) === 'cancelled') return listener({ kind: 'phase', phase: 'cancelled' });
        if (told % perFrame === 0) await new Promise((next) => setTimeout(next, 4));
      }
    },
    async pause() {
      state = 'paused';
      listener({ kind: 'phase', phase: 'paused' });
    },
    async resume() {
      state = 'on';
      listener({ kind: 'phase', phase: 'training' });
    },
    async cancel() {
      state = 'cancelled';
    },
    exclude: async () => {},
    changeLadder: async () => {},
  };
}
