/**
 * How many threads share a row (of a norm, of the softmax, of attention), or a sum of squares. On a GPU several, because small
 * models have too few rows to keep it busy, and a thread alone waits for one load after another. On a CPU adapter one, because a
 * barrier costs more than a row.
 */
import alone from '../kernels/team-of-one.wgsl?raw';
import shared from '../kernels/team.wgsl?raw';
import { WORKGROUP_SIZE } from '../tape.ts';
import type { OpContext } from './context.ts';

/** Enough for the rows of small models. */
const MOST_MEMBERS = 16;

/** Members for a row of so many pieces: no more than have one each. */
export const membersFor = (pieces: number): number =>
  Math.min(MOST_MEMBERS, 2 ** Math.floor(Math.log2(Math.max(1, pieces))));

interface Team {
  threads: number;
  /** Rows of a workgroup. */
  rows: number;
  /** The kernel of `source` for such teams; it takes `TEAM` as a constant. */
  kernelSource(source: string): string;
}

/** @param members on a GPU; divides the size of a workgroup. */
export function teamOf({ matmuls }: OpContext, members: number): Team {
  const threads = matmuls.adapter.software ? 1 : members;
  return {
    threads,
    rows: WORKGROUP_SIZE / threads,
    kernelSource: (source) => [source, threads === 1 ? alone : shared].join('\n'),
  };
}
