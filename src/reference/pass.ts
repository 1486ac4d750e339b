/**
 * One pass over a batch: the model, its parameters by name, and the gradients that the backward pass gathers. Everything is
 * [rows, columns] with one row per token of the batch, rows = batch · context.
 */
import type { ForwardMultipliers } from '../model/parametrization.ts';
import { gradientMagnification } from '../model/half-precision.ts';
import type { ModelShape } from '../model/shape.ts';
import type { AttentionSizes } from './attention.ts';
import { toFloat16 } from './float16.ts';
import { linearBackward, linearForward } from './linear.ts';
import { NORMS, type Normed } from './norm.ts';

/** Tensors by name, in the order of `tensorsOf`. */
export type Parameters = ReadonlyMap<string, Float64Array>;

export class Pass {
  readonly rows: number;
  /** Of the queries, keys and values. */
  readonly heads: AttentionSizes;
  private readonly gathered = new Map<string, Float64Array>();

  constructor(
    readonly shape: ModelShape,
    readonly multipliers: ForwardMultipliers,
    readonly parameters: Parameters,
    readonly batch: number,
  ) {
    const { context, heads, headSize } = shape;
    this.rows = batch * context;
    this.heads = { batch, context, heads, headSize };
  }

  weight(name: string): Float64Array {
    return this.parameters.get(name)!;
  }

  /** Adds, because a tied embedding is used twice. */
  addGradient(name: string, gradient: Float64Array): void {
    const before = this.gathered.get(name);
    this.gathered.set(name, before ? sum(before, gradient) : gradient);
  }

  /** After the backward pass: one tensor per parameter, in the same order. */
  gradients(): Map<string, Float64Array> {
    return new Map([...this.parameters.keys()].map((name) => [name, this.gathered.get(name)!]));
  }

  /** A weight or an activation as it is multiplied. */
  operand(values: Float64Array): Float64Array {
    return this.shape.architecture.precision === 'float16' ? toFloat16(values) : values;
  }

  /** A gradient of activations as it is multiplied. */
  upstream(values: Float64Array): Float64Array {
    if (this.shape.architecture.precision !== 'float16') return values;
    return toFloat16(values, gradientMagnification(this.rows));
  }

  /** x [rows, fan-in] → scale · x · weight [rows, fan-out] */
  linear(name: string, x: Float64Array, scale = 1): Float64Array {
    return linearForward(this.operand(x), this.operand(this.weight(name)), this.linearSizes(name, x), scale);
  }

  /** Gathers the weight's gradient and gives dx. */
  linearBackward(name: string, x: Float64Array, dy: Float64Array, scale = 1): Float64Array {
    const [left, right] = [this.operand(x), this.operand(this.weight(name))];
    const { dx, dw } = linearBackward(left, right, this.upstream(dy), this.linearSizes(name, x), scale);
    this.addGradient(name, dw);
    return dx;
  }

  /** Over rows as long as the gain: tokens, or heads of tokens. */
  norm(name: string, x: Float64Array): Normed {
    const gain = this.weight(name);
    return NORMS[this.shape.architecture.norm].forward(x, gain, x.length / gain.length);
  }

  /** Gathers the gain's gradient and gives dx. */
  normBackward(name: string, normed: Normed, dy: Float64Array): Float64Array {
    const { dx, dGain } = NORMS[this.shape.architecture.norm].backward(dy, this.weight(name), normed);
    this.addGradient(name, dGain);
    return dx;
  }

  private linearSizes(name: string, x: Float64Array) {
    const fanIn = x.length / this.rows;
    return { rows: this.rows, fanIn, fanOut: this.weight(name).length / fanIn };
  }
}

export function sum(...terms: Float64Array[]): Float64Array {
  const out = terms[0].slice();
  for (const term of terms.slice(1)) {
    for (let i = 0; i < out.length; i++) out[i] += term[i];
  }
  return out;
}
