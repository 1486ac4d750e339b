/** The tanh form of GELU (Hendrycks & Gimpel 2016, arXiv 1606.08415): x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³))). */

const SQRT_2_OVER_PI = Math.sqrt(2 / Math.PI);
const CUBIC = 0.044715;

export function geluForward(x: Float64Array): Float64Array {
  const y = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const v = x[i];
    y[i] = 0.5 * v * (1 + Math.tanh(SQRT_2_OVER_PI * (v + CUBIC * v * v * v)));
  }
  return y;
}

export function geluBackward(x: Float64Array, dy: Float64Array): Float64Array {
  const dx = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const v = x[i];
    const t = Math.tanh(SQRT_2_OVER_PI * (v + CUBIC * v * v * v));
    const slope = SQRT_2_OVER_PI * (1 + 3 * CUBIC * v * v);
    dx[i] = dy[i] * (0.5 * (1 + t) + 0.5 * v * (1 - t * t) * slope);
  }
  return dx;
}
