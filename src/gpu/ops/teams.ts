/**
 * How many threads share a row: of a norm, of the softmax, of attention. On a GPU several, because small models have too few rows to
 * keep it busy, and a thread alone waits for one load after another. On a CPU adapter one, because a barrier costs more than a row.
 */
import alone from '../kernels/team-of-one.wgsl?raw';
import shared from '../kernels/team.wgsl?raw';
import { WORKGROUP_SIZE } from '../tape.ts';
import type { OpContext } from './context.ts';

/** Enough for the rows of small models, and few enough that narrow ones leave nobody idle. */
const ON_A_GPU = 16;

export interface Team {
  threads: number;
  /** Rows of a workgroup. */
  rows: number;
  /** The kernel of `source` for such teams; it takes `TEAM` as a constant. */
  kernelSource(source: string): string;
}

/** @param onGpu divides the size of a workgroup. */
export function teamOf({ matmuls }: OpContext, onGpu = ON_A_GPU): Team {
  const threads = matmuls.adapter.software ? 1 : onGpu;
  return {
    threads,
    rows: WORKGROUP_SIZE / threads,
    kernelSource: (source) => [source, threads === 1 ? alone : shared].join('\n'),
  };
}
