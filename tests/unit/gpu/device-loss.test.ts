/** A device that is lost, at whatever call of an engine: the losses are those of one that was not, none is told twice, and there is an end. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { GpuEngine, type TuningMemory } from '../../../src/gpu/engine.ts';
import type { TrainingReport } from '../../../src/model/training.ts';
import { cohortOf, recipeOf, train, type Trained } from '../../gpu/cohorts.ts';
import { learningDevice, type FakeDevice } from './fake-device.ts';

afterEach(() => vi.unstubAllGlobals());

const cohort = (evaluateEvery = 10) => {
  const recipe = recipeOf({ steps: 24 });
  return cohortOf([recipe, recipe], { width: 8, vocabulary: 16, evaluateEvery, segmentSteps: 7 }, 1, [1, 2]);
};

const CALLS = [
  ...['createBuffer', 'createShaderModule', 'createComputePipelineAsync', 'createBindGroup', 'createCommandEncoder'],
  ...['pushErrorScope', 'popErrorScope'],
] as const;
const OF_QUEUE = ['submit', 'writeBuffer', 'onSubmittedWorkDone'] as const;

/** @param last the call at which the device is lost. @param isSilent what is asked of it from then on is never answered. */
function deviceLostAt(last: number, isSilent = false): FakeDevice {
  const device = learningDevice();
  let calls = 0;
  const struck = (owner: object, name: string) => {
    const call = Reflect.get(owner, name) as (...given: unknown[]) => unknown;
    Reflect.set(owner, name, (...given: unknown[]) => {
      if (++calls === last) device.destroy();
      const answer = call.apply(owner, given);
      return isSilent && device.isLost && answer instanceof Promise ? new Promise(() => undefined) : answer;
    });
  };
  for (const name of CALLS) struck(device, name);
  for (const name of OF_QUEUE) struck(device.queue, name);
  // Awaited by whatever maps a buffer.
  struck(device, 'answered');
  return device;
}

/** The browser gives these devices, one after the other; null stands for none. */
function offer(devices: (FakeDevice | null)[]): { count: number } {
  const asked = { count: 0 };
  vi.stubGlobal('navigator', {
    gpu: {
      requestAdapter: async () => {
        const device = devices[asked.count++];
        if (!device) return null;
        return { features: new Set(), limits: device.limits, info: {}, requestDevice: async () => device };
      },
    },
  });
  return asked;
}

function engineOn(device: FakeDevice, memory?: TuningMemory): GpuEngine {
  const engine = new GpuEngine(device.gpu, memory);
  engine.checkpointMilliseconds = 0;
  engine.pausesMilliseconds = [0, 0, 0];
  return engine;
}

const withoutTime = ({ outcomes, ...rest }: Trained) => ({
  ...rest,
  outcomes: outcomes.map((outcome) => ({ ...outcome, seconds: 0 })),
});

describe('lost at whatever call', async () => {
  const keepParameters = 'all';
  const expected = withoutTime(await train(engineOn(learningDevice()), cohort(), { keepParameters }));
  /** Prime, so that each kind of call is met. */
  const EVERY = 29;
  for (const isSilent of [false, true]) {
    test(`the losses are those of a device that was not${isSilent ? ', also when nothing is answered any more' : ''}`, async () => {
      let isLost = true;
      for (let last = isSilent ? 1 : 15; isLost; last += EVERY) {
        const next = learningDevice();
        offer([next]);
        const device = deviceLostAt(last, isSilent);
        const steps: number[] = [];
        const onReport = (report: TrainingReport) => report.kind === 'losses' && steps.push(report.firstStep);
        const got = await train(engineOn(device), cohort(), { onReport, keepParameters });
        expect(withoutTime(got), `call ${last}`).toEqual(expected);
        expect(steps).toEqual(steps.toSorted((one, other) => one - other));
        isLost = device.isLost;
        expect(next.compiled.length > 0).toBe(isLost);
      }
    });
  }

  test('also while kernels race, of whose choice nothing is kept then', async () => {
    const kept: Record<string, string>[] = [];
    const memory = {
      recall: async () => ({}),
      keep: async (_: string, choices: Record<string, string>) => void kept.push(choices),
    };
    for (const last of [40, 200, 1000]) {
      const next = learningDevice();
      offer([next]);
      const device = deviceLostAt(last);
      const engine = engineOn(device, memory);
      // From so much work on they do.
      Object.assign(engine, { work: 1e13 });
      const got = await train(engine, cohort(), { keepParameters });
      expect(withoutTime(got), `call ${last}`).toEqual(expected);
      expect(device.isLost).toBe(true);
    }
    expect(kept).toHaveLength(3);
  });
});

/** Loses its device at the first losses that it tells. */
const losingWhenTold = (device: FakeDevice) => ({ onReport: () => device.destroy() });

describe('an adapter that is not there at once', () => {
  test('is asked for again, and training goes on as if nothing had happened', async () => {
    const expected = withoutTime(await train(engineOn(learningDevice()), cohort()));
    const asked = offer([null, null, learningDevice()]);
    const device = learningDevice();
    expect(withoutTime(await train(engineOn(device), cohort(), losingWhenTold(device)))).toEqual(expected);
    expect(asked.count).toBe(3);
  });

  test('is waited for longer each time, and at last it is said that there is none', async () => {
    const device = learningDevice();
    const engine = new GpuEngine(device.gpu);
    const pauses = engine.pausesMilliseconds;
    expect(pauses).toEqual(pauses.toSorted((one, other) => one - other));
    expect(pauses.length).toBeGreaterThan(3);
    engine.pausesMilliseconds = pauses.map(() => 0);
    const asked = offer([]);
    const failure = await train(engine, cohort(), losingWhenTold(device)).catch((error: unknown) => error);
    expect(asked.count).toBe(pauses.length);
    expect(failure).toMatchObject({
      field: 'device',
      message:
        'The graphics device was lost, and none could be had again. This browser has WebGPU, but no graphics adapter it can use.',
    });
    // Whoever trains again asks again.
    offer([learningDevice()]);
    expect((await train(engine, cohort())).outcomes[0].status).toBe('done');
  });

  test('holds up nobody who cancels, neither in a pause nor where a browser never answers', async () => {
    for (const [pauses, requestAdapter] of [
      [[1e9], async () => null],
      [[0], () => new Promise(() => undefined)],
    ] as const) {
      vi.stubGlobal('navigator', { gpu: { requestAdapter } });
      const device = learningDevice();
      const engine = new GpuEngine(device.gpu);
      engine.pausesMilliseconds = [...pauses];
      const abort = new AbortController();
      const onReport = () => {
        device.destroy();
        setTimeout(() => abort.abort());
      };
      const { outcomes } = await train(engine, cohort(), { signal: abort.signal, onReport });
      expect(outcomes.map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
    }
  });
});

test('who cancels waits for no compiler, and what comes behind it is cleared away', async () => {
  const device = learningDevice();
  const compile = device.createComputePipelineAsync.bind(device);
  let goOn = () => {};
  const held = new Promise<void>((resolve) => (goOn = resolve));
  device.createComputePipelineAsync = async (...given) => held.then(() => compile(...given));
  const abort = new AbortController();
  setTimeout(() => abort.abort());
  const { outcomes } = await train(engineOn(device), cohort(), { signal: abort.signal });
  expect(outcomes.map(({ status }) => status)).toEqual(['cancelled', 'cancelled']);
  goOn();
  await vi.waitFor(() => expect(device.buffers.length).toBeGreaterThan(0));
  await vi.waitFor(() => expect(device.buffers.filter(({ isDestroyed }) => !isDestroyed)).toEqual([]));
});

describe('lost again and again', () => {
  test('ends training, with what was told until then, in one sentence', async () => {
    const device = learningDevice();
    const asked = offer([100, 100, 100].map((last) => deviceLostAt(last)));
    const told: number[] = [];
    const failure = await train(engineOn(device), cohort(), {
      onReport: (report) => {
        if (report.kind === 'losses') told.push(report.firstStep);
        device.destroy();
      },
    }).catch((error: unknown) => error);
    expect(failure).toMatchObject({
      field: 'device',
      message: 'The graphics device was lost 4 times, and training came no further.',
    });
    expect(asked.count).toBe(3);
    expect(told[0]).toBe(0);
  });

  test('ends nothing where a checkpoint is made in between', async () => {
    const often = () => cohort(3);
    const expected = withoutTime(await train(engineOn(learningDevice()), often()));
    const devices = Array.from({ length: 9 }, learningDevice);
    offer(devices.slice(1));
    let lost = 0;
    const onReport = ({ kind }: TrainingReport) => kind === 'evaluation' && devices[lost++].destroy();
    expect(withoutTime(await train(engineOn(devices[0]), often(), { onReport }))).toEqual(expected);
    expect(lost).toBe(8);
  });
});
