/** Rotary position embedding of queries and keys. Kernel: rotary. */
import source from '../kernels/rotary.wgsl?raw';
import type { ModelShape } from '../../model/shape.ts';
import { kernel } from '../kernel.ts';
import { Struct } from '../struct.ts';
import { gridOf, type Slot, type Value, type View } from '../tape.ts';
import type { OpContext } from './context.ts';

const CALL = new Struct('Call', { rows: 'u32', heads: 'u32', half: 'u32', context: 'u32', inverse: 'u32' });

const BASE = 10_000;

/** (cos, sin) of position · 10000^(-2i/d_h): [T, d_h/2, 2]. */
export function rotationTable({
  context,
  headSize,
}: Pick<ModelShape, 'context' | 'headSize'>): Float32Array<ArrayBuffer> {
  const half = headSize / 2;
  const table = new Float32Array(context * headSize);
  for (let position = 0; position < context; position++) {
    for (let i = 0; i < half; i++) {
      const angle = position * BASE ** ((-2 * i) / headSize);
      table.set([Math.cos(angle), Math.sin(angle)], 2 * (position * half + i));
    }
  }
  return table;
}

/** Turns x [R, N, h, d_h] in place, and its gradient back. @param rotations as `rotationTable` makes them. */
export function rotary(context: OpContext, x: Value, rotations: Slot): Value {
  const { tape, rows, shape } = context;
  const half = shape.headSize / 2;
  const launch = (slot: Slot | View, inverse: number) =>
    tape.launch({
      kernel: kernel('rotary', source, CALL),
      call: { rows, heads: shape.heads, half, context: shape.context, inverse },
      bindings: [rotations, slot],
      workgroups: gridOf(rows * shape.heads * half, tape.runs),
    });
  launch(x.slot, 0);
  tape.onBackward(() => launch(x.gradient!, 1));
  return x;
}
