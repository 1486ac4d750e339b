/** Multiplication by a weight matrix, and its two gradients. */
import type { Slot, Value } from '../tape.ts';
import { gradientOf, parameter, splitsFor, type OpContext } from './context.ts';
import { matmul, matmulTransposed, MULTIPLIER, productThreads, type Operand } from './product.ts';
import { sumSplits } from './sum-splits.ts';

export interface LinearOptions {
  fanIn: number;
  fanOut: number;
  multiplier?: number;
  /** y = addend + product; the addend's gradient slot must be y's as well, because it passes through unchanged. */
  addend?: Value;
}

/** y [R, N, fanOut] = multiplier · x [R, N, fanIn] · weight (+ addend). */
export function linear(context: OpContext, x: Value, weight: string, options: LinearOptions): Value {
  const { tape, rows, layout, multipliers } = context;
  const { fanIn, fanOut, addend, multiplier = MULTIPLIER.none } = options;
  const y: Value = { slot: tape.slot(`${weight} output`, rows * fanOut), gradient: addend?.gradient ?? null };
  const common = { runs: tape.runs, multipliers, multiplier };
  const w = { at: parameter(context, weight), runStride: layout.stride };
  const input = { at: x.slot, runStride: rows * fanIn };
  const output = (slot: Slot) => ({ at: slot, runStride: rows * fanOut });

  const product = { ...common, rows, columns: fanOut, depth: fanIn };
  tape.launch(matmul(product, input, w, output(y.slot), { addend: addend?.slot }));

  tape.onBackward(() => {
    const dy = y.gradient!;
    weightGradient(context, input, output(dy), weight, { fanIn, fanOut, multiplier });
    x.gradient ??= tape.borrow('activation gradient', rows * fanIn);
    const back = { ...common, rows, columns: fanIn, depth: fanOut, add: tape.contributes(x.gradient) };
    tape.launch(matmulTransposed(back, output(dy), w, { at: x.gradient, runStride: rows * fanIn }));
    if (!addend) tape.giveBack(dy);
  });
  return y;
}

/** Gradient [fanIn, fanOut] = multiplier · aᵀ [fanIn, N] · b [N, fanOut] of a weight, its long sums in splits. */
export function weightGradient(
  context: OpContext,
  a: Operand,
  b: Operand,
  weight: string,
  { fanIn, fanOut, multiplier = MULTIPLIER.none }: LinearOptions,
): void {
  const { tape, rows, layout, multipliers } = context;
  const output = gradientOf(context, weight);
  const size = fanIn * fanOut;
  const splits = splitsFor(context, productThreads(fanIn, fanOut), rows);
  const parts = splits > 1 ? tape.borrow(`${weight} gradient splits`, splits * size) : null;
  const c = parts ? { at: parts, runStride: size } : { at: output, runStride: layout.stride };
  const product = { rows: fanIn, columns: fanOut, depth: rows, runs: tape.runs, multipliers, multiplier };
  tape.launch(matmul(product, a, b, c, { isTransposed: true, splits, splitStride: size * tape.runs }));
  if (parts) sumSplits(context, parts, output, size, splits);
}
