/** What the page, the headless runner and the command line say to the services and hear back. */
import type { Remedy } from '../gpu/device.ts';
import type { Experiment } from '../model/experiment.ts';
import type { Recipe } from '../model/recipe.ts';
import type { RunResult, SealedPrediction } from '../model/result.ts';
import type { Run } from '../model/run.ts';
import type { Speed } from './eta.ts';
import type { LearntAnswer, LearntKind, LearntQuestion } from './learnt.ts';
import type { AdapterInfo, RunOutcome, TrainingReport } from '../model/training.ts';

/** Contents of text corpora, by `corpus.file`. */
export type Texts = Record<string, string>;

/** The same on their way to the trainer: a long one comes as its UTF-8 bytes. */
export type GivenTexts = Record<string, string | Blob>;

export interface EngineDescription {
  kind: 'gpu' | 'reference';
  adapter: AdapterInfo;
  /** How many runs train at once where each trains by itself; else one cohort trains after the other. */
  cores?: number;
  /** What else trains here: the CPU beside a software adapter, which may be slower. */
  beside?: EngineDescription;
  /** Why the reference is used where a GPU was hoped for; null on a GPU, and where it was asked for. */
  reason: string | null;
  /** What would bring a GPU, where it is known. */
  remedy?: Remedy;
}

export interface TriedEngine {
  engine: EngineDescription;
  speed: Speed;
}

/** What is known of a recipe's corpus once it is built. */
export interface CorpusFacts {
  recipe: string;
  vocabulary: number;
  /** Entropy rate in nats per token, where the corpus knows it. */
  entropyRate: number | null;
  /** Mean -log p of exactly the evaluation window under the true source: the loss nobody can beat there. */
  evaluationEntropy: number | null;
  /** The same for who sees the token before only, where that is known and another: nobody without attention can beat it. */
  withoutPast?: number;
  /** SHA-256, in hex, of the text's UTF-8 bytes without a byte order mark; null where the corpus is no text. */
  textHash: string | null;
  /** Mean over the evaluation window, of a text: what makes bits per byte of nats per token. */
  bytesPerToken?: number | null;
  /** Sentences for the person: epochs over a short text, characters that share a token, ... */
  notes: string[];
}

/** Runs that agree in `cohortKey`: they train in the same dispatches on the same batches. */
export interface CohortRequest {
  runs: Run[];
  keepParameters?: boolean;
  /** Train on the first batch only and measure activations: a coordinate check. */
  probe?: boolean;
  /** Those of the cohort that follows: what it needs is made ready while this one trains. */
  next?: Run[];
}

/** Trains one cohort at a time, or several where each run trains by itself. In the page it lives in a worker and owns the GPUDevice. */
export interface TrainerService {
  /** @param wanted of the two engines, where there are two, trains from now on; without it a GPU's does. */
  describe(wanted?: EngineDescription['kind']): Promise<EngineDescription>;
  /** Trains on the CPU from now on, e.g. where the device is lost for good; what trains already goes on where it does. */
  useCpu(): Promise<EngineDescription>;
  /** Which kernel multiplies matrices of which shape on this adapter, as measured so far: names by shapes. */
  kernels(): Promise<Record<string, string>>;
  /** Builds (once per recipe and corpus) the token stream and tells what it is. */
  prepare(recipe: Recipe, texts: GivenTexts, onProgress?: (share: number) => void): Promise<CorpusFacts>;
  /**
   * The tokens of all training batches of a run, whose recipe is prepared: [steps, batch, context + 1].
   * @param probe whether it trains as `CohortRequest.probe` has it.
   */
  batches(run: Run, probe?: boolean): Promise<Int32Array>;
  /** Trains a few steps of the cohort, of which nothing is kept: seconds of one, of all cores together; NaN where it was ended before. */
  tryOut(request: CohortRequest): Promise<number>;
  /** @throws InputError when the cohort cannot fit in the adapter's limits. */
  assertFits(request: CohortRequest): Promise<void>;
  /** `reports` receives `TrainingReport` messages whose arrays are transferred, and `null` as the last one. */
  train(request: CohortRequest, reports: MessagePort): Promise<RunOutcome[]>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  cancel(): Promise<void>;
}

/** What finished runs have learnt, on prepared corpora; also while others train. */
export interface LearntModels {
  learnt<K extends LearntKind>(question: LearntQuestion<K>): Promise<LearntAnswer<K>>;
}

/** Cohorts whose page was left, on the text of that hash. */
export interface LeftCohorts {
  /** Steps from which it would go on here; null where it would begin again. */
  stepLeft(runs: Run[], textHash: string | null): Promise<number | null>;
  /** It is not gone on with. */
  discardLeft(runs: Run[], textHash: string | null): Promise<void>;
}

export type Phase = 'preparing' | 'training' | 'paused' | 'done' | 'cancelled' | 'failed';

/** What the conductor of an experiment tells its listener, in order. */
export type ConductorEvent =
  | { kind: 'phase'; phase: Phase }
  /** With how fast each of two engines was found to be, where the faster one was looked for. */
  | { kind: 'engine'; engine: EngineDescription; tried?: TriedEngine[] }
  /** Two engines are tried, to take the faster one. */
  | { kind: 'trying' }
  /** The share of a recipe's tokens that is made, where that takes long. */
  | { kind: 'preparing'; recipe: string; share: number }
  | { kind: 'corpus'; facts: CorpusFacts }
  | { kind: 'cohort'; cohort: CohortName; runs: string[] }
  | { kind: 'report'; report: TrainingReport }
  | { kind: 'run'; result: RunResult; parameters?: RunOutcome['parameters'] }
  | { kind: 'sealed'; prediction: SealedPrediction }
  | { kind: 'revealed'; prediction: SealedPrediction }
  | { kind: 'progress'; progress: Progress }
  | { kind: 'error'; field: string | null; message: string };

export interface Progress {
  /** Share of the whole experiment's work, 0 to 1. */
  share: number;
  /** Estimated seconds left in total; null until something was measured. */
  secondsLeft: number | null;
  /** The cohorts that train now, in the order in which they began. */
  current: CohortProgress[];
}

export interface CohortProgress extends CohortName {
  /** Whole steps that are done; averaged over its runs where each trains by itself. */
  step: number;
  steps: number;
  secondsLeft: number | null;
}

/** Which cohort trains: whose recipes, of what shape. */
export interface CohortName {
  recipes: string[];
  width: number;
  layers: number;
}

export interface ConductorOptions {
  experiment: Experiment;
  texts: Texts;
  /** Finished runs of an earlier go with the same recipes and seeds, of whatever width, which are not trained again. */
  finished?: RunResult[];
  /** Predictions that were sealed before and stay as they are. */
  sealed?: SealedPrediction[];
  /** Widths a person took out of the fits that seals are made from, by recipe name. */
  excluded?: Record<string, number[]>;
  /** Of two engines, the one to train on; `faster`: whichever is found to be, when both are tried. */
  engine?: EngineDescription['kind'] | 'faster';
  /** Asks for initial and final parameters, which come with each run's event. */
  keepParameters?: boolean;
}
