/** x = scale · (token[t] + position[p]): the residual stream before the first layer. */

interface EmbeddingSizes {
  batch: number;
  /** T */
  context: number;
  /** d */
  width: number;
}

/** inputs [batch, context], token [V, width], position [context, width] or null for none → [batch, context, width] */
export function embeddingForward(
  inputs: ArrayLike<number>,
  token: Float64Array,
  position: Float64Array | null,
  { batch, context, width }: EmbeddingSizes,
  scale: number,
): Float64Array {
  const x = new Float64Array(batch * context * width);
  for (let row = 0; row < batch * context; row++) {
    const t = inputs[row] * width;
    const p = (row % context) * width;
    for (let j = 0; j < width; j++) x[row * width + j] = scale * (token[t + j] + (position ? position[p + j] : 0));
  }
  return x;
}

/** Each row of a table gathers the gradients of the places where it was used. */
export function embeddingBackward(
  inputs: ArrayLike<number>,
  dx: Float64Array,
  vocabulary: number,
  { batch, context, width }: EmbeddingSizes,
  scale: number,
): { dToken: Float64Array; dPosition: Float64Array } {
  const dToken = new Float64Array(vocabulary * width);
  const dPosition = new Float64Array(context * width);
  for (let row = 0; row < batch * context; row++) {
    const t = inputs[row] * width;
    const p = (row % context) * width;
    for (let j = 0; j < width; j++) {
      const gradient = scale * dx[row * width + j];
      dToken[t + j] += gradient;
      dPosition[p + j] += gradient;
    }
  }
  return { dToken, dPosition };
}
