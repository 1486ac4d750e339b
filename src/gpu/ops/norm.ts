/** LayerNorm or RMSNorm with a gain. Kernels: norm, norm-gradient. */
import normSource from '../kernels/norm.wgsl?raw';
import gradientSource from '../kernels/norm-gradient.wgsl?raw';
import { NORM_EPSILON } from '../../model/shape.ts';
import { kernel, laneOf } from '../kernel.ts';
import { Struct } from '../struct.ts';
import { gridOf, type Value } from '../tape.ts';
import { parameter, type OpContext } from './context.ts';
import { gradientParts } from './gather-gradients.ts';
import { membersFor, teamOf } from './teams.ts';

const NORM = { rows: 'u32', lanes: 'u32', gainStride: 'u32' } as const;
const FORWARD = new Struct('Call', NORM);
const BACKWARD = new Struct('Call', {
  ...{ ...NORM, assign: 'u32' },
  ...{ rowsOfGroup: 'u32', outputRunStride: 'u32', splitStride: 'u32' },
});

/** Workgroups that share the rows of a norm's backward pass, each with a split of the gain's gradient. */
const MOST_SPLITS = 64;

/** What is normalised: `count` rows of `length` numbers; one gain [length] for all of them. */
interface NormRows {
  count: number;
  length: number;
}

/**
 * y = norm(x) · gain over the rows of the model's width, or over those given. The gradient of y is borrowed by whoever
 * uses y and given back here.
 */
export function norm(context: OpContext, x: Value, gain: string, over?: NormRows): Value {
  const { tape, shape, layout } = context;
  const { count: rows, length: width } = over ?? { count: context.rows, length: shape.width };
  const lane = laneOf(width);
  const lanes = width / lane;
  const team = teamOf(context, membersFor(lanes));
  const constants = { CENTRED: shape.architecture.norm === 'layernorm' ? 1 : 0, TEAM: team.threads };
  const common = { rows, lanes, gainStride: layout.stride / lane };
  const y: Value = { slot: tape.slot(`${gain} output`, rows * width), gradient: null };
  const statistics = tape.slot(`${gain} statistics`, rows * 2);
  tape.launch({
    kernel: kernel('norm', team.kernelSource(normSource), FORWARD, {
      lane,
      constants: { ...constants, EPSILON: NORM_EPSILON },
    }),
    call: common,
    bindings: [x.slot, parameter(context, gain), y.slot, statistics],
    workgroups: gridOf(rows * team.threads, tape.runs),
  });

  tape.onBackward(() => {
    const dy = y.gradient!;
    const rowsOfGroup = team.rows * Math.ceil(rows / team.rows / MOST_SPLITS);
    const splits = Math.ceil(rows / rowsOfGroup);
    const place = gradientParts(context, [gain], splits);
    const dx = tape.gradientOf(x, `${gain} input gradient`, rows * width);
    const assign = !tape.contributes(dx);
    tape.launch({
      kernel: kernel('norm-gradient', team.kernelSource(gradientSource), BACKWARD, { lane, constants }),
      call: {
        ...{ ...common, assign: assign ? 1 : 0 },
        ...{ rowsOfGroup, outputRunStride: place.runStride / lane, splitStride: place.splitStride / lane },
      },
      bindings: [x.slot, parameter(context, gain), statistics, dy, dx, place.at],
      workgroups: [splits, 1, tape.runs],
    });
    tape.giveBack(dy);
  });
  return y;
}
