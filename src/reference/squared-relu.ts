/** ReLU² (So et al. 2021, arXiv 2109.08668): max(x, 0)². */

export function squaredReluForward(x: Float64Array): Float64Array {
  return x.map((v) => Math.max(v, 0) ** 2);
}

export function squaredReluBackward(x: Float64Array, dy: Float64Array): Float64Array {
  return x.map((v, i) => 2 * Math.max(v, 0) * dy[i]);
}
