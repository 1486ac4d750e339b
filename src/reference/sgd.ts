/** Stochastic gradient descent with heavy-ball momentum (Polyak 1964). */

/** The velocity, μ · velocity + g, which is updated in place. */
export function sgdDirection(
  gradient: Float64Array,
  [velocity]: Float64Array[],
  { momentum }: { momentum: number },
): Float64Array {
  for (let i = 0; i < gradient.length; i++) velocity[i] = momentum * velocity[i] + gradient[i];
  return velocity;
}
