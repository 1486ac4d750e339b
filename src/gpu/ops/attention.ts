/** Causal multi-head attention. Kernels: attention, attention-query-gradient, attention-key-value-gradient. */
import attentionSource from '../kernels/attention.wgsl?raw';
import queryGradientSource from '../kernels/attention-query-gradient.wgsl?raw';
import keyValueGradientSource from '../kernels/attention-key-value-gradient.wgsl?raw';
import { kernel, laneOf } from '../kernel.ts';
import { Struct } from '../struct.ts';
import { gridOf, type Value } from '../tape.ts';
import { MULTIPLIERS, type OpContext } from './context.ts';
import { membersFor, teamOf } from './teams.ts';

const CALL = new Struct('Call', { batch: 'u32', context: 'u32', heads: 'u32' });

/** Keys that a member of a team takes at least: fewer would cost more to add up than they save. */
const KEYS_OF_MEMBER = 16;

/** output [R, N, d] = softmax(α_attn·s · q kᵀ) v per head, over the keys up to each query's position. */
export function attention(context: OpContext, q: Value, k: Value, v: Value): Value {
  const { tape, shape, batch, rows, multipliers } = context;
  const { software, subgroups } = context.matmuls.adapter;
  const byQuads = software && subgroups && shape.context % 4 === 0 && shape.headSize % 4 === 0;
  // On a CPU adapter always one number at a time, so that quads change how fast it goes and no bit.
  const lane = software ? 1 : laneOf(shape.headSize);
  const team = teamOf(context, membersFor(shape.context / KEYS_OF_MEMBER));
  const declared = {
    lane,
    constants: {
      TEAM: team.threads,
      ...{ HEAD_LANES: shape.headSize / lane, HEAD_QUARTER: shape.headSize / 4, QUADS: byQuads ? 1 : 0 },
    },
    structs: [MULTIPLIERS],
  };
  const call = { batch, context: shape.context, heads: shape.heads };
  const queries = rows * shape.heads;
  const workgroups = gridOf(queries * team.threads, tape.runs);
  const output: Value = { slot: tape.slot('attention output', rows * shape.width), gradient: null };
  const statistics = tape.slot('attention statistics', queries * 2);
  tape.launch({
    kernel: kernel('attention', team.kernelSource(attentionSource), CALL, declared),
    call,
    bindings: [q.slot, k.slot, v.slot, multipliers, output.slot, statistics],
    workgroups,
  });

  tape.onBackward(() => {
    const upstream = output.gradient!;
    const [dq, dk, dv] = [q, k, v].map((value) =>
      tape.gradientOf(value, 'attention input gradient', rows * shape.width),
    );
    tape.launch({
      kernel: kernel('attention-query-gradient', team.kernelSource(queryGradientSource), CALL, declared),
      call,
      bindings: [q.slot, k.slot, v.slot, output.slot, upstream, multipliers, statistics, dq],
      workgroups,
    });
    tape.launch({
      kernel: kernel('attention-key-value-gradient', team.kernelSource(keyValueGradientSource), CALL, declared),
      call,
      bindings: [q.slot, k.slot, v.slot, upstream, multipliers, statistics, dk, dv],
      workgroups,
    });
    tape.giveBack(upstream);
  });
  return output;
}
