/** One launch adds up the splits of all gradients and takes the squares for the global norm. Kernel: gather-gradients. */
import source from '../kernels/gather-gradients.wgsl?raw';
import { kernel } from '../kernel.ts';
import { BLOCK } from '../parameters.ts';
import { Struct } from '../struct.ts';
import { gridOf, launch, WORKGROUP_SIZE, type Launch, type Slot } from '../tape.ts';
import type { OpContext } from './context.ts';
import { BLOCK_SPLITS, type GradientPlace } from './gradient-splits.ts';
import { teamOf } from './teams.ts';

const CALL = new Struct('Call', { blocks: 'u32', blocksAtOnce: 'u32', sums: 'u32' });

/** Sums of squares that are left to be added up: a thread's each, or a whole workgroup's on a GPU. Multiples of 64 threads, so that no thread of a last workgroup begins where others go on. */
const MOST_SUMS = { threads: 16_384, workgroups: 2048 };

/** Where the gradients of tensors of one size that follow each other are written: in splits, or where they belong. */
export function gradientParts(
  { layout, gradients, splits: kept }: OpContext,
  tensors: string[],
  splits: number,
): GradientPlace {
  if (splits > 1) return tensors.map((tensor) => kept.reserve(tensor, splits))[0];
  const [from, next] = tensors.map((tensor) => layout.offsets.get(tensor)!);
  return { at: { slot: gradients, from }, runStride: layout.stride, partStride: (next ?? from) - from, splitStride: 0 };
}

export interface GatheredGradients {
  launch: Launch;
  /** [R, sums] */
  squares: Slot;
  sums: number;
  /** What the kernel reads from, to be filled with `GradientSplits.table()`. */
  table: Slot;
}

/** Adds up all splits into the gradients, and leaves sums of their squares. */
export function gatherGradients(context: OpContext): GatheredGradients {
  const { tape, layout, gradients, splits } = context;
  const blocks = layout.stride / BLOCK;
  const team = teamOf(context, WORKGROUP_SIZE);
  const mostThreads = team.threads === 1 ? MOST_SUMS.threads : WORKGROUP_SIZE * MOST_SUMS.workgroups;
  const blocksAtOnce = Math.min(blocks, mostThreads / 4);
  const threads = 4 * blocksAtOnce;
  const sums = Math.ceil(threads / team.threads);
  const squares = tape.slot('squares of gradients', sums);
  const table = tape.shared('splits of blocks', blocks * BLOCK_SPLITS.size);
  const gather = launch({
    kernel: kernel('gather-gradients', team.kernelSource(source), CALL, {
      constants: { TEAM: team.threads, AT_ONCE: team.threads === 1 ? 1 : 4 },
      structs: [BLOCK_SPLITS],
    }),
    call: { blocks, blocksAtOnce, sums },
    bindings: [table, splits.slot, gradients, squares],
    workgroups: gridOf(threads, tape.runs),
  });
  return { launch: gather, squares, sums, table };
}
