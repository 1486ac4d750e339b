/** Training tokens by segments: the tokens of the whole, whichever is asked for and however few are held. */
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { buildCorpus } from '../../../src/data/corpus.ts';
import {
  HELD,
  HeldSegments,
  windowsOf,
  wholeOf,
  writtenTokens,
  type WindowWriter,
} from '../../../src/data/segments.ts';
import type { TokenPlan } from '../../../src/data/token-plan.ts';
import { EngineTrainer } from '../../../src/experiment/trainer-service.ts';
import { listenToReports } from '../../../src/experiment/report-port.ts';
import type { CorpusSpec } from '../../../src/model/corpora.ts';
import * as random from '../../../src/model/random.ts';
import { runOf } from '../../../src/model/run.ts';
import * as training from '../../../src/model/training.ts';
import { createReferenceEngine } from '../../../src/reference/trainer.ts';
import { recipeOf } from '../reference/cohorts.ts';

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

const TEXT = Array.from({ length: 90 }, (_, i) => `${String(i).padStart(4, '0')} `).join('');
const CORPORA: CorpusSpec[] = [
  { kind: 'spectral', vocabulary: 16, alpha: 0.6, scale: 2, zipf: 0, seed: 1 },
  { kind: 'recall', keys: 8, values: 8, zipf: 1, scale: 0, alpha: 0.6, noise: 0.1, seed: 1 },
  { kind: 'grammar', vocabulary: 128, zipf: 1, affinity: 1, depth: 2, again: 0.7, seed: 1 },
  // Some epochs.
  { kind: 'text', file: 'own.txt', heldOut: 0.1, tokenizer: 'characters', characters: 256 },
];

/** A plan, how it is cut, and what is asked for in which order. */
const cuts = fc
  .record({
    context: fc.integer({ min: 1, max: 12 }),
    batch: fc.integer({ min: 1, max: 5 }),
    steps: fc.integer({ min: 1, max: 30 }),
    evaluationSequences: fc.constant(3),
  })
  .chain((plan) =>
    fc.record({
      plan: fc.constant(plan),
      segmentSteps: fc.integer({ min: 1, max: plan.steps }),
      asked: fc.array(fc.nat({ max: plan.steps - 1 }), { minLength: 1, maxLength: 12 }),
    }),
  );

/** What a segment that holds the step has of the whole. */
function partOf(whole: Uint32Array, { batch, context }: TokenPlan, segmentSteps: number, index: number): Uint32Array {
  const size = batch * (context + 1) * segmentSteps;
  return whole.subarray(index * size, (index + 1) * size);
}

describe.each(CORPORA)('$kind', (spec) => {
  test('has the tokens of one segment in any number of them, in whatever order they are asked for', async () => {
    await fc.assert(
      fc.asyncProperty(cuts, fc.constantFrom(null, 'width 8, seed 1'), async ({ plan, segmentSteps, asked }, whose) => {
        const inSegmentsOf = (steps: number) => {
          vi.spyOn(training, 'stepsOfSegment').mockReturnValue(steps);
          return buildCorpus(spec, plan, { 'own.txt': TEXT }).streamOf(whose);
        };
        const whole = await inSegmentsOf(plan.steps).segment(0);
        expect(whole).toHaveLength(plan.steps * plan.batch * (plan.context + 1));
        const stream = inSegmentsOf(segmentSteps);
        for (const step of asked) {
          const index = Math.floor(step / segmentSteps);
          expect(await stream.segment(index)).toEqual(partOf(whole, plan, segmentSteps, index));
        }
        expect(await wholeOf(stream, plan)).toEqual(whole);
      }),
      { numRuns: 40 },
    );
  });
});

/** A writer that counts its windows. */
function counted(seed: number) {
  const told = { windows: 0 };
  const writer = (stream: random.RandomStream): WindowWriter => ({
    write: (into) => {
      told.windows++;
      for (let t = 0; t < into.length; t++) into[t] = stream.below(50);
    },
    copy: () => writer(stream.copy()),
  });
  return { told, begin: () => writer(random.randomStream(seed, 'test')) };
}

describe('segments that are written', () => {
  test('are the same when they are let go and written anew, by several that are at different places', async () => {
    await fc.assert(
      fc.asyncProperty(cuts, fc.nat({ max: 300 }), async ({ plan, segmentSteps, asked }, most) => {
        vi.spyOn(training, 'stepsOfSegment').mockReturnValue(segmentSteps);
        const { begin } = counted(1);
        const whole = windowsOf(begin(), plan.steps * plan.batch, plan.context + 1);
        const held = new HeldSegments(() => most);
        const [one, other] = [writtenTokens(plan, begin, held), writtenTokens(plan, begin, held)];
        const size = segmentSteps * plan.batch * (plan.context + 1);
        await Promise.all(
          asked.map(async (step, i) => {
            const index = Math.floor(step / segmentSteps);
            const segment = await [one, other][i % 2].segment(index);
            expect(segment).toEqual(partOf(whole, plan, segmentSteps, index));
          }),
        );
        expect(held.tokens).toBeLessThanOrEqual(Math.max(most, size));
      }),
      { numRuns: 60 },
    );
  });

  const plan = { context: 3, batch: 2, steps: 40, evaluationSequences: 1 };
  const inFours = () => vi.spyOn(training, 'stepsOfSegment').mockReturnValue(4);

  test('are written one ahead, and once for all cohorts in turn where all of them may be held', async () => {
    inFours();
    const { told, begin } = counted(1);
    const stream = writtenTokens(plan, begin, new HeldSegments(() => 1000));
    expect(told.windows).toBe(0);
    await stream.segment(0);
    await vi.waitFor(() => expect(told.windows).toBe(16));
    for (let cohort = 0; cohort < 3; cohort++) await wholeOf(stream, plan);
    expect(told.windows).toBe(80);
  });

  test('go on from the last one before them that is held, and from the first where none is', async () => {
    inFours();
    const { told, begin } = counted(1);
    // Room for two.
    const stream = writtenTokens(plan, begin, new HeldSegments(() => 64));
    await wholeOf(stream, plan);
    expect(told.windows).toBe(80);
    await stream.segment(9);
    expect(told.windows).toBe(80);
    await stream.segment(2);
    await vi.waitFor(() => expect(told.windows).toBe(80 + 4 * 8));
  });

  test('that fail ahead of whoever trains fail for who asks for them, and are written anew for the next', async () => {
    inFours();
    const { told, begin } = counted(1);
    const whole = windowsOf(begin(), plan.steps * plan.batch, plan.context + 1);
    told.windows = 0;
    let isFull = true;
    const failing = (writer: WindowWriter): WindowWriter => ({
      write: (into) => {
        if (isFull && told.windows === 10) throw new RangeError('no room');
        writer.write(into);
      },
      copy: () => failing(writer.copy()),
    });
    const unheard = vi.fn();
    process.on('unhandledRejection', unheard);
    const held = new HeldSegments(() => 1000);
    const stream = writtenTokens(plan, () => failing(begin()), held);
    await stream.segment(0);
    await expect(stream.segment(1)).rejects.toThrow('no room');
    told.windows = 8;
    await stream.segment(0);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(held.tokens).toBe(32);
    isFull = false;
    expect(await stream.segment(1)).toEqual(partOf(whole, plan, 4, 1));
    process.off('unhandledRejection', unheard);
    expect(unheard).not.toHaveBeenCalled();
  });

  test('give the event loop its turns, however fast each is written, and stop when it says so', async () => {
    vi.spyOn(training, 'stepsOfSegment').mockReturnValue(1);
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    const { told, begin } = counted(1);
    // Two windows of a segment take a millisecond each.
    const slow = (writer: WindowWriter): WindowWriter => ({
      write: (into) => (now++, writer.write(into)),
      copy: () => slow(writer.copy()),
    });
    const stream = writtenTokens(plan, () => slow(begin()), new HeldSegments(() => 1000));
    const abort = new AbortController();
    setImmediate(() => abort.abort());
    await expect(stream.segment(39, abort.signal)).rejects.toThrow();
    expect(told.windows).toBeLessThan(10);
    let seen = 80;
    setImmediate(() => (seen = told.windows));
    await wholeOf(stream, plan);
    expect(seen).toBeLessThan(20);
    expect(told.windows).toBe(80);
  });

  test('of far ahead are not written any more once nobody waits for them', async () => {
    inFours();
    const { told, begin } = counted(1);
    const stream = writtenTokens(plan, begin, new HeldSegments(() => 1000));
    const abort = new AbortController();
    const waiting = stream.segment(9, abort.signal);
    abort.abort();
    await expect(waiting).rejects.toThrow();
    expect(told.windows).toBeLessThan(80);
  });
});

test('a million steps hold no more than a segment on the way and what may be held', async () => {
  // A quarter of this, 2^20 tokens, may be held.
  vi.stubGlobal('navigator', { deviceMemory: 2 ** -6 });
  const recipe = recipeOf({
    ...{ steps: 1_000_000, batch: 2, context: 7 },
    corpus: { kind: 'spectral', vocabulary: 4 },
    evaluation: { sequences: 1 },
  });
  let [most, steps, first, size] = [0, 0, 0, 0];
  const engine: training.TrainingEngine = {
    ...createReferenceEngine(),
    async train({ stream, batch, shape }) {
      const begun = HELD.tokens;
      for (let index = 0; steps < 1_000_000; index++) {
        const windows = await stream.segment(index);
        steps += windows.length / (batch * (shape.context + 1));
        size = Math.max(size, windows.length);
        most = Math.max(most, HELD.tokens);
        if (index === 0) first = HELD.tokens - begun;
      }
      return [];
    },
  };
  const trainer = new EngineTrainer(async () => ({ engine, reason: null }));
  await trainer.prepare(recipe, {});
  const reports = listenToReports(() => {});
  await trainer.train({ runs: [runOf(recipe, 8, 1)] }, reports.port);
  reports.close();
  expect(steps).toBe(1_000_000);
  // It begins when the first segment is there, with the next one on its way.
  expect(first).toBeLessThanOrEqual(2 * size);
  expect(size).toBeLessThanOrEqual(2 ** 17);
  expect(most).toBeLessThanOrEqual(2 ** 20);
});

test('what is held of a corpus is let go with it', async () => {
  const before = HELD.tokens;
  const trainer = new EngineTrainer(async () => ({ engine: createReferenceEngine(), reason: null }));
  const withCorpus = (corpus: CorpusSpec) => recipeOf({ corpus, steps: 4, batch: 2, context: 4 });
  const own: CorpusSpec[] = [CORPORA[0], CORPORA[2], CORPORA[3]];
  for (const corpus of own) {
    await trainer.prepare(withCorpus(corpus), { 'own.txt': TEXT });
    await trainer.batches(runOf(withCorpus(corpus), 8, 1));
  }
  // Forty tokens each of two, and the order of a text's windows.
  const orders = Math.floor((405 - 1) / 4);
  expect(HELD.tokens - before).toBe(2 * 40 + orders);
  // The same corpus with another text.
  await trainer.prepare(withCorpus(CORPORA[3]), { 'own.txt': `${TEXT}.` });
  expect(HELD.tokens - before).toBe(2 * 40);
  for (let seed = 2; seed < 10; seed++) await trainer.prepare(withCorpus({ ...CORPORA[0], seed } as CorpusSpec), {});
  expect(HELD.tokens).toBe(before);
});

test('streams of a text that are trained on in turn have their windows shuffled once', async () => {
  const shuffles = vi.spyOn(random, 'randomStream');
  vi.spyOn(training, 'stepsOfSegment').mockReturnValue(2);
  const plan = { context: 4, batch: 2, steps: 20, evaluationSequences: 1 };
  const { streamOf } = buildCorpus(CORPORA[3], plan, { 'own.txt': TEXT });
  const streams = ['width 8, seed 1', 'width 8, seed 2'].map(streamOf);
  const whole = await Promise.all(streams.map((stream) => wholeOf(stream, plan)));
  shuffles.mockClear();
  for (let index = 0; index < 10; index++) {
    for (const [i, { segment }] of streams.entries()) {
      expect(await segment(index)).toEqual(partOf(whole[i], plan, 2, index));
    }
  }
  expect(shuffles).not.toHaveBeenCalled();
});
