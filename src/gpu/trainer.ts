/** Trains one cohort (or the part of it that fits together) on a device, reporting losses as they come. */
import { ImpossibleLoss, isImpossible } from '../model/impossible-loss.ts';
import { modulesOf } from '../model/modules.ts';
import { trainingFlops } from '../model/shape.ts';
import { TrainingClock } from '../model/training-clock.ts';
import { unlessAborted } from '../model/unless-aborted.ts';
import {
  isKept,
  type Cohort,
  type CohortRun,
  type RunOutcome,
  type TrainingOptions,
  type TrainingReport,
} from '../model/training.ts';
import { recordCohort, type RecordingTarget } from './capacity.ts';
import { DeviceError } from './device-errors.ts';
import { evaluate, type Evaluation } from './evaluate.ts';
import { asUploadable, writeInputs } from './inputs.ts';
import { LossRing } from './loss-ring.ts';
import { NEVER, RUN } from './ops/update-slots.ts';
import { guessedStep, MOST_STEPS_PER_SUBMIT, MOST_SUBMITS, Pace } from './pace.ts';
import { unpack, type ParameterLayout } from './parameters.ts';
import { launchesOf, type Program } from './program.ts';
import { Session } from './session.ts';
import type { Launch } from './tape.ts';

/** Everything that decides how training goes on from a step: enough to continue on the same trajectory, bit for bit. */
export interface Checkpoint {
  step: number;
  parameters: Float32Array<ArrayBuffer>;
  /** In the order of the program's moments. */
  moments: Float32Array<ArrayBuffer>[];
  runStates: Uint32Array<ArrayBuffer>;
}

/** How far the reports of a cohort have come: steps whose losses were told, and the step of the last evaluation. */
export interface Told {
  steps: number;
  evaluation: number;
}

export class CohortTrainer {
  private step = 0;
  /** Which one is on the device. */
  private segment: number | null = null;
  /** What was reported already, maybe by an earlier trainer whose device was lost. */
  private told: Told = { steps: 0, evaluation: 0 };
  private readonly pace: Pace;
  /** Of steps that are cut: each settles when all that was submitted up to a part is done. */
  private readonly partsInFlight: Promise<unknown>[] = [];
  private ring: LossRing | null = null;
  /** What comes in behind a failure is told to nobody. */
  private isDestroyed = false;

  private constructor(
    private readonly cohort: Cohort,
    private readonly runs: CohortRun[],
    private readonly layout: ParameterLayout,
    private readonly program: Program,
    private readonly session: Session,
    private readonly options: TrainingOptions,
    software: boolean,
  ) {
    const { shape, batch } = cohort;
    const { length } = program.step;
    const flops = runs.length * trainingFlops(shape, batch * shape.context);
    this.pace = new Pace(guessedStep(length, flops, software), length);
  }

  static async prepare(
    device: GPUDevice,
    cohort: Cohort,
    runs: CohortRun[],
    target: RecordingTarget,
    options: TrainingOptions,
  ): Promise<CohortTrainer> {
    const { program, layout } = recordCohort(cohort, runs.length, target);
    const session = await Session.prepare(device, program.slots, launchesOf(program));
    const trainer = new CohortTrainer(cohort, runs, layout, program, session, options, target.matmuls.adapter.software);
    writeInputs(session, program.io, layout, cohort, runs);
    return trainer;
  }

  /**
   * Trains to the end, or until the signal aborts. Rejects when the device is lost.
   * @param clock of the runs, which began maybe on a device that is lost.
   */
  async train(onCheckpointDue: () => Promise<void>, clock = new TrainingClock()): Promise<RunOutcome[]> {
    const { cohort, options } = this;
    const ring = (this.ring = this.newRing());
    let evaluation: Evaluation | null = null;
    try {
      while (this.step < cohort.steps && !options.signal.aborted) {
        await this.idleUntil(options.untilResumed(), ring, clock);
        if (options.signal.aborted || !(await this.idleUntil(this.hasSegment(), ring, clock))) break;
        await this.submitSteps(ring);
        if (this.evaluationDue()) {
          await ring.settle();
          evaluation = await this.evaluate();
        }
        await onCheckpointDue();
      }
      await ring.settle();
      // A device may be lost after the last step and before its evaluation was told: there is nothing left to train then.
      if (this.step === cohort.steps && !evaluation) evaluation = await this.evaluate();
    } finally {
      ring.destroy();
    }
    return this.outcomes(evaluation, clock.seconds);
  }

  /** Of the seconds of a training only that part is none in which nothing is in flight. */
  private async idleUntil<T>(ready: Promise<T>, ring: LossRing, clock: TrainingClock): Promise<T> {
    if (!this.pace.isIdle) await Promise.race([ready, ring.settle()]);
    return clock.waitFor(ready);
  }

  /** Never for more steps than a segment has. */
  private newRing(): LossRing {
    const most = Math.min(MOST_STEPS_PER_SUBMIT, this.cohort.stream.segmentSteps);
    return new LossRing(this.session, most * this.runs.length, MOST_SUBMITS);
  }

  private evaluationDue(): boolean {
    const { evaluateEvery, steps } = this.cohort;
    return this.step === steps || (evaluateEvery > 0 && this.step % evaluateEvery === 0);
  }

  /**
   * Writes the segment of the next step to the device where another one is there: the queue takes it once all steps before are done,
   * so that room for one is enough, and the device waits for none that is there in time. False when the signal aborted before it was there.
   */
  private async hasSegment(): Promise<boolean> {
    const { session, program, options } = this;
    const { stream } = this.cohort;
    const index = Math.floor(this.step / stream.segmentSteps);
    if (index === this.segment) return true;
    const windows = await unlessAborted(options.signal, stream.segment(index, options.signal));
    if (!windows || this.isDestroyed) return false;
    session.write(program.io.segment, asUploadable(windows));
    this.segment = index;
    return true;
  }

  private async submitSteps(ring: LossRing): Promise<void> {
    const { session, cohort, program, runs, pace } = this;
    while (!pace.hasRoom) await ring.oldest();
    if (pace.isIdle) this.askForDelay();
    const { evaluateEvery, steps } = cohort;
    const { segmentSteps } = cohort.stream;
    const place = this.step % segmentSteps;
    const untilEvaluation = evaluateEvery > 0 ? evaluateEvery - (this.step % evaluateEvery) : Infinity;
    // Read once: the deliveries that come in while this waits size the next submit, not this one.
    const { parts } = pace;
    const count = parts > 1 ? 1 : Math.min(pace.steps, steps - this.step, untilEvaluation, segmentSteps - place);
    pace.submitted(count);
    if (parts > 1) await this.submitInParts(program.step, parts);
    const first = this.step;
    const entries = count * runs.length;
    const copy = (encoder: GPUCommandEncoder) =>
      ring.copy(encoder, session.buffer(program.io.history), place * runs.length, entries);
    session.submit(this.words(count), parts > 1 ? [] : program.step, copy, count);
    ring.drain(entries, (losses) => {
      pace.delivered();
      this.report(first, losses);
    });
    this.step += count;
  }

  /** A queue with nothing to do says so at once, or when the browser gets to it; what is submitted next does not hold it up. */
  private askForDelay(): void {
    const asked = performance.now();
    // A lost device answers too, or fails where it is waited for.
    this.session.device.queue.onSubmittedWorkDone().then(
      () => this.pace.answered(performance.now() - asked),
      () => undefined,
    );
  }

  /** What is asked of the device next, as it is named where it fails. */
  private words(count: number): string {
    const [first, last] = [this.step + 1, this.step + count];
    return `train width ${this.cohort.shape.width}, ${count > 1 ? `steps ${first} to ${last}` : `step ${first}`}`;
  }

  /** One long step as several submits, some of them waiting while one runs: the page's own frames fit between. */
  private async submitInParts(step: Launch[], parts: number): Promise<void> {
    const { session, pace } = this;
    for (let part = 0; part < parts; part++) {
      while (this.partsInFlight.length >= pace.partsAhead) await this.partsInFlight.shift();
      const cut = (i: number) => Math.round((i * step.length) / parts);
      session.submit(this.words(1), step.slice(cut(part), cut(part + 1)));
      this.partsInFlight.push(session.device.queue.onSubmittedWorkDone());
    }
  }

  private report(first: number, losses: Float32Array<ArrayBuffer>): void {
    const skip = Math.max(0, this.told.steps - first) * this.runs.length;
    if (skip >= losses.length) return;
    const { length } = this.runs;
    const impossible = losses.findIndex(isImpossible);
    if (impossible >= 0) {
      const { id } = this.runs[impossible % length];
      throw new ImpossibleLoss(
        `The loss of ${id} at step ${first + Math.floor(impossible / length) + 1}`,
        losses[impossible],
      );
    }
    const fresh = skip > 0 ? losses.slice(skip) : losses;
    this.told.steps = first + losses.length / length;
    this.tell({
      kind: 'losses',
      runs: this.ids(),
      firstStep: first + skip / this.runs.length,
      losses: fresh,
    });
  }

  private tell(report: TrainingReport): void {
    if (!this.isDestroyed) this.options.onReport(report);
  }

  private ids(): string[] {
    return this.runs.map((run) => run.id);
  }

  private async evaluate(): Promise<Evaluation> {
    const { session, program, cohort, runs, pace } = this;
    const sequences = cohort.stream.evaluation.length / (cohort.shape.context + 1);
    const what = `evaluate width ${cohort.shape.width} after step ${this.step}`;
    const evaluation = await evaluate(
      session,
      program,
      { batch: cohort.batch, runs: runs.length, sequences, ahead: pace.batchesAhead },
      what,
    );
    const impossible = evaluation.losses.findIndex(isImpossible);
    if (impossible >= 0) {
      throw new ImpossibleLoss(
        `The evaluation of ${runs[impossible].id} after step ${this.step}`,
        evaluation.losses[impossible],
      );
    }
    if (this.step > this.told.evaluation) {
      this.told.evaluation = this.step;
      this.tell({ kind: 'evaluation', runs: this.ids(), step: this.step, ...copyOf(evaluation) });
    }
    return evaluation;
  }

  private async outcomes(evaluation: Evaluation | null, seconds: number): Promise<RunOutcome[]> {
    const { session, program, cohort, runs, options } = this;
    const words = new Uint32Array(await session.read(program.io.runStates));
    const states = assertTaken(words, this.step);
    const kept = await Promise.all(
      runs.map(({ id }, r) => (isKept(options.keepParameters, id) ? this.parametersOf(r) : null)),
    );
    const { activations } = program.io;
    const probed = activations && new Float32Array(await session.read(activations));
    return runs.map((run, r) => {
      const divergedAt = states[r].divergedAt === NEVER ? null : states[r].divergedAt;
      const finished = this.step === cohort.steps && divergedAt === null && evaluation !== null;
      const status = divergedAt !== null ? 'diverged' : finished ? 'done' : 'cancelled';
      const outcome: RunOutcome = {
        id: run.id,
        status,
        divergedAt,
        finalEvalLoss: finished ? evaluation.losses[r] : null,
        finalEvalStandardError: finished ? evaluation.standardErrors[r] : null,
        seconds,
      };
      if (probed) outcome.activations = this.activationsOf(r, probed, divergedAt ?? Infinity);
      if (kept[r]) outcome.parameters = kept[r];
      return outcome;
    });
  }

  private async parametersOf(run: number): Promise<Map<string, Float32Array>> {
    const { session, program, layout } = this;
    const { stride } = layout;
    const packed = await session.read({ slot: program.io.parameters, from: run * stride, entries: stride });
    return unpack(layout, new Float32Array(packed));
  }

  /** One run's part of what was probed; from the step at which it diverged on there is nothing to tell. */
  private activationsOf(run: number, probed: Float32Array, divergedAt: number): RunOutcome['activations'] {
    const modules = modulesOf(this.cohort.shape).map(({ name }) => name);
    const values = Array.from({ length: this.step }, (_, t) => {
      const first = (t * this.runs.length + run) * modules.length;
      return Array.from(probed.subarray(first, first + modules.length), (value) => (t < divergedAt ? value : NaN));
    });
    return { modules, values };
  }

  /** Token losses and gradients of the current step's batch for each run, without an update. */
  async inspectGradients(): Promise<{ losses: Float32Array; gradients: Map<string, Float32Array> }[]> {
    const { session, program, runs, layout } = this;
    await this.hasSegment();
    session.submit('inspect gradients', program.gradient);
    const losses = new Float32Array(await session.read(program.io.tokenLosses));
    const gradients = new Float32Array(await session.read(program.io.gradients));
    const rows = losses.length / runs.length;
    return runs.map((_, r) => ({
      losses: losses.slice(r * rows, (r + 1) * rows),
      gradients: unpack(layout, gradients.subarray(r * layout.stride, (r + 1) * layout.stride)),
    }));
  }

  /**
   * Reads the state back: as it is at this point of the queue, and once the losses of all its steps were told. Whoever goes on from
   * it never takes those steps again, and could tell them no more.
   */
  async checkpoint(): Promise<Checkpoint> {
    const { session, program, step, ring } = this;
    const { parameters, moments, runStates } = program.io;
    const reading = [parameters, runStates, ...moments].map((slot) => session.read(slot));
    const [[p, s, ...m]] = await Promise.all([Promise.all(reading), ring?.settle()]);
    const states = new Uint32Array(s);
    assertTaken(states, step);
    if (this.isDestroyed) throw new Error('What was told meanwhile was told to nobody.');
    return {
      step,
      parameters: new Float32Array(p),
      moments: m.map((bytes) => new Float32Array(bytes)),
      runStates: states,
    };
  }

  /** Continues from a checkpoint, or from the start where there is none, without telling again what was told. */
  goOn(checkpoint: Checkpoint | null, told: Told): void {
    this.told = { ...told };
    if (!checkpoint) return;
    const { session, program } = this;
    session.write(program.io.parameters, checkpoint.parameters);
    program.io.moments.forEach((slot, i) => session.write(slot, checkpoint.moments[i]));
    session.write(program.io.runStates, checkpoint.runStates);
    session.write(program.io.clock, new Uint32Array([checkpoint.step]));
    this.step = checkpoint.step;
  }

  get toldSoFar(): Told {
    return { ...this.told };
  }

  destroy(): void {
    this.isDestroyed = true;
    this.session.destroy();
  }
}

/**
 * The state of each run.
 * @throws DeviceError when the clock of a run is not where it was sent: then steps were left out in silence.
 */
function assertTaken(words: Uint32Array, steps: number): ReturnType<typeof RUN.rows> {
  const states = RUN.rows(words);
  const astray = states.find(({ step }) => step !== steps);
  if (!astray) return states;
  throw new DeviceError('The graphics device left out steps', `${steps} were asked for, ${astray.step} were taken`);
}

const copyOf = ({ losses, standardErrors }: Evaluation): Evaluation => ({
  losses: losses.slice(),
  standardErrors: standardErrors.slice(),
});
