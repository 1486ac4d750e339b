/** LayerNorm or RMSNorm with a gain. Kernels: norm, norm-input-gradient, norm-gain-gradient. */
import normSource from '../kernels/norm.wgsl?raw';
import inputGradientSource from '../kernels/norm-input-gradient.wgsl?raw';
import gainGradientSource from '../kernels/norm-gain-gradient.wgsl?raw';
import { NORM_EPSILON } from '../../model/shape.ts';
import { kernel, laneOf } from '../kernel.ts';
import { gridOf, type Value } from '../tape.ts';
import { gradientOf, parameter, splitsFor, type OpContext } from './context.ts';
import { sumSplits } from './sum-splits.ts';

/** What is normalised: `count` rows of `length` numbers; one gain [length] for all of them. */
export interface NormRows {
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
  const constants = { CENTRED: shape.architecture.norm === 'layernorm' ? 1 : 0 };
  const lane = laneOf(width);
  const lanes = width / lane;
  const stride = layout.stride / lane;
  const y: Value = { slot: tape.slot(`${gain} output`, rows * width), gradient: null };
  const statistics = tape.slot(`${gain} statistics`, rows * 2);
  tape.launch({
    kernel: kernel('norm', normSource, lane, { ...constants, EPSILON: NORM_EPSILON }),
    call: [rows, lanes, stride],
    bindings: [x.slot, parameter(context, gain), y.slot, statistics],
    workgroups: gridOf(rows, tape.runs),
  });

  tape.onBackward(() => {
    const dy = y.gradient!;
    const splits = splitsFor(context, lanes, rows);
    const output = gradientOf(context, gain);
    const parts = splits > 1 ? tape.borrow('gain gradient splits', splits * width) : null;
    tape.launch({
      kernel: kernel('norm-gain-gradient', gainGradientSource, lane),
      call: [rows, lanes, parts ? lanes : stride, splits, lanes * tape.runs],
      bindings: [x.slot, statistics, dy, parts ?? output],
      workgroups: gridOf(lanes * splits, tape.runs),
    });
    if (parts) sumSplits(context, parts, output, width, splits);
    x.gradient ??= tape.borrow(`${gain} input gradient`, rows * width);
    const assign = !tape.contributes(x.gradient);
    tape.launch({
      kernel: kernel('norm-input-gradient', inputGradientSource, lane, constants),
      call: [rows, lanes, stride, assign ? 1 : 0],
      bindings: [x.slot, parameter(context, gain), statistics, dy, x.gradient],
      workgroups: gridOf(rows, tape.runs),
    });
    tape.giveBack(dy);
  });
  return y;
}
