/** The MLP branch of a layer: β · activation(norm(x) · W_up) · W_down; SwiGLU has a gate, norm(x) · W_gate, beside it. */
import { geluBackward, geluForward } from './gelu.ts';
import type { Normed } from './norm.ts';
import { sum, type Pass } from './pass.ts';
import { squaredReluBackward, squaredReluForward } from './squared-relu.ts';
import { swigluBackward, swigluForward } from './swiglu.ts';

export interface MlpBranch {
  norm: Normed;
  /** norm(x) · W_gate [rows, hidden]; null without a gate. */
  gate: Float64Array | null;
  /** norm(x) · W_up [rows, hidden] */
  up: Float64Array;
  /** After the activation [rows, hidden]. */
  active: Float64Array;
  /** What the branch adds to the residual stream [rows, width]. */
  output: Float64Array;
}

/** Activations that work on each number alone. */
const POINTWISE = {
  gelu: { forward: geluForward, backward: geluBackward },
  relu2: { forward: squaredReluForward, backward: squaredReluBackward },
};

export function mlpBranchForward(pass: Pass, layer: number, x: Float64Array): MlpBranch {
  const name = `layers.${layer}.mlp`;
  const { activation } = pass.shape.architecture;
  const norm = pass.norm(`${name}.norm`, x);
  const up = pass.linear(`${name}.up`, norm.y);
  const gate = activation === 'swiglu' ? pass.linear(`${name}.gate`, norm.y) : null;
  const active = activation === 'swiglu' ? swigluForward(gate!, up) : POINTWISE[activation].forward(up);
  const output = pass.linear(`${name}.down`, active, pass.multipliers.branch);
  return { norm, gate, up, active, output };
}

/** From the gradient of the branch's output to that of x. */
export function mlpBranchBackward(
  pass: Pass,
  layer: number,
  { norm, gate, up, active }: MlpBranch,
  dOutput: Float64Array,
): Float64Array {
  const name = `layers.${layer}.mlp`;
  const { activation } = pass.shape.architecture;
  const dActive = pass.linearBackward(`${name}.down`, active, dOutput, pass.multipliers.branch);
  let dInput: Float64Array;
  if (activation === 'swiglu') {
    const { dGate, dUp } = swigluBackward(gate!, up, dActive);
    const dGateInput = pass.linearBackward(`${name}.gate`, norm.y, dGate);
    dInput = sum(dGateInput, pass.linearBackward(`${name}.up`, norm.y, dUp));
  } else {
    dInput = pass.linearBackward(`${name}.up`, norm.y, POINTWISE[activation].backward(up, dActive));
  }
  return pass.normBackward(`${name}.norm`, norm, dInput);
}
