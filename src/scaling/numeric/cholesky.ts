/** Four linear equations with a symmetric, positive matrix, kept row by row in 16 numbers. */

/** Replaces the lower triangle of a 4 x 4 matrix by its Cholesky factor; returns the log of the determinant. */
export function choleskyInPlace(m: Float64Array): number {
  let log = 0;
  for (let j = 0; j < 4; j++) {
    let pivot = m[5 * j]!;
    for (let k = 0; k < j; k++) pivot -= m[4 * j + k]! ** 2;
    // Rounding may take a pivot to zero where two columns are all but parallel.
    const root = Math.sqrt(Math.max(pivot, 1e-14 * m[5 * j]!));
    m[5 * j] = root;
    log += 2 * Math.log(root);
    for (let i = j + 1; i < 4; i++) {
      let value = m[4 * i + j]!;
      for (let k = 0; k < j; k++) value -= m[4 * i + k]! * m[4 * j + k]!;
      m[4 * i + j] = value / root;
    }
  }
  return log;
}

/** v becomes L⁻¹ v. */
export function forward(factor: Float64Array, v: Float64Array): void {
  for (let i = 0; i < 4; i++) {
    for (let k = 0; k < i; k++) v[i]! -= factor[4 * i + k]! * v[k]!;
    v[i]! /= factor[5 * i]!;
  }
}

/** v becomes L⁻ᵀ v. */
export function backward(factor: Float64Array, v: Float64Array): void {
  for (let i = 3; i >= 0; i--) {
    for (let k = i + 1; k < 4; k++) v[i]! -= factor[4 * k + i]! * v[k]!;
    v[i]! /= factor[5 * i]!;
  }
}
