/** The batch is cut on the GPU from a resident token stream. Kernel: batch. */
import source from '../kernels/batch.wgsl?raw';
import { kernel } from '../kernel.ts';
import { gridOf, type Launch, type Slot } from '../tape.ts';
import type { OpContext } from './context.ts';

export interface TokenSource {
  /** One number: which batch of the stream comes next. */
  clock: Slot;
  stream: Slot;
  starts: Slot;
}

/** Fills `tokens` and `labels` [N], which all runs share. */
export function cutBatch(context: OpContext, from: TokenSource, tokens: Slot, labels: Slot): Launch {
  return {
    kernel: kernel('batch', source),
    call: [context.batch, context.shape.context],
    bindings: [from.clock, from.stream, from.starts, tokens, labels],
    workgroups: gridOf(context.rows, 1),
  };
}
