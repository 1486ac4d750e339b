/** Updates that look at one entry at a time: AdamW, SGD with momentum, Lion (arXiv 2302.06675). Kernels: adamw, sgd, lion. */
import adamwSource from '../kernels/adamw.wgsl?raw';
import lionSource from '../kernels/lion.wgsl?raw';
import sgdSource from '../kernels/sgd.wgsl?raw';
import type { OthersUpdate } from '../../model/optimizers.ts';
import { kernel } from '../kernel.ts';
import { BLOCK } from '../parameters.ts';
import { Struct } from '../struct.ts';
import { gridOf, launch, type Launch } from '../tape.ts';
import type { OpContext } from './context.ts';
import { NEVER, RULE, RUN, UPDATE, type UpdateSlots } from './update-slots.ts';

const SOURCES: Record<OthersUpdate, string> = { adamw: adamwSource, sgd: sgdSource, lion: lionSource };

/** In lanes of four: `lanes` of a run are updated, of `stride` that it has. */
const CALL = new Struct('Call', { lanes: 'u32', tensors: 'u32', stride: 'u32' });
const THREADS_OF_BLOCK = 4;

/** One update of the first `entries` parameters of every run: all of them, unless whole matrices lie behind. */
export function entrywiseUpdate(
  { tape, layout, gradients, parameters }: OpContext,
  slots: UpdateSlots,
  kind: OthersUpdate,
  entries: number,
): Launch {
  return launch({
    kernel: kernel(kind, SOURCES[kind], CALL, { constants: { NEVER }, structs: [RULE, UPDATE, RUN] }),
    call: { lanes: entries / 4, tensors: layout.names.length, stride: layout.stride / 4 },
    bindings: [
      ...[gradients, slots.tensorOfBlock, slots.rules, slots.updates, slots.runStates],
      ...[parameters, ...slots.moments],
    ],
    workgroups: gridOf((entries / BLOCK) * THREADS_OF_BLOCK, tape.runs),
  });
}
