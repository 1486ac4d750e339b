/**
 * Logits by the token embedding itself (Press & Wolf 2017, arXiv 1608.05859): logits = scale · x · tokenᵀ, with x [rows, width]
 * and token [vocabulary, width].
 */
import { matmul, matmulTransposedA, matmulTransposedB } from './matmul.ts';

interface UnembeddingSizes {
  rows: number;
  /** d */
  width: number;
  /** V */
  vocabulary: number;
}

/** → [rows, vocabulary] */
export function tiedUnembeddingForward(
  x: Float64Array,
  token: Float64Array,
  { rows, width, vocabulary }: UnembeddingSizes,
  scale: number,
): Float64Array {
  return matmulTransposedB(x, token, rows, width, vocabulary, scale);
}

/** dx = scale · dLogits · token and dToken = scale · dLogitsᵀ · x, which adds to the gradient of looking tokens up. */
export function tiedUnembeddingBackward(
  x: Float64Array,
  token: Float64Array,
  dLogits: Float64Array,
  { rows, width, vocabulary }: UnembeddingSizes,
  scale: number,
): { dx: Float64Array; dToken: Float64Array } {
  return {
    dx: matmul(dLogits, token, rows, vocabulary, width, scale),
    dToken: matmulTransposedA(dLogits, x, rows, vocabulary, width, scale),
  };
}
