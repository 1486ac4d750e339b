/** Lion (Chen et al. 2023, arXiv 2302.06675). Kernel: lion. */
import source from '../kernels/lion.wgsl?raw';
import { kernel } from '../kernel.ts';
import { gridOf, type Launch } from '../tape.ts';
import type { OpContext } from './context.ts';
import type { UpdateSlots } from './update.ts';

/** One update of every tensor; `moments` are the momenta. */
export function lion({ tape, layout, gradients, parameters }: OpContext, slots: UpdateSlots): Launch {
  const quads = layout.stride / 4;
  return {
    kernel: kernel('lion', source),
    call: [quads, layout.names.length],
    bindings: [
      ...[gradients, slots.tensorOfBlock, slots.rules, slots.updates, slots.runStates],
      ...[parameters, ...slots.moments],
    ],
    workgroups: gridOf(quads, tape.runs),
  };
}
