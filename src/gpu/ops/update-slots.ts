/** Where an update finds what it reads and keeps. */
import type { Slot } from '../tape.ts';

export interface OptimizerSlots {
  clock: Slot;
  /** Running averages, each as large as the parameters that it is kept of: what an update needs beside them. */
  moments: Slot[];
  /** (step, divergedAt) per run. */
  runStates: Slot;
  /** `settingsOf` per run. */
  settings: Slot;
  /** `rulesOf` per run. */
  rules: Slot;
  tensorOfBlock: Slot;
  /** Words that a kernel reads and that do not change: what the slot holds, made when it is written. */
  constants: Map<Slot, () => Uint32Array<ArrayBuffer>>;
}

/** What the kernels of every optimizer are given. */
export interface UpdateSlots extends OptimizerSlots {
  /** (learning rate, gradient scale, bias corrections) of this step, per run. */
  updates: Slot;
}
