/** Mean |activation| of every module at each step, for the coordinate check. Kernel: mean-absolute. */
import source from '../kernels/mean-absolute.wgsl?raw';
import { modulesOf } from '../../model/modules.ts';
import type { ModelShape } from '../../model/shape.ts';
import { kernel } from '../kernel.ts';
import { Struct } from '../struct.ts';
import { launch, type Launch, type Slot, type Tape, type View } from '../tape.ts';

const CALL = new Struct('Call', { count: 'u32', isDifference: 'u32', column: 'u32', columns: 'u32', runs: 'u32' });

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
    const noted = launch({
      kernel: kernel('mean-absolute', source, CALL),
      call: {
        ...{ count: value.entries / tape.runs, isDifference: before ? 1 : 0 },
        ...{ column: names.indexOf(module), columns: names.length, runs: tape.runs },
      },
      bindings: [this.clock, value, before ?? value, this.means],
      workgroups: [1, 1, tape.runs],
    });
    this.launches.push(noted);
    tape.add(noted);
  }
}
