/** Muon (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/) for a hidden matrix [rows, columns]. */
import { orthogonalise } from './orthogonalise.ts';

/** The orthogonalised Nesterov momentum, g + μ · buffer, after the buffer has become μ · buffer + g in place. */
export function muonDirection(
  gradient: Float64Array,
  [buffer]: Float64Array[],
  { momentum, shape: [rows, columns] }: { momentum: number; shape: readonly number[] },
): Float64Array {
  const nesterov = new Float64Array(gradient.length);
  for (let i = 0; i < gradient.length; i++) {
    buffer[i] = momentum * buffer[i] + gradient[i];
    nesterov[i] = gradient[i] + momentum * buffer[i];
  }
  return orthogonalise(nesterov, rows, columns);
}
