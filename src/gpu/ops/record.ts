/** Losses leave the GPU through history buffers. Kernels: record-loss, record-evaluation. */
import lossSource from '../kernels/record-loss.wgsl?raw';
import evaluationSource from '../kernels/record-evaluation.wgsl?raw';
import { kernel } from '../kernel.ts';
import { gridOf, type Launch, type Slot } from '../tape.ts';
import type { OpContext } from './context.ts';

/** Mean of the token losses into history[step, run]; marks a run whose loss is not finite. */
export function recordLoss({ tape, rows }: OpContext, losses: Slot, runStates: Slot, history: Slot): Launch {
  return {
    kernel: kernel('record-loss', lossSource),
    call: [rows, tape.runs],
    bindings: [losses, runStates, history],
    workgroups: [1, 1, tape.runs],
  };
}

/** Mean loss of each sequence of the evaluation batch into means[run, sequence]. */
export function recordEvaluation(
  { tape, batch, shape }: OpContext,
  losses: Slot,
  clock: Slot,
  means: Slot,
  windowSize: number,
): Launch {
  return {
    kernel: kernel('record-evaluation', evaluationSource),
    call: [batch, shape.context, windowSize],
    bindings: [clock, losses, means],
    workgroups: gridOf(batch, tape.runs),
  };
}
