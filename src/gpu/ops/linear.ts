/** Multiplication by weight matrices, and its two gradients. */
import { gradientMagnification } from '../../model/half-precision.ts';
import { MULTIPLIER } from '../matmul/epilogue.ts';
import { product } from '../matmul/product.ts';
import type { Ending, Operand, Product } from '../matmul/shape.ts';
import { aligned, partsOf, type Activation, type Slot, type Value, type View } from '../tape.ts';
import { parameter, splitsFor, type OpContext } from './context.ts';
import { gradientParts } from './gather-gradients.ts';

interface LinearOptions {
  fanIn: number;
  fanOut: number;
  multiplier?: number;
  /** y = addend + product; the addend's gradient slot must be y's as well, because it passes through unchanged. */
  addend?: Value;
  /** y = f(product). */
  activation?: Activation;
}

/** y [R, N, fanOut] = multiplier · x [R, N, fanIn] · weight, then plus the addend, or activated. */
export function linear(context: OpContext, x: Value, weight: string, options: LinearOptions): Value {
  const { tape, rows } = context;
  const { fanOut, addend, activation } = options;
  const size = rows * fanOut;
  const y: Value = { slot: tape.slot(`${weight} output`, size), gradient: addend?.gradient ?? null };
  if (activation) y.activated = { activation, before: tape.slot(`${weight} product`, size) };
  const ending: Ending = activation
    ? { kind: 'activation', activation, activated: y.slot as Slot }
    : addend
      ? { kind: 'addend', addend: addend.slot as Slot }
      : { kind: 'assign' };
  const at = y.activated?.before ?? y.slot;
  forward(context, x, [weight], options, { at, runStride: size }, ending);
  tape.onBackward(() => {
    const dy: Operand = { at: y.gradient!, runStride: size, magnified: gradientMagnification(context.rows) };
    backward(context, x, [weight], options, dy);
    if (!addend) tape.giveBack(y.gradient!);
  });
  return y;
}

/**
 * y_i [R, N, fanOut] = x [R, N, fanIn] · weight_i: several weights of one shape that follow each other among the parameters, in
 * one launch each way.
 */
export function linears(
  context: OpContext,
  x: Value,
  weights: string[],
  options: Pick<LinearOptions, 'fanIn' | 'fanOut'>,
): Value[] {
  const { tape, rows } = context;
  const size = rows * options.fanOut;
  const partStride = aligned(size * tape.runs);
  const joint = tape.shared(`${weights.join(', ')} outputs`, partStride * weights.length);
  const outputs = partsOf(joint, partStride, size * tape.runs, weights.length);
  let gradients: View[] | null = null;
  const place = () => (gradients ??= tape.borrowParts('gradients of parts', size, weights.length));
  const values = outputs.map((slot, i): Value => ({ slot, gradient: null, placeForGradient: () => place()[i] }));
  forward(context, x, weights, options, { at: joint, runStride: size, partStride }, { kind: 'assign' });
  tape.onBackward(() => {
    const { slot } = place()[0];
    const magnified = gradientMagnification(context.rows);
    backward(context, x, weights, options, { at: slot, runStride: size, partStride, magnified });
    tape.giveBack(slot);
  });
  return values;
}

function forward(
  context: OpContext,
  x: Value,
  weights: string[],
  options: LinearOptions,
  c: Operand,
  ending: Ending,
): void {
  const { fanIn, fanOut } = options;
  const { tape, rows, matmuls } = context;
  const a = { at: x.slot, runStride: rows * fanIn };
  const wanted: Product = {
    ...common(context, options, weights),
    ...{ rows, columns: fanOut, depth: fanIn, a, b: weightsAt(context, weights), c, ending },
  };
  tape.add(product(wanted, matmuls));
}

function backward(context: OpContext, x: Value, weights: string[], options: LinearOptions, dy: Operand): void {
  const { fanIn, fanOut } = options;
  const { tape, rows, matmuls } = context;
  weightGradient(context, { at: x.slot, runStride: rows * fanIn }, dy, weights, options);
  const at = tape.gradientOf(x, 'activation gradient', rows * fanIn);
  const adds = tape.contributes(at);
  if (x.activated && adds) throw new Error('an activated value has one reader, whose gradient is its own');
  const ending: Ending = x.activated
    ? { kind: 'activation gradient', activation: x.activated.activation, x: x.activated.before }
    : { kind: adds ? 'add' : 'assign' };
  const wanted: Product = {
    ...common(context, options, weights),
    ...{ rows, columns: fanIn, depth: fanOut, addsParts: true, a: dy, ending },
    ...{ b: { ...weightsAt(context, weights), isTurned: true }, c: { at, runStride: rows * fanIn } },
  };
  tape.add(product(wanted, matmuls));
}

const common = (
  { tape, multipliers, shape }: OpContext,
  { multiplier = MULTIPLIER.none }: LinearOptions,
  weights: string[],
) => ({
  runs: tape.runs,
  multipliers,
  multiplier,
  precision: shape.architecture.precision,
  parts: weights.length,
});

function weightsAt(context: OpContext, weights: string[]): Operand {
  return {
    at: parameter(context, weights[0]),
    runStride: context.layout.stride,
    partStride: strideOf(context, weights),
  };
}

/** Entries from one weight to the next. */
function strideOf({ layout }: OpContext, weights: string[]): number {
  const [first, ...others] = weights.map((weight) => layout.offsets.get(weight)!);
  const stride = (others[0] ?? first) - first;
  if (others.some((offset, i) => offset !== first + (i + 1) * stride)) {
    throw new Error(`${weights.join(', ')} do not follow each other among the parameters`);
  }
  return stride;
}

/** Gradients [fanIn, fanOut] = multiplier · aᵀ [fanIn, N] · b [N, fanOut] of weights, their long sums in splits. */
function weightGradient(
  context: OpContext,
  a: Operand,
  b: Operand,
  weights: string[],
  options: Pick<LinearOptions, 'fanIn' | 'fanOut' | 'multiplier'>,
): void {
  const { tape, rows, matmuls } = context;
  const { fanIn, fanOut } = options;
  const splits = splitsFor(context, fanIn * fanOut, rows);
  const { at, runStride, partStride, splitStride } = gradientParts(context, weights, splits);
  const wanted: Product = {
    ...common(context, options, weights),
    ...{ rows: fanIn, columns: fanOut, depth: rows, splits, splitStride },
    ...{ a: { ...a, isTurned: true }, b, c: { at, runStride, partStride } },
  };
  tape.add(product(wanted, matmuls));
}
