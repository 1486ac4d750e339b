/**
 * The three products a linear layer needs, on row-major float64 matrices. Each takes the loop order whose inner loop walks
 * memory forwards, and handles four terms of the sum at a time so that outputs are loaded and stored a quarter as often.
 */

/** out[m,n] = scale · a[m,k] · b[k,n] */
export function matmul(a: Float64Array, b: Float64Array, m: number, k: number, n: number, scale = 1): Float64Array {
  const out = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let p = 0; p < k; p += 4) addRows(out, i * n, b, p * n, n, a, i * k + p, 1, Math.min(4, k - p), scale);
  }
  return out;
}

/** out[k,n] = scale · a[m,k]ᵀ · b[m,n]: the gradient of a weight. */
export function matmulTransposedA(
  a: Float64Array,
  b: Float64Array,
  m: number,
  k: number,
  n: number,
  scale = 1,
): Float64Array {
  const out = new Float64Array(k * n);
  for (let i = 0; i < m; i += 4) {
    for (let p = 0; p < k; p++) addRows(out, p * n, b, i * n, n, a, i * k + p, k, Math.min(4, m - i), scale);
  }
  return out;
}

/** out[m,k] = scale · a[m,n] · b[k,n]ᵀ: the gradient of an input. */
export function matmulTransposedB(
  a: Float64Array,
  b: Float64Array,
  m: number,
  n: number,
  k: number,
  scale = 1,
): Float64Array {
  const out = new Float64Array(m * k);
  for (let i = 0; i < m; i++) {
    const row = i * n;
    let p = 0;
    for (; p + 4 <= k; p += 4) {
      const column = p * n;
      let [sum0, sum1, sum2, sum3] = [0, 0, 0, 0];
      for (let j = 0; j < n; j++) {
        const value = a[row + j];
        sum0 += value * b[column + j];
        sum1 += value * b[column + n + j];
        sum2 += value * b[column + 2 * n + j];
        sum3 += value * b[column + 3 * n + j];
      }
      const at = i * k + p;
      out[at] = scale * sum0;
      out[at + 1] = scale * sum1;
      out[at + 2] = scale * sum2;
      out[at + 3] = scale * sum3;
    }
    for (; p < k; p++) {
      let sum = 0;
      for (let j = 0; j < n; j++) sum += a[row + j] * b[p * n + j];
      out[i * k + p] = scale * sum;
    }
  }
  return out;
}

/** out[to…to+n) += scale · Σ_r a[first + r·stride] · b[from + r·n …), over `terms` ≤ 4 consecutive rows of b. */
function addRows(
  out: Float64Array,
  to: number,
  b: Float64Array,
  from: number,
  n: number,
  a: Float64Array,
  first: number,
  stride: number,
  terms: number,
  scale: number,
): void {
  if (terms === 4) {
    const a0 = scale * a[first];
    const a1 = scale * a[first + stride];
    const a2 = scale * a[first + 2 * stride];
    const a3 = scale * a[first + 3 * stride];
    for (let j = 0; j < n; j++) {
      const at = from + j;
      out[to + j] += a0 * b[at] + a1 * b[at + n] + a2 * b[at + 2 * n] + a3 * b[at + 3 * n];
    }
    return;
  }
  for (let r = 0; r < terms; r++) {
    const factor = scale * a[first + r * stride];
    for (let j = 0; j < n; j++) out[to + j] += factor * b[from + r * n + j];
  }
}
