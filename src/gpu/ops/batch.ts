/** The batch is cut on the GPU from windows that are there. Kernel: batch. */
import source from '../kernels/batch.wgsl?raw';
import { kernel } from '../kernel.ts';
import { Struct } from '../struct.ts';
import { gridOf, launch, type Launch, type Slot } from '../tape.ts';
import type { OpContext } from './context.ts';

const CALL = new Struct('Call', { batches: 'u32', batch: 'u32', context: 'u32' });

interface TokenSource {
  /** One number: which batch comes next. */
  clock: Slot;
  /** [batches, B, T + 1] */
  windows: Slot;
  batches: number;
}

/** Fills `tokens` and `labels` [N], which all runs share. */
export function cutBatch(context: OpContext, from: TokenSource, tokens: Slot, labels: Slot): Launch {
  return launch({
    kernel: kernel('batch', source, CALL),
    call: { batches: from.batches, batch: context.batch, context: context.shape.context },
    bindings: [from.clock, from.windows, tokens, labels],
    workgroups: gridOf(context.rows, 1),
  });
}
