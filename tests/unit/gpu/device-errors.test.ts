/** What an engine tells and keeps when its device fails: nothing that was not computed, and no gap. */
import { afterEach, describe, expect, test, vi } from 'vitest';
import { DeviceWatch } from '../../../src/gpu/device-errors.ts';
import { GpuEngine } from '../../../src/gpu/engine.ts';
import type { TrainingReport } from '../../../src/model/training.ts';
import { cohortOf, recipeOf, train } from '../../gpu/cohorts.ts';
import { FakeDevice } from './fake-device.ts';

afterEach(() => vi.unstubAllGlobals());

const STEPS = 200;
const cohort = (evaluateEvery = 0) =>
  cohortOf([recipeOf({ steps: STEPS }), recipeOf({ steps: STEPS })], { width: 16, vocabulary: 16, evaluateEvery }, 1);

/** Trains to the failure. Reports are kept as they come; @param hear is called with each. */
async function trainToFailure(device: FakeDevice, hear: (report: TrainingReport) => void, evaluateEvery = 0) {
  const reports: TrainingReport[] = [];
  const onReport = (report: TrainingReport) => {
    reports.push(report);
    hear(report);
  };
  const failure = await train(new GpuEngine(device.gpu), cohort(evaluateEvery), { onReport }).then(
    () => null,
    (error: Error) => error,
  );
  return { failure, reports };
}

const once = (act: () => void) => {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
};

function stubAdapterOf(device: FakeDevice): void {
  vi.stubGlobal('navigator', {
    gpu: {
      requestAdapter: async () => ({
        ...{ features: new Set(), limits: device.limits, info: {} },
        requestDevice: async () => device,
      }),
    },
  });
}

test('an undisturbed cohort trains on the fake', async () => {
  const { outcomes, losses } = await train(new GpuEngine(new FakeDevice().gpu), cohort());
  expect(losses.get('run 1')).toEqual(Array.from({ length: STEPS }, (_, step) => Math.fround(3 - step / 1000)));
  expect(outcomes.map(({ status, finalEvalLoss }) => [status, finalEvalLoss])).toEqual([
    ['done', 2.5],
    ['done', 2.5],
  ]);
});

const kernels = { 'training tokens': 'batch', parameters: 'embed', 'loss history': 'record-loss' };
for (const [label, kernel] of Object.entries(kernels)) {
  test(`"${label}" destroyed in mid-cohort ends it by the name of its kernel, and no zero is told`, async () => {
    const device = new FakeDevice();
    // The losses arrive long before it is known that nothing was computed.
    device.errorsKnown = async () => {
      for (let turn = 0; turn < 50; turn++) await Promise.resolve();
    };
    const strike = once(() => device.named(label).forEach((buffer) => buffer.destroy()));
    const { failure, reports } = await trainToFailure(device, strike);
    expect(failure?.name).toBe('DeviceError');
    expect(failure?.message).toMatch(
      new RegExp(`^The graphics device failed at kernel "${kernel}" \\(to train width 16, step.*\\): .*"${label}"`),
    );
    expect(reports.length).toBeGreaterThan(0);
    for (const { losses } of reports) expect([...losses].every((loss) => loss > 2.7)).toBe(true);
  });
}

for (const label of ['evaluation tokens', 'evaluation means', 'evaluation batch']) {
  test(`"${label}" destroyed in mid-cohort: no evaluation of what was not computed`, async () => {
    const device = new FakeDevice();
    const strike = once(() => device.named(label).forEach((buffer) => buffer.destroy()));
    const hear = (report: TrainingReport) => report.kind === 'evaluation' && strike();
    const { failure, reports } = await trainToFailure(device, hear, 50);
    expect(failure?.message).toMatch(/^The graphics device .*width 16 after step 100|"evaluation batch"/);
    expect(reports.filter(({ kind }) => kind === 'evaluation')).toHaveLength(1);
  });
}

for (const kind of ['validation', 'internal', 'out-of-memory']) {
  test(`an error of kind ${kind} that nobody awaits ends the cohort`, async () => {
    const device = new FakeDevice();
    const { failure } = await trainToFailure(
      device,
      once(() => device.fail(kind, 'something broke')),
    );
    expect(failure?.message).toBe('The graphics device failed: something broke');
  });
}

test('an error that comes between cohorts ends the next one, and no other', async () => {
  const device = new FakeDevice();
  const engine = new GpuEngine(device.gpu);
  await train(engine, cohort());
  device.fail('internal', 'broken between');
  device.fail('internal', 'and once more');
  await expect(train(engine, cohort())).rejects.toThrow('The graphics device failed: broken between');
  expect((await train(engine, cohort())).outcomes[0].status).toBe('done');
});

test('an error while a cohort is being prepared ends that one, and leaves none of its buffers', async () => {
  const device = new FakeDevice();
  const engine = new GpuEngine(device.gpu);
  const strike = once(() => device.fail('internal', 'broken before the first step'));
  device.errorsKnown = async () => {
    await Promise.resolve();
    strike();
  };
  await expect(train(engine, cohort())).rejects.toThrow('The graphics device failed: broken before the first step');
  await expect.poll(() => device.buffers.every(({ isDestroyed }) => isDestroyed)).toBe(true);
  expect((await train(engine, cohort())).outcomes[0].status).toBe('done');
});

describe('after a failure', () => {
  afterEach(() => void vi.useRealTimers());

  async function failed() {
    vi.useFakeTimers();
    const device = new FakeDevice();
    const watch = new DeviceWatch(device.gpu.device);
    await expect(watch.orFailure(Promise.reject(new Error('mapping was aborted')))).rejects.toThrow('aborted');
    return { device, watch };
  }

  test('what trails it is its echo, and ends nothing', async () => {
    const device = new FakeDevice();
    const engine = new GpuEngine(device.gpu);
    const strike = once(() => device.fail('validation', 'something broke'));
    await expect(train(engine, cohort(), { onReport: strike })).rejects.toThrow('something broke');
    device.fail('validation', 'the same again');
    expect((await train(engine, cohort())).outcomes[0].status).toBe('done');
  });

  test('so is what fails when no loss came and all is torn down', async () => {
    const { device, watch } = await failed();
    const asked = watch.hasLost();
    await vi.advanceTimersByTimeAsync(1000);
    expect(await asked).toBe(false);
    device.fail('validation', 'an echo of what was torn down');
    await watch.orFailure(Promise.resolve());
  });

  test('an echo does not end the wait for the loss', async () => {
    const { device, watch } = await failed();
    const asked = watch.hasLost();
    device.fail('validation', 'an echo');
    await vi.advanceTimersByTimeAsync(500);
    device.destroy();
    expect(await asked).toBe(true);
  });

  test('what comes late is another failure, and ends what waits next', async () => {
    const { device, watch } = await failed();
    await vi.advanceTimersByTimeAsync(2001);
    device.fail('internal', 'broken since');
    await expect(watch.orFailure(Promise.resolve())).rejects.toThrow('The graphics device failed: broken since');
  });
});

test('a device that is lost while a cohort is being prepared is replaced', async () => {
  const [first, second] = [new FakeDevice(), new FakeDevice()];
  stubAdapterOf(second);
  // Whatever was asked of a lost device may stay without an answer.
  first.createComputePipelineAsync = () => new Promise(() => first.destroy());
  const { outcomes } = await train(new GpuEngine(first.gpu), cohort());
  expect(outcomes[0].status).toBe('done');
  expect(second.named('parameters')).toHaveLength(1);
});

test('a device that is lost between cohorts is replaced', async () => {
  const [first, second] = [new FakeDevice(), new FakeDevice()];
  stubAdapterOf(second);
  const engine = new GpuEngine(first.gpu);
  await train(engine, cohort());
  first.destroy();
  expect((await train(engine, cohort())).outcomes[0].status).toBe('done');
  expect(second.named('parameters')).toHaveLength(1);
});

test('a loss that cannot be ends the cohort, though the device says nothing', async () => {
  for (const loss of [0, -1]) {
    const device = new FakeDevice();
    device.lossAt = (step, run) => (step === 40 && run === 1 ? loss : 3);
    const { failure, reports } = await trainToFailure(device, () => undefined);
    expect(failure?.message).toContain(`The loss of run 1 at step 41 came back as ${loss}`);
    expect(reports.every(({ losses }) => [...losses].every((one) => one === 3))).toBe(true);
  }
});

test('steps that were left out in silence end the cohort', async () => {
  const device = new FakeDevice();
  // No kernel acts any more, and where losses are read others stand.
  const strike = once(() => {
    device.isIdle = true;
    for (const label of ['loss history', 'evaluation means'])
      device.named(label).forEach(({ floats }) => floats.fill(2));
  });
  const { failure } = await trainToFailure(device, strike);
  expect(failure?.message).toMatch(/left out steps: 200 were asked for, \d+ were taken/);
});

test('a checkpoint is no further than what was told, so that after a loss no loss is missing', async () => {
  const [first, second] = [new FakeDevice(), new FakeDevice()];
  stubAdapterOf(second);
  const engine = new GpuEngine(first.gpu);
  engine.checkpointMilliseconds = 0;
  // Losses come late, all else at once: then the device is lost behind the third checkpoint.
  let checkpoints = 0;
  first.answered = async () => {};
  const createBuffer = first.createBuffer.bind(first);
  first.createBuffer = (descriptor) => {
    const buffer = createBuffer(descriptor);
    if (descriptor.label === 'copy of losses') {
      const { mapAsync } = buffer;
      buffer.mapAsync = async () => {
        for (let turn = 0; turn < 500; turn++) await Promise.resolve();
        return mapAsync.call(buffer);
      };
    }
    if (descriptor.label === 'copy of parameters' && ++checkpoints === 3) {
      void (async () => {
        for (let turn = 0; turn < 200; turn++) await Promise.resolve();
        first.destroy();
      })();
    }
    return buffer;
  };
  const steps: number[] = [];
  const { losses, outcomes } = await train(engine, cohort(), {
    onReport: (report) => report.kind === 'losses' && steps.push(report.firstStep),
  });
  expect(first.isLost).toBe(true);
  expect(steps).toEqual(steps.toSorted((one, other) => one - other));
  expect(losses.get('run 0')).toEqual(Array.from({ length: STEPS }, (_, step) => Math.fround(3 - step / 1000)));
  expect(outcomes[0].status).toBe('done');
});

test('a device that lives on keeps nothing of what was awaited beside it', async () => {
  const device = new FakeDevice();
  const then = vi.spyOn(device.lost, 'then');
  const watch = new DeviceWatch(device.gpu.device);
  const before = then.mock.calls.length;
  for (let i = 0; i < 20; i++) await watch.orFailure(Promise.resolve(i));
  expect(then.mock.calls.length).toBe(before);
  const pending = watch.orFailure(new Promise(() => undefined));
  device.destroy();
  await expect(pending).rejects.toThrow('The graphics device was lost: destroyed.');
  await expect(watch.orFailure(new Promise(() => undefined))).rejects.toThrow('lost');
  expect(await watch.hasLost()).toBe(true);
});
