/** AdamW (Loshchilov & Hutter 2019, arXiv 1711.05101). */

interface AdamWSettings {
  beta1: number;
  beta2: number;
  /** ε · epsMult */
  epsilon: number;
  /** Updates made so far, 0 at the first: the bias corrections are 1 − β^(step+1). */
  step: number;
}

/** m̂ / (√v̂ + ε); both moments are updated in place. */
export function adamwDirection(
  gradient: Float64Array,
  [first, second]: Float64Array[],
  { beta1, beta2, epsilon, step }: AdamWSettings,
): Float64Array {
  const correction1 = 1 - beta1 ** (step + 1);
  const correction2 = 1 - beta2 ** (step + 1);
  const direction = new Float64Array(gradient.length);
  for (let i = 0; i < gradient.length; i++) {
    const g = gradient[i];
    first[i] = beta1 * first[i] + (1 - beta1) * g;
    second[i] = beta2 * second[i] + (1 - beta2) * g * g;
    direction[i] = first[i] / correction1 / (Math.sqrt(second[i] / correction2) + epsilon);
  }
  return direction;
}
