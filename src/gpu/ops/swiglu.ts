/** The gated activation of SwiGLU. Kernels: swiglu, swiglu-gradient. */
import swigluSource from '../kernels/swiglu.wgsl?raw';
import gradientSource from '../kernels/swiglu-gradient.wgsl?raw';
import { kernel, laneOf } from '../kernel.ts';
import { gridOf, type Value } from '../tape.ts';
import type { OpContext } from './context.ts';

/** y [R, N, size] = silu(gate) · up, entry by entry. The gradient of y becomes that of `up` in place. */
export function swiglu(context: OpContext, gate: Value, up: Value, size: number): Value {
  const { tape, rows } = context;
  const lane = laneOf(rows * size);
  const lanes = (rows * size) / lane;
  const y: Value = { slot: tape.slot('swiglu output', rows * size), gradient: null };
  tape.launch({
    kernel: kernel('swiglu', swigluSource, lane),
    call: [lanes],
    bindings: [gate.slot, up.slot, y.slot],
    workgroups: gridOf(lanes, tape.runs),
  });

  tape.onBackward(() => {
    up.gradient = y.gradient!;
    gate.gradient = tape.borrow('gate gradient', rows * size);
    tape.launch({
      kernel: kernel('swiglu-gradient', gradientSource, lane),
      call: [lanes],
      bindings: [gate.slot, up.slot, up.gradient, gate.gradient],
      workgroups: gridOf(lanes, tape.runs),
    });
  });
  return y;
}
