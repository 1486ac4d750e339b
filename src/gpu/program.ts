/** What is recorded for a cohort: cut the batch, forward, backward, update. */
import type { Optimizer } from '../model/recipe.ts';
import type { ModelShape } from '../model/shape.ts';
import { forward } from './forward.ts';
import { cutBatch } from './ops/batch.ts';
import type { MatmulChoices } from './matmul/choices.ts';
import { MULTIPLIERS, type OpContext } from './ops/context.ts';
import { gatherGradients } from './ops/gather-gradients.ts';
import { GradientSplits } from './ops/gradient-splits.ts';
import type { Matrix } from './ops/muon.ts';
import { Probe } from './ops/probe.ts';
import { recordEvaluation, recordLoss } from './ops/record.ts';
import { update } from './ops/update.ts';
import type { OptimizerSlots } from './ops/update-slots.ts';
import type { ParameterLayout } from './parameters.ts';
import { Tape, type Launch, type Slot } from './tape.ts';

export interface CohortShape {
  shape: ModelShape;
  batch: number;
  steps: number;
  /** R */
  runs: number;
  /** S */
  segmentSteps: number;
  /** Evaluation sequences, rounded up to whole batches. */
  evaluationSequences: number;
  fill: number;
  optimizer: Optimizer['kind'];
  /** Hidden matrices that are updated as a whole; none for updates entry by entry. */
  matrices: Matrix[];
  /** Whether activations are measured at each step. */
  probe: boolean;
}

/** Everything recorded for a cohort: slots to allocate and fill, launches to replay. */
export interface Program {
  slots: Slot[];
  io: {
    parameters: Slot;
    gradients: Slot;
    multipliers: Slot;
    /** [S, B, T + 1] */
    segment: Slot;
    /** [evaluationSequences, T + 1] */
    evaluationWindows: Slot;
    evaluationClock: Slot;
    /** [S, R] training losses of the segment. */
    history: Slot;
    /** [R, evaluationSequences] mean losses of the last evaluation. */
    evaluationMeans: Slot;
    tokenLosses: Slot;
    /** [steps, R, modules] mean |activation|; null where it is not measured. */
    activations: Slot | null;
    /** [T, d_h/2, 2] cosines and sines; null without RoPE. */
    rotations: Slot | null;
  } & OptimizerSlots;
  /** One training step. */
  step: Launch[];
  /** Forward and backward without the update, for gradient tests. */
  gradient: Launch[];
  /** Forward over the evaluation batch that `evaluationClock` names. */
  evaluate: Launch[];
}

/** All that a session replays. */
export const launchesOf = ({ step, evaluate, gradient }: Program): Launch[] => [...step, ...evaluate, ...gradient];

/** @param matmuls which kernel multiplies which shape on the adapter; what it lacks is noted there. */
export function recordProgram(cohort: CohortShape, layout: ParameterLayout, matmuls: MatmulChoices): Program {
  const { shape, batch, runs, steps, segmentSteps } = cohort;
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
    splits: new GradientSplits(tape, layout),
    multipliers: tape.slot('multipliers', MULTIPLIERS.size),
    matmuls,
  };
  const tokens = tape.shared('tokens', rows);
  const labels = tape.shared('labels', rows);
  const train = {
    clock: tape.shared('step', 1),
    windows: tape.shared('training tokens', segmentSteps * batch * (shape.context + 1)),
    batches: segmentSteps,
  };
  const evaluation = {
    clock: tape.shared('evaluation batch', 1),
    windows: tape.shared('evaluation tokens', cohort.evaluationSequences * (shape.context + 1)),
    batches: cohort.evaluationSequences / batch,
  };

  const probe = cohort.probe ? new Probe(tape, train.clock, shape, steps) : null;
  const isRotary = shape.architecture.position === 'rope';
  const rotations = isRotary ? tape.shared('rotations', shape.context * shape.headSize) : null;
  const losses = forward({ context, rotations, probe }, tokens, labels);
  const forwardLaunches = [...tape.forward];
  const plainLaunches = forwardLaunches.filter((launch) => !probe?.launches.includes(launch));
  tape.recordBackward();
  const gathered = gatherGradients(context);
  const backwardLaunches = [...tape.backward, gathered.launch];
  const cutTraining = cutBatch(context, train, tokens, labels);
  const cutEvaluation = cutBatch(context, evaluation, tokens, labels);

  const history = tape.shared('loss history', segmentSteps * runs);
  const means = tape.slot('evaluation means', cohort.evaluationSequences);
  const { optimizer: kind, matrices } = cohort;
  const { launches, slots: optimizer } = update(context, gathered, train.clock, steps, kind, matrices);
  optimizer.constants.set(gathered.table, () => context.splits.table());
  const record = recordLoss(context, losses, optimizer.runStates, history);
  const recordMeans = recordEvaluation(context, losses, evaluation.clock, means, cohort.evaluationSequences);

  return {
    slots: tape.slots,
    io: {
      parameters: context.parameters,
      gradients: context.gradients,
      multipliers: context.multipliers,
      segment: train.windows,
      evaluationWindows: evaluation.windows,
      evaluationClock: evaluation.clock,
      history,
      evaluationMeans: means,
      tokenLosses: losses,
      activations: probe?.means ?? null,
      rotations,
      ...optimizer,
    },
    step: [cutTraining, ...forwardLaunches, record, ...backwardLaunches, ...launches],
    gradient: [cutTraining, ...forwardLaunches, ...backwardLaunches],
    evaluate: [cutEvaluation, ...plainLaunches, recordMeans],
  };
}
