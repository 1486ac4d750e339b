/**
 * Causal attention: each position mixes the values of itself and those before it, by softmax(scale · q·k)
 * (Vaswani et al. 2017, arXiv 1706.03762). q, k, v and output are [batch, context, heads, headSize].
 */

export interface AttentionSizes {
  batch: number;
  /** T */
  context: number;
  heads: number;
  /** d_h */
  headSize: number;
}

export interface Attended {
  /** [batch, context, heads, headSize] */
  output: Float64Array;
  /** [batch, heads, context, context], zero above the diagonal: kept for the backward pass. */
  probabilities: Float64Array;
}

/** @param scale the whole factor on q·k. */
export function attentionForward(
  q: Float64Array,
  k: Float64Array,
  v: Float64Array,
  sizes: AttentionSizes,
  scale: number,
): Attended {
  const { batch, context, heads, headSize } = sizes;
  const stride = heads * headSize;
  const output = new Float64Array(q.length);
  const probabilities = new Float64Array(batch * heads * context * context);
  for (let bh = 0; bh < batch * heads; bh++) {
    const base = headBase(bh, sizes);
    for (let i = 0; i < context; i++) {
      const query = base + i * stride;
      const row = (bh * context + i) * context;
      let highest = -Infinity;
      for (let j = 0; j <= i; j++) {
        const score = scale * dot(q, query, k, base + j * stride, headSize);
        probabilities[row + j] = score;
        if (score > highest) highest = score;
      }
      let sum = 0;
      for (let j = 0; j <= i; j++) sum += probabilities[row + j] = Math.exp(probabilities[row + j] - highest);
      for (let j = 0; j <= i; j++) {
        const p = (probabilities[row + j] /= sum);
        const value = base + j * stride;
        for (let c = 0; c < headSize; c++) output[query + c] += p * v[value + c];
      }
    }
  }
  return { output, probabilities };
}

/**
 * With p the probabilities and dp_ij = dOutput_i · v_j: dScore_ij = p_ij · (dp_ij − Σ_j p_ij dp_ij), then
 * dq_i = scale Σ_j dScore_ij k_j, dk_j = scale Σ_i dScore_ij q_i and dv_j = Σ_i p_ij dOutput_i.
 */
export function attentionBackward(
  q: Float64Array,
  k: Float64Array,
  v: Float64Array,
  { output, probabilities }: Attended,
  dOutput: Float64Array,
  sizes: AttentionSizes,
  scale: number,
): { dq: Float64Array; dk: Float64Array; dv: Float64Array } {
  const { batch, context, heads, headSize } = sizes;
  const stride = heads * headSize;
  const dq = new Float64Array(q.length);
  const dk = new Float64Array(k.length);
  const dv = new Float64Array(v.length);
  for (let bh = 0; bh < batch * heads; bh++) {
    const base = headBase(bh, sizes);
    for (let i = 0; i < context; i++) {
      const query = base + i * stride;
      const row = (bh * context + i) * context;
      // Σ_j p_ij dp_ij is the same number as dOutput_i · output_i.
      const mean = dot(dOutput, query, output, query, headSize);
      for (let j = 0; j <= i; j++) {
        const key = base + j * stride;
        const p = probabilities[row + j];
        const dScore = scale * p * (dot(dOutput, query, v, key, headSize) - mean);
        for (let c = 0; c < headSize; c++) {
          dq[query + c] += dScore * k[key + c];
          dk[key + c] += dScore * q[query + c];
          dv[key + c] += p * dOutput[query + c];
        }
      }
    }
  }
  return { dq, dk, dv };
}

/** Where position 0 of one head of one sequence begins. */
function headBase(bh: number, { context, heads, headSize }: AttentionSizes): number {
  const sequence = Math.floor(bh / heads);
  return (sequence * context * heads + (bh % heads)) * headSize;
}

function dot(a: Float64Array, ia: number, b: Float64Array, ib: number, length: number): number {
  let sum = 0;
  for (let c = 0; c < length; c++) sum += a[ia + c] * b[ib + c];
  return sum;
}
