/** Adds up what the splits of a long sum left behind, in their order. Kernel: sum-splits. */
import source from '../kernels/sum-splits.wgsl?raw';
import { kernel } from '../kernel.ts';
import { gridOf, type Binding, type Slot } from '../tape.ts';
import type { OpContext } from './context.ts';

/** `parts` [splits, R, size] into each run's place in `output`; gives `parts` back. */
export function sumSplits(context: OpContext, parts: Slot, output: Binding, size: number, splits: number): void {
  const { tape, layout } = context;
  tape.launch({
    kernel: kernel('sum-splits', source),
    call: [size, splits, size * tape.runs, size, layout.stride],
    bindings: [parts, output],
    workgroups: gridOf(size, tape.runs),
  });
  tape.giveBack(parts);
}
