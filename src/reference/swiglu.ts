/** SwiGLU (Shazeer 2020, arXiv 2002.05202): y = silu(gate) ⊙ up, with silu(x) = x · sigmoid(x). All are [rows, hidden]. */

export function swigluForward(gate: Float64Array, up: Float64Array): Float64Array {
  return gate.map((g, i) => g * sigmoid(g) * up[i]);
}

/** silu'(g) = σ + g · σ · (1 − σ), with σ = sigmoid(g). */
export function swigluBackward(
  gate: Float64Array,
  up: Float64Array,
  dy: Float64Array,
): { dGate: Float64Array; dUp: Float64Array } {
  const dGate = new Float64Array(gate.length);
  const dUp = new Float64Array(up.length);
  for (let i = 0; i < gate.length; i++) {
    const g = gate[i];
    const s = sigmoid(g);
    dGate[i] = dy[i] * up[i] * (s + g * s * (1 - s));
    dUp[i] = dy[i] * g * s;
  }
  return { dGate, dUp };
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
