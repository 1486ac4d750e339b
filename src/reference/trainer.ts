/**
 * Trains cohorts on the CPU behind the same contract as the GPU engine. Runs take turns, one step each, so that losses come
 * per step of the cohort; the event loop gets its turn about every 20 ms, so that pause and cancel are heard.
 */
import { initialParameters } from '../model/initialise.ts';
import { modulesOf } from '../model/modules.ts';
import { scheduleFactor } from '../model/schedule.ts';
import { TrainingClock } from '../model/training-clock.ts';
import { unlessAborted } from '../model/unless-aborted.ts';
import {
  isKept,
  type AdapterInfo,
  type Cohort,
  type CohortRun,
  type RunOutcome,
  type TrainingEngine,
  type TrainingOptions,
} from '../model/training.ts';
import { assertFitsCpu } from './capacity.ts';
import { EventLoopTurns } from '../model/event-loop.ts';
import { clipFactor, globalNorm } from './gradient-clip.ts';
import { float64Parameters, lossAndGradients, tokenLosses } from './model.ts';
import { updateParameters, zeroMoments, type Moments } from './optimizer.ts';
import { meanActivations } from './probe.ts';
import { readerOf } from './reader.ts';

const REPORT_MILLISECONDS = 200;

export const REFERENCE_ADAPTER: AdapterInfo = {
  vendor: 'none',
  architecture: 'cpu',
  description: 'float64 reference on the CPU',
  features: [],
  software: true,
};

export function createReferenceEngine(): TrainingEngine {
  return {
    kind: 'reference',
    adapter: REFERENCE_ADAPTER,
    assertFits: assertFitsCpu,
    train: async (cohort, options) => {
      assertFitsCpu(cohort);
      return new CohortTraining(cohort, options).train();
    },
    read: async (model) => readerOf(model),
    destroy: () => {},
  };
}

/** A run under way. */
interface RunState {
  run: CohortRun;
  parameters: Map<string, Float64Array>;
  moments: Moments;
  divergedAt: number | null;
  /** Of a probed cohort: mean |x| of each module, step by step. */
  activations: number[][];
}

interface Evaluation {
  losses: Float32Array;
  standardErrors: Float32Array;
}

class CohortTraining {
  private readonly states: RunState[];
  private readonly ids: string[];
  private readonly modules: string[];
  private readonly turns = new EventLoopTurns();
  private readonly clock = new TrainingClock();
  /** The one that is trained on. */
  private segment: { index: number; windows: Uint32Array } | null = null;
  /** Losses of whole cohort steps that were not reported yet, and the first of these steps. */
  private pending: number[] = [];
  private firstPending = 0;
  private lastReport = performance.now();

  constructor(
    private readonly cohort: Cohort,
    private readonly options: TrainingOptions,
  ) {
    this.ids = cohort.runs.map((run) => run.id);
    this.states = cohort.runs.map((run) => ({
      run,
      parameters: float64Parameters(initialParameters(run.table, run.seed)),
      moments: zeroMoments(run.table.tensors),
      divergedAt: null,
      activations: [],
    }));
    this.modules = modulesOf(cohort.shape).map(({ name }) => name);
  }

  async train(): Promise<RunOutcome[]> {
    const final = await this.trainSteps();
    return this.outcomes(final, this.clock.seconds);
  }

  /** The last evaluation, or null when cancelled before it was done. */
  private async trainSteps(): Promise<Evaluation | null> {
    const { steps, evaluateEvery } = this.cohort;
    let evaluation: Evaluation | null = null;
    for (let step = 0; step < steps; step++) {
      const losses = await this.takeStep(step);
      if (!losses) {
        this.report();
        return null;
      }
      this.pending.push(...losses);
      const done = step + 1;
      const evaluationIsDue = done === steps || (evaluateEvery > 0 && done % evaluateEvery === 0);
      if (evaluationIsDue || performance.now() - this.lastReport >= REPORT_MILLISECONDS) this.report();
      if (evaluationIsDue) {
        evaluation = await this.evaluate(done);
        if (!evaluation) return null;
      }
    }
    return evaluation;
  }

  /** One step of each run: their losses, or null when cancelled in between. */
  private async takeStep(step: number): Promise<number[] | null> {
    const tokens = await this.batchOf(step);
    if (!tokens) return null;
    const losses: number[] = [];
    for (const state of this.states) {
      if (!(await this.mayGoOn())) return null;
      const { loss, activations } = this.stepRun(state, step, tokens);
      losses.push(loss);
      if (this.cohort.probe) state.activations.push(activations ?? this.modules.map(() => NaN));
    }
    return losses;
  }

  /** [B, T + 1], or null when cancelled before its segment was there. */
  private async batchOf(step: number): Promise<Uint32Array | null> {
    const { shape, batch, stream } = this.cohort;
    const { signal } = this.options;
    const index = Math.floor(step / stream.segmentSteps);
    if (this.segment?.index !== index) {
      const windows = await this.clock.waitFor(unlessAborted(signal, stream.segment(index, signal)));
      if (!windows) return null;
      this.segment = { index, windows };
    }
    const size = batch * (shape.context + 1);
    const at = (step - index * stream.segmentSteps) * size;
    return this.segment.windows.subarray(at, at + size);
  }

  /** Loss and, of a probed cohort, activations before the update; a run that has diverged has neither. */
  private stepRun(state: RunState, step: number, tokens: Uint32Array): { loss: number; activations?: number[] } {
    if (state.divergedAt !== null) return { loss: NaN };
    const { shape, batch, steps, probe } = this.cohort;
    const { table, optimizer, schedule } = state.run;
    const { loss, gradients, activations } = lossAndGradients(shape, table.forward, state.parameters, tokens, batch);
    const norm = globalNorm(gradients);
    // Judged in float32, in which losses are reported and the GPU engine works: beyond it a number counts as infinite.
    const lossIsFinite = Number.isFinite(Math.fround(loss));
    if (!lossIsFinite || !Number.isFinite(Math.fround(norm * norm))) {
      state.divergedAt = step;
      return { loss: lossIsFinite ? loss : NaN };
    }
    updateParameters(table.tensors, state.parameters, gradients, state.moments, optimizer, {
      step,
      learningRate: optimizer.learningRate * scheduleFactor(schedule, step, steps),
      gradientScale: clipFactor(norm, optimizer.clip),
    });
    return { loss, ...(probe && { activations: meanActivations(shape, activations) }) };
  }

  /** Mean loss of each run over the whole evaluation window; null when cancelled in between. */
  private async evaluate(step: number): Promise<Evaluation | null> {
    const { shape, batch, stream } = this.cohort;
    const length = shape.context + 1;
    const losses = new Float32Array(this.states.length).fill(NaN);
    const standardErrors = new Float32Array(this.states.length).fill(NaN);
    for (const [r, { run, parameters, divergedAt }] of this.states.entries()) {
      if (divergedAt !== null) continue;
      const means: number[] = [];
      for (let at = 0; at < stream.evaluation.length; at += batch * length) {
        if (!(await this.mayGoOn())) return null;
        const tokens = stream.evaluation.subarray(at, at + batch * length);
        const windows = tokens.length / length;
        const perToken = tokenLosses(shape, run.table.forward, parameters, tokens, windows);
        for (let s = 0; s < windows; s++) {
          means.push(mean(perToken.subarray(s * shape.context, (s + 1) * shape.context)));
        }
      }
      losses[r] = mean(means);
      standardErrors[r] = standardError(means);
    }
    this.options.onReport({
      kind: 'evaluation',
      runs: [...this.ids],
      step,
      losses: losses.slice(),
      standardErrors: standardErrors.slice(),
    });
    return { losses, standardErrors };
  }

  /** Lets the event loop work when it is due, waits while paused, and tells whether to go on. */
  private async mayGoOn(): Promise<boolean> {
    await this.turns.giveWhenDue();
    if (this.options.signal.aborted) return false;
    await this.clock.waitFor(this.options.untilResumed());
    return !this.options.signal.aborted;
  }

  private report(): void {
    this.lastReport = performance.now();
    if (this.pending.length === 0) return;
    const losses = Float32Array.from(this.pending);
    this.options.onReport({ kind: 'losses', runs: [...this.ids], firstStep: this.firstPending, losses });
    this.firstPending += this.pending.length / this.ids.length;
    this.pending = [];
  }

  private outcomes(final: Evaluation | null, seconds: number): RunOutcome[] {
    return this.states.map(({ run, parameters, divergedAt, activations }, r) => {
      const finished = final !== null && divergedAt === null;
      const outcome: RunOutcome = {
        id: run.id,
        status: divergedAt !== null ? 'diverged' : finished ? 'done' : 'cancelled',
        divergedAt,
        finalEvalLoss: finished ? final.losses[r] : null,
        finalEvalStandardError: finished ? final.standardErrors[r] : null,
        seconds,
      };
      if (this.cohort.probe) outcome.activations = { modules: this.modules, values: activations };
      if (isKept(this.options.keepParameters, run.id)) {
        outcome.parameters = new Map([...parameters].map(([name, values]) => [name, Float32Array.from(values)]));
      }
      return outcome;
    });
  }
}

function mean(values: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i];
  return sum / values.length;
}

/** Of the mean; 0 for a single value. */
function standardError(values: readonly number[]): number {
  if (values.length < 2) return 0;
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1) / values.length);
}
