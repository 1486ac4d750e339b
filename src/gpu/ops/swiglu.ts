/** The gated activation of SwiGLU. Kernels: swiglu, swiglu-gradient. */
import swigluSource from '../kernels/swiglu.wgsl?raw';
import gradientSource from '../kernels/swiglu-gradient.wgsl?raw';
import { kernel, laneOf } from '../kernel.ts';
import { Struct } from '../struct.ts';
import { gridOf, type Value } from '../tape.ts';
import type { OpContext } from './context.ts';

const CALL = new Struct('Call', { lanes: 'u32' });

/** y [R, N, size] = silu(gate) · up, entry by entry. */
export function swiglu(context: OpContext, gate: Value, up: Value, size: number): Value {
  const { tape, rows } = context;
  const lane = laneOf(rows * size);
  const lanes = (rows * size) / lane;
  const y: Value = { slot: tape.slot('swiglu output', rows * size), gradient: null };
  tape.launch({
    kernel: kernel('swiglu', swigluSource, CALL, { lane }),
    call: { lanes },
    bindings: [gate.slot, up.slot, y.slot],
    workgroups: gridOf(lanes, tape.runs),
  });

  tape.onBackward(() => {
    const [dGate, dUp] = [gate, up].map((value) => tape.gradientOf(value, 'gate gradient', rows * size));
    tape.launch({
      kernel: kernel('swiglu-gradient', gradientSource, CALL, { lane }),
      call: { lanes },
      bindings: [gate.slot, up.slot, y.gradient!, dGate, dUp],
      workgroups: gridOf(lanes, tape.runs),
    });
    tape.giveBack(y.gradient!);
  });
  return y;
}
