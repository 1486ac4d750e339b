/** A page that is left in the midst of a cohort, and another one that goes on: the same bits, as if nobody had left. */
import { describe, expect, test, vi } from 'vitest';
import { checkpointKey, type CheckpointStore, type KeptCohort } from '../../../src/experiment/checkpoints.ts';
import { listenToReports } from '../../../src/experiment/report-port.ts';
import { EngineTrainer } from '../../../src/experiment/trainer-service.ts';
import { GpuEngine } from '../../../src/gpu/engine.ts';
import type { Run } from '../../../src/model/run.ts';
import * as training from '../../../src/model/training.ts';
import type { RunOutcome, RunsOnTheWay, TrainingReport } from '../../../src/model/training.ts';
import { learningDevice } from '../gpu/fake-device.ts';
import { cohortOf, experimentWith } from './fakes.ts';

const STEPS = 60;
/** So that what was left is gone on with in the midst of one. */
vi.spyOn(training, 'stepsOfSegment').mockReturnValue(8);
const experiment = experimentWith();
const recipe = { ...experiment.recipes[0], steps: STEPS, evaluation: { every: 7, sequences: 4 } };
const request = cohortOf(recipe, 8);

/** @param onKept told of each cohort that is kept. */
function storeInMemory(onKept: (cohort: KeptCohort) => void = () => {}) {
  const kept = new Map<string, KeptCohort>();
  const store: CheckpointStore = {
    take: async (key) => ({
      kept: structuredClone(kept.get(key) ?? null),
      keep: async (cohort) => {
        kept.set(key, structuredClone(cohort));
        onKept(cohort);
      },
      drop: async () => void kept.delete(key),
    }),
    stepOf: async (key) => kept.get(key)?.state.step ?? null,
    discard: async (key) => void kept.delete(key),
  };
  return { store, kept };
}

/** A page: a worker with a device of its own. */
function page(store: CheckpointStore) {
  const device = learningDevice();
  const engine = new GpuEngine(device.gpu);
  engine.checkpointMilliseconds = 0;
  return { device, engine, trainer: new EngineTrainer(async () => ({ engine, reason: null }), store, '1') };
}

type Page = ReturnType<typeof page>;

/** Leaves so little memory that each run trains by itself. */
async function split(one: Page): Promise<Page> {
  await one.trainer.prepare(recipe, {});
  for (one.engine.memory = 1000; ; one.engine.memory *= 1.1) {
    const fits = one.trainer.assertFits(request).then(
      () => true,
      () => false,
    );
    if (await fits) return one;
  }
}

interface Heard {
  losses: Map<string, number[]>;
  evaluations: string[];
}

function hear({ losses, evaluations }: Heard, report: TrainingReport): void {
  if (report.kind === 'evaluation') {
    evaluations.push(`${report.runs} ${report.step}: ${report.losses} ± ${report.standardErrors}`);
    return;
  }
  report.losses.forEach((loss, i) => {
    const id = report.runs[i % report.runs.length]!;
    const series = losses.get(id) ?? losses.set(id, []).get(id)!;
    const step = report.firstStep + Math.floor(i / report.runs.length);
    expect(step, 'no step is told twice, and none is left out').toBe(series.length);
    series.push(loss);
  });
}

/** Trains to the end. */
async function finish({ trainer }: Page, asked = request): Promise<Heard & { outcomes: RunOutcome[] }> {
  const heard: Heard = { losses: new Map(), evaluations: [] };
  await trainer.prepare(recipe, {});
  const reports = listenToReports((report) => hear(heard, report));
  const outcomes = await trainer.train(asked, reports.port);
  await reports.ended;
  reports.close();
  return { ...heard, outcomes: outcomes.map((outcome) => ({ ...outcome, seconds: 0 })) };
}

/** A store with a cohort in it that came so far, whose page is heard of no more. */
async function left(isFar: (state: RunsOnTheWay) => boolean, asked = request, change = async (one: Page) => one) {
  let leave = () => {};
  const isLeft = new Promise<void>((resolve) => (leave = resolve));
  const memory = storeInMemory(({ state }) => {
    if (!isFar(state)) return;
    device.answered = () => new Promise(() => undefined);
    leave();
  });
  const { trainer, device } = await change(page(memory.store));
  await trainer.prepare(recipe, {});
  const reports = listenToReports(() => {});
  void trainer.train(asked, reports.port);
  await isLeft;
  reports.close();
  return memory;
}

describe('a cohort that was left', () => {
  test('goes on from what was kept to the bits of one that was not, and is dropped at its end', async () => {
    const undisturbed = await finish(page(storeInMemory().store));
    const { store, kept } = await left(({ step }) => step > 10);
    const [{ state }] = kept.values();
    expect(state.step).toBeLessThan(STEPS);
    const next = page(store);
    let taken = 0;
    const { lossAt } = next.device;
    next.device.lossAt = (step, run) => {
      taken++;
      return lossAt(step, run);
    };
    expect(await finish(next)).toEqual(undisturbed);
    expect(taken).toBe(STEPS - state.step);
    await expect.poll(() => kept.size).toBe(0);
  });

  test('goes on in the part that was under way where it was split, with how those before it ended', async () => {
    const both = cohortOf(recipe, 8, [1, 2]);
    const undisturbed = await finish(await split(page(storeInMemory().store)), both);
    const { store, kept } = await left(({ step, ended }) => ended.length === 1 && step > 10, both, split);
    const [{ state, reports }] = kept.values();
    expect(reports.map(({ runs }) => runs)).toEqual(both.runs.map(({ id }) => [id]));
    expect(state.ended.map(({ status }) => status)).toEqual(['done']);
    const next = await split(page(store));
    let taken = 0;
    const { lossAt } = next.device;
    next.device.lossAt = (step, run) => {
      taken++;
      return lossAt(step, run);
    };
    expect(await finish(next, both)).toEqual(undisturbed);
    expect(taken).toBe(STEPS - state.step);
    await expect.poll(() => kept.size).toBe(0);
  });

  test('goes on in the part that was under way, also where there is room for all of them by now', async () => {
    const both = cohortOf(recipe, 8, [1, 2]);
    const undisturbed = await finish(await split(page(storeInMemory().store)), both);
    const { store, kept } = await left(({ step }) => step > 10, both, split);
    const [{ state }] = kept.values();
    expect([state.ended, state.runs]).toEqual([[], [both.runs[0]!.id]]);
    const next = page(store);
    let taken = 0;
    const { lossAt } = next.device;
    next.device.lossAt = (step, run) => {
      taken++;
      return lossAt(step, run);
    };
    expect(await finish(next, both)).toEqual(undisturbed);
    expect(taken).toBe(2 * STEPS - state.step);
  });

  test('is told of by its step on the same ground only, until it is discarded', async () => {
    const { store, kept } = await left(({ step }) => step > 10);
    const [{ state }] = kept.values();
    const { trainer } = page(store);
    expect(await trainer.stepLeft(request.runs, null)).toBe(state.step);
    expect(await trainer.stepLeft(request.runs, 'of another text')).toBeNull();
    await trainer.discardLeft(request.runs, null);
    expect(kept.size).toBe(0);
    expect(await trainer.stepLeft(request.runs, null)).toBeNull();
  });

  test('begins again where other code, another adapter, another text or another run would go on', () => {
    const adapter = { vendor: 'v', architecture: 'a', description: 'd', features: [], software: false };
    const ground = { adapter, version: '1', textHash: null };
    const [run] = request.runs as [Run];
    const keys = [
      checkpointKey([run], ground),
      checkpointKey([run], { ...ground, version: '2' }),
      checkpointKey([run], { ...ground, adapter: { ...adapter, architecture: 'b' } }),
      checkpointKey([run], { ...ground, textHash: 'another' }),
      checkpointKey([{ ...run, seed: run.seed + 1 }], ground),
      checkpointKey([run, { ...run, seed: run.seed + 1 }], ground),
      checkpointKey([{ ...run, recipe: { ...run.recipe, steps: 61 } }], ground),
    ];
    expect(new Set(keys).size).toBe(keys.length);
    expect(checkpointKey([structuredClone(run)], structuredClone(ground))).toBe(keys[0]);
  });

  test('is not gone on with once it was cancelled', async () => {
    let cancel = () => {};
    const { store, kept } = storeInMemory(() => cancel());
    const { trainer } = page(store);
    cancel = () => void trainer.cancel();
    await trainer.prepare(recipe, {});
    const reports = listenToReports(() => {});
    const [outcome] = await trainer.train(request, reports.port);
    expect(outcome!.status).toBe('cancelled');
    await expect.poll(() => kept.size).toBe(0);
    reports.close();
  });
});
