/** The reference model ("gpt", docs/science.md) in float64: forward, and backward written out by hand in reverse order. */
import type { ForwardMultipliers } from '../model/parametrization.ts';
import type { ModelShape } from '../model/shape.ts';
import { attentionBranchBackward, attentionBranchForward, type AttentionBranch } from './attention-branch.ts';
import { crossEntropyBackward, crossEntropyForward } from './cross-entropy.ts';
import { embeddingBackward, embeddingForward } from './embedding.ts';
import { mlpBranchBackward, mlpBranchForward, type MlpBranch } from './mlp-branch.ts';
import type { Normed } from './norm.ts';
import { Pass, sum, type Parameters } from './pass.ts';
import { tiedUnembeddingBackward, tiedUnembeddingForward } from './tied-unembedding.ts';

interface LossAndGradients {
  /** Mean over all tokens of the batch, nats per token. */
  loss: number;
  /** [batch · context] */
  tokenLosses: Float64Array;
  /** Of the mean loss, one tensor per parameter, in the same order. */
  gradients: Map<string, Float64Array>;
  activations: Activations;
}

/** What the forward pass leaves behind, for the backward pass and for whoever measures it. */
export interface Activations {
  /** x before the first layer [rows, width]. */
  embedding: Float64Array;
  layers: { attention: AttentionBranch; mlp: MlpBranch }[];
  finalNorm: Normed;
  /** [rows, vocabulary] */
  logits: Float64Array;
}

/** Copies float32 initial values (or any other numbers) into the float64 tensors that this room works on. */
export function float64Parameters(parameters: ReadonlyMap<string, ArrayLike<number>>): Map<string, Float64Array> {
  return new Map([...parameters].map(([name, values]) => [name, Float64Array.from(values)]));
}

/** The forward pass over a batch of tokens [batch, context + 1], of which the last of each sequence is not read. */
export function activationsOf(
  shape: ModelShape,
  multipliers: ForwardMultipliers,
  parameters: Parameters,
  tokens: ArrayLike<number>,
  batch: number,
): Activations {
  const { inputs } = inputsAndLabels(tokens, batch, shape.context);
  return forward(new Pass(shape, multipliers, parameters, batch), inputs);
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
  const { logits } = forward(new Pass(shape, multipliers, parameters, batch), inputs);
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
  const pass = new Pass(shape, multipliers, parameters, batch);
  const activations = forward(pass, inputs);
  const losses = crossEntropyForward(activations.logits, labels, shape.vocabulary);
  backward(pass, inputs, activations, crossEntropyBackward(activations.logits, labels, shape.vocabulary));
  let total = 0;
  for (const loss of losses) total += loss;
  return { loss: total / losses.length, tokenLosses: losses, gradients: pass.gradients(), activations };
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

function forward(pass: Pass, inputs: Uint32Array): Activations {
  const { shape, multipliers, batch, rows } = pass;
  const { width, context, vocabulary, architecture } = shape;
  const token = pass.weight('embed.token');
  const position = architecture.position === 'learned' ? pass.weight('embed.position') : null;

  const embedding = embeddingForward(inputs, token, position, { batch, context, width }, multipliers.embedding);
  let x = embedding;
  const layers: Activations['layers'] = [];
  for (let n = 0; n < shape.layers; n++) {
    const attention = attentionBranchForward(pass, n, x);
    x = sum(x, attention.output);
    const mlp = mlpBranchForward(pass, n, x);
    x = sum(x, mlp.output);
    layers.push({ attention, mlp });
  }
  const finalNorm = pass.norm('final.norm', x);
  const sizes = { rows, width, vocabulary };
  const logits = architecture.tied
    ? tiedUnembeddingForward(pass.operand(finalNorm.y), pass.operand(token), sizes, multipliers.unembedding)
    : pass.linear('unembed', finalNorm.y, multipliers.unembedding);
  return { embedding, layers, finalNorm, logits };
}

function backward(pass: Pass, inputs: Uint32Array, { layers, finalNorm }: Activations, dLogits: Float64Array): void {
  const { shape, multipliers, batch, rows } = pass;
  const { width, context, vocabulary, architecture } = shape;

  let dNormed: Float64Array;
  if (architecture.tied) {
    const sizes = { rows, width, vocabulary };
    const [x, token] = [finalNorm.y, pass.weight('embed.token')].map((values) => pass.operand(values));
    const upstream = pass.upstream(dLogits);
    const { dx, dToken } = tiedUnembeddingBackward(x, token, upstream, sizes, multipliers.unembedding);
    pass.addGradient('embed.token', dToken);
    dNormed = dx;
  } else {
    dNormed = pass.linearBackward('unembed', finalNorm.y, dLogits, multipliers.unembedding);
  }
  let dx = pass.normBackward('final.norm', finalNorm, dNormed);
  for (let n = shape.layers - 1; n >= 0; n--) {
    dx = sum(dx, mlpBranchBackward(pass, n, layers[n].mlp, dx));
    dx = sum(dx, attentionBranchBackward(pass, n, layers[n].attention, dx));
  }
  const sizes = { batch, context, width };
  const { dToken, dPosition } = embeddingBackward(inputs, dx, vocabulary, sizes, multipliers.embedding);
  pass.addGradient('embed.token', dToken);
  if (architecture.position === 'learned') pass.addGradient('embed.position', dPosition);
}
