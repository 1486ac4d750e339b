/**
 * The reference model ("gpt") written as its forward pass. Definition: pre-norm transformer without biases, with the options
 * of `Architecture` (docs/science.md).
 */
import { activation } from './ops/activation.ts';
import { attention } from './ops/attention.ts';
import type { OpContext } from './ops/context.ts';
import { crossEntropy } from './ops/cross-entropy.ts';
import { embedding } from './ops/embedding.ts';
import { linear } from './ops/linear.ts';
import { norm } from './ops/norm.ts';
import type { Probe } from './ops/probe.ts';
import { MULTIPLIER } from './ops/product.ts';
import { rotary } from './ops/rotary.ts';
import { swiglu } from './ops/swiglu.ts';
import { tiedUnembedding } from './ops/tied-unembedding.ts';
import type { Slot, Value } from './tape.ts';

export interface ModelInputs {
  context: OpContext;
  /** Null without RoPE. */
  rotations: Slot | null;
  /** Null where no activations are measured. */
  probe: Probe | null;
}

/** Token losses [R, N]. */
export function forward(inputs: ModelInputs, tokens: Slot, labels: Slot): Slot {
  const { context, probe } = inputs;
  let x = embedding(context, tokens);
  probe?.note('embedding', x.slot);
  for (let n = 0; n < context.shape.layers; n++) {
    x = attentionBranch(inputs, x, `layers.${n}.attn`);
    x = mlpBranch(inputs, x, `layers.${n}.mlp`);
  }
  const final = norm(context, x, 'final.norm');
  probe?.note('final.norm', final.slot);
  const logits = unembedding(context, final);
  probe?.note('logits', logits.slot);
  return crossEntropy(context, logits, labels);
}

/** x + β · attn(norm(x)) · W_out */
function attentionBranch({ context, rotations, probe }: ModelInputs, x: Value, name: string): Value {
  const { shape, rows } = context;
  const square = { fanIn: shape.width, fanOut: shape.width };
  const input = norm(context, x, `${name}.norm`);
  const [q, k, v] = ['query', 'key', 'value'].map((part) => {
    const value = linear(context, input, `${name}.${part}`, square);
    probe?.note(`${name}.${part}`, value.slot);
    return value;
  });
  const heads = { count: rows * shape.heads, length: shape.headSize };
  const [seeking, sought] = [q, k].map((value, i) => {
    const normed = shape.architecture.qkNorm
      ? norm(context, value, `${name}.${i ? 'key' : 'query'}_norm`, heads)
      : value;
    return rotations ? rotary(context, normed, rotations) : normed;
  });
  const mixed = attention(context, seeking, sought, v);
  const y = linear(context, mixed, `${name}.out`, { ...square, multiplier: MULTIPLIER.branch, addend: x });
  probe?.note(name, y.slot, x.slot);
  return y;
}

/** x + β · f(norm(x) · W_up) · W_down, f gated by norm(x) · W_gate in SwiGLU. */
function mlpBranch({ context, probe }: ModelInputs, x: Value, name: string): Value {
  const { width, hidden, architecture } = context.shape;
  const input = norm(context, x, `${name}.norm`);
  const widened = (part: string) => {
    const value = linear(context, input, `${name}.${part}`, { fanIn: width, fanOut: hidden });
    probe?.note(`${name}.${part}`, value.slot);
    return value;
  };
  const active =
    architecture.activation === 'swiglu'
      ? swiglu(context, widened('gate'), widened('up'), hidden)
      : activation(context, architecture.activation, widened('up'), hidden);
  const down = { fanIn: hidden, fanOut: width, multiplier: MULTIPLIER.branch, addend: x };
  const y = linear(context, active, `${name}.down`, down);
  probe?.note(name, y.slot, x.slot);
  return y;
}

/** α_out·u · x · W_unembed, or the token embedding's transpose where they are tied. */
function unembedding(context: OpContext, x: Value): Value {
  const { width, vocabulary, architecture } = context.shape;
  if (architecture.tied) return tiedUnembedding(context, x);
  return linear(context, x, 'unembed', { fanIn: width, fanOut: vocabulary, multiplier: MULTIPLIER.unembedding });
}
