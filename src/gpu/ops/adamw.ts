/** The update: gradient norm, schedule and clipping per run, AdamW. Kernels: gradient-norm, prepare-update, adamw. */
import normSource from '../kernels/gradient-norm.wgsl?raw';
import prepareSource from '../kernels/prepare-update.wgsl?raw';
import updateSource from '../kernels/adamw.wgsl?raw';
import type { Schedule } from '../../model/recipe.ts';
import type { CohortRun } from '../../model/training.ts';
import { kernel } from '../kernel.ts';
import { BLOCK } from '../parameters.ts';
import { gridOf, type Launch, type Slot } from '../tape.ts';
import type { OpContext } from './context.ts';

const CHUNK = 4096;
/** Written to `runStates` for a run that has not diverged. */
export const NEVER = 0xffffffff;

export interface OptimizerSlots {
  clock: Slot;
  firstMoments: Slot;
  secondMoments: Slot;
  /** (step, divergedAt) per run. */
  runStates: Slot;
  /** `settingsOf` per run. */
  settings: Slot;
  /** `rulesOf` per run. */
  rules: Slot;
  tensorOfBlock: Slot;
}

export function adamw(context: OpContext, clock: Slot, steps: number): { launches: Launch[]; slots: OptimizerSlots } {
  const { tape, layout, gradients, parameters } = context;
  const tensors = layout.names.length;
  const chunks = Math.ceil(layout.stride / CHUNK);
  const quads = layout.stride / 4;
  const sums = tape.slot('gradient norm parts', chunks);
  const updates = tape.slot('update', 4);
  const slots: OptimizerSlots = {
    clock,
    firstMoments: tape.slot('first moments', layout.stride),
    secondMoments: tape.slot('second moments', layout.stride),
    runStates: tape.slot('run states', 2),
    settings: tape.slot('settings', 8),
    rules: tape.slot('rules', 4 * (tensors + 1)),
    tensorOfBlock: tape.shared('tensor of block', layout.stride / BLOCK),
  };
  const launches: Launch[] = [
    {
      kernel: kernel('gradient-norm', normSource),
      call: [quads, chunks],
      bindings: [gradients, sums],
      workgroups: [chunks, 1, tape.runs],
    },
    {
      kernel: kernel('prepare-update', prepareSource),
      call: [tape.runs, steps, chunks],
      bindings: [slots.settings, sums, slots.runStates, clock, updates],
      workgroups: gridOf(tape.runs, 1),
    },
    {
      kernel: kernel('adamw', updateSource),
      call: [quads, tensors],
      bindings: [
        ...[gradients, slots.tensorOfBlock, slots.rules, updates, slots.runStates],
        ...[parameters, slots.firstMoments, slots.secondMoments],
      ],
      workgroups: gridOf(quads, tape.runs),
    },
  ];
  return { launches, slots };
}

const SCHEDULE_KINDS: Record<Schedule['kind'], number> = { constant: 0, cosine: 1, wsd: 2 };

/** A run's row for prepare-update.wgsl, as bytes. */
export function settingsOf({ optimizer, schedule }: CohortRun, steps: number): Uint32Array<ArrayBuffer> {
  const bits = new Uint32Array(8);
  const floats = new Float32Array(bits.buffer);
  // β = 0 would give -∞; e^-100 is zero in float32 all the same.
  const logarithm = (beta: number) => Math.max(-100, Math.log(beta));
  floats.set([optimizer.learningRate, optimizer.clip, logarithm(optimizer.beta1), logarithm(optimizer.beta2)]);
  bits[4] = SCHEDULE_KINDS[schedule.kind];
  bits[5] = schedule.warmup;
  bits[6] = schedule.kind === 'wsd' ? Math.max(1, Math.round(schedule.decay * steps)) : 1;
  floats[7] = schedule.kind === 'cosine' ? schedule.final : 0;
  return bits;
}

/** A run's rows for adamw.wgsl: its betas, then (lrMult, λ·wdMult, ε·epsMult, 0) of each tensor. */
export function rulesOf({ optimizer, table }: CohortRun): Float32Array<ArrayBuffer> {
  const { beta1, beta2, weightDecay, epsilon } = optimizer;
  return new Float32Array([
    ...[beta1, 1 - beta1, beta2, 1 - beta2],
    ...table.tensors.flatMap((tensor) => [
      tensor.learningRateMultiplier,
      weightDecay * tensor.weightDecayMultiplier,
      epsilon * tensor.epsilonMultiplier,
      0,
    ]),
  ]);
}
