/** Activations of one argument. Kernels: gelu, gelu-gradient, relu-squared, relu-squared-gradient. */
import geluSource from '../kernels/gelu.wgsl?raw';
import geluGradientSource from '../kernels/gelu-gradient.wgsl?raw';
import reluSquaredSource from '../kernels/relu-squared.wgsl?raw';
import reluSquaredGradientSource from '../kernels/relu-squared-gradient.wgsl?raw';
import { kernel, laneOf } from '../kernel.ts';
import { gridOf, type Value } from '../tape.ts';
import type { OpContext } from './context.ts';

export type Activation = 'gelu' | 'relu2';

const SOURCES = {
  gelu: { label: 'gelu', forward: geluSource, gradient: geluGradientSource },
  relu2: { label: 'relu-squared', forward: reluSquaredSource, gradient: reluSquaredGradientSource },
};

/** y [R, N, size] = f(x), f the tanh form of GELU or ReLU². The gradient of y becomes that of x in place. */
export function activation(context: OpContext, kind: Activation, x: Value, size: number): Value {
  const { tape, rows } = context;
  const { label, forward, gradient } = SOURCES[kind];
  const lane = laneOf(rows * size);
  const lanes = (rows * size) / lane;
  const y: Value = { slot: tape.slot(`${label} output`, rows * size), gradient: null };
  tape.launch({
    kernel: kernel(label, forward, lane),
    call: [lanes],
    bindings: [x.slot, y.slot],
    workgroups: gridOf(lanes, tape.runs),
  });

  tape.onBackward(() => {
    x.gradient = y.gradient!;
    tape.launch({
      kernel: kernel(`${label}-gradient`, gradient, lane),
      call: [lanes],
      bindings: [x.slot, x.gradient],
      workgroups: gridOf(lanes, tape.runs),
    });
  });
  return y;
}
