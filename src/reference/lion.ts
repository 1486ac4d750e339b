/** Lion (Chen et al. 2023, arXiv 2302.06675). */

/** sign(β1 · m + (1 − β1) · g), zero at zero; then m becomes β2 · m + (1 − β2) · g in place. */
export function lionDirection(
  gradient: Float64Array,
  [momentum]: Float64Array[],
  { beta1, beta2 }: { beta1: number; beta2: number },
): Float64Array {
  const direction = new Float64Array(gradient.length);
  for (let i = 0; i < gradient.length; i++) {
    direction[i] = Math.sign(beta1 * momentum[i] + (1 - beta1) * gradient[i]);
    momentum[i] = beta2 * momentum[i] + (1 - beta2) * gradient[i];
  }
  return direction;
}
