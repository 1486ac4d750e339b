/** The update: schedule and clipping per run, then the optimizer's own kernels. Kernel: prepare-update. */
import prepareSource from '../kernels/prepare-update.wgsl?raw';
import type { CohortRun } from '../../model/training.ts';
import type { Optimizer, Schedule } from '../../model/recipe.ts';
import { kernel } from '../kernel.ts';
import { BLOCK } from '../parameters.ts';
import type { Launch, Slot } from '../tape.ts';
import type { OpContext } from './context.ts';
import { entrywiseUpdate } from './entrywise-update.ts';
import type { GatheredGradients } from './gather-gradients.ts';
import { muon, type Matrix } from './muon.ts';
import type { OptimizerSlots, UpdateSlots } from './update-slots.ts';

/** Written to `runStates` for a run that has not diverged. */
export const NEVER = 0xffffffff;

/**
 * @param squares of the gradients, [R, sums].
 * @param matrices hidden matrices, which Muon orthogonalises.
 */
export function update(
  context: OpContext,
  { squares, sums }: Pick<GatheredGradients, 'squares' | 'sums'>,
  clock: Slot,
  steps: number,
  optimizer: Optimizer['kind'],
  matrices: Matrix[],
): { launches: Launch[]; slots: OptimizerSlots } {
  const { tape, layout } = context;
  // Muon's matrices lie behind all that AdamW updates.
  const entries = Math.min(layout.stride, ...matrices.map(({ name }) => layout.offsets.get(name)!));
  const slots: UpdateSlots = {
    clock,
    moments: MOMENTS[optimizer].map((label) => tape.slot(label, label === SECOND_MOMENTS ? entries : layout.stride)),
    runStates: tape.slot('run states', 2),
    settings: tape.slot('settings', 8),
    rules: tape.slot('rules', 4 * (HEADER_ROWS + layout.names.length)),
    tensorOfBlock: tape.shared('tensor of block', layout.stride / BLOCK),
    constants: new Map(),
    updates: tape.slot('update', 4),
  };
  const prepare: Launch = {
    kernel: kernel('prepare-update', prepareSource),
    call: [steps, sums],
    bindings: [slots.settings, squares, slots.runStates, clock, slots.updates],
    workgroups: [1, 1, tape.runs],
  };
  const own =
    optimizer === 'muon'
      ? [...muon(context, slots, matrices), entrywiseUpdate(context, slots, 'adamw', entries)]
      : [entrywiseUpdate(context, slots, optimizer)];
  return { launches: [prepare, ...own], slots };
}

/** AdamW's, of the tensors that it updates. */
const SECOND_MOMENTS = 'second moments';
const MOMENTS: Record<Optimizer['kind'], string[]> = {
  adamw: ['first moments', SECOND_MOMENTS],
  sgd: ['velocities'],
  lion: ['momenta'],
  muon: ['first moments', SECOND_MOMENTS],
};

const SCHEDULE_KINDS: Record<Schedule['kind'], number> = { constant: 0, cosine: 1, wsd: 2 };

/** A run's row for prepare-update.wgsl, as bytes. */
export function settingsOf({ optimizer, schedule }: CohortRun, steps: number): Uint32Array<ArrayBuffer> {
  const bits = new Uint32Array(8);
  const floats = new Float32Array(bits.buffer);
  const { beta1, beta2 } = ratesOf(optimizer);
  // β = 0 would give -∞; e^-100 is zero in float32 all the same.
  const logarithm = (beta: number) => Math.max(-100, Math.log(beta));
  floats.set([optimizer.learningRate, optimizer.clip, logarithm(beta1), logarithm(beta2)]);
  bits[4] = SCHEDULE_KINDS[schedule.kind];
  bits[5] = schedule.warmup;
  bits[6] = schedule.kind === 'wsd' ? Math.max(1, Math.round(schedule.decay * steps)) : 1;
  floats[7] = schedule.kind === 'cosine' ? schedule.final : 0;
  return bits;
}

/** Rows in front of those of the tensors. */
const HEADER_ROWS = 2;

/**
 * A run's rows for the optimizers' kernels: (β1, 1-β1, β2, 1-β2), (μ, 0, 0, 0), then (lrMult, λ·wdMult, ε·epsMult, 0) of each
 * tensor.
 */
export function rulesOf({ optimizer, table }: CohortRun): Float32Array<ArrayBuffer> {
  const { beta1, beta2, momentum, epsilon } = ratesOf(optimizer);
  return new Float32Array([
    ...[beta1, 1 - beta1, beta2, 1 - beta2],
    ...[momentum, 0, 0, 0],
    ...table.tensors.flatMap((tensor) => [
      tensor.learningRateMultiplier,
      optimizer.weightDecay * tensor.weightDecayMultiplier,
      epsilon * tensor.epsilonMultiplier,
      0,
    ]),
  ]);
}

/** The numbers of any optimizer, 0 for those it does not have. */
function ratesOf(optimizer: Optimizer) {
  return { beta1: 0, beta2: 0, momentum: 0, epsilon: 0, ...optimizer };
}
