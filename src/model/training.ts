/**
 * The contract between whoever wants runs trained and the engines that train them (`src/gpu`, `src/reference`).
 * An engine gets a cohort and a token stream, reports metrics as they come, and resolves with one outcome per run.
 */
import type { Optimizer, Schedule } from './recipe.ts';
import type { ParametrizationTable } from './parametrization.ts';
import type { ModelShape } from './shape.ts';

/** Tokens of an experiment, the same for all its runs, as windows of context + 1 tokens: the last one is only ever a label. */
export interface TokenStream {
  /** S: every segment but the last holds the batches of so many steps. */
  segmentSteps: number;
  /**
   * The batches [S, B, T + 1] of the steps from `index` · S on; of the last segment fewer. Any may be asked for, again too: the one
   * behind it is then made ready. They are not to be changed.
   * @param signal once it aborts nobody waits for them, and it may reject.
   */
  segment(index: number, signal?: AbortSignal): Promise<Uint32Array>;
  /** Held-out windows [sequences, T + 1]. */
  evaluation: Uint32Array;
}

/** Most tokens of a segment that holds several steps: few enough that the first is soon written, and enough for any submit. */
const SEGMENT_TOKENS = 2 ** 17;

/** S */
export const stepsOfSegment = ({ steps, batch, context }: { steps: number; batch: number; context: number }): number =>
  Math.max(1, Math.min(steps, Math.floor(SEGMENT_TOKENS / (batch * (context + 1)))));

/** One run of a cohort: its own numbers, over the cohort's common shape. */
export interface CohortRun {
  id: string;
  seed: number;
  table: ParametrizationTable;
  optimizer: Optimizer;
  schedule: Schedule;
}

/** Runs of one shape that train together on the same batches. */
export interface Cohort {
  shape: ModelShape;
  batch: number;
  steps: number;
  /** Evaluate after every this many steps, and always after the last; 0: only then. */
  evaluateEvery: number;
  runs: CohortRun[];
  stream: TokenStream;
  /** Whether each step also notes the mean |activation| of every module, before its update. */
  probe?: boolean;
}

/** Training losses of consecutive steps: `losses[i * runs.length + r]` is run r at step `firstStep + i`; NaN once diverged. */
export interface LossReport {
  kind: 'losses';
  /** Ids, in the order of the columns; a cohort that was split reports its parts one after another. */
  runs: string[];
  firstStep: number;
  losses: Float32Array;
}

/** Mean evaluation loss per run after `step` optimizer steps. */
export interface EvaluationReport {
  kind: 'evaluation';
  runs: string[];
  step: number;
  losses: Float32Array;
  /** Standard error of each mean over the evaluation sequences. */
  standardErrors: Float32Array;
}

export type TrainingReport = LossReport | EvaluationReport;

export interface RunOutcome {
  id: string;
  status: 'done' | 'diverged' | 'cancelled';
  /** First step whose loss or gradient was not finite. */
  divergedAt: number | null;
  finalEvalLoss: number | null;
  finalEvalStandardError: number | null;
  /** Seconds that it took with the runs that trained with it in turns or in the same dispatches, without pauses and without waiting for tokens. */
  seconds: number;
  /** Present when the cohort was probed: `values[t][i]` is mean |x| of module i after t updates. */
  activations?: { modules: string[]; values: number[][] };
  /** Present when asked for: the parameters as training left them, by tensor name. */
  parameters?: Map<string, Float32Array>;
}

/** Runs on their way: enough to go on along the same trajectory, bit for bit, on the same adapter. */
export interface RunsOnTheWay {
  /** Ids, in their order: a cohort that was split goes on in the part that was under way. */
  runs: string[];
  /** How the parts of the cohort ended that were trained before, in the order of its runs. */
  ended: RunOutcome[];
  /** Steps taken; the losses of all of them were reported. */
  step: number;
  /** Step of the last evaluation that was reported. */
  evaluation: number;
  /** Seconds that were spent on them. */
  seconds: number;
  parameters: Float32Array<ArrayBuffer>;
  /** In the order of the optimizer's moments. */
  moments: Float32Array<ArrayBuffer>[];
  runStates: Uint32Array<ArrayBuffer>;
}

export interface TrainingOptions {
  /** Where these runs stood when they were left, maybe on another page; what was reported of them is not reported again. */
  from?: RunsOnTheWay | null;
  /** Told every few seconds how to go on from there, where the engine can. */
  onTheWay?: (runs: RunsOnTheWay) => void;
  onReport: (report: TrainingReport) => void;
  /** Aborting ends the cohort soon with status "cancelled"; what was reported stays reported. */
  signal: AbortSignal;
  /** Resolves when training may go on; an engine awaits it between submits. */
  untilResumed: () => Promise<void>;
  /** Ids of runs whose parameters are to come with their outcomes. */
  keepParameters?: 'all' | readonly string[];
}

/** Whether the parameters of a run are asked for. */
export const isKept = (keep: TrainingOptions['keepParameters'], id: string): boolean =>
  keep === 'all' || (keep?.includes(id) ?? false);

/** A run that was trained to its end, to be asked what it has learnt. */
export interface TrainedModel {
  shape: ModelShape;
  table: ParametrizationTable;
  /** As training left them, by tensor name. */
  parameters: ReadonlyMap<string, Float32Array>;
}

/** A trained model made ready to be asked. Windows begin at position 0, as they did in training. */
export interface ModelReader {
  /** Nats of every token but the first of windows [count, context + 1] → [count · context]. */
  losses(windows: Uint32Array): Promise<Float32Array>;
  /** Of the token behind 1 to `context` tokens → [V]. */
  logits(tokens: Uint32Array): Promise<Float32Array>;
  /** How much each of n ≤ `context` tokens looks at each in one head → [n, n]; nothing of what comes after it. */
  attention(tokens: Uint32Array, place: HeadPlace): Promise<Float32Array>;
  close(): void;
}

export interface HeadPlace {
  layer: number;
  head: number;
}

/** What an engine runs on, as it stands in `result.json`. */
export interface AdapterInfo {
  vendor: string;
  architecture: string;
  description: string;
  features: string[];
  /** True where no GPU does the work: a software adapter, or the float64 reference on the CPU. */
  software: boolean;
}

export interface TrainingEngine {
  readonly kind: 'gpu' | 'reference';
  readonly adapter: AdapterInfo;
  /** Where each run trains by itself: how many of them at once, be they of one cohort or of several. */
  readonly cores?: number;
  /** Which kernel multiplies which shape, where an engine has several. */
  readonly choices?: Record<string, string>;
  /** @throws InputError naming the limit, what is needed and what would fit, when a single run is too large. */
  assertFits(cohort: Omit<Cohort, 'stream'>): void;
  train(cohort: Cohort, options: TrainingOptions): Promise<RunOutcome[]>;
  /** Makes ready what a cohort that follows needs and takes no memory of its own, while another one trains. */
  makeReady?(cohort: Cohort): Promise<void>;
  /** Also while a cohort trains. The same questions have the same answers, bit for bit, on one adapter. */
  read(model: TrainedModel): Promise<ModelReader>;
  destroy(): void;
}

/** Of a run that is ended before its first step. */
export const notBegun = ({ id }: Pick<CohortRun, 'id'>): RunOutcome => ({
  ...{ id, status: 'cancelled', divergedAt: null, finalEvalLoss: null, finalEvalStandardError: null, seconds: 0 },
});
