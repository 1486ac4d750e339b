/** What the engine promises about training as a whole: determinism, independence of runs, pausing, cancelling, device loss. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { RecordingTarget } from '../../src/gpu/capacity.ts';
import { requestGpuEngine, type GpuEngine } from '../../src/gpu/engine.ts';
import { MatmulChoices } from '../../src/gpu/matmul/choices.ts';
import { CohortTrainer } from '../../src/gpu/trainer.ts';
import type { TrainingOptions, TrainingReport } from '../../src/model/training.ts';
import { initialParameters } from '../../src/model/initialise.ts';
import { randomStream } from '../../src/model/random.ts';
import { createReferenceEngine } from '../../src/reference/trainer.ts';
import { cohortOf, recipeOf, train, type Trained } from './cohorts.ts';
import { drawTwo, loseDevices, MOMENTS, racing } from './device-losses.ts';
import { drawRecipe } from './drawn-recipes.ts';
import { gpu, newEngine } from './shared-device.ts';

const engine = newEngine();
/** As the engine itself records for its adapter. */
const target: RecordingTarget = {
  fill: 1,
  matmuls: new MatmulChoices({ software: gpu.adapter.software, subgroups: gpu.quads }),
};

const SMALL = { width: 16, vocabulary: 16 };
const SEED = Number(import.meta.env['VITE_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
let drawn = 0;
/** On a device that may be lost. */
async function ownEngine(): Promise<GpuEngine> {
  const found = await requestGpuEngine();
  if ('reason' in found) throw new Error(found.reason);
  return found.engine;
}
/** A new seed at each call, the same ones for the same VITE_SEED. */
const seedOf = () => SEED + drawn++;

describe(`a cohort (seed ${SEED})`, () => {
  test('gives the same bits for the same seed', async () => {
    const cohort = cohortOf([recipeOf({}), recipeOf({})], SMALL, seedOf(), [1, 2]);
    const [first, second] = [await train(engine, cohort), await train(engine, cohort)];
    expect(second.losses).toEqual(first.losses);
    expect(second.outcomes.map((o) => o.finalEvalLoss)).toEqual(first.outcomes.map((o) => o.finalEvalLoss));
    expect(first.losses.get('run 0')).not.toEqual(first.losses.get('run 1'));
  });

  test.each(['adamw', 'muon'] as const)('trains each run by %s as it trains alone, bit for bit', async (kind) => {
    const rates = [2 ** -5, 2 ** -6, 2 ** -8];
    // Enough terms for the weight gradients to be summed in splits, and matrices so large that Muon shares them out. All of a step's
    // kernels run in each, so that a few steps are enough for a bit that differs to spread.
    const sizes = { batch: 16, context: 16, steps: 6 };
    const settings = { ...SMALL, width: 48 };
    const recipes = rates.map((learningRate) => recipeOf({ ...sizes, optimizer: { kind, learningRate } }));
    const seed = seedOf();
    const together = await train(engine, cohortOf(recipes, settings, seed));
    for (const [i, recipe] of recipes.entries()) {
      const alone = await train(engine, cohortOf([recipe], settings, seed));
      expect(together.losses.get(`run ${i}`)).toEqual(alone.losses.get('run 0'));
    }
  });

  test('learns', async () => {
    const recipe = recipeOf({ steps: 150, optimizer: { learningRate: 2 ** -5 } });
    const { losses, outcomes } = await train(engine, cohortOf([recipe], SMALL, seedOf()));
    const series = losses.get('run 0')!;
    expect(series).toHaveLength(150);
    expect(series[0]).toBeCloseTo(Math.log(16), 4);
    // One batch is now and then a hard one.
    const last = series.slice(-50);
    expect(last.reduce((sum, loss) => sum + loss, 0) / last.length).toBeLessThan(series[0] - 0.3);
    expect(outcomes[0]).toMatchObject({ status: 'done', divergedAt: null });
  });

  test('has the losses of one segment in many, whatever their length', async () => {
    const recipes = [recipeOf({ steps: 23 }), recipeOf({ steps: 23, optimizer: { learningRate: 2 ** -8 } })];
    const seed = seedOf();
    const settings = { ...SMALL, evaluateEvery: 5 };
    const whole = await train(engine, cohortOf(recipes, settings, seed));
    for (const segmentSteps of [1, 4, 7, 22]) {
      const cut = await train(engine, cohortOf(recipes, { ...settings, segmentSteps }, seed));
      expect(cut.losses, `${segmentSteps}`).toEqual(whole.losses);
      expect(cut.evaluations).toEqual(whole.evaluations);
    }
  });

  test('trains SP and muP identically, bit for bit, at the base width, and differently beyond it', async () => {
    const recipes = [recipeOf({ baseWidth: 16 }), recipeOf({ baseWidth: 16, parametrization: 'sp' })];
    const seed = seedOf();
    const atBase = await train(engine, cohortOf(recipes, SMALL, seed));
    expect(atBase.losses.get('run 1')).toEqual(atBase.losses.get('run 0'));
    const beyond = await train(engine, cohortOf(recipes, { ...SMALL, width: 32 }, seed));
    expect(beyond.losses.get('run 1')).not.toEqual(beyond.losses.get('run 0'));
  });

  test('trains by a depth rule and by none identically, bit for bit, at the base depth', async () => {
    const rules = ['none', 'depth-mup', 'completep'] as const;
    const recipes = rules.map((rule) => recipeOf({ layers: 2, depth: { rule, baseLayers: 2 } }));
    const { losses } = await train(engine, cohortOf(recipes, SMALL, seedOf()));
    expect(losses.get('run 1')).toEqual(losses.get('run 0'));
    expect(losses.get('run 2')).toEqual(losses.get('run 0'));
  });

  test('trains SP and muP identically, bit for bit, at the base width, whatever the options', async () => {
    const random = randomStream(seedOf(), 'options at the base width');
    for (let i = 0; i < 4; i++) {
      const { recipe, other, vocabulary, words } = drawRecipe(random, 12);
      const width = recipe.baseWidth;
      const { losses } = await train(engine, cohortOf([recipe, other], { width, vocabulary }, seedOf()));
      expect(losses.get('run 1'), words).toEqual(losses.get('run 0'));
      expect(losses.get('run 0')!.every(Number.isFinite)).toBe(true);
    }
  });

  test('masks a run that diverges, says when, and leaves its neighbours unchanged bit for bit', async () => {
    const calm = [recipeOf({}), recipeOf({ optimizer: { learningRate: 2 ** -7 } })];
    // Weight decay of 10 at this rate multiplies the weights by -99 each step: it must overflow.
    const wild = recipeOf({
      optimizer: { learningRate: 10, weightDecay: 10, clip: 0 },
      schedule: { kind: 'constant' },
    });
    const seed = seedOf();
    const alone = await train(engine, cohortOf(calm, SMALL, seed));
    const beside = await train(engine, cohortOf([calm[0], calm[1], wild], SMALL, seed));
    expect(beside.losses.get('run 0')).toEqual(alone.losses.get('run 0'));
    expect(beside.losses.get('run 1')).toEqual(alone.losses.get('run 1'));
    const outcome = beside.outcomes[2];
    expect(outcome.status).toBe('diverged');
    expect(outcome.divergedAt).toBeGreaterThan(0);
    const series = beside.losses.get('run 2')!;
    expect(series.slice(0, outcome.divergedAt!).every(Number.isFinite)).toBe(true);
    expect(series.slice(outcome.divergedAt! + 1).every(Number.isNaN)).toBe(true);
  });
});

describe('a probed cohort', () => {
  const seed = seedOf();
  const random = randomStream(seed, 'probed recipes');
  for (let i = 0; i < 5; i++) {
    const { recipe, other, width, vocabulary, words } = drawRecipe(random, 6);
    test(`measures the activations of the reference: ${words} (seed ${seed})`, async () => {
      const cohort = { ...cohortOf([recipe, other], { width, vocabulary, evaluateEvery: 2 }, seed + i), probe: true };
      const measured = await train(engine, cohort);
      const expected = await train(createReferenceEngine(), cohort);
      for (const [r, { activations }] of measured.outcomes.entries()) {
        const wanted = expected.outcomes[r].activations!;
        expect(activations!.modules).toEqual(wanted.modules);
        expect(activations!.values).toHaveLength(6);
        for (const [t, row] of wanted.values.entries()) {
          for (const [m, value] of row.entries()) {
            const error = Math.abs(activations!.values[t][m] - value) / Math.max(value, 1e-3);
            expect(error, `${wanted.modules[m]} at ${t}`).toBeLessThan(2e-3);
          }
        }
      }
    });
  }

  test('tells nothing of a run that has diverged', async () => {
    const wild = {
      optimizer: { learningRate: 10, weightDecay: 10, clip: 0 },
      schedule: { kind: 'constant' },
      steps: 60,
    } as const;
    const cohort = { ...cohortOf([recipeOf(wild), recipeOf({ steps: 60 })], SMALL, seedOf()), probe: true };
    const { outcomes } = await train(engine, cohort);
    const { divergedAt, activations } = outcomes[0];
    expect(activations!.values[divergedAt! - 1].every(Number.isFinite)).toBe(true);
    expect(activations!.values.slice(divergedAt!).flat().every(Number.isNaN)).toBe(true);
    expect(outcomes[1].activations!.values.flat().every(Number.isFinite)).toBe(true);
  });
});

describe('control', () => {
  test('evaluates on the way and at the end', async () => {
    const cohort = cohortOf([recipeOf({ steps: 10 })], { ...SMALL, evaluateEvery: 4 }, seedOf());
    const { evaluations, outcomes } = await train(engine, cohort);
    expect(evaluations.map((e) => e.step)).toEqual([4, 8, 10]);
    expect(outcomes[0].finalEvalLoss).toBe(evaluations.at(-1)!.losses[0]);
    expect(outcomes[0].finalEvalStandardError).toBeGreaterThan(0);
  });

  test('waits while paused and cancels soon, keeping what was reported', async () => {
    const abort = new AbortController();
    const queueOf = () => engine.device.queue.onSubmittedWorkDone();
    let asked = 0;
    let resume = () => {};
    let held = () => {};
    let going = () => {};
    const isHeld = new Promise<void>((resolve) => (held = resolve));
    const goesOn = new Promise<void>((resolve) => (going = resolve));
    const untilResumed = () => {
      asked++;
      if (asked > 6) going();
      if (asked !== 3) return Promise.resolve();
      held();
      return new Promise<void>((resolve) => (resume = resolve));
    };
    const cohort = cohortOf([recipeOf({ steps: 5000 })], SMALL, seedOf());
    const work = train(engine, cohort, { signal: abort.signal, untilResumed });
    await isHeld;
    // All that was asked for is done, and nothing follows.
    for (let turn = 0; turn < 5; turn++) await queueOf();
    expect(asked).toBe(3);
    resume();
    await goesOn;
    abort.abort();
    const { outcomes, losses } = await work;
    expect(outcomes[0].status).toBe('cancelled');
    expect(losses.get('run 0')!.length).toBeGreaterThan(0);
    expect(losses.get('run 0')!.length).toBeLessThan(5000);
  });

  // Compiling all anew takes seconds on a software adapter, so that each run draws two; an adapter of another kind meets all.
  const draw = randomStream(seedOf(), 'moments');
  const moments = gpu.adapter.software ? drawTwo(MOMENTS, draw) : MOMENTS;
  test(`goes on along the same trajectory when devices are lost: ${moments.map(({ name }) => name).join(', ')}`, async () => {
    const recipes = [recipeOf({ steps: 60 })];
    const seed = seedOf();
    const undisturbed = await train(engine, cohortOf(recipes, { ...SMALL, evaluateEvery: 3 }, seed));
    const cohort = cohortOf(recipes, { ...SMALL, evaluateEvery: 3, segmentSteps: 7 }, seed);
    const momentsLeft = loseDevices(moments, () => Object.assign(own, { work: 0 }));
    const own = await ownEngine();
    own.checkpointMilliseconds = 0;
    // From so much work on kernels race: where they are to be met in a race, and on no device that comes after.
    if (moments.includes(racing)) Object.assign(own, { work: 1e13 });
    const disturbed = await train(own, cohort).finally(() => expect(momentsLeft()).toEqual([]));
    expect(disturbed.losses).toEqual(undisturbed.losses);
    expect(disturbed.evaluations).toEqual(undisturbed.evaluations);
    expect(disturbed.outcomes[0].finalEvalLoss).toBe(undisturbed.outcomes[0].finalEvalLoss);
    own.destroy();
  });

  const optimizers = ['adamw', 'sgd', 'lion', 'muon'] as const;
  test.each(optimizers)(
    'continues %s from a checkpoint as if nothing had happened, and tells nothing twice',
    async (kind) => {
      const optimizer = { kind, learningRate: 2 ** -6 };
      const changes = { steps: 40, schedule: { kind: 'cosine', warmup: 5, final: 0.1 }, optimizer } as const;
      const recipes = [recipeOf(changes), recipeOf(changes)];
      const seed = seedOf();
      const whole = await train(engine, cohortOf(recipes, { ...SMALL, evaluateEvery: 8 }, seed, [1, 2]));
      // Of 18 steps each: what goes on does so in the midst of one.
      const settings = { ...SMALL, evaluateEvery: 8, segmentSteps: 18 };
      const cohort = cohortOf(recipes, settings, seed, [1, 2]);

      const abort = new AbortController();
      const told: number[] = [];
      const options = (signal: AbortSignal, firstSteps: number[], after = Infinity) => ({
        signal,
        untilResumed: () => Promise.resolve(),
        onReport: (report: TrainingReport) => {
          if (report.kind === 'losses') firstSteps.push(report.firstStep);
          if (report.kind === 'losses' && report.firstStep >= after) abort.abort();
        },
      });
      const prepare = (given: TrainingOptions) =>
        CohortTrainer.prepare(engine.device, cohort, cohort.runs, target, given);
      const first = await prepare(options(abort.signal, told, 10));
      await first.train(() => Promise.resolve());
      const checkpoint = await first.checkpoint();
      expect(checkpoint.step).toBeGreaterThan(9);
      expect(checkpoint.step).toBeLessThan(40);
      first.destroy();

      // As much was told as the checkpoint knows, and two steps more.
      const evaluations: number[] = [];
      const losses: number[] = [];
      const second = await prepare({
        signal: new AbortController().signal,
        untilResumed: () => Promise.resolve(),
        onReport: (report) => {
          if (report.kind === 'evaluation') evaluations.push(report.step);
          else losses.push(report.firstStep, ...report.losses);
        },
      });
      second.goOn(checkpoint, { steps: checkpoint.step + 2, evaluation: 16 });
      const outcomes = await second.train(() => Promise.resolve());
      second.destroy();
      expect(losses[0]).toBe(checkpoint.step + 2);
      expect(losses.slice(-2)).toEqual([whole.losses.get('run 0')!.at(-1), whole.losses.get('run 1')!.at(-1)]);
      // A checkpoint is made behind the evaluation of its step.
      expect(evaluations).toEqual([24, 32, 40].filter((step) => step > checkpoint.step));
      expect(outcomes.map((o) => o.finalEvalLoss)).toEqual(whole.outcomes.map((o) => o.finalEvalLoss));
    },
  );

  test('a checkpoint of the last step still ends in a finished run', async () => {
    const cohort = cohortOf([recipeOf({ steps: 4 })], SMALL, seedOf());
    const options = { signal: new AbortController().signal, untilResumed: () => Promise.resolve(), onReport: () => {} };
    const prepare = () => CohortTrainer.prepare(engine.device, cohort, cohort.runs, target, options);
    const first = await prepare();
    const [expected] = await first.train(() => Promise.resolve());
    const second = await prepare();
    second.goOn(await first.checkpoint(), { steps: 4, evaluation: 4 });
    const [outcome] = await second.train(() => Promise.resolve());
    expect(outcome).toMatchObject({ status: 'done', finalEvalLoss: expected.finalEvalLoss });
    first.destroy();
    second.destroy();
  });

  test('keeps the final parameters of the runs of which they are asked', async () => {
    const cohort = cohortOf([recipeOf({ steps: 3 }), recipeOf({ steps: 3 })], SMALL, seedOf(), [1, 2]);
    const { outcomes } = await train(engine, cohort, { keepParameters: ['run 1'] });
    expect(outcomes[0].parameters).toBeUndefined();
    const final = outcomes[1].parameters!;
    const initial = initialParameters(cohort.runs[1].table, 2);
    const both = await train(engine, cohort, { keepParameters: 'all' });
    expect(both.outcomes[1].parameters).toEqual(final);
    expect(both.outcomes[0].parameters).not.toEqual(final);
    expect([...final.keys()]).toEqual(cohort.runs[0].table.tensors.map((tensor) => tensor.name));
    for (const tensor of cohort.runs[0].table.tensors) expect(final.get(tensor.name)).toHaveLength(tensor.size);
    expect(final.get('layers.0.mlp.up')).not.toEqual(initial.get('layers.0.mlp.up'));
  });
});

describe('buffers that are destroyed in mid-cohort', () => {
  const cohort = cohortOf([recipeOf({ steps: 200 })], { ...SMALL, evaluateEvery: 60 }, SEED);
  let undisturbed: Trained;
  beforeAll(async () => {
    undisturbed = await train(engine, cohort);
  });
  const labels = ['parameters', 'loss history', 'training tokens', 'tokens', 'run states', 'evaluation means'];
  // Whatever was refused before them, the losses of each are those of a device that nothing has befallen.
  test.each(labels)('%s: the cohort ends by the name of a kernel, and nothing false is told', async (label) => {
    const { device } = engine;
    const made: GPUBuffer[] = [];
    const createBuffer = device.createBuffer.bind(device);
    device.createBuffer = (descriptor) => {
      const buffer = createBuffer(descriptor);
      if (descriptor.label === label) made.push(buffer);
      return buffer;
    };
    const told: number[] = [];
    const evaluated: number[] = [];
    const ended = train(engine, cohort, {
      onReport: (report) => {
        for (const buffer of made) buffer.destroy();
        if (report.kind === 'losses') told.push(...report.losses);
        else evaluated.push(...report.losses);
      },
    });
    await expect(ended).rejects.toMatchObject({
      name: 'DeviceError',
      message: expect.stringMatching(
        /^The graphics device failed at kernel ".+" \(to (train|evaluate) width 16/,
      ) as unknown,
    });
    Reflect.deleteProperty(device, 'createBuffer');
    expect(told.length).toBeGreaterThan(0);
    expect(told.length).toBeLessThan(200);
    expect(told).toEqual(undisturbed.losses.get('run 0')!.slice(0, told.length));
    expect(evaluated).toEqual(undisturbed.evaluations.flatMap(({ losses }) => losses).slice(0, evaluated.length));
  });

  test('after all of that the device is as good as before', async () => {
    expect((await train(engine, cohort)).losses).toEqual(undisturbed.losses);
  });

  test('state that is destroyed becomes no checkpoint', async () => {
    const options = { signal: new AbortController().signal, untilResumed: () => Promise.resolve(), onReport: () => {} };
    const cohort = cohortOf([recipeOf({ steps: 4 })], SMALL, SEED);
    const { device } = engine;
    const made: GPUBuffer[] = [];
    const createBuffer = device.createBuffer.bind(device);
    device.createBuffer = (descriptor) => {
      const buffer = createBuffer(descriptor);
      if (descriptor.label === 'first moments') made.push(buffer);
      return buffer;
    };
    const trainer = await CohortTrainer.prepare(device, cohort, cohort.runs, target, options);
    Reflect.deleteProperty(device, 'createBuffer');
    await trainer.train(() => Promise.resolve());
    for (const buffer of made) buffer.destroy();
    expect(made.length).toBeGreaterThan(0);
    await expect(trainer.checkpoint()).rejects.toThrow(/^The graphics device could not read "first moments"/);
    trainer.destroy();
  });
});
