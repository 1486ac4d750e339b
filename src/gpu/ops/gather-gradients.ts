/** One launch adds up the splits of all gradients and takes the squares for the global norm. Kernel: gather-gradients. */
import source from '../kernels/gather-gradients.wgsl?raw';
import { kernel } from '../kernel.ts';
import { BLOCK } from '../parameters.ts';
import { gridOf, type Launch, type Slot } from '../tape.ts';
import type { OpContext } from './context.ts';
import type { GradientPlace } from './gradient-splits.ts';

/** Sums of squares that are left to be added up; each is a thread's. */
const MOST_SUMS = 16_384;

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
  const blocksOfThread = Math.ceil((4 * blocks) / MOST_SUMS);
  const sums = 4 * Math.ceil(blocks / blocksOfThread);
  const squares = tape.slot('squares of gradients', sums);
  const table = tape.shared('splits of blocks', blocks * 4);
  const launch: Launch = {
    kernel: kernel('gather-gradients', source),
    call: [blocks, blocksOfThread, sums],
    bindings: [table, splits.slot, gradients, squares],
    workgroups: gridOf(sums, tape.runs),
  };
  return { launch, squares, sums, table };
}
