/** What every op of a model needs to know: the tape it records on and the buffers that all ops share. */
import type { ModelShape } from '../../model/shape.ts';
import type { ParameterLayout } from '../parameters.ts';
import type { Binding, Slot, Tape } from '../tape.ts';

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
  /** One vec4f per run: factors (embedding, attention, branch, unembedding). */
  multipliers: Slot;
  /** Threads below which a launch leaves the adapter idle; decides in how many splits a long sum is cut. */
  fill: number;
}

export const parameter = (context: OpContext, name: string): Binding => ({
  slot: context.parameters,
  from: context.layout.offsets.get(name)!,
});

export const gradientOf = (context: OpContext, name: string): Binding => ({
  slot: context.gradients,
  from: context.layout.offsets.get(name)!,
});

/**
 * Splits of a sum over `depth` terms so that `threads` owners of outputs fill the adapter; at least 64 terms each. Does
 * not look at the number of runs: the order of a sum, and so its bits, must not depend on who trains beside a run.
 */
export function splitsFor(context: OpContext, threads: number, depth: number): number {
  const wanted = Math.ceil(context.fill / threads);
  return Math.max(1, Math.min(wanted, Math.floor(depth / 64), 64));
}
