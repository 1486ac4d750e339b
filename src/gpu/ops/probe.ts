/** Mean |activation| of every module at each step, for the coordinate check. Kernel: mean-absolute. */
import source from '../kernels/mean-absolute.wgsl?raw';
import { modulesOf } from '../../model/modules.ts';
import type { ModelShape } from '../../model/shape.ts';
import { kernel } from '../kernel.ts';
import type { Launch, Slot, Tape, View } from '../tape.ts';

export class Probe {
  /** [steps, R, modules] */
  readonly means: Slot;
  /** A forward pass that only evaluates leaves these out. */
  readonly launches: Launch[] = [];
  private readonly names: string[];

  constructor(
    private readonly tape: Tape,
    private readonly clock: Slot,
    shape: ModelShape,
    steps: number,
  ) {
    this.names = modulesOf(shape).map(({ name }) => name);
    this.means = tape.shared('activations', steps * tape.runs * this.names.length);
  }

  /** Notes the mean |value|, or |value - before| of a branch that was added to what stood before. */
  note(module: string, value: Slot | View, before: Slot | View | null = null): void {
    const { tape, names } = this;
    const launch: Launch = {
      kernel: kernel('mean-absolute', source),
      call: [value.entries / tape.runs, before ? 1 : 0, names.indexOf(module), names.length, tape.runs],
      bindings: [this.clock, value, before ?? value, this.means],
      workgroups: [1, 1, tape.runs],
    };
    this.launches.push(launch);
    tape.launch(launch);
  }
}
