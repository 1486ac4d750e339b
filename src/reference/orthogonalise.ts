/**
 * The orthogonal matrix nearest to G, roughly: with G = U S Vᵀ it is U S' Vᵀ with all of S' near 1. Five Newton–Schulz
 * iterations of the odd polynomial a·x + b·x³ + c·x⁵ push every singular value there without computing any (Jordan et al.
 * 2024, https://kellerjordan.github.io/posts/muon/).
 */
import { matmul, matmulTransposedB } from './matmul.ts';

const ITERATIONS = 5;
const [A, B, C] = [3.4445, -4.775, 2.0315];
/** Below any gradient that matters: it only keeps a gradient of zeros from being divided by zero. */
const SMALLEST_NORM = 1e-30;

/** G [rows, columns] → the same shape; zeros stay zeros. */
export function orthogonalise(g: Float64Array, rows: number, columns: number): Float64Array {
  // The products below are of the smaller side's size when the matrix is wide.
  if (rows > columns) return transposed(orthogonalise(transposed(g, rows, columns), columns, rows), columns, rows);
  const norm = Math.max(Math.sqrt(g.reduce((sum, value) => sum + value * value, 0)), SMALLEST_NORM);
  let x = g.map((value) => value / norm);
  for (let i = 0; i < ITERATIONS; i++) {
    const gram = matmulTransposedB(x, x, rows, columns, rows);
    const square = matmul(gram, gram, rows, rows, rows);
    const odd = matmul(
      gram.map((value, at) => B * value + C * square[at]),
      x,
      rows,
      rows,
      columns,
    );
    x = x.map((value, at) => A * value + odd[at]);
  }
  return x;
}

/** Floating-point operations: x·xᵀ, its square, and the product with x in each iteration. */
export function orthogonalisationFlops(rows: number, columns: number): number {
  const [short, long] = [Math.min(rows, columns), Math.max(rows, columns)];
  return ITERATIONS * (4 * short * short * long + 2 * short ** 3);
}

/** [rows, columns] → [columns, rows] */
function transposed(matrix: Float64Array, rows: number, columns: number): Float64Array {
  return matrix.map((_, at) => matrix[(at % rows) * columns + Math.floor(at / rows)]);
}
