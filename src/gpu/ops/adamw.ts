/** AdamW, and the part of Muon that AdamW does. Kernel: adamw. */
import source from '../kernels/adamw.wgsl?raw';
import { kernel } from '../kernel.ts';
import { gridOf, type Launch } from '../tape.ts';
import type { OpContext } from './context.ts';
import type { UpdateSlots } from './update.ts';

/** One update of every tensor that is not Muon's; `moments` are the first and the second ones. */
export function adamw({ tape, layout, gradients, parameters }: OpContext, slots: UpdateSlots): Launch {
  const quads = layout.stride / 4;
  return {
    kernel: kernel('adamw', source),
    call: [quads, layout.names.length],
    bindings: [
      ...[gradients, slots.tensorOfBlock, slots.rules, slots.updates, slots.runStates],
      ...[parameters, ...slots.moments],
    ],
    workgroups: gridOf(quads, tape.runs),
  };
}
