/** LayerNorm with a gain. Kernels: norm, norm-input-gradient, norm-gain-gradient. */
import normSource from '../kernels/norm.wgsl?raw';
import inputGradientSource from '../kernels/norm-input-gradient.wgsl?raw';
import gainGradientSource from '../kernels/norm-gain-gradient.wgsl?raw';
import { NORM_EPSILON } from '../../model/shape.ts';
import { kernel, laneOf } from '../kernel.ts';
import { gridOf, type Value } from '../tape.ts';
import { gradientOf, parameter, splitsFor, type OpContext } from './context.ts';
import { sumSplits } from './sum-splits.ts';

/** y [R, N, d] = norm(x) · gain. The gradient of y is borrowed by whoever uses y and given back here. */
export function norm(context: OpContext, x: Value, gain: string): Value {
  const { tape, shape, rows, layout } = context;
  const lane = laneOf(shape.width);
  const lanes = shape.width / lane;
  const stride = layout.stride / lane;
  const y: Value = { slot: tape.slot(`${gain} output`, rows * shape.width), gradient: null };
  const statistics = tape.slot(`${gain} statistics`, rows * 2);
  tape.launch({
    kernel: kernel('norm', normSource, lane, { EPSILON: NORM_EPSILON }),
    call: [rows, lanes, stride],
    bindings: [x.slot, parameter(context, gain), y.slot, statistics],
    workgroups: gridOf(rows, tape.runs),
  });

  tape.onBackward(() => {
    const dy = y.gradient!;
    const splits = splitsFor(context, lanes, rows);
    const output = gradientOf(context, gain);
    const parts = splits > 1 ? tape.borrow('gain gradient splits', splits * shape.width) : null;
    tape.launch({
      kernel: kernel('norm-gain-gradient', gainGradientSource, lane),
      call: [rows, lanes, parts ? lanes : stride, splits, lanes * tape.runs],
      bindings: [x.slot, statistics, dy, parts ?? output],
      workgroups: gridOf(lanes * splits, tape.runs),
    });
    if (parts) sumSplits(context, parts, output, shape.width, splits);
    const assign = !tape.contributes(x.gradient!);
    tape.launch({
      kernel: kernel('norm-input-gradient', inputGradientSource, lane),
      call: [rows, lanes, stride, assign ? 1 : 0],
      bindings: [x.slot, parameter(context, gain), statistics, dy, x.gradient!],
      workgroups: gridOf(rows, tape.runs),
    });
    tape.giveBack(dy);
  });
  return y;
}
