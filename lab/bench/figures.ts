/** bench.json: every figure that the bench prints, at full precision, and what it was measured on. */
import type { EngineDescription } from '../../src/experiment/protocol.ts';
import type { AdapterInfo } from '../../src/model/training.ts';
import type { Spread } from './spread.ts';

export const BENCH_SCHEMA = 'mup-playground/bench@1';

export interface Bench {
  schema: typeof BENCH_SCHEMA;
  /** ISO 8601. */
  created: string;
  quick: boolean;
  host: Host;
  adapter: AdapterInfo;
  /** What was measured; a section that was not asked for is not there. */
  sections: Partial<Sections>;
}

export interface Host {
  runtime: Runtime;
  /** E.g. "Chromium 140.0.7339.80", "Node 20.20.2 with Dawn". */
  version: string;
  /** E.g. "linux x64". */
  platform: string;
  processor: string;
  cores: number;
}

export type Runtime = 'browser' | 'node';

/** In the order in which they are measured and printed. */
export interface Sections {
  'first-step': FirstStepFigures;
  steps: StepFigures;
  cohorts: CohortFigures;
  matmul: MatmulFigures;
  launches: LaunchFigures;
  kernels: KernelFigures;
  cost: CostFigures;
  idle: IdleFigures;
  refit: RefitFigures;
  'long-tasks': LongTaskFigures;
  'first-load': FirstLoadFigures;
  browsers: BrowserFigures;
  endurance: EnduranceFigures;
  'cpu-cores': CpuCoresFigures;
}

export type SectionName = keyof Sections;

/** From asking for an engine and a training, at two widths in turn, to the first loss of each; milliseconds. */
export interface FirstStepFigures {
  widths: [first: number, next: number];
  /** In a fresh browser or process, where nothing is compiled yet. */
  firstVisit: { first: number; next: number };
  /** With another new device and its own pipelines, whose kernels the driver has seen. */
  laterVisits: { first: Spread; next: Spread };
}

/** One GPT trained by each contender in turn: the same mathematics, initial parameters and batches. */
export interface StepFigures {
  rows: StepRow[];
  /** Who could not take part, and why, in its own words. */
  refusals: { contender: string; version: string; reason: string }[];
  /** Ours beside the fastest of the others at each width, each reading its losses as suits it best. */
  comparison: StepComparison[];
}

export interface StepRow {
  contender: string;
  version: string;
  width: number;
  /** How often the loss was read back; ours always gives every loss. */
  reads: 'every step' | 'every ten';
  /** Milliseconds of a training step. */
  step: Spread;
  tokensPerSecond: number;
  /** `trainingFlops` of a step over its median time, in units of 10⁹ a second. */
  gigaflops: number;
  /** `gigaflops` over the fused multiply-adds that the adapter was measured to do; null where that was not measured. */
  shareOfRoof: number | null;
  /** What differs from the others: other mathematics, fewer repetitions; null where nothing does. */
  note: string | null;
}

export interface StepComparison {
  width: number;
  ours: number;
  peer: string;
  theirs: number;
  /** theirs / ours */
  ratio: number;
}

/** Runs of one shape in the same dispatches, beside the same runs one after another. */
export interface CohortFigures {
  rows: CohortRow[];
  /** Cells that would have taken too long on this adapter. */
  skipped: { width: number; runs: number; reason: string }[];
}

interface CohortRow {
  width: number;
  runs: number;
  /** Runs that trained in the same dispatches: fewer than `runs` where memory allowed no more. */
  together: number;
  /** Milliseconds of a step of those that trained together. */
  step: Spread;
  /** Steps of a single run done in a second, over all runs. */
  runStepsPerSecond: number;
  /** The same, over that of one run alone, compared round by round. */
  ratio: Spread;
}

/** Experiments from beginning to end, by the conductor: how long the GPU has no work from one cohort to the next. */
export interface IdleFigures {
  /** Of each training; few, so that what lies between weighs more than it does. */
  steps: number;
  rows: IdleRow[];
}

export interface IdleRow {
  experiment: string;
  /** Whether a cohort was made ready while the one before it trained. */
  isReady: boolean;
  cohorts: number;
  /** From the first work to the last. */
  seconds: Spread;
  /** Share of that time without work between cohorts. */
  between: Spread;
  /** The same where a seal lay between them. */
  sealing: Spread;
}

export interface MatmulFigures {
  /** Rate of a kernel of nothing but fused multiply-adds, in GFLOP/s. */
  roof: Spread;
  /** Bytes that a pure copy reads and writes, in GB/s. */
  copy: Spread;
  rows: MatmulRow[];
}

export interface MatmulRow {
  /** Where training uses it, e.g. "mlp.up, width 64". */
  use: string;
  /** E.g. "A·B 512x256x64, 1 at once". */
  shape: string;
  variant: string;
  /** Whether the autotune chose this variant. */
  isChosen: boolean;
  gigaflops: Spread;
  shareOfRoof: number;
}

/** What a training step of one run sends to the device. */
export interface LaunchFigures {
  rows: LaunchRow[];
}

export interface LaunchRow {
  width: number;
  runs: number;
  /** Dispatches of a step. */
  launches: number;
  /** The same by the label of their kernel, the most frequent first. */
  byKernel: { kernel: string; launches: number }[];
  /** Below one where a submit carries several steps. */
  submitsPerStep: number;
  /** Buffers and bind groups made while steps go on. */
  buffersPerStep: number;
  bindGroupsPerStep: number;
}

/** Where the time of a step goes: each of its launches timed alone, many times over. */
export interface KernelFigures {
  columns: { width: number; runs: number; rows: KernelRow[] }[];
}

export interface KernelRow {
  /** The label of the kernel; all matrix products are one. */
  kernel: string;
  /** Dispatches of a step. */
  launches: number;
  /** Milliseconds of all of them. */
  time: Spread;
}

/** Step time against each size alone, beside the floating-point operations that `trainingFlops` counts. */
export interface CostFigures {
  axes: CostAxis[];
}

export interface CostAxis {
  axis: CostAxisName;
  rows: CostRow[];
  /** Least-squares slope of log(milliseconds) over log(FLOPs): 1 where the time follows the count. */
  slope: number;
}

export type CostAxisName = 'width' | 'context' | 'layers' | 'vocabulary' | 'batch' | 'runs';

export interface CostRow {
  /** Value of the size that the axis varies. */
  value: number;
  /** Operations of a step, over all runs, in units of 10⁹. */
  gigaflop: number;
  /** Milliseconds. */
  step: Spread;
  /** 10⁹ operations a second. */
  gigaflops: number;
}

/** A full refit: law, intervals of parameters and targets, band of 97 points, backtest; milliseconds. */
export interface RefitFigures {
  places: RefitPlace[];
}

export interface RefitPlace {
  /** E.g. "Chromium 140", "Node 20.20.2". */
  where: string;
  /** The very first refit, at ten points, before the code was compiled. */
  first: number;
  rows: { points: number; time: Spread }[];
  /** Two recipes compared, by the seeds of their five rungs; with one seed each the losses leave most open. */
  pairs: { seeds: number; time: Spread }[];
}

/** The served page trains its smoke preset; what its main thread did meanwhile. */
export interface LongTaskFigures {
  preset: string;
  /** From pressing the button to the first loss that the page shows; milliseconds. */
  firstLoss: number;
  /** From pressing the button to the end; milliseconds. */
  training: number;
  /** Entries of type "longtask" by the clock on the wall: tasks of 50 ms and more. */
  longTasks: { count: number; longest: number | null };
  /** The longest task by the processor time of its thread; milliseconds. */
  longestByProcessor: number;
  /** Time between frames; milliseconds. */
  frames: { gap: Spread; longest: number; over50: number };
}

/** What the page loads before it can be used; bytes. */
export interface FirstLoadFigures {
  rows: FirstLoadRow[];
  /** The rows of the page's own JavaScript, and the most they may weigh compressed. */
  limit: { kind: FirstLoadKind; gzip: number; most: number };
}

export type FirstLoadKind =
  'JavaScript' | 'JavaScript of parts below, while idle' | 'JavaScript of workers' | 'CSS' | 'HTML' | 'everything else';

export interface FirstLoadRow {
  kind: FirstLoadKind;
  files: number;
  bytes: number;
  gzip: number;
  brotli: number;
}

/** Short trainings one after the other in one page. */
export interface EnduranceFigures {
  /** Of each training. */
  steps: number;
  rows: EnduranceRow[];
}

/** After so many trainings. */
export interface EnduranceRow {
  runs: number;
  /** Seconds of each training since the row before, from asking to its result. */
  run: Spread;
  /** Bytes of the page's own objects; workers have theirs. */
  heap: number;
  /** Bytes in memory of the process of the page and its workers, and of the graphics process; null where the system does not tell. */
  page: number | null;
  graphics: number | null;
  /** Buffers on the device since the page was opened, and the bytes of those that were not destroyed. */
  device: { made: number; destroyed: number; bytes: number };
}

/** The same trainings in several browsers. */
export interface BrowserFigures {
  /** Of the tiny training. */
  steps: number;
  rows: BrowserRow[];
}

export interface BrowserRow {
  /** With its version. */
  name: string;
  engine: EngineDescription['kind'];
  /** As the browser names it, where it does. */
  adapter: string;
  /** Seconds of the tiny training, everything compiled. */
  tiny: Spread;
  /** Seconds of the smoke preset, compiling included. */
  smoke: number;
}

/** Presets on one core of the processor, on several, and on the software adapter, one after the other. */
export interface CpuCoresFigures {
  /** Those that train at once. */
  cores: number;
  rows: CpuCoresRow[];
}

export interface CpuCoresRow {
  preset: string;
  runs: number;
  /** Floating-point operations of its training. */
  operations: number;
  /** Seconds from the start to the last loss: runs one after another, and side by side. */
  one: number;
  all: number;
  /** The same in a browser on its software adapter, and where both are tried first: with what that takes, and which is taken. */
  adapter: number;
  tried: number;
  taken: 'the CPU' | 'the adapter';
}
