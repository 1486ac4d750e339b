/** The batch is cut on the GPU from a resident token stream. Kernel: batch. */
import source from '../kernels/batch.wgsl?raw';
import { kernel } from '../kernel.ts';
import { Struct } from '../struct.ts';
import { gridOf, launch, type Launch, type Slot } from '../tape.ts';
import type { OpContext } from './context.ts';

const CALL = new Struct('Call', { batch: 'u32', context: 'u32' });

export interface TokenSource {
  /** One number: which batch of the stream comes next. */
  clock: Slot;
  stream: Slot;
  starts: Slot;
}

/** Fills `tokens` and `labels` [N], which all runs share. */
export function cutBatch(context: OpContext, from: TokenSource, tokens: Slot, labels: Slot): Launch {
  return launch({
    kernel: kernel('batch', source, CALL),
    call: { batch: context.batch, context: context.shape.context },
    bindings: [from.clock, from.stream, from.starts, tokens, labels],
    workgroups: gridOf(context.rows, 1),
  });
}
