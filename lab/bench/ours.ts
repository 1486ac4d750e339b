/** Our engine as it trains in the page: several steps a submit, every loss reported, held back between its turns like a paused run. */
import type { GpuEngine } from '../../src/gpu/engine.ts';
import type { TrainingReport } from '../../src/model/training.ts';
import playground from '../../package.json';
import { gptCohort, type GptSize } from './gpt.ts';
import type { Contender, Prepared, Turn } from './contender.ts';

/** More than all turns of a bench take together. */
const MOST_STEPS = 2 ** 17;

export function ours(engine: GpuEngine): Contender {
  return {
    name: 'muP Playground',
    version: playground.version,
    differs: null,
    // The cohort's own parameters and batches are those that the others are given.
    prepare: (size) => HeldTraining.start(engine, size),
  };
}

class HeldTraining implements Prepared {
  private readonly stop = new AbortController();
  private readonly training: Promise<unknown>;
  private told: Turn['losses'] = [];
  private lastReport = 0;
  private onReport = () => {};
  private onHeld = () => {};
  private resume = () => {};
  private resumed = Promise.resolve();

  private constructor(
    private readonly engine: GpuEngine,
    size: GptSize,
  ) {
    // The others keep no checkpoints.
    const { checkpointMilliseconds } = engine;
    engine.checkpointMilliseconds = Infinity;
    const training = engine.train(gptCohort(size, { steps: MOST_STEPS }), {
      signal: this.stop.signal,
      untilResumed: () => {
        this.onHeld();
        return this.resumed;
      },
      onReport: (report) => this.hear(report),
    });
    this.training = training.finally(() => (engine.checkpointMilliseconds = checkpointMilliseconds));
  }

  /** Held before its first step. */
  static async start(engine: GpuEngine, size: GptSize): Promise<HeldTraining> {
    const training = new HeldTraining(engine, size);
    await training.orFail(training.hold());
    return training;
  }

  async train(steps: number): Promise<Turn> {
    this.told = [];
    const started = performance.now();
    const enough = new Promise<void>((resolve) => {
      this.onReport = () => {
        if (this.told.length >= steps) resolve();
      };
    });
    this.resume();
    await this.orFail(enough);
    await this.orFail(this.hold());
    await this.engine.device.queue.onSubmittedWorkDone();
    // The last losses are handed over by a promise of their own.
    await new Promise((resolve) => setTimeout(resolve));
    const { told, lastReport } = this;
    return { millisecondsPerStep: (lastReport - started) / told.length, losses: told };
  }

  async dispose(): Promise<void> {
    this.stop.abort();
    this.resume();
    await this.training;
  }

  /** Resolves when the engine has come to the hold: nothing is submitted any more. */
  private hold(): Promise<void> {
    this.resumed = new Promise((resolve) => (this.resume = resolve));
    return new Promise((resolve) => (this.onHeld = resolve));
  }

  private orFail(awaited: Promise<void>): Promise<void> {
    const ended = this.training.then(() => {
      throw new Error(`training ended after ${MOST_STEPS} steps, before its time was taken`);
    });
    return Promise.race([awaited, ended]);
  }

  private hear(report: TrainingReport): void {
    if (report.kind !== 'losses') return;
    this.lastReport = performance.now();
    report.losses.forEach((loss, i) => this.told.push({ step: report.firstStep + i, loss }));
    this.onReport();
  }
}
