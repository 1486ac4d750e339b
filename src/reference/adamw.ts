/** AdamW (Loshchilov & Hutter 2019, arXiv 1711.05101) with the multipliers of the parametrization table. */
import type { Optimizer } from '../model/recipe.ts';
import type { TensorRule } from '../model/parametrization.ts';
import type { Parameters } from './model.ts';

/** Running averages of gradients and of their squares, one tensor per parameter. */
export interface Moments {
  first: Parameters;
  second: Parameters;
}

export function zeroMoments(tensors: readonly TensorRule[]): Moments {
  const zeros = () => new Map(tensors.map(({ name, size }) => [name, new Float64Array(size)]));
  return { first: zeros(), second: zeros() };
}

/** The norm of all gradients of a run together. */
export function globalNorm(gradients: Parameters): number {
  let squares = 0;
  for (const gradient of gradients.values()) {
    for (let i = 0; i < gradient.length; i++) squares += gradient[i] * gradient[i];
  }
  return Math.sqrt(squares);
}

/** Factor that brings a gradient of this norm down to `clip`; 1 when it is no larger or clipping is off (0). */
export function clipFactor(norm: number, clip: number): number {
  return clip > 0 && norm > clip ? clip / norm : 1;
}

/** What differs from one update to the next. */
export interface UpdateSettings {
  /** Updates made so far, 0 at the first: the bias corrections are 1 − β^(step+1). */
  step: number;
  /** η at this step, schedule included. */
  learningRate: number;
  /** The clip factor. */
  gradientScale: number;
}

/** Updates parameters and moments in place: p −= η · lrMult · ( m̂ / (√v̂ + ε · epsMult) + λ · wdMult · p ). */
export function adamwUpdate(
  tensors: readonly TensorRule[],
  parameters: Parameters,
  gradients: Parameters,
  moments: Moments,
  { beta1, beta2, epsilon, weightDecay }: Optimizer,
  { step, learningRate, gradientScale }: UpdateSettings,
): void {
  const correction1 = 1 - beta1 ** (step + 1);
  const correction2 = 1 - beta2 ** (step + 1);
  for (const { name, learningRateMultiplier, weightDecayMultiplier, epsilonMultiplier } of tensors) {
    const p = parameters.get(name)!;
    const g = gradients.get(name)!;
    const m = moments.first.get(name)!;
    const v = moments.second.get(name)!;
    const rate = learningRate * learningRateMultiplier;
    const decay = weightDecay * weightDecayMultiplier;
    const smallest = epsilon * epsilonMultiplier;
    for (let i = 0; i < p.length; i++) {
      const gradient = gradientScale * g[i];
      m[i] = beta1 * m[i] + (1 - beta1) * gradient;
      v[i] = beta2 * v[i] + (1 - beta2) * gradient * gradient;
      const direction = m[i] / correction1 / (Math.sqrt(v[i] / correction2) + smallest);
      p[i] -= rate * (direction + decay * p[i]);
    }
  }
}
