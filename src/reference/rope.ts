/**
 * Rotary position embedding (Su et al. 2021, arXiv 2104.09864): in each head the numbers i and i + d_h/2 are the coordinates
 * of a point that is turned by position · 10000^(−2i/d_h), so that q·k depends on positions by their difference only.
 * Everything is [batch, context, heads, headSize].
 */
import type { AttentionSizes } from './attention.ts';

const BASE = 10_000;

export function ropeForward(x: Float64Array, sizes: AttentionSizes): Float64Array {
  return turned(x, sizes, 1);
}

/** A rotation's transpose turns back. */
export function ropeBackward(dy: Float64Array, sizes: AttentionSizes): Float64Array {
  return turned(dy, sizes, -1);
}

function turned(x: Float64Array, { batch, context, heads, headSize }: AttentionSizes, direction: 1 | -1): Float64Array {
  const y = new Float64Array(x.length);
  const half = headSize / 2;
  for (let i = 0; i < half; i++) {
    const frequency = BASE ** ((-2 * i) / headSize);
    for (let row = 0; row < batch * context; row++) {
      const angle = direction * (row % context) * frequency;
      const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
      for (let head = 0; head < heads; head++) {
        const first = (row * heads + head) * headSize + i;
        const second = first + half;
        y[first] = x[first] * cos - x[second] * sin;
        y[second] = x[first] * sin + x[second] * cos;
      }
    }
  }
  return y;
}
