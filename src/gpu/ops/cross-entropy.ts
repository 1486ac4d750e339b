/** Next-token cross-entropy. Kernel: cross-entropy, which writes the gradient over the logits. */
import source from '../kernels/cross-entropy.wgsl?raw';
import { kernel, laneOf } from '../kernel.ts';
import { Struct } from '../struct.ts';
import { gridOf, type Slot, type Value } from '../tape.ts';
import type { OpContext } from './context.ts';
import { membersFor, teamOf } from './teams.ts';

const CALL = new Struct('Call', { rows: 'u32', lanes: 'u32' });

/** Losses [R, N] in nats of `labels` [N] under `logits` [R, N, V]; afterwards `logits` holds its own gradient. */
export function crossEntropy(context: OpContext, logits: Value, labels: Slot): Slot {
  const { tape, shape, rows } = context;
  const lane = laneOf(shape.vocabulary);
  const team = teamOf(context, membersFor(shape.vocabulary / lane));
  const losses = tape.slot('token losses', rows);
  tape.launch({
    kernel: kernel('cross-entropy', team.kernelSource(source), CALL, { lane, constants: { TEAM: team.threads } }),
    call: { rows, lanes: shape.vocabulary / lane },
    bindings: [labels, logits.slot, losses],
    workgroups: gridOf(rows * team.threads, tape.runs),
  });
  logits.gradient = logits.slot;
  return losses;
}
