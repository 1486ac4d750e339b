/**
 * LayerNorm with a gain and no bias: y = x̂ · gain, x̂ = (x − mean) / √(variance + ε), over each row of [rows, width]
 * (Ba, Kiros & Hinton 2016, arXiv 1607.06450).
 */
import { NORM_EPSILON } from '../model/shape.ts';

export interface Normed {
  /** [rows, width] */
  y: Float64Array;
  /** x̂ [rows, width]: kept for the backward pass. */
  normalised: Float64Array;
  /** 1/√(variance + ε) [rows] */
  inverseStd: Float64Array;
}

export function layerNormForward(x: Float64Array, gain: Float64Array, rows: number, epsilon = NORM_EPSILON): Normed {
  const width = gain.length;
  const y = new Float64Array(rows * width);
  const normalised = new Float64Array(rows * width);
  const inverseStd = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const base = row * width;
    let mean = 0;
    for (let j = 0; j < width; j++) mean += x[base + j] / width;
    let variance = 0;
    for (let j = 0; j < width; j++) variance += (x[base + j] - mean) ** 2 / width;
    const scale = 1 / Math.sqrt(variance + epsilon);
    inverseStd[row] = scale;
    for (let j = 0; j < width; j++) {
      normalised[base + j] = (x[base + j] - mean) * scale;
      y[base + j] = normalised[base + j] * gain[j];
    }
  }
  return { y, normalised, inverseStd };
}

/**
 * With g = dy · gain: dx = (g − mean(g) − x̂ · mean(g · x̂)) / std, the two means being what shifting and scaling a row
 * cannot change; dGain sums dy · x̂ over rows.
 */
export function layerNormBackward(
  dy: Float64Array,
  gain: Float64Array,
  { normalised, inverseStd }: Pick<Normed, 'normalised' | 'inverseStd'>,
): { dx: Float64Array; dGain: Float64Array } {
  const width = gain.length;
  const dx = new Float64Array(dy.length);
  const dGain = new Float64Array(width);
  for (let row = 0; row < inverseStd.length; row++) {
    const base = row * width;
    let meanG = 0;
    let meanGX = 0;
    for (let j = 0; j < width; j++) {
      const g = dy[base + j] * gain[j];
      meanG += g / width;
      meanGX += (g * normalised[base + j]) / width;
      dGain[j] += dy[base + j] * normalised[base + j];
    }
    for (let j = 0; j < width; j++) {
      const g = dy[base + j] * gain[j];
      dx[base + j] = inverseStd[row] * (g - meanG - normalised[base + j] * meanGX);
    }
  }
  return { dx, dGain };
}
