/** Both engines of a machine without a GPU are tried, and the one that is faster for the experiment trains it. */
import { describe, expect, test } from 'vitest';
import { Conductor } from '../../../src/experiment/conductor.ts';
import type {
  CohortRequest,
  ConductorEvent,
  ConductorOptions,
  EngineDescription,
} from '../../../src/experiment/protocol.ts';
import { EngineTrainer } from '../../../src/experiment/trainer-service.ts';
import { Trial } from '../../../src/experiment/trial.ts';
import { createReferenceEngine } from '../../../src/reference/trainer.ts';
import { cohortOf, experimentWith, FakeTrainer, quickAsk } from './fakes.ts';

const adapterOf = (description: string) => ({
  vendor: '',
  architecture: '',
  description,
  features: [],
  software: true,
});

/** A software adapter with a CPU of two cores beside it. */
class TwoEngines extends FakeTrainer {
  kind: EngineDescription['kind'] = 'gpu';
  /** Seconds of a step of each engine at a width. */
  pace: Record<EngineDescription['kind'], (width: number) => number> = { gpu: () => 0.02, reference: () => 0.01 };
  onTry = () => {};

  override async describe(wanted?: EngineDescription['kind']): Promise<EngineDescription> {
    this.kind = wanted ?? 'gpu';
    this.calls.push(`describe ${this.kind}`);
    const cpu = { kind: 'reference' as const, adapter: adapterOf('CPU'), cores: 2, reason: null };
    return this.kind === 'reference'
      ? cpu
      : { kind: 'gpu', adapter: adapterOf('SwiftShader'), reason: null, beside: cpu };
  }

  override async tryOut(request: CohortRequest): Promise<number> {
    await super.tryOut(request);
    this.onTry();
    return this.pace[this.kind](request.runs[0]!.width);
  }
}

function conducted(trainer: TwoEngines, options: Partial<ConductorOptions> = {}) {
  const events: ConductorEvent[] = [];
  const experiment = experimentWith({ seeds: [1, 2] });
  const conductor = new Conductor(trainer, quickAsk, { experiment, texts: {}, engine: 'faster', ...options }, (event) =>
    events.push(event),
  );
  return { conductor, events };
}

test('each is tried at the smallest and the largest shape, before anything trains; the faster one is told and trains', async () => {
  const trainer = new TwoEngines();
  const { conductor, events } = conducted(trainer);
  await conductor.run();
  const calls = trainer.calls.filter((call) => /^(describe|try|train)/.test(call));
  expect(calls.slice(0, 9)).toEqual([
    'describe gpu',
    ...['describe gpu', 'try muP 48 [1,2]', 'try muP 8 [1,2]'],
    ...['describe reference', 'try muP 48 [1,2]', 'try muP 8 [1,2]'],
    'describe reference',
    'train muP 32 [1,2]',
  ]);
  const [engine, ...others] = events.filter((event) => event.kind === 'engine');
  expect(engine!.engine.adapter.description).toBe('CPU');
  expect(engine!.tried!.map((one) => one.engine.adapter.description)).toEqual(['CPU', 'SwiftShader']);
  expect(others).toEqual([]);
  const kinds = events.map(({ kind }) => kind);
  expect(kinds.indexOf('trying')).toBeGreaterThan(kinds.indexOf('corpus'));
  expect(kinds.indexOf('trying')).toBeLessThan(kinds.indexOf('engine'));
});

test('what counts is the time of the whole experiment on all cores, not a step of one shape', async () => {
  // At the largest width a step of the CPU takes 1.2 times that of the adapter, and 8 times it: summed over both seeds and two cores.
  for (const [factor, faster] of [
    [1.2, 'reference'],
    [8, 'gpu'],
  ] as const) {
    const trainer = new TwoEngines();
    trainer.pace = { gpu: () => 0.01, reference: (width) => 0.01 * factor * (width / 48) };
    const { conductor, events } = conducted(trainer);
    await conductor.run();
    expect(events.find((event) => event.kind === 'engine')!.engine.kind).toBe(faster);
  }
});

test('the adapter trains where neither could be timed', async () => {
  const trainer = new TwoEngines();
  trainer.pace = { gpu: () => NaN, reference: () => NaN };
  const { conductor, events } = conducted(trainer);
  await conductor.run();
  expect(events.find((event) => event.kind === 'engine')).toMatchObject({ engine: { kind: 'gpu' }, tried: [] });
});

test('what is asked for by name is not tried, and neither is an engine without another one beside it', async () => {
  for (const [trainer, options] of [
    [new TwoEngines(), { engine: 'reference' }],
    [new FakeTrainer(), { engine: 'faster' }],
  ] as const) {
    const { conductor } = conducted(trainer as TwoEngines, options);
    await conductor.run();
    expect(trainer.calls.filter((call) => call.startsWith('try'))).toEqual([]);
  }
});

test('cancelled meanwhile, nothing more is tried', async () => {
  const trainer = new TwoEngines();
  const { conductor, events } = conducted(trainer);
  trainer.onTry = () => conductor.cancel();
  await expect(conductor.run()).rejects.toThrow('Cancelled before training began.');
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(trainer.calls.filter((call) => /^(try|train)/.test(call))).toEqual(['try muP 48 [1,2]']);
  expect(events.at(-1)).toEqual({ kind: 'phase', phase: 'cancelled' });
});

describe('a trial', () => {
  const report = (runs: string[], steps: number) => ({ runs, losses: new Float32Array(runs.length * steps) });
  const after = (seconds: number[]) => {
    let i = 0;
    return () => seconds[Math.min(i++, seconds.length - 1)]!;
  };

  test('counts what comes behind the first report, until it is enough', () => {
    const trial = new Trial(2, after([5, 5.3, 5.9]));
    expect([
      trial.hear(report(['a', 'b'], 1)),
      trial.hear(report(['a', 'b'], 2)),
      trial.hear(report(['a', 'b'], 4)),
    ]).toEqual([...[false, false, true]]);
    expect(trial.secondsPerStep).toBeCloseTo(0.9 / 6, 12);
  });

  test('adds up what runs take that train beside each other, also those that have not begun', () => {
    const trial = new Trial(4, after([1, 1.1, 2, 2.1]));
    for (const [id, steps] of [
      ['a', 3],
      ['b', 3],
      ['a', 10],
      ['b', 10],
    ] as const)
      trial.hear(report([id], steps));
    expect(trial.secondsPerStep).toBeCloseTo(4 * 0.1, 12);
  });

  test('counts the other parts of a cohort that was split', () => {
    const trial = new Trial(6, after([0, 1]));
    for (let i = 0; i < 2; i++) trial.hear(report(['a', 'b'], 5));
    expect(trial.secondsPerStep).toBeCloseTo(3 * 0.2, 12);
  });

  test('without a second report tells nothing', () => {
    const trial = new Trial(1, after([0]));
    trial.hear(report(['a'], 5));
    expect(trial.secondsPerStep).toBeNaN();
  });
});

test('an engine is tried on the first steps of a long training, and then on another', async () => {
  const recipe = { ...experimentWith().recipes[0]!, steps: 100_000 };
  const trainer = new EngineTrainer(async () => ({ engine: createReferenceEngine(), reason: null }));
  await trainer.prepare(recipe, {});
  const seconds = await trainer.tryOut(cohortOf(recipe, 8));
  expect(seconds).toBeGreaterThan(0);
  // It has ended: another may begin.
  expect(await trainer.tryOut(cohortOf(recipe, 16))).toBeGreaterThan(0);
});
