/** GELU, tanh form. Kernels: gelu, gelu-gradient. */
import geluSource from '../kernels/gelu.wgsl?raw';
import gradientSource from '../kernels/gelu-gradient.wgsl?raw';
import { kernel, laneOf } from '../kernel.ts';
import { gridOf, type Value } from '../tape.ts';
import type { OpContext } from './context.ts';

/** y [R, N, size] = gelu(x). The gradient of y becomes that of x in place. */
export function gelu(context: OpContext, x: Value, size: number): Value {
  const { tape, rows } = context;
  const lane = laneOf(rows * size);
  const lanes = (rows * size) / lane;
  const y: Value = { slot: tape.slot('gelu output', rows * size), gradient: null };
  tape.launch({
    kernel: kernel('gelu', geluSource, lane),
    call: [lanes],
    bindings: [x.slot, y.slot],
    workgroups: gridOf(lanes, tape.runs),
  });

  tape.onBackward(() => {
    x.gradient = y.gradient!;
    tape.launch({
      kernel: kernel('gelu-gradient', gradientSource, lane),
      call: [lanes],
      bindings: [x.slot, x.gradient],
      workgroups: gridOf(lanes, tape.runs),
    });
  });
  return y;
}
