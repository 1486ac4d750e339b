/** Updates that look at one entry at a time: AdamW, SGD with momentum, Lion (arXiv 2302.06675). Kernels: adamw, sgd, lion. */
import adamwSource from '../kernels/adamw.wgsl?raw';
import lionSource from '../kernels/lion.wgsl?raw';
import sgdSource from '../kernels/sgd.wgsl?raw';
import { kernel } from '../kernel.ts';
import { BLOCK } from '../parameters.ts';
import { gridOf, type Launch } from '../tape.ts';
import type { OpContext } from './context.ts';
import type { UpdateSlots } from './update.ts';

const SOURCES = { adamw: adamwSource, sgd: sgdSource, lion: lionSource };

export type EntrywiseUpdate = keyof typeof SOURCES;

/** One update of every tensor of every run; AdamW leaves those that are Muon's. */
export function entrywiseUpdate(
  { tape, layout, gradients, parameters }: OpContext,
  slots: UpdateSlots,
  kind: EntrywiseUpdate,
): Launch {
  const quads = layout.stride / 4;
  const threads = (layout.stride / BLOCK) * 4;
  return {
    kernel: kernel(kind, SOURCES[kind]),
    call: [quads, layout.names.length],
    bindings: [
      ...[gradients, slots.tensorOfBlock, slots.rules, slots.updates, slots.runStates],
      ...[parameters, ...slots.moments],
    ],
    workgroups: gridOf(threads, tape.runs),
  };
}
