/** How long training will take, and that what will be refused is not offered. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { presetExperiment } from '../../../src/model/presets.ts';
import type { StudyKind } from '../../../src/model/study.ts';
import { createReferenceEngine } from '../../../src/reference/trainer.ts';
import { wishIn } from '../../../src/ui/state/engine-choice.ts';
import { Playground } from '../../../src/ui/state/playground.svelte.ts';
import { smallestPreset } from '../../../src/ui/state/presets-of.ts';
import type { ConductorEvent, ConductorOptions, EngineDescription } from '../../../src/experiment/protocol.ts';
import { cohortsOf } from '../../../src/experiment/cohorts.ts';
import { fakeConductor, fakeEngine, fakeRun, fakeServices } from './fake-stream.ts';

const CPU: EngineDescription = { kind: 'reference', adapter: createReferenceEngine().adapter, reason: 'none' };

let kept: Map<string, string>;
beforeEach(() => {
  kept = new Map();
  vi.stubGlobal('requestIdleCallback', (run: () => void) => setTimeout(run));
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
  });
});

/** A page whose runs each take `seconds`. */
async function pageWith(engine: EngineDescription, seconds = 1) {
  const playground = new Playground({
    ...fakeServices(engine, Infinity),
    conduct({ experiment }: ConductorOptions, listener: (event: ConductorEvent) => void) {
      const nothing = async () => {};
      return {
        async start() {
          listener({ kind: 'phase', phase: 'training' });
          listener({ kind: 'engine', engine });
          const { rungs, targets } = cohortsOf(experiment);
          for (const { width, seed } of [...rungs, ...targets].flat())
            listener({ kind: 'run', result: { ...fakeRun(experiment, width, seed), seconds } });
          listener({ kind: 'phase', phase: 'done' });
        },
        ...{ pause: nothing, resume: nothing, cancel: nothing, exclude: nothing, changeLadder: nothing },
      };
    },
  });
  await playground.findEngine();
  if (engine.kind === 'reference') await expect.poll(() => playground.cpuRefusal).not.toBeNull();
  const { prediction } = playground.studies;
  prediction.draft.choosePreset('smoke');
  return { playground, prediction };
}

describe('the time that training will take', () => {
  it('is rough before the first training, and what was measured after it, on the same page', async () => {
    const { prediction } = await pageWith(fakeEngine, 20);
    const before = prediction.timeToTrain!;
    expect([before.isRough, before.seconds > 0]).toEqual([true, true]);
    await prediction.train();
    const after = prediction.timeToTrain!;
    expect(after.isRough).toBe(false);
    expect(after.seconds / prediction.toTrain.flat().length).toBeCloseTo(20, 8);
  });

  it('is known from the beginning at the next visit', async () => {
    const first = await pageWith(fakeEngine, 7);
    await first.prediction.train();
    const second = await pageWith(fakeEngine);
    const { plan, timeToTrain } = second.prediction;
    expect(timeToTrain).toEqual(first.playground.speed.timeOf(fakeEngine, [plan]));
  });

  it('is rough and longest on the CPU', async () => {
    const [gpu, cpu] = await Promise.all([pageWith(fakeEngine), pageWith(CPU)]);
    expect(cpu.prediction.timeToTrain!.isRough).toBe(true);
    expect(cpu.prediction.timeToTrain!.seconds).toBeGreaterThan(gpu.prediction.timeToTrain!.seconds);
  });
});

describe('the time on several cores', () => {
  const timeOn = async (cores: number, preset = 'smoke') => {
    const { prediction } = await pageWith({ ...CPU, cores });
    prediction.draft.choosePreset(preset);
    return prediction.timeToTrain!.seconds;
  };

  it('is shared out over the runs: the target waits for its rungs, and no run is divided', async () => {
    const [one, two, many] = await Promise.all([timeOn(1), timeOn(2), timeOn(64)]);
    const { playground, prediction } = await pageWith(CPU);
    const alone = (width: number) =>
      playground.speed.timeOf(CPU, [[prediction.plan.find(([run]) => run!.width === width)!]]).seconds;
    expect(many).toBeCloseTo(alone(32) + alone(48), 9);
    expect(two).toBeCloseTo((one - alone(48)) / 2 + alone(48), 9);
  });
});

describe('of a software adapter and the CPU', () => {
  const SOFTWARE: EngineDescription = {
    ...{ ...fakeEngine, adapter: { ...fakeEngine.adapter, description: 'soft', software: true } },
    beside: { ...CPU, cores: 3, reason: null },
  };
  const pageWithBoth = async () => {
    const page = await pageWith(SOFTWARE);
    await expect.poll(() => page.playground.takenEngine).not.toBeNull();
    return page;
  };
  const FAST = { overhead: 0, secondsPerFlop: 1e-12 };
  const SLOW = { overhead: 1, secondsPerFlop: 1e-6 };
  const keep = ({ adapter: { vendor, architecture, description } }: EngineDescription, speed: object) =>
    kept.set(`mup-playground-speed ${vendor} ${architecture} ${description}`, JSON.stringify(speed));

  it('the faster one is taken, by what was measured of both', async () => {
    keep(SOFTWARE, FAST);
    keep(CPU, SLOW);
    expect((await pageWithBoth()).prediction.taken).toMatchObject({ engine: { kind: 'gpu' }, why: 'measured' });
    keep(SOFTWARE, SLOW);
    keep(CPU, FAST);
    const { prediction } = await pageWithBoth();
    expect(prediction.taken).toMatchObject({ engine: { kind: 'reference', cores: 3 }, why: 'measured' });
    const { seconds } = prediction.timeToTrain!;
    expect(seconds).toBeLessThan(1);
    const slow = prediction.bench.speed.timeOf(SOFTWARE, prediction.stagesToTrain).seconds;
    expect(prediction.taken!.factor).toBeCloseTo(slow / seconds, 6);
  });

  it('roughly, what is tiny is faster on the CPU, and a sweep on the adapter, which computes on as many cores', async () => {
    const beside = { ...CPU, cores: 7, reason: null };
    const { playground, prediction } = await pageWith({ ...SOFTWARE, beside });
    await expect.poll(() => playground.takenEngine).not.toBeNull();
    vi.stubGlobal('navigator', { hardwareConcurrency: 8 });
    const { transfer } = playground.studies;
    transfer.draft.replace(presetExperiment('transfer-smoke'));
    expect(transfer.taken).toMatchObject({ engine: { kind: 'gpu' }, why: 'tried' });
    const tiny = presetExperiment('smoke');
    tiny.ladder = { rungs: [8, 12, 16], targets: [24] };
    Object.assign(tiny.recipes[0]!, { context: 16, batch: 8 });
    prediction.draft.replace(tiny);
    expect(prediction.taken).toMatchObject({ engine: { kind: 'reference' }, why: 'roughly' });
    vi.unstubAllGlobals();
  });

  it('both are tried before the first training that takes long, and what was found is kept for the next one', async () => {
    keep(CPU, FAST);
    const { playground, prediction } = await pageWithBoth();
    expect(prediction.taken!.why).toBe('tried');
    const asked: unknown[] = [];
    const tried = [
      { engine: CPU, speed: FAST },
      { engine: SOFTWARE, speed: SLOW },
    ];
    playground.services.conduct = ({ engine }, listener) => {
      asked.push(engine);
      return fakeConductor({ start: async () => listener({ kind: 'engine', engine: CPU, tried }) });
    };
    await prediction.train();
    expect(asked).toEqual(['faster']);
    expect(playground.speed.measuredOn(SOFTWARE.adapter)).toEqual(SLOW);
    expect(JSON.parse(kept.get('mup-playground-speed fake stream soft')!)).toEqual(SLOW);
    expect(prediction.taken).toMatchObject({ engine: { kind: 'reference' }, why: 'measured' });
  });

  it('the one that a person asked for is taken', async () => {
    keep(CPU, FAST);
    const { playground, prediction } = await pageWithBoth();
    for (const kind of ['gpu', 'reference'] as const) {
      playground.engineWish = kind;
      expect(prediction.taken).toMatchObject({ engine: { kind }, why: 'asked' });
    }
  });

  it('the adapter takes what is too much for the CPU, which is refused only where the CPU was asked for', async () => {
    keep(CPU, FAST);
    const { playground, prediction } = await pageWithBoth();
    prediction.draft.addWidth('targets', 2048);
    expect(prediction.taken).toMatchObject({ engine: { kind: 'gpu' }, why: 'CPU cannot' });
    expect(prediction.refusal).toBe('');
    playground.engineWish = 'reference';
    expect(prediction.refusal).toMatch(/^Width 2048 is too much/);
  });

  it('what is gone on from goes on where it was trained', async () => {
    keep(CPU, SLOW);
    const { playground, prediction } = await pageWithBoth();
    playground.engineWish = 'reference';
    await prediction.train();
    playground.engineWish = null;
    prediction.own.adapter = CPU.adapter;
    prediction.draft.addWidth('rungs', 20);
    expect(prediction.taken).toMatchObject({ engine: { kind: 'reference' }, why: 'goes on' });
  });

  it('what was left on its way goes on where it was trained, also before a run of it has ended', async () => {
    keep(SOFTWARE, SLOW);
    keep(CPU, FAST);
    const { prediction } = await pageWithBoth();
    const experiment = presetExperiment('smoke');
    const created = '2026-01-02T12:00:00.000Z';
    const { adapter } = SOFTWARE;
    prediction.open({ id: 'a', created, experiment, adapter, runs: [], sealed: [], facts: [] }, 'own');
    expect(prediction.taken).toMatchObject({ engine: { kind: 'reference' }, why: 'measured' });
    const standing = { isFinished: false, trained: 0, wanted: 6, bytes: 1, texts: {}, underWay: ['mup-w8-s1'] };
    const { name } = experiment;
    prediction.left = { id: 'a', created, name, kind: 'prediction', experiment, widths: [8], ...standing };
    expect(prediction.taken).toMatchObject({ engine: { kind: 'gpu' }, why: 'goes on' });
    // Something else is nothing that was left.
    prediction.draft.set([0], 'batch', 3);
    expect(prediction.taken).toMatchObject({ engine: { kind: 'reference' }, why: 'measured' });
  });

  it('the address can ask for one, and what is neither is said', () => {
    const said: string[] = [];
    const wishes = ['', '?engine=gpu', '?a=1&engine=reference', '?engine=tpu'].map((search) =>
      wishIn(search, (text) => said.push(text)),
    );
    expect(wishes).toEqual([null, 'gpu', 'reference', null]);
    expect(said).toEqual(['engine must be gpu or reference, not “tpu”; the faster one is taken.']);
  });

  it('a GPU is taken without a word', async () => {
    const { prediction } = await pageWith(fakeEngine);
    expect([prediction.taken, prediction.engine]).toEqual([null, fakeEngine]);
  });
});

describe('what the CPU would refuse', () => {
  it('is said before it is trained, in the words of the trainer', async () => {
    const { prediction } = await pageWith(CPU);
    expect(prediction.refusal).toBe('');
    prediction.draft.addWidth('targets', 2048);
    expect(prediction.refusal).toMatch(/^Width 2048 is too much for training on the CPU: .* would fit\.$/);
    prediction.draft.choosePreset('smoke');
    expect(prediction.refusal).toBe('');
  });

  it('is nothing of the smallest presets', async () => {
    const { playground } = await pageWith(CPU);
    for (const kind of Object.keys(playground.studies) as StudyKind[]) {
      const study = playground.studies[kind];
      study.draft.replace(presetExperiment(smallestPreset(kind)));
      expect(study.refusal, kind).toBe('');
    }
  });

  it('is no matter on a GPU', async () => {
    const { prediction } = await pageWith(fakeEngine);
    prediction.draft.addWidth('targets', 2048);
    expect(prediction.refusal).toBe('');
  });
});
