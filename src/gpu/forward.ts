/**
 * The reference model ("gpt") written as its forward pass. Definition: pre-norm transformer without biases, with the options
 * of `Architecture` (docs/science.md).
 */
import { attention } from './ops/attention.ts';
import type { OpContext } from './ops/context.ts';
import { crossEntropy } from './ops/cross-entropy.ts';
import { embedding } from './ops/embedding.ts';
import { linear, linears } from './ops/linear.ts';
import { norm } from './ops/norm.ts';
import type { Probe } from './ops/probe.ts';
import { MULTIPLIER } from './matmul/epilogue.ts';
import { rotary } from './ops/rotary.ts';
import { swiglu } from './ops/swiglu.ts';
import { tiedUnembedding } from './ops/tied-unembedding.ts';
import type { Slot, Value } from './tape.ts';

interface ModelInputs {
  context: OpContext;
  /** Null without RoPE. */
  rotations: Slot | null;
  /** Null where no activations are measured. */
  probe: Probe | null;
  /** Told the queries and keys [R, N, d] that a layer's heads see. */
  onHeads?: (queries: Value, keys: Value) => void;
}

/** Token losses [R, N]. */
export function forward(inputs: ModelInputs, tokens: Slot, labels: Slot): Slot {
  return crossEntropy(inputs.context, logitsOf(inputs, tokens), labels);
}

/** Logits [R, N, V], until a cross-entropy takes their place. */
export function logitsOf(inputs: ModelInputs, tokens: Slot): Value {
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
  return logits;
}

/** x + β · attn(norm(x)) · W_out */
function attentionBranch({ context, rotations, probe, onHeads }: ModelInputs, x: Value, name: string): Value {
  const { shape, rows } = context;
  const square = { fanIn: shape.width, fanOut: shape.width };
  const input = norm(context, x, `${name}.norm`);
  const parts = ['query', 'key', 'value'].map((part) => `${name}.${part}`);
  const [q, k, v] = linears(context, input, parts, square);
  [q, k, v].forEach(({ slot }, i) => probe?.note(parts[i], slot));
  const heads = { count: rows * shape.heads, length: shape.headSize };
  const [seeking, sought] = [q, k].map((value, i) => {
    const normed = shape.architecture.qkNorm
      ? norm(context, value, `${name}.${i ? 'key' : 'query'}_norm`, heads)
      : value;
    return rotations ? rotary(context, normed, rotations) : normed;
  });
  onHeads?.(seeking, sought);
  const mixed = attention(context, seeking, sought, v);
  const y = linear(context, mixed, `${name}.out`, { ...square, multiplier: MULTIPLIER.branch, addend: x });
  probe?.note(name, y.slot, x.slot);
  return y;
}

/** x + β · f(norm(x) · W_up) · W_down, f gated by norm(x) · W_gate in SwiGLU. */
function mlpBranch({ context, probe }: ModelInputs, x: Value, name: string): Value {
  const { width, hidden, architecture } = context.shape;
  const input = norm(context, x, `${name}.norm`);
  const { activation } = architecture;
  const sizes = { fanIn: width, fanOut: hidden };
  const [gate, up] = [`${name}.gate`, `${name}.up`];
  let active: Value;
  if (activation === 'swiglu') {
    const [opening, values] = linears(context, input, [gate, up], sizes);
    probe?.note(gate, opening.slot);
    probe?.note(up, values.slot);
    active = swiglu(context, opening, values, hidden);
  } else {
    active = linear(context, input, up, { ...sizes, activation });
    probe?.note(up, active.activated!.before);
  }
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
