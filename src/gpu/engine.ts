/** The GPU engine: cuts a cohort into parts that fit the device, trains them, and goes on when a device is lost. */
import type { AdapterInfo, Cohort, CohortRun, RunOutcome, TrainingEngine, TrainingOptions } from '../model/training.ts';
import { assertOneRunFits, runsThatFit, TOTAL_MEMORY, type DeviceLimits } from './capacity.ts';
import { requestGpu, type Gpu } from './device.ts';
import { OutOfMemory, PipelineCache } from './session.ts';
import { CohortTrainer, type Checkpoint, type Told } from './trainer.ts';

const MOST_LOSSES = 3;
/** Threads that keep an adapter busy: a GPU wants thousands, a CPU adapter a few per core. */
const FILL = { gpu: 16_384, software: 32 };

/** The engine on this machine's adapter, or one sentence that says why there is none. */
export async function requestGpuEngine(): Promise<{ engine: GpuEngine } | { reason: string }> {
  const gpu = await requestGpu();
  return 'reason' in gpu ? gpu : { engine: new GpuEngine(gpu) };
}

export class GpuEngine implements TrainingEngine {
  readonly kind = 'gpu';
  readonly adapter: AdapterInfo;
  /** Bytes that one cohort may take in all; a larger one is trained in parts. */
  memory = TOTAL_MEMORY;
  /** Time between checkpoints: what a lost device can cost. */
  checkpointMilliseconds = 10_000;
  private pipelines: PipelineCache;
  private lost = false;

  constructor(private gpu: Gpu) {
    this.adapter = gpu.adapter;
    this.pipelines = new PipelineCache(gpu.device);
    this.watch(gpu.device);
  }

  /** The device in use now; a new one after a loss. */
  get device(): GPUDevice {
    return this.gpu.device;
  }

  private get fill(): number {
    return this.adapter.software ? FILL.software : FILL.gpu;
  }

  private limits(): DeviceLimits {
    const { maxStorageBufferBindingSize, maxBufferSize } = this.gpu.device.limits;
    return { binding: Math.min(maxStorageBufferBindingSize, maxBufferSize), total: this.memory };
  }

  assertFits(cohort: Omit<Cohort, 'stream'>): void {
    assertOneRunFits(cohort, this.limits(), this.fill);
  }

  async train(cohort: Cohort, options: TrainingOptions): Promise<RunOutcome[]> {
    let together = runsThatFit(cohort, this.limits(), this.fill);
    if (together === 0) assertOneRunFits(cohort, this.limits(), this.fill);
    const outcomes: RunOutcome[] = [];
    while (outcomes.length < cohort.runs.length) {
      const part = cohort.runs.slice(outcomes.length, outcomes.length + together);
      try {
        outcomes.push(...(await this.trainPart(cohort, part, options)));
      } catch (error) {
        // Nothing of the part was trained yet: memory is asked for before its first step.
        if (!(error instanceof OutOfMemory) || together === 1) throw error;
        together = Math.ceil(together / 2);
      }
    }
    return outcomes;
  }

  private async trainPart(cohort: Cohort, runs: CohortRun[], options: TrainingOptions): Promise<RunOutcome[]> {
    let checkpoint: Checkpoint | null = null;
    let told: Told = { steps: 0, evaluation: 0 };
    for (let losses = 0; ; losses++) {
      if (this.lost) await this.renew();
      const { device } = this.gpu;
      let trainer: CohortTrainer | null = null;
      try {
        trainer = await CohortTrainer.prepare(device, this.pipelines, cohort, runs, this.fill, options);
        trainer.goOn(checkpoint, told);
        const current = trainer;
        let last = performance.now();
        return await rejectOnLoss(
          device,
          current.train(async () => {
            // What was probed is not part of a checkpoint: such a cohort, a few steps long, begins again.
            if (cohort.probe || performance.now() - last < this.checkpointMilliseconds) return;
            checkpoint = await current.checkpoint();
            last = performance.now();
          }),
        );
      } catch (error) {
        if (losses >= MOST_LOSSES || !(await isLost(device))) throw error;
        this.lost = true;
        if (trainer) told = trainer.toldSoFar;
      } finally {
        trainer?.destroy();
      }
    }
  }

  private async renew(): Promise<void> {
    const gpu = await requestGpu();
    if ('reason' in gpu) {
      throw new Error(
        `The graphics device was lost and none could be had again. ${gpu.reason} Reload the page to go on.`,
      );
    }
    this.gpu = gpu;
    this.pipelines = new PipelineCache(gpu.device);
    this.lost = false;
    this.watch(gpu.device);
  }

  private watch(device: GPUDevice): void {
    void device.lost.then(() => {
      if (device === this.gpu.device) this.lost = true;
    });
  }

  destroy(): void {
    this.gpu.device.destroy();
  }
}

/** Whether an error came from losing the device: what was under way may fail a moment before the loss is announced. */
function isLost(device: GPUDevice): Promise<boolean> {
  const announced = device.lost.then(() => true);
  const patience = new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 1000));
  return Promise.race([announced, patience]);
}

/** A lost device leaves some promises pending for ever; this one ends. */
function rejectOnLoss<T>(device: GPUDevice, work: Promise<T>): Promise<T> {
  const loss = device.lost.then(({ message }) => {
    throw new Error(`The graphics device was lost: ${message || 'no reason given'}.`);
  });
  return Promise.race([work, loss]);
}
