/** y = scale · x · w, with w stored [fanIn, fanOut] and no bias. */
import { matmul, matmulTransposedA, matmulTransposedB } from './matmul.ts';

interface LinearSizes {
  /** N: tokens in the batch. */
  rows: number;
  fanIn: number;
  fanOut: number;
}

/** x [rows, fanIn], w [fanIn, fanOut] → y [rows, fanOut] */
export function linearForward(x: Float64Array, w: Float64Array, sizes: LinearSizes, scale = 1): Float64Array {
  return matmul(x, w, sizes.rows, sizes.fanIn, sizes.fanOut, scale);
}

/** Given dy [rows, fanOut]: dx = scale · dy · wᵀ and dw = scale · xᵀ · dy. */
export function linearBackward(
  x: Float64Array,
  w: Float64Array,
  dy: Float64Array,
  { rows, fanIn, fanOut }: LinearSizes,
  scale = 1,
): { dx: Float64Array; dw: Float64Array } {
  return {
    dx: matmulTransposedB(dy, w, rows, fanOut, fanIn, scale),
    dw: matmulTransposedA(x, dy, rows, fanIn, fanOut, scale),
  };
}
