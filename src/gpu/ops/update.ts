/** The update: schedule and clipping per run, then the optimizer's own kernels. Kernel: prepare-update. */
import prepareSource from '../kernels/prepare-update.wgsl?raw';
import type { CohortRun } from '../../model/training.ts';
import { momentsOf, OPTIMIZERS } from '../../model/optimizers.ts';
import type { Optimizer, Schedule } from '../../model/recipe.ts';
import { kernel } from '../kernel.ts';
import { BLOCK } from '../parameters.ts';
import { Struct } from '../struct.ts';
import { launch, type Launch, type Slot } from '../tape.ts';
import type { OpContext } from './context.ts';
import { entrywiseUpdate } from './entrywise-update.ts';
import type { GatheredGradients } from './gather-gradients.ts';
import { muon, type Matrix } from './muon.ts';
import { NEVER, RULE, RUN, SETTING, UPDATE, type OptimizerSlots, type UpdateSlots } from './update-slots.ts';

const CALL = new Struct('Call', { steps: 'u32', sums: 'u32' });

/**
 * @param squares of the gradients, [R, sums].
 * @param matrices hidden matrices that are orthogonalised.
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
  // Whole matrices lie behind all that is updated entry by entry, and may have fewer moments.
  const entries = Math.min(layout.stride, ...matrices.map(({ name }) => layout.offsets.get(name)!));
  const { moments, others } = OPTIMIZERS[optimizer];
  const slots: UpdateSlots = {
    clock,
    moments: momentsOf(optimizer).map((label, i) => tape.slot(label, i < moments.length ? layout.stride : entries)),
    runStates: tape.slot('run states', RUN.size),
    settings: tape.slot('settings', SETTING.size),
    rules: tape.slot('rules', RULE.size * layout.names.length),
    tensorOfBlock: tape.shared('tensor of block', layout.stride / BLOCK),
    constants: new Map(),
    updates: tape.slot('update', UPDATE.size),
  };
  const prepare = launch({
    kernel: kernel('prepare-update', prepareSource, CALL, {
      constants: { NEVER, COSINE: SCHEDULE_KINDS.cosine, WSD: SCHEDULE_KINDS.wsd },
      structs: [SETTING, UPDATE, RUN],
    }),
    call: { steps, sums },
    bindings: [slots.settings, squares, slots.runStates, clock, slots.updates],
    workgroups: [1, 1, tape.runs],
  });
  const own = [...muon(context, slots, matrices), entrywiseUpdate(context, slots, others, entries)];
  return { launches: [prepare, ...own], slots };
}

const SCHEDULE_KINDS: Record<Schedule['kind'], number> = { constant: 0, cosine: 1, wsd: 2 };

/** A run's row of `SETTING`. */
export function settingsOf({ optimizer, schedule }: CohortRun, steps: number): Uint32Array<ArrayBuffer> {
  const { beta1, beta2, momentum } = ratesOf(optimizer);
  // β = 0 would give -∞; e^-100 is zero in float32 all the same.
  const logarithm = (beta: number) => Math.max(-100, Math.log(beta));
  return SETTING.words({
    ...{ beta1, oneMinusBeta1: 1 - beta1, beta2, oneMinusBeta2: 1 - beta2, momentum },
    ...{ learningRate: optimizer.learningRate, clip: optimizer.clip },
    ...{ logBeta1: logarithm(beta1), logBeta2: logarithm(beta2) },
    schedule: SCHEDULE_KINDS[schedule.kind],
    warmup: schedule.warmup,
    decaySteps: schedule.kind === 'wsd' ? Math.max(1, Math.round(schedule.decay * steps)) : 1,
    finalShare: schedule.kind === 'cosine' ? schedule.final : 0,
  });
}

/** A run's rows of `RULE`, one for each tensor. */
export function rulesOf({ optimizer, table }: CohortRun): Uint32Array<ArrayBuffer> {
  const { epsilon } = ratesOf(optimizer);
  return RULE.words(
    ...table.tensors.map((tensor) => ({
      factor: tensor.learningRateMultiplier,
      decay: optimizer.weightDecay * tensor.weightDecayMultiplier,
      epsilon: epsilon * tensor.epsilonMultiplier,
    })),
  );
}

/** The numbers of any optimizer, 0 for those it does not have. */
function ratesOf(optimizer: Optimizer) {
  return { beta1: 0, beta2: 0, momentum: 0, epsilon: 0, ...optimizer };
}
