/**
 * The reference model ("gpt") written as its forward pass. What is recorded: cut the batch, forward, backward, update.
 * Definition: pre-norm transformer, LayerNorm with gain, learned positions, GELU, no biases (docs/science.md).
 */
import { MLP_RATIO, type ModelShape } from '../model/shape.ts';
import { attention } from './ops/attention.ts';
import { adamw, type OptimizerSlots } from './ops/adamw.ts';
import { cutBatch } from './ops/batch.ts';
import type { OpContext } from './ops/context.ts';
import { crossEntropy } from './ops/cross-entropy.ts';
import { embedding } from './ops/embedding.ts';
import { gelu } from './ops/gelu.ts';
import { linear, MULTIPLIER } from './ops/linear.ts';
import { norm } from './ops/norm.ts';
import { recordEvaluation, recordLoss } from './ops/record.ts';
import type { ParameterLayout } from './parameters.ts';
import { Tape, type Launch, type Slot, type Value } from './tape.ts';

export interface CohortShape {
  shape: ModelShape;
  batch: number;
  steps: number;
  /** R */
  runs: number;
  trainTokens: number;
  evaluationTokens: number;
  /** Evaluation sequences, rounded up to whole batches. */
  evaluationSequences: number;
  fill: number;
}

/** Everything recorded for a cohort: slots to allocate and fill, launches to replay. */
export interface Program {
  slots: Slot[];
  io: {
    parameters: Slot;
    gradients: Slot;
    multipliers: Slot;
    trainStream: Slot;
    trainStarts: Slot;
    evaluationStream: Slot;
    evaluationStarts: Slot;
    evaluationClock: Slot;
    /** [steps, R] training losses. */
    history: Slot;
    /** [R, evaluationSequences] mean losses of the last evaluation. */
    evaluationMeans: Slot;
    tokenLosses: Slot;
  } & OptimizerSlots;
  /** One training step. */
  step: Launch[];
  /** Forward and backward without the update, for gradient tests. */
  gradient: Launch[];
  /** Forward over the evaluation batch that `evaluationClock` names. */
  evaluate: Launch[];
}

export function recordProgram(cohort: CohortShape, layout: ParameterLayout): Program {
  const { shape, batch, runs, steps } = cohort;
  const tape = new Tape(runs);
  const rows = batch * shape.context;
  const context: OpContext = {
    tape,
    shape,
    batch,
    rows,
    layout,
    fill: cohort.fill,
    parameters: tape.slot('parameters', layout.stride),
    gradients: tape.slot('gradients', layout.stride),
    multipliers: tape.slot('multipliers', 4),
  };
  const tokens = tape.shared('tokens', rows);
  const labels = tape.shared('labels', rows);
  const train = {
    clock: tape.shared('step', 1),
    stream: tape.shared('training tokens', cohort.trainTokens),
    starts: tape.shared('training sequence starts', steps * batch),
  };
  const evaluation = {
    clock: tape.shared('evaluation batch', 1),
    stream: tape.shared('evaluation tokens', cohort.evaluationTokens),
    starts: tape.shared('evaluation sequence starts', cohort.evaluationSequences),
  };

  const losses = forward(context, tokens, labels);
  const forwardLaunches = [...tape.forward];
  tape.recordBackward();
  const backwardLaunches = [...tape.backward];
  const cutTraining = cutBatch(context, train, tokens, labels);
  const cutEvaluation = cutBatch(context, evaluation, tokens, labels);

  const history = tape.shared('loss history', steps * runs);
  const means = tape.slot('evaluation means', cohort.evaluationSequences);
  const { launches: update, slots: optimizer } = adamw(context, train.clock, steps);
  const record = recordLoss(context, losses, optimizer.runStates, history);
  const recordMeans = recordEvaluation(context, losses, evaluation.clock, means, cohort.evaluationSequences);

  return {
    slots: tape.slots,
    io: {
      parameters: context.parameters,
      gradients: context.gradients,
      multipliers: context.multipliers,
      trainStream: train.stream,
      trainStarts: train.starts,
      evaluationStream: evaluation.stream,
      evaluationStarts: evaluation.starts,
      evaluationClock: evaluation.clock,
      history,
      evaluationMeans: means,
      tokenLosses: losses,
      ...optimizer,
    },
    step: [cutTraining, ...forwardLaunches, record, ...backwardLaunches, ...update],
    gradient: [cutTraining, ...forwardLaunches, ...backwardLaunches],
    evaluate: [cutEvaluation, ...forwardLaunches, recordMeans],
  };
}

/** Token losses [R, N]. */
function forward(context: OpContext, tokens: Slot, labels: Slot): Slot {
  const { width, layers, vocabulary } = context.shape;
  const hidden = MLP_RATIO * width;
  let x = embedding(context, tokens);
  for (let n = 0; n < layers; n++) {
    x = attentionBranch(context, x, `layers.${n}.attn`, width);
    x = mlpBranch(context, x, `layers.${n}.mlp`, width, hidden);
  }
  const final = norm(context, x, 'final.norm');
  const logits = linear(context, final, 'unembed', {
    fanIn: width,
    fanOut: vocabulary,
    multiplier: MULTIPLIER.unembedding,
  });
  return crossEntropy(context, logits, labels);
}

/** x + β · attn(norm(x)) · W_out */
function attentionBranch(context: OpContext, x: Value, name: string, width: number): Value {
  const square = { fanIn: width, fanOut: width };
  const input = norm(context, x, `${name}.norm`);
  const q = linear(context, input, `${name}.query`, square);
  const k = linear(context, input, `${name}.key`, square);
  const v = linear(context, input, `${name}.value`, square);
  const mixed = attention(context, q, k, v);
  return linear(context, mixed, `${name}.out`, { ...square, multiplier: MULTIPLIER.branch, addend: x });
}

/** x + β · gelu(norm(x) · W_up) · W_down */
function mlpBranch(context: OpContext, x: Value, name: string, width: number, hidden: number): Value {
  const input = norm(context, x, `${name}.norm`);
  const up = linear(context, input, `${name}.up`, { fanIn: width, fanOut: hidden });
  const active = gelu(context, up, hidden);
  return linear(context, active, `${name}.down`, {
    fanIn: hidden,
    fanOut: width,
    multiplier: MULTIPLIER.branch,
    addend: x,
  });
}
