/**
 * The reference model ("gpt", docs/science.md) in float64: forward, and backward written out by hand in reverse order.
 * Everything is [rows, columns] with one row per token of the batch, rows = batch · context.
 */
import type { ForwardMultipliers } from '../model/parametrization.ts';
import { MLP_RATIO, type ModelShape } from '../model/shape.ts';
import { attentionBackward, attentionForward, type Attended } from './attention.ts';
import { crossEntropyBackward, crossEntropyForward } from './cross-entropy.ts';
import { embeddingBackward, embeddingForward } from './embedding.ts';
import { geluBackward, geluForward } from './gelu.ts';
import { linearBackward, linearForward } from './linear.ts';
import { layerNormBackward, layerNormForward, type Normed } from './norm.ts';

/** Tensors by name, in the order of `tensorsOf`. */
export type Parameters = ReadonlyMap<string, Float64Array>;

export interface LossAndGradients {
  /** Mean over all tokens of the batch, nats per token. */
  loss: number;
  /** [batch · context] */
  tokenLosses: Float64Array;
  /** Of the mean loss, one tensor per parameter, in the same order. */
  gradients: Map<string, Float64Array>;
}

interface LayerState {
  attentionNorm: Normed;
  q: Float64Array;
  k: Float64Array;
  v: Float64Array;
  attended: Attended;
  mlpNorm: Normed;
  up: Float64Array;
  active: Float64Array;
}

/** What the forward pass leaves behind for the backward pass. */
interface ForwardState {
  layers: LayerState[];
  finalNorm: Normed;
  logits: Float64Array;
}

/** Copies float32 initial values (or any other numbers) into the float64 tensors that this room works on. */
export function float64Parameters(parameters: ReadonlyMap<string, ArrayLike<number>>): Map<string, Float64Array> {
  return new Map([...parameters].map(([name, values]) => [name, Float64Array.from(values)]));
}

/** Losses of every token: tokens [batch, context + 1] → [batch · context]. */
export function tokenLosses(
  shape: ModelShape,
  multipliers: ForwardMultipliers,
  parameters: Parameters,
  tokens: ArrayLike<number>,
  batch: number,
): Float64Array {
  const { inputs, labels } = inputsAndLabels(tokens, batch, shape.context);
  const { logits } = forward(shape, multipliers, parameters, inputs, batch);
  return crossEntropyForward(logits, labels, shape.vocabulary);
}

/** The mean loss of a batch of tokens [batch, context + 1] and its gradient with respect to every parameter. */
export function lossAndGradients(
  shape: ModelShape,
  multipliers: ForwardMultipliers,
  parameters: Parameters,
  tokens: ArrayLike<number>,
  batch: number,
): LossAndGradients {
  const { inputs, labels } = inputsAndLabels(tokens, batch, shape.context);
  const state = forward(shape, multipliers, parameters, inputs, batch);
  const losses = crossEntropyForward(state.logits, labels, shape.vocabulary);
  const dLogits = crossEntropyBackward(state.logits, labels, shape.vocabulary);
  const gradients = backward(shape, multipliers, parameters, inputs, batch, state, dLogits);
  let sum = 0;
  for (const loss of losses) sum += loss;
  return { loss: sum / losses.length, tokenLosses: losses, gradients };
}

/** Every token but the last is read, every token but the first is to be predicted. */
function inputsAndLabels(tokens: ArrayLike<number>, batch: number, context: number) {
  const inputs = new Uint32Array(batch * context);
  const labels = new Uint32Array(batch * context);
  for (let s = 0; s < batch; s++) {
    for (let t = 0; t < context; t++) {
      inputs[s * context + t] = tokens[s * (context + 1) + t];
      labels[s * context + t] = tokens[s * (context + 1) + t + 1];
    }
  }
  return { inputs, labels };
}

function forward(
  shape: ModelShape,
  multipliers: ForwardMultipliers,
  parameters: Parameters,
  inputs: Uint32Array,
  batch: number,
): ForwardState {
  const { width, layers, heads, headSize, context, vocabulary } = shape;
  const rows = batch * context;
  const hidden = MLP_RATIO * width;
  const weight = (name: string) => parameters.get(name)!;
  const square = { rows, fanIn: width, fanOut: width };
  const sizes = { batch, context, heads, headSize };

  let x = embeddingForward(
    inputs,
    weight('embed.token'),
    weight('embed.position'),
    { batch, context, width },
    multipliers.embedding,
  );
  const states: LayerState[] = [];
  for (let n = 0; n < layers; n++) {
    const [attn, mlp] = [`layers.${n}.attn`, `layers.${n}.mlp`];

    const attentionNorm = layerNormForward(x, weight(`${attn}.norm`), rows);
    const q = linearForward(attentionNorm.y, weight(`${attn}.query`), square);
    const k = linearForward(attentionNorm.y, weight(`${attn}.key`), square);
    const v = linearForward(attentionNorm.y, weight(`${attn}.value`), square);
    const attended = attentionForward(q, k, v, sizes, multipliers.attention);
    x = sum(x, linearForward(attended.output, weight(`${attn}.out`), square, multipliers.branch));

    const mlpNorm = layerNormForward(x, weight(`${mlp}.norm`), rows);
    const up = linearForward(mlpNorm.y, weight(`${mlp}.up`), { rows, fanIn: width, fanOut: hidden });
    const active = geluForward(up);
    const down = { rows, fanIn: hidden, fanOut: width };
    x = sum(x, linearForward(active, weight(`${mlp}.down`), down, multipliers.branch));

    states.push({ attentionNorm, q, k, v, attended, mlpNorm, up, active });
  }
  const finalNorm = layerNormForward(x, weight('final.norm'), rows);
  const unembed = { rows, fanIn: width, fanOut: vocabulary };
  const logits = linearForward(finalNorm.y, weight('unembed'), unembed, multipliers.unembedding);
  return { layers: states, finalNorm, logits };
}

function backward(
  shape: ModelShape,
  multipliers: ForwardMultipliers,
  parameters: Parameters,
  inputs: Uint32Array,
  batch: number,
  state: ForwardState,
  dLogits: Float64Array,
): Map<string, Float64Array> {
  const { width, layers, heads, headSize, context, vocabulary } = shape;
  const rows = batch * context;
  const hidden = MLP_RATIO * width;
  const weight = (name: string) => parameters.get(name)!;
  const gradients = new Map<string, Float64Array>([...parameters.keys()].map((name) => [name, new Float64Array(0)]));
  const square = { rows, fanIn: width, fanOut: width };
  const sizes = { batch, context, heads, headSize };

  const throughLinear = (name: string, x: Float64Array, dy: Float64Array, fanIn: number, fanOut: number, scale = 1) => {
    const { dx, dw } = linearBackward(x, weight(name), dy, { rows, fanIn, fanOut }, scale);
    gradients.set(name, dw);
    return dx;
  };
  const throughNorm = (name: string, normed: Normed, dy: Float64Array) => {
    const { dx, dGain } = layerNormBackward(dy, weight(name), normed);
    gradients.set(name, dGain);
    return dx;
  };

  const dFinal = throughLinear('unembed', state.finalNorm.y, dLogits, width, vocabulary, multipliers.unembedding);
  let dx = throughNorm('final.norm', state.finalNorm, dFinal);
  for (let n = layers - 1; n >= 0; n--) {
    const [attn, mlp] = [`layers.${n}.attn`, `layers.${n}.mlp`];
    const { attentionNorm, q, k, v, attended, mlpNorm, up, active } = state.layers[n];

    const dActive = throughLinear(`${mlp}.down`, active, dx, hidden, width, multipliers.branch);
    const dMlpInput = throughLinear(`${mlp}.up`, mlpNorm.y, geluBackward(up, dActive), width, hidden);
    dx = sum(dx, throughNorm(`${mlp}.norm`, mlpNorm, dMlpInput));

    const dMixed = throughLinear(`${attn}.out`, attended.output, dx, square.fanIn, square.fanOut, multipliers.branch);
    const { dq, dk, dv } = attentionBackward(q, k, v, attended, dMixed, sizes, multipliers.attention);
    const input = attentionNorm.y;
    const dQueryInput = throughLinear(`${attn}.query`, input, dq, width, width);
    const dKeyInput = throughLinear(`${attn}.key`, input, dk, width, width);
    const dValueInput = throughLinear(`${attn}.value`, input, dv, width, width);
    const dInput = sum(sum(dQueryInput, dKeyInput), dValueInput);
    dx = sum(dx, throughNorm(`${attn}.norm`, attentionNorm, dInput));
  }
  const { dToken, dPosition } = embeddingBackward(
    inputs,
    dx,
    vocabulary,
    { batch, context, width },
    multipliers.embedding,
  );
  gradients.set('embed.token', dToken);
  gradients.set('embed.position', dPosition);
  return gradients;
}

function sum(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < a.length; i++) out[i] = a[i] + b[i];
  return out;
}
