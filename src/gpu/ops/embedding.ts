/** Token embedding, plus position embedding where positions are learned. Kernels: embed, token-links, embed-token-gradient, embed-position-gradient. */
import embedSource from '../kernels/embed.wgsl?raw';
import linksSource from '../kernels/token-links.wgsl?raw';
import tokenGradientSource from '../kernels/embed-token-gradient.wgsl?raw';
import positionGradientSource from '../kernels/embed-position-gradient.wgsl?raw';
import { kernel, laneOf } from '../kernel.ts';
import { Struct } from '../struct.ts';
import { gridOf, type Slot, type Value } from '../tape.ts';
import { MULTIPLIERS, parameter, type OpContext } from './context.ts';
import { gradientParts } from './gather-gradients.ts';

const EMBED = new Struct('Call', { count: 'u32', lanes: 'u32', context: 'u32', parameterStride: 'u32' });
const LINKS = new Struct('Call', { count: 'u32', vocabulary: 'u32' });
const TOKEN_GRADIENT = new Struct('Call', { count: 'u32', lanes: 'u32', vocabulary: 'u32', outputStride: 'u32' });
const POSITION_GRADIENT = new Struct('Call', { batch: 'u32', lanes: 'u32', context: 'u32', parameterStride: 'u32' });

/** Positions that are compared with a token before the first match among them is looked for: their loads overlap on a GPU. */
const POSITIONS_AT_ONCE = { software: 1, gpu: 64 };

/** x [R, N, d] = α_emb · (token + position). `tokens` [N] is shared by all runs. */
export function embedding(context: OpContext, tokens: Slot): Value {
  const { tape, shape, batch, rows, layout, multipliers, splits, matmuls } = context;
  const lane = laneOf(shape.width);
  const lanes = shape.width / lane;
  const parameterStride = layout.stride / lane;
  const structs = [MULTIPLIERS];
  const { position, tied } = shape.architecture;
  const isLearned = position === 'learned';
  const token = parameter(context, 'embed.token');
  const x: Value = {
    slot: tape.slot('embedding', rows * shape.width),
    gradient: tape.slot('residual gradient', rows * shape.width),
  };
  tape.launch({
    kernel: kernel('embed', embedSource, EMBED, { lane, constants: { LEARNED: isLearned ? 1 : 0 }, structs }),
    call: { count: rows, lanes, context: shape.context, parameterStride },
    bindings: [tokens, token, isLearned ? parameter(context, 'embed.position') : token, multipliers, x.slot],
    workgroups: gridOf(rows * lanes, tape.runs),
  });

  tape.onBackward(() => {
    const first = tape.shared('first position of each token', shape.vocabulary);
    const next = tape.shared('next position of the same token', rows);
    tape.launch({
      kernel: kernel('token-links', linksSource, LINKS, {
        constants: { TURN: POSITIONS_AT_ONCE[matmuls.adapter.software ? 'software' : 'gpu'] },
      }),
      call: { count: rows, vocabulary: shape.vocabulary },
      bindings: [tokens, first, next],
      workgroups: gridOf(rows + shape.vocabulary, 1),
    });
    // Where the unembedding shares the table, its gradient is in the other splits.
    const table = tied ? splits.lastOf('embed.token') : gradientParts(context, ['embed.token'], 1);
    tape.launch({
      kernel: kernel('embed-token-gradient', tokenGradientSource, TOKEN_GRADIENT, { lane, structs }),
      call: { count: rows, lanes, vocabulary: shape.vocabulary, outputStride: table.runStride / lane },
      bindings: [first, next, x.gradient!, multipliers, table.at],
      workgroups: gridOf(shape.vocabulary * lanes, tape.runs),
    });
    if (!isLearned) return;
    tape.launch({
      kernel: kernel('embed-position-gradient', positionGradientSource, POSITION_GRADIENT, { lane, structs }),
      call: { batch, lanes, context: shape.context, parameterStride },
      bindings: [x.gradient!, multipliers, gradientParts(context, ['embed.position'], 1).at],
      workgroups: gridOf(shape.context * lanes, tape.runs),
    });
  });
  return x;
}
