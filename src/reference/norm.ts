/**
 * Norms with a gain and no bias, over each row of [rows, width]: y = x̂ · gain.
 * RMSNorm (Zhang & Sennrich 2019, arXiv 1910.07467): x̂ = x / √(mean(x²) + ε).
 * LayerNorm (Ba, Kiros & Hinton 2016, arXiv 1607.06450): x̂ = (x − mean) / √(variance + ε), which is RMSNorm of centred rows.
 */
import type { Architecture } from '../model/recipe.ts';
import { NORM_EPSILON } from '../model/shape.ts';

export interface Normed {
  /** [rows, width] */
  y: Float64Array;
  /** x̂ [rows, width]: kept for the backward pass. */
  normalised: Float64Array;
  /** 1/√(mean square + ε) [rows] */
  inverseStd: Float64Array;
}

interface NormGradients {
  /** [rows, width] */
  dx: Float64Array;
  /** [width] */
  dGain: Float64Array;
}

type ForBackward = Pick<Normed, 'normalised' | 'inverseStd'>;

export function rmsNormForward(x: Float64Array, gain: Float64Array, rows: number, epsilon = NORM_EPSILON): Normed {
  const width = gain.length;
  const y = new Float64Array(rows * width);
  const normalised = new Float64Array(rows * width);
  const inverseStd = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const base = row * width;
    let meanSquare = 0;
    for (let j = 0; j < width; j++) meanSquare += x[base + j] ** 2 / width;
    const scale = 1 / Math.sqrt(meanSquare + epsilon);
    inverseStd[row] = scale;
    for (let j = 0; j < width; j++) {
      normalised[base + j] = x[base + j] * scale;
      y[base + j] = normalised[base + j] * gain[j];
    }
  }
  return { y, normalised, inverseStd };
}

/**
 * With g = dy · gain: dx = (g − x̂ · mean(g · x̂)) / √(mean(x²) + ε), the mean being what scaling a row cannot change;
 * dGain sums dy · x̂ over rows.
 */
function rmsNormBackward(dy: Float64Array, gain: Float64Array, { normalised, inverseStd }: ForBackward): NormGradients {
  const width = gain.length;
  const dx = new Float64Array(dy.length);
  const dGain = new Float64Array(width);
  for (let row = 0; row < inverseStd.length; row++) {
    const base = row * width;
    let meanGX = 0;
    for (let j = 0; j < width; j++) {
      meanGX += (dy[base + j] * gain[j] * normalised[base + j]) / width;
      dGain[j] += dy[base + j] * normalised[base + j];
    }
    for (let j = 0; j < width; j++) {
      dx[base + j] = inverseStd[row] * (dy[base + j] * gain[j] - normalised[base + j] * meanGX);
    }
  }
  return { dx, dGain };
}

export function layerNormForward(x: Float64Array, gain: Float64Array, rows: number, epsilon = NORM_EPSILON): Normed {
  return rmsNormForward(centred(x, gain.length), gain, rows, epsilon);
}

/** Centring is symmetric, so that the gradient passes through it as rows do. */
export function layerNormBackward(dy: Float64Array, gain: Float64Array, normed: ForBackward): NormGradients {
  const { dx, dGain } = rmsNormBackward(dy, gain, normed);
  return { dx: centred(dx, gain.length), dGain };
}

/** Rows less their means. */
function centred(x: Float64Array, width: number): Float64Array {
  const out = new Float64Array(x.length);
  for (let base = 0; base < x.length; base += width) {
    let mean = 0;
    for (let j = 0; j < width; j++) mean += x[base + j] / width;
    for (let j = 0; j < width; j++) out[base + j] = x[base + j] - mean;
  }
  return out;
}

export const NORMS: Record<Architecture['norm'], { forward: typeof rmsNormForward; backward: typeof rmsNormBackward }> =
  {
    layernorm: { forward: layerNormForward, backward: layerNormBackward },
    rmsnorm: { forward: rmsNormForward, backward: rmsNormBackward },
  };
