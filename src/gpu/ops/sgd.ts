/** SGD with momentum. Kernel: sgd. */
import source from '../kernels/sgd.wgsl?raw';
import { kernel } from '../kernel.ts';
import { gridOf, type Launch } from '../tape.ts';
import type { OpContext } from './context.ts';
import type { UpdateSlots } from './update.ts';

/** One update of every tensor; `moments` are the velocities. */
export function sgd({ tape, layout, gradients, parameters }: OpContext, slots: UpdateSlots): Launch {
  const quads = layout.stride / 4;
  return {
    kernel: kernel('sgd', source),
    call: [quads, layout.names.length],
    bindings: [
      ...[gradients, slots.tensorOfBlock, slots.rules, slots.updates, slots.runStates],
      ...[parameters, ...slots.moments],
    ],
    workgroups: gridOf(quads, tape.runs),
  };
}
