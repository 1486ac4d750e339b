/** The GPU engine: cuts a cohort into parts that fit the device, trains them, and goes on when a device is lost. */
import { ImpossibleLoss } from '../model/impossible-loss.ts';
import { lostDevice } from '../model/lost-device.ts';
import { trainingFlops } from '../model/shape.ts';
import { TrainingClock } from '../model/training-clock.ts';
import { unlessAborted } from '../model/unless-aborted.ts';
import {
  notBegun,
  type AdapterInfo,
  type Cohort,
  type CohortRun,
  type ModelReader,
  type RunOutcome,
  type TrainedModel,
  type TrainingEngine,
  type TrainingOptions,
} from '../model/training.ts';
import {
  assertOneRunFits,
  cohortMemory,
  recordCohort,
  runsThatFit,
  type DeviceLimits,
  type RecordingTarget,
} from './capacity.ts';
import { requestGpu, type Gpu, type NoGpu } from './device.ts';
import { DeviceError, DeviceWatch } from './device-errors.ts';
import { MatmulChoices } from './matmul/choices.ts';
import { tune } from './matmul/tuner.ts';
import { isVariant } from './matmul/variants.ts';
import { launchesOf } from './program.ts';
import { GpuReader } from './reader.ts';
import { OutOfMemory, PipelineCache } from './session.ts';
import { CohortTrainer, type Checkpoint, type Told } from './trainer.ts';

/** Most losses of a device between which training came no further than its last checkpoint. */
const MOST_LOSSES = 3;
/** Outputs that keep an adapter busy: a GPU wants many thousands of threads with some 32 outputs each, a CPU adapter a few. */
export const FILL = { gpu: 2 ** 19, software: 2 ** 14 };
/**
 * Floating-point operations asked of an engine from which on the kernels race: some ten seconds' worth on a small adapter of
 * each kind. Before, compiling those that lose would take longer than the winner saves.
 */
const WORTH_A_RACE = { gpu: 2e12, software: 1e11 };

/** Where the choice of kernels is remembered from one page to the next; by adapter, then by shape. */
export interface TuningMemory {
  recall(adapter: string): Promise<Record<string, string>>;
  keep(adapter: string, choices: Record<string, string>): Promise<void>;
}

/**
 * The engine on this machine's adapter, or one sentence that says why there is none.
 * @param memory without one, kernels are chosen anew in each page.
 */
export async function requestGpuEngine(memory?: TuningMemory): Promise<{ engine: GpuEngine } | NoGpu> {
  const gpu = await requestGpu();
  if ('reason' in gpu) return gpu;
  const engine = new GpuEngine(gpu, memory);
  await engine.recallChoices();
  return { engine };
}

export class GpuEngine implements TrainingEngine {
  readonly kind = 'gpu';
  /** Bytes that one cohort may take in all; a larger one is trained in parts. As much as suits the device where none is given. */
  memory: number | null = null;
  /** Least time between checkpoints: what a lost device or page can cost. */
  checkpointMilliseconds = 4_000;
  /** Before each time that a lost device's adapter is asked for: a graphics process that crashed needs some seconds to be back. */
  pausesMilliseconds = [0, 500, 1000, 2000, 4000, 8000];
  private matmuls: MatmulChoices;
  /** Floating-point operations of what was trained so far. */
  private work = 0;
  private watch: DeviceWatch;

  constructor(
    private gpu: Gpu,
    private readonly tuning: TuningMemory | null = null,
  ) {
    this.matmuls = choicesFor(gpu);
    this.watch = new DeviceWatch(gpu.device);
  }

  /** The adapter in use now; maybe another one after a loss. */
  get adapter(): AdapterInfo {
    return this.gpu.adapter;
  }

  /** Which kernel multiplies which shape here, as measured so far: names by shapes. */
  get choices(): Record<string, string> {
    return Object.fromEntries(this.matmuls.measured);
  }

  async recallChoices(): Promise<void> {
    const remembered = (await this.tuning?.recall(this.adapterName)) ?? {};
    for (const [shape, name] of Object.entries(remembered)) {
      // A kernel of an earlier version of this page is nobody's any more.
      if (isVariant(name)) this.matmuls.measured.set(shape, name);
    }
  }

  private get adapterName(): string {
    const { vendor, architecture, description } = this.adapter;
    return [vendor, architecture, description].join(' · ');
  }

  /** The device in use now; a new one after a loss. */
  get device(): GPUDevice {
    return this.gpu.device;
  }

  private get target(): RecordingTarget {
    return { fill: this.adapter.software ? FILL.software : FILL.gpu, matmuls: this.matmuls };
  }

  private limits(): DeviceLimits {
    const { maxStorageBufferBindingSize, maxBufferSize } = this.gpu.device.limits;
    return {
      binding: Math.min(maxStorageBufferBindingSize, maxBufferSize),
      total: this.memory ?? cohortMemory(this.gpu.device.limits),
    };
  }

  assertFits(cohort: Omit<Cohort, 'stream'>): void {
    assertOneRunFits(cohort, this.limits(), this.target);
  }

  async train(cohort: Cohort, options: TrainingOptions): Promise<RunOutcome[]> {
    let together = runsThatFit(cohort, this.limits(), this.target);
    if (together === 0) assertOneRunFits(cohort, this.limits(), this.target);
    const from = options.from ?? null;
    const outcomes = [...(from?.ended ?? [])];
    // What was left goes on in the part that it was.
    if (from) together = Math.min(together, from.runs.length);
    while (outcomes.length < cohort.runs.length) {
      const part = cohort.runs.slice(outcomes.length, outcomes.length + together);
      try {
        outcomes.push(...(await this.trainPart(cohort, part, [...outcomes], options)));
      } catch (error) {
        // Nothing of the part was trained yet: memory is asked for before its first step.
        if (!(error instanceof OutOfMemory) || together === 1) throw error;
        together = Math.ceil(together / 2);
      }
    }
    return outcomes;
  }

  /** Compiles the kernels of a cohort before it is its turn, which are found again by their texts, and has its first tokens written. */
  async makeReady(cohort: Cohort): Promise<void> {
    const together = runsThatFit(cohort, this.limits(), this.target);
    if (together === 0) return;
    const { program } = recordCohort(cohort, together, this.target);
    await Promise.all([PipelineCache.of(this.device).all(launchesOf(program)), cohort.stream.segment(0)]);
  }

  async read(model: TrainedModel): Promise<ModelReader> {
    if (this.watch.isLost) await this.renew(0, new AbortController().signal);
    const { adapter, measured } = this.matmuls;
    // What is read is too little for kernels to race for it.
    const target = { ...this.target, matmuls: new MatmulChoices(adapter, measured) };
    return new GpuReader(this.device, this.watch, model, target);
  }

  /** @param ended how the parts before it ended. */
  private async trainPart(
    cohort: Cohort,
    runs: CohortRun[],
    ended: RunOutcome[],
    options: TrainingOptions,
  ): Promise<RunOutcome[]> {
    const { signal, onTheWay } = options;
    const ids = runs.map(({ id }) => id);
    const from = options.from && String(options.from.runs) === String(ids) ? options.from : null;
    let checkpoint: Checkpoint | null = from;
    let told: Told = { steps: from?.step ?? 0, evaluation: from?.evaluation ?? 0 };
    let clock: TrainingClock | undefined;
    for (let losses = 0; ; losses++) {
      if (this.watch.isLost) await this.renew(losses, signal);
      // Nothing is to be read that was not told.
      if (signal.aborted) return runs.map(notBegun);
      const { watch } = this;
      let trainer: CohortTrainer | null = null;
      try {
        trainer = await unlessAborted(signal, this.makeTrainer(cohort, runs, options));
        if (!trainer) return runs.map(notBegun);
        trainer.goOn(checkpoint, told);
        const current = trainer;
        let last = performance.now();
        let cost = 0;
        const mine = (clock ??= new TrainingClock(from?.seconds));
        return await watch.orFailure(
          current.train(async () => {
            // What was probed is not part of a checkpoint: such a cohort, a few steps long, begins again.
            const asked = performance.now();
            // What takes long to read back is read back less often.
            const due = this.checkpointMilliseconds + Math.min(20 * cost, 10 * this.checkpointMilliseconds);
            if (cohort.probe || asked - last < due) return;
            const reached = (checkpoint = await current.checkpoint());
            last = performance.now();
            cost = last - asked;
            losses = 0;
            onTheWay?.({
              ...{ runs: ids, ended, ...reached, evaluation: current.toldSoFar.evaluation },
              seconds: mine.seconds,
            });
          }, mine),
        );
      } catch (error) {
        // What was refused has no other cause.
        const isRefused = [DeviceError, ImpossibleLoss, OutOfMemory].some((kind) => error instanceof kind);
        const isLost = watch.isLost || (!isRefused && (await watch.hasLost()));
        if (!isLost) throw error;
        if (losses === MOST_LOSSES) throw lostDevice(`was lost ${losses + 1} times, and training came no further.`);
        if (trainer) told = trainer.toldSoFar;
      } finally {
        trainer?.destroy();
      }
    }
  }

  /** With the kernels chosen and compiled; one that comes behind a failure, or behind the end of the training, is nobody's. */
  private async makeTrainer(
    cohort: Cohort,
    runs: CohortRun[],
    options: TrainingOptions,
  ): Promise<CohortTrainer | null> {
    const { watch } = this;
    const { signal } = options;
    await watch.orFailure(this.tuneFor(cohort, runs.length, signal));
    if (signal.aborted) return null;
    const preparing = CohortTrainer.prepare(this.device, cohort, runs, this.target, options);
    const leave = () =>
      void preparing.then(
        (trainer) => trainer.destroy(),
        () => undefined,
      );
    try {
      const trainer = await watch.orFailure(preparing);
      if (signal.aborted) leave();
      return trainer;
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Lets the kernels race for the shapes of a cohort that were not met before, once so much is trained that it pays. */
  private async tuneFor(cohort: Cohort, runs: number, signal: AbortSignal): Promise<void> {
    const { target, matmuls } = this;
    const { shape, batch, steps } = cohort;
    this.work += runs * trainingFlops(shape, steps * batch * shape.context);
    if (this.work < (this.adapter.software ? WORTH_A_RACE.software : WORTH_A_RACE.gpu)) return;
    // What was asked for while sizes were tried out may never be trained.
    matmuls.missing.clear();
    recordCohort(cohort, runs, target);
    if (matmuls.missing.size === 0) return;
    await tune(this.gpu.device, matmuls, signal);
    void this.tuning?.keep(this.adapterName, this.choices);
  }

  /** Takes another device in place of the one that was lost, unless the signal aborts before there is one. */
  private async renew(losses: number, signal: AbortSignal): Promise<void> {
    const gpu = await this.anotherGpu(losses, signal);
    if (!gpu) return;
    this.gpu = gpu;
    this.watch = new DeviceWatch(gpu.device);
    // Of another adapter nothing is known yet, and it may lack what the kernels in use need.
    this.matmuls = choicesFor(gpu);
    await this.recallChoices();
  }

  /**
   * Null when the signal aborts before there is one.
   * @param losses in a row: what is lost again and again is not asked for at once.
   * @throws InputError by `lostDevice` when there is none, however often it is asked for.
   */
  private async anotherGpu(losses: number, signal: AbortSignal): Promise<Gpu | null> {
    let reason = '';
    for (const pause of this.pausesMilliseconds.slice(Math.max(0, losses - 1))) {
      await untilLater(pause, signal);
      if (signal.aborted) return null;
      const found = await requestGpu({ signal });
      if ('device' in found) return found;
      ({ reason } = found);
    }
    if (signal.aborted) return null;
    throw lostDevice(`was lost, and none could be had again. ${reason}`);
  }

  destroy(): void {
    this.gpu.device.destroy();
  }
}

/** Resolves after so many milliseconds, or at once when the signal aborts. */
function untilLater(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted || milliseconds === 0) return resolve();
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}

const choicesFor = ({ adapter, device, quads }: Gpu) =>
  new MatmulChoices({
    software: adapter.software,
    subgroups: quads,
    shaderF16: device.features.has('shader-f16'),
  });
