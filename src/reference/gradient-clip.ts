/** Gradient clipping by the norm of all gradients of a run together (Pascanu et al. 2013, arXiv 1211.5063). */
import type { Parameters } from './pass.ts';

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
