/** Where an update finds what it reads and keeps. */
import { Struct } from '../struct.ts';
import type { Slot } from '../tape.ts';

/** How far a run has come. */
export const RUN = new Struct('Run', { step: 'u32', divergedAt: 'u32' });

/** `divergedAt` of a run that has not. */
export const NEVER = 0xffffffff;

/** What any optimizer may ask of a run, the same at each step. */
const RATES = { beta1: 'f32', oneMinusBeta1: 'f32', beta2: 'f32', oneMinusBeta2: 'f32', momentum: 'f32' } as const;

/** What a run is trained with. */
export const SETTING = new Struct('Setting', {
  ...RATES,
  ...{ learningRate: 'f32', clip: 'f32', logBeta1: 'f32', logBeta2: 'f32' },
  ...{ schedule: 'u32', warmup: 'u32', decaySteps: 'u32', finalShare: 'f32' },
});

/** What a run's update of this step needs. */
export const UPDATE = new Struct('Update', {
  ...RATES,
  ...{ learningRate: 'f32', gradientScale: 'f32', correction1: 'f32', correction2: 'f32' },
});

/** What of a tensor's update is its own: the factor of its learning rate, its weight decay and its epsilon. */
export const RULE = new Struct('Rule', { factor: 'f32', decay: 'f32', epsilon: 'f32' });

export interface OptimizerSlots {
  clock: Slot;
  /** Running averages, each as large as the parameters that it is kept of: what an update needs beside them. */
  moments: Slot[];
  /** A row of `RUN` per run. */
  runStates: Slot;
  /** A row of `SETTING` per run. */
  settings: Slot;
  /** A row of `RULE` per tensor of each run. */
  rules: Slot;
  tensorOfBlock: Slot;
  /** Words that a kernel reads and that do not change: what the slot holds, made when it is written. */
  constants: Map<Slot, () => Uint32Array<ArrayBuffer>>;
}

/** What the kernels of every optimizer are given. */
export interface UpdateSlots extends OptimizerSlots {
  /** A row of `UPDATE` per run. */
  updates: Slot;
}
