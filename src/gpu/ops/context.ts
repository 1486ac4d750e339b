/** What every op of a model needs to know: the tape it records on and the buffers that all ops share. */
import type { ModelShape } from '../../model/shape.ts';
import type { ParameterLayout } from '../parameters.ts';
import type { MatmulChoices } from '../matmul/choices.ts';
import type { Binding, Slot, Tape } from '../tape.ts';
import { Struct } from '../struct.ts';
import type { GradientSplits } from './gradient-splits.ts';

/** Factors of a run, by what they multiply. */
export const MULTIPLIERS = new Struct('Multipliers', {
  embedding: 'f32',
  attention: 'f32',
  branch: 'f32',
  unembedding: 'f32',
});

export interface OpContext {
  tape: Tape;
  shape: ModelShape;
  /** B: sequences in a batch. */
  batch: number;
  /** N = B * T: rows of every activation. */
  rows: number;
  layout: ParameterLayout;
  parameters: Slot;
  gradients: Slot;
  /** Gradients that are cut into splits until the end of the backward pass. */
  splits: GradientSplits;
  /** A row of `MULTIPLIERS` per run. */
  multipliers: Slot;
  /** Outputs of a launch below which it leaves the adapter idle; decides in how many splits a long sum is cut. */
  fill: number;
  /** Which kernel multiplies which shape. */
  matmuls: MatmulChoices;
}

export const parameter = (context: OpContext, name: string): Binding => ({
  slot: context.parameters,
  from: context.layout.offsets.get(name)!,
});

/** All splits of all tensors lie in one buffer, which must not outgrow what an adapter lets a kernel see. */
const MOST_SPLITS = 16;

/**
 * Splits of sums over `depth` terms so that `outputs` of them fill the adapter; at least 64 terms each. Looks neither at the number
 * of runs nor at the kernel: the order of a sum, and so its bits, must not depend on who trains beside a run or on a clock.
 */
export function splitsFor({ fill }: Pick<OpContext, 'fill'>, outputs: number, depth: number): number {
  const wanted = Math.ceil(fill / outputs);
  return Math.max(1, Math.min(wanted, Math.floor(depth / 64), MOST_SPLITS));
}
