/** What a cohort needs of a device, told from its recorded program before anything is allocated. */
import type { MatmulChoices } from './matmul/choices.ts';
import { memoryBound } from '../model/memory.ts';
import { OPTIMIZERS } from '../model/optimizers.ts';
import { InputError } from '../model/parse.ts';
import { stepsOfSegment, type Cohort } from '../model/training.ts';
import { recordProgram, type CohortShape, type Program } from './program.ts';
import { layOut, type ParameterLayout } from './parameters.ts';
import { MOST_WORKGROUPS } from './tape.ts';

interface Need {
  largest: { label: string; bytes: number };
  total: number;
  /** Largest number of workgroups along an axis: runs times splits, or times matrices, are one. */
  workgroups: number;
}

export interface DeviceLimits {
  /** Largest buffer that a kernel can see. */
  binding: number;
  /** Bytes that one cohort may take in all. WebGPU does not tell how much memory there is, so this is ours. */
  total: number;
}

/** What of an adapter decides how a program is recorded for it. */
export interface RecordingTarget {
  /** Outputs of a launch that keep it busy. */
  fill: number;
  matmuls: MatmulChoices;
}

/** Bytes that a cohort may take on a machine of which no more is known. */
const MOST_MEMORY = 2 ** 31;
/** A phone's adapter offers no buffer of a workstation's size: the largest stands for how much there is. */
const LARGEST_BUFFERS = 2;

/** Bytes that a cohort may take on an adapter. */
export const cohortMemory = ({ maxBufferSize }: Pick<GPUSupportedLimits, 'maxBufferSize'>): number =>
  Math.min(memoryBound(MOST_MEMORY), LARGEST_BUFFERS * maxBufferSize);

export function needOf(program: Program): Need {
  let largest = { label: '', bytes: 0 };
  let total = 0;
  for (const { label, entries } of program.slots) {
    const bytes = entries * 4;
    total += bytes;
    if (bytes > largest.bytes) largest = { label, bytes };
  }
  const launches = [...program.step, ...program.evaluate];
  const workgroups = launches.reduce((most, launch) => Math.max(most, ...launch.workgroups), 0);
  return { largest, total, workgroups };
}

function fits(program: Program, limits: DeviceLimits): boolean {
  const { largest, total, workgroups } = needOf(program);
  return largest.bytes <= limits.binding && total <= limits.total && workgroups <= MOST_WORKGROUPS;
}

type CohortSizes = Omit<Cohort, 'stream'> & { stream?: Cohort['stream'] };

/** The sizes that decide a program. Without a stream (before it is built), its segments are counted from the plan. */
function cohortShape(cohort: CohortSizes, count: number, fill: number): CohortShape {
  const { shape, batch, steps, stream, runs } = cohort;
  const { context } = shape;
  const sequences = stream ? stream.evaluation.length / (context + 1) : batch;
  return {
    shape,
    batch,
    steps,
    runs: count,
    fill,
    segmentSteps: stream?.segmentSteps ?? stepsOfSegment({ steps, batch, context }),
    evaluationSequences: Math.ceil(sequences / batch) * batch,
    optimizer: runs[0].optimizer.kind,
    matrices: runs[0].table.tensors.flatMap(({ name, shape: [rows, columns], update }) =>
      OPTIMIZERS[update].size === 'spectral' ? [{ name, rows, columns }] : [],
    ),
    probe: cohort.probe ?? false,
  };
}

export function recordCohort(
  cohort: CohortSizes,
  runs: number,
  target: RecordingTarget,
): { program: Program; layout: ParameterLayout } {
  const layout = layOut(cohort.runs[0].table.tensors);
  return { program: recordProgram(cohortShape(cohort, runs, target.fill), layout, target.matmuls), layout };
}

/** Most runs of the cohort that fit together; 0 when not even one does. */
export function runsThatFit(cohort: CohortSizes, limits: DeviceLimits, target: RecordingTarget): number {
  const fit = (runs: number) => fits(recordCohort(cohort, runs, target).program, limits);
  if (!fit(1)) return 0;
  // Sizes grow with the number of runs, so the largest that fits is found by bisection.
  let [low, high] = [1, cohort.runs.length];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fit(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

const MEGABYTE = 2 ** 20;
const megabytes = (bytes: number) => `${(bytes / MEGABYTE).toFixed(bytes < 10 * MEGABYTE ? 1 : 0)} MiB`;

/** @throws InputError naming the limit, what one run needs, and the batch that would fit. */
export function assertOneRunFits(cohort: CohortSizes, limits: DeviceLimits, target: RecordingTarget): void {
  const { program } = recordCohort(cohort, 1, target);
  if (fits(program, limits)) return;
  const { largest, total } = needOf(program);
  const { shape, batch } = cohort;
  const what =
    largest.bytes > limits.binding
      ? `its buffer "${largest.label}" needs ${megabytes(largest.bytes)}, more than this adapter's maxStorageBufferBindingSize of ${megabytes(limits.binding)}`
      : `it needs ${megabytes(total)} in all, more than the ${megabytes(limits.total)} that a cohort may take`;
  const fitting = largestBatch(cohort, limits, target);
  const advice = fitting
    ? `a batch of ${fitting} instead of ${batch} would fit`
    : 'no batch would fit; use a smaller width, vocabulary or context';
  throw new InputError('width', `width ${shape.width} does not fit on this device: ${what}; ${advice}.`);
}

function largestBatch(cohort: CohortSizes, limits: DeviceLimits, target: RecordingTarget): number {
  for (let batch = cohort.batch >> 1; batch >= 1; batch >>= 1) {
    if (fits(recordCohort({ ...cohort, batch }, 1, target).program, limits)) return batch;
  }
  return 0;
}
