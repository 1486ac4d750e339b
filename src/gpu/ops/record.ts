/** Losses leave the GPU through history buffers. Kernels: record-loss, record-evaluation. */
import lossSource from '../kernels/record-loss.wgsl?raw';
import evaluationSource from '../kernels/record-evaluation.wgsl?raw';
import { kernel } from '../kernel.ts';
import { Struct } from '../struct.ts';
import { gridOf, launch, type Launch, type Slot } from '../tape.ts';
import type { OpContext } from './context.ts';
import { NEVER, RUN } from './update-slots.ts';

const LOSS = new Struct('Call', { rows: 'u32', runs: 'u32', segmentSteps: 'u32' });
const EVALUATION = new Struct('Call', { batch: 'u32', context: 'u32', windowSize: 'u32' });

/** Mean of the token losses into history[S, R], at the step's place in its segment; marks a run whose loss is not finite. */
export function recordLoss({ tape, rows }: OpContext, losses: Slot, runStates: Slot, history: Slot): Launch {
  return launch({
    kernel: kernel('record-loss', lossSource, LOSS, { constants: { NEVER }, structs: [RUN] }),
    call: { rows, runs: tape.runs, segmentSteps: history.entries / tape.runs },
    bindings: [losses, runStates, history],
    workgroups: [1, 1, tape.runs],
  });
}

/** Mean loss of each sequence of the evaluation batch into means[run, sequence]. */
export function recordEvaluation(
  { tape, batch, shape }: OpContext,
  losses: Slot,
  clock: Slot,
  means: Slot,
  windowSize: number,
): Launch {
  return launch({
    kernel: kernel('record-evaluation', evaluationSource, EVALUATION),
    call: { batch, context: shape.context, windowSize },
    bindings: [clock, losses, means],
    workgroups: gridOf(batch, tape.runs),
  });
}
