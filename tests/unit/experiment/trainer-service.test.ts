import { createHash } from 'node:crypto';
import { expect, test, vi } from 'vitest';
import { wholeOf } from '../../../src/data/segments.ts';
import { parseExperiment } from '../../../src/model/experiment.ts';
import { lostDevice } from '../../../src/model/lost-device.ts';
import { modulesOf } from '../../../src/model/modules.ts';
import { parametrize } from '../../../src/model/parametrization.ts';
import { runOf, runsAt } from '../../../src/model/run.ts';
import { modelShape } from '../../../src/model/shape.ts';
import type { Cohort, RunOutcome, TokenStream, TrainingEngine, TrainingOptions } from '../../../src/model/training.ts';
import { GpuEngine } from '../../../src/gpu/engine.ts';
import { createCpuEngine } from '../../../src/reference/across-cores.ts';
import { numbersSent } from '../../../src/reference/capacity.ts';
import { createReferenceEngine } from '../../../src/reference/trainer.ts';
import { listenToReports } from '../../../src/experiment/report-port.ts';
import type { CohortRequest } from '../../../src/experiment/protocol.ts';
import { EngineTrainer } from '../../../src/experiment/trainer-service.ts';
import { learningDevice } from '../gpu/fake-device.ts';
import { cohortOf, experimentWith } from './fakes.ts';

const recipe = experimentWith().recipes[0];
const request = cohortOf(recipe, 8);

const reference = () => new EngineTrainer(async () => ({ engine: createReferenceEngine(), reason: 'no GPU' }));

/** An engine whose training is whatever the test says. */
function engineThat(train: (cohort: Cohort, options: TrainingOptions) => Promise<RunOutcome[]>): EngineTrainer {
  const engine: TrainingEngine = { ...createReferenceEngine(), train };
  return new EngineTrainer(async () => ({ engine, reason: null }));
}

const done = (id: string, seconds: number): RunOutcome => ({
  id,
  status: 'done',
  divergedAt: null,
  finalEvalLoss: 1,
  finalEvalStandardError: 0,
  seconds,
});

function untilWaiting() {
  let wait = () => {};
  const waiting = new Promise<void>((resolve) => (wait = resolve));
  return { waiting, wait: () => wait() };
}

/** Trains without listening to reports. */
async function train(trainer: EngineTrainer, asked: CohortRequest): Promise<RunOutcome[]> {
  const reports = listenToReports(() => {});
  const outcomes = await trainer.train(asked, reports.port);
  reports.close();
  return outcomes;
}

/** The cohort that an engine is given for a request. */
async function cohortFor(asked: CohortRequest): Promise<Cohort> {
  let given: Cohort | null = null;
  const trainer = engineThat(async (cohort) => {
    given = cohort;
    return [];
  });
  await trainer.prepare(recipe, {});
  await train(trainer, asked);
  return given!;
}

test('tells its engine and why it is no GPU', async () => {
  expect(await reference().describe()).toMatchObject({ kind: 'reference', reason: 'no GPU' });
});

test('trains for real: losses of every step and an evaluation, at a port', async () => {
  const trainer = reference();
  await trainer.prepare(recipe, {});
  const steps: number[] = [];
  let evaluations = 0;
  const reports = listenToReports((report) => {
    if (report.kind === 'losses') report.losses.forEach((_, i) => steps.push(report.firstStep + i));
    else evaluations++;
  });
  const [outcome] = await trainer.train(request, reports.port);
  await reports.ended;
  reports.close();
  expect(outcome).toMatchObject({ id: 'mup-w8-s1', status: 'done' });
  expect(steps).toEqual([0, 1, 2, 3]);
  expect(evaluations).toBe(1);
});

test('the batches are those that are trained on: consecutive, with one token shared', async () => {
  const trainer = reference();
  await trainer.prepare(recipe, {});
  const tokens = await trainer.batches(runOf(recipe, 8, 1));
  expect(tokens.length).toBe(4 * 2 * 9);
  expect(tokens[9]).toBe(tokens[8]);
  expect(Math.max(...tokens)).toBeLessThan(16);
});

test('seeds that draw their batches end elsewhere, to the same bit each time, alone and on several cores at once', async () => {
  const own = { ...recipe, seedDraws: 'batches-too' as const };
  const cohorts = [8, 16].flatMap((width) => [1, 2, 3].map((seed) => cohortOf(own, width, [seed])));
  const inTurns = reference();
  await inTurns.prepare(own, {});
  const ends: RunOutcome[] = [];
  for (const cohort of cohorts) ends.push(...(await train(inTurns, cohort)));
  const losses = ends.map(({ finalEvalLoss }) => finalEvalLoss);
  expect(new Set(losses).size).toBe(6);
  const engine = createCpuEngine([createReferenceEngine(), createReferenceEngine()]);
  const atOnce = new EngineTrainer(async () => ({ engine, reason: null }));
  await atOnce.prepare(own, {});
  const again = await Promise.all([...cohorts].reverse().map((cohort) => train(atOnce, cohort)));
  expect(again.flat().map(({ finalEvalLoss }) => finalEvalLoss)).toEqual([...losses].reverse());
});

test('at the base width μP and SP agree to the bit on batches that their seed drew too', async () => {
  const recipes = (['mup', 'sp'] as const).map((parametrization) => ({
    ...recipe,
    ...{ name: parametrization, parametrization, seedDraws: 'batches-too' as const },
  }));
  const trainer = reference();
  for (const one of recipes) await trainer.prepare(one, {});
  const ends = await train(trainer, { runs: recipes.map((one) => runOf(one, 8, 5)) });
  expect(ends[0].finalEvalLoss).toBe(ends[1].finalEvalLoss);
  await expect(train(trainer, cohortOf(recipes[0], 8, [1, 2]))).rejects.toThrow('cannot train together');
});

test('each seed that draws its batches has a stream of its own, the same in each cohort, beside one evaluation', async () => {
  const own = { ...recipe, seedDraws: 'batches-too' as const };
  const streams: TokenStream[] = [];
  const trainer = engineThat(async ({ stream }) => {
    streams.push(stream);
    return [];
  });
  await trainer.prepare(own, {});
  for (const seed of [1, 2, 3, 1]) await train(trainer, cohortOf(own, 8, [seed]));
  const written = await Promise.all(streams.map(({ segment }) => segment(0)));
  expect(new Set(written.map(String)).size).toBe(3);
  // What was written for one is there for the next.
  expect(written[3]).toBe(written[0]);
  expect(new Set(streams.map(({ evaluation }) => evaluation)).size).toBe(1);
});

test('a corpus is built once for recipes that share it, and anew for another text', async () => {
  const { recipes } = parseExperiment({
    recipes: [{ ...recipe, corpus: { kind: 'text', file: 'a.txt' } }],
    ladder: { rungs: [8] },
  });
  const trainer = reference();
  const vocabularyOf = async (text: string) => (await trainer.prepare(recipes[0], { 'a.txt': text })).vocabulary;
  expect(await vocabularyOf('ab'.repeat(200))).toBe(2);
  expect(await vocabularyOf('abc'.repeat(200))).toBe(3);
  await expect(trainer.prepare(recipes[0], {})).rejects.toMatchObject({ field: 'corpus.file' });
  const { textHash } = await trainer.prepare(recipes[0], { 'a.txt': '\uFEFF' + 'é\n'.repeat(200) });
  expect(textHash).toBe(createHash('sha256').update('é\n'.repeat(200)).digest('hex'));
  expect((await trainer.prepare(recipe, {})).textHash).toBeNull();
});

test('the book is loaded once it is trained on, and where there is none it is said', async () => {
  const corpus = { kind: 'book' as const, heldOut: 0.1, tokenizer: 'characters' as const, characters: 256 };
  const reading = { ...recipe, corpus };
  await expect(reference().prepare(reading, {})).rejects.toMatchObject({ field: 'corpus.kind' });
  let loaded = 0;
  const choose = async () => ({ engine: createReferenceEngine(), reason: null });
  const trainer = new EngineTrainer(choose, null, '', async () => {
    loaded++;
    return 'Call me Ishmael. '.repeat(40);
  });
  expect(loaded).toBe(0);
  expect(await trainer.prepare(reading, {})).toMatchObject({ vocabulary: 10, entropyRate: null, textHash: null });
  expect(loaded).toBe(1);
});

test('where the GPU is gone for good the CPU trains on from then on, and says why', async () => {
  const lost = lostDevice('was lost, and none could be had again.');
  const engine: TrainingEngine = { ...createReferenceEngine(), train: () => Promise.reject(lost) };
  const trainer = new EngineTrainer(async (noGpu) =>
    noGpu ? { engine: createReferenceEngine(), ...noGpu } : { engine, reason: null },
  );
  await trainer.prepare(recipe, {});
  await expect(train(trainer, request)).rejects.toMatchObject({ field: 'device' });
  expect(await trainer.useCpu()).toMatchObject({ kind: 'reference', reason: 'The graphics device was lost for good.' });
  const byCpu = reference();
  await byCpu.prepare(recipe, {});
  const withoutTime = (outcomes: RunOutcome[]) => outcomes.map((outcome) => ({ ...outcome, seconds: 0 }));
  expect(withoutTime(await train(trainer, request))).toEqual(withoutTime(await train(byCpu, request)));
});

test('what the next cohort needs is made ready once this one trains, and no failure of it is told', async () => {
  const told: string[] = [];
  const { waiting, wait } = untilWaiting();
  const engine: TrainingEngine = {
    ...createReferenceEngine(),
    makeReady: async ({ shape }) => {
      told.push(`ready ${shape.width}`);
      throw new Error('does not compile');
    },
    train: async ({ shape, runs: [{ id }] }, { onReport }) => {
      told.push(`train ${shape.width}`);
      for (let step = 0; step < 2; step++) {
        onReport({ kind: 'losses', runs: [id], firstStep: step, losses: new Float32Array(1) });
      }
      wait();
      return [done(id, 0)];
    },
  };
  const trainer = new EngineTrainer(async () => ({ engine, reason: null }));
  await trainer.prepare(recipe, {});
  const { runs: next } = cohortOf(recipe, 16);
  const [outcome] = await train(trainer, { ...request, next });
  await waiting;
  expect(outcome.status).toBe('done');
  await train(trainer, { runs: next });
  expect(told).toEqual(['train 8', 'ready 16', 'train 16']);
});

test.each([
  ['reference', () => createReferenceEngine()],
  ['gpu', () => new GpuEngine(learningDevice().gpu)],
])('a pause holds the %s and is no part of the run’s seconds', async (_, make) => {
  let now = 1000;
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  const { waiting, wait } = untilWaiting();
  const engine = make();
  const trainer = engineThat((cohort, options) =>
    engine.train(cohort, {
      ...options,
      untilResumed: () => {
        wait();
        return options.untilResumed();
      },
    }),
  );
  await trainer.prepare(recipe, {});
  await trainer.pause();
  const reports = listenToReports(() => (now += 30));
  const end = trainer.train(request, reports.port);
  await waiting;
  now += 60_000;
  await trainer.resume();
  const [{ seconds, status }] = await end;
  await reports.ended;
  reports.close();
  clock.mockRestore();
  expect(status).toBe('done');
  expect(seconds).toBeLessThan(60);
});

test('cancelling reaches a paused engine', async () => {
  const { waiting, wait } = untilWaiting();
  const trainer = engineThat(async (_cohort, { signal, untilResumed }) => {
    const held = untilResumed();
    wait();
    await held;
    return signal.aborted ? [{ ...done('mup-w8-s1', 0), status: 'cancelled' }] : [done('mup-w8-s1', 0)];
  });
  await trainer.prepare(recipe, {});
  await trainer.pause();
  const reports = listenToReports(() => {});
  const end = trainer.train(request, reports.port);
  await waiting;
  await trainer.cancel();
  expect((await end)[0].status).toBe('cancelled');
  reports.close();
});

test('the runs of a cohort have tables, optimizers and schedules of their own, over one shape and one stream', async () => {
  const plain = runOf(recipe, 16, 1);
  const swept = runOf(recipe, 16, 1, { 'optimizer.learningRate': 0.5, 'multipliers.attention': 3 });
  const sp = runOf({ ...recipe, name: 'SP', parametrization: 'sp', schedule: { kind: 'constant', warmup: 0 } }, 16, 2);
  const { runs, shape, probe } = await cohortFor({ runs: [plain, swept, sp] });
  expect(shape).toEqual(modelShape(recipe, 16, 16));
  expect(runs.map(({ id, seed }) => [id, seed])).toEqual([plain, swept, sp].map(({ id, seed }) => [id, seed]));
  for (const [i, { recipe: own }] of [plain, swept, sp].entries()) {
    expect(runs[i].table).toEqual(parametrize(own, shape));
    expect([runs[i].optimizer, runs[i].schedule]).toEqual([own.optimizer, own.schedule]);
  }
  expect(runs[1].optimizer.learningRate).toBe(0.5);
  expect(runs[1].table.forward.attention).toBe(3 * runs[0].table.forward.attention);
  expect(probe).toBeUndefined();
});

test('runs of different shapes are not trained together', async () => {
  const runs = [runOf(recipe, 8, 1), runOf(recipe, 16, 1)];
  await expect(cohortFor({ runs })).rejects.toThrow('Runs of different shapes cannot train together.');
});

test('a probe trains on its first batch at every step', async () => {
  const { stream, probe, steps, batch, shape } = await cohortFor({ ...request, probe: true });
  const { stream: plain } = await cohortFor(request);
  expect(probe).toBe(true);
  const plan = { steps, batch, context: recipe.context };
  const [repeated, all] = [await wholeOf(stream, plan), await wholeOf(plain, plan)];
  const size = all.length / steps;
  expect([...repeated]).toEqual(Array.from({ length: steps }, () => [...all.subarray(0, size)]).flat());
  expect(all.subarray(size, 2 * size)).not.toEqual(all.subarray(0, size));
  // A core is sent all that lies behind a view, and the same is sent again.
  const sent = await stream.segment(0);
  expect(sent.buffer.byteLength).toBe(4 * size);
  expect(await stream.segment(1)).toBe(sent);
  expect(2 * numbersSent({ ...plan, shape, stream })).toBe(stream.evaluation.length + 2 * size);
});

test('a tiny sweep on the reference: every run learns with its own rate, as it would alone', async () => {
  const sweep = { parameter: 'optimizer.learningRate' as const, values: [0, 2 ** -6, 2 ** -4] };
  const ladder = { rungs: [8, 16] };
  const recipes = [recipe, { ...recipe, name: 'SP', parametrization: 'sp' as const }];
  const experiment = experimentWith({ recipes, ladder, study: { kind: 'transfer', sweep } });
  const trainer = reference();
  for (const one of experiment.recipes) await trainer.prepare(one, {});
  const runs = runsAt(experiment, 16);
  const together = await train(trainer, { runs });
  expect(together.map(({ id, status }) => [id, status])).toEqual(runs.map(({ id }) => [id, 'done']));
  // Without a rate nothing is learnt, and an unembedding of zeros makes every token equally likely.
  expect(together[0].finalEvalLoss).toBeCloseTo(Math.log(16), 6);
  expect(new Set(together.slice(1).map(({ finalEvalLoss }) => finalEvalLoss)).size).toBe(5);
  const [alone] = await train(trainer, { runs: [runs[4]] });
  expect(alone.finalEvalLoss).toBe(together[4].finalEvalLoss);
});

test('a tiny probe on the reference: the activations of every module before each update', async () => {
  const trainer = reference();
  await trainer.prepare(recipe, {});
  const [{ activations }] = await train(trainer, { ...request, probe: true });
  expect(activations!.modules).toEqual(modulesOf(modelShape(recipe, 8, 16)).map(({ name }) => name));
  expect(activations!.values.length).toBeGreaterThanOrEqual(recipe.steps);
  const logits = activations!.values.map((row) => row[activations!.modules.indexOf('logits')]);
  expect(logits[0]).toBe(0);
  expect(logits[1]).toBeGreaterThan(0);
});

test('of two engines the CPU trains where it is asked for, and is not made before', async () => {
  const gpu = { ...createReferenceEngine(), kind: 'gpu' as const };
  const cpu = createReferenceEngine();
  const trained: string[] = [];
  const watched = (engine: TrainingEngine, name: string): TrainingEngine => ({
    ...engine,
    train: (cohort, options) => {
      trained.push(name);
      return engine.train(cohort, options);
    },
  });
  let made = 0;
  const description = { kind: 'reference' as const, adapter: cpu.adapter, reason: null, cores: 3 };
  const make = async () => {
    made++;
    return watched({ ...cpu, cores: 2 }, 'cpu');
  };
  const trainer = new EngineTrainer(async () => ({
    ...{ engine: watched(gpu, 'gpu'), reason: null },
    beside: { description, make },
  }));
  await trainer.prepare(recipe, {});
  expect(await trainer.describe()).toMatchObject({ kind: 'gpu', beside: description });
  await train(trainer, request);
  expect(made).toBe(0);
  const other = await trainer.describe('reference');
  expect(other).toMatchObject({ kind: 'reference', cores: 2 });
  expect(other.beside).toBeUndefined();
  await train(trainer, request);
  expect(await trainer.describe('gpu')).toMatchObject({ kind: 'gpu' });
  await train(trainer, request);
  await trainer.describe('reference');
  await train(trainer, request);
  expect([trained, made]).toEqual([['gpu', 'cpu', 'gpu', 'cpu'], 1]);
});

test('several cohorts train at once only where each run trains by itself', async () => {
  for (const cores of [undefined, 2]) {
    const { waiting, wait } = untilWaiting();
    let end = () => {};
    const ended = new Promise<void>((resolve) => (end = resolve));
    const engine: TrainingEngine = {
      ...createReferenceEngine(),
      ...(cores && { cores }),
      train: async ({ runs: [{ id }] }) => {
        wait();
        await ended;
        return [done(id, 1)];
      },
    };
    const trainer = new EngineTrainer(async () => ({ engine, reason: null }));
    await trainer.prepare(recipe, {});
    const first = train(trainer, request);
    await waiting;
    const second = train(trainer, cohortOf(recipe, 16));
    if (!cores) await expect(second).rejects.toThrow('A cohort is training already.');
    end();
    expect((await first)[0]!.status).toBe('done');
    if (cores) expect((await second)[0]!.status).toBe('done');
  }
});

test('a long text comes as its bytes, and is the text that it would be as a string', async () => {
  const text = 'Größer ist besser, sagt das Gesetz. '.repeat(40);
  const { recipes } = experimentWith();
  const corpus = { kind: 'text' as const, file: 'own.txt', heldOut: 0.2, tokenizer: 'bytes' as const, characters: 256 };
  const [asString, asBlob] = [reference(), reference()];
  const one = { ...recipes[0], corpus };
  const facts = await asString.prepare(one, { 'own.txt': text });
  expect(await asBlob.prepare(one, { 'own.txt': new Blob([text]) })).toEqual(facts);
  expect(facts.textHash).toBe(createHash('sha256').update(text).digest('hex'));
});
