/** Logits by the token embedding itself, transposed. */
import type { Slot, Value } from '../tape.ts';
import { parameter, type OpContext } from './context.ts';
import { weightGradient } from './linear.ts';
import { matmul, matmulTransposed, MULTIPLIER } from './product.ts';

const TABLE = 'embed.token';

/**
 * y [R, N, V] = α_out·u · x [R, N, d] · embed.tokenᵀ. In the backward pass it writes the table's gradient, to which the
 * embedding adds its own.
 */
export function tiedUnembedding(context: OpContext, x: Value): Value {
  const { tape, rows, layout, multipliers, shape } = context;
  const { width, vocabulary } = shape;
  const y: Value = { slot: tape.slot('logits', rows * vocabulary), gradient: null };
  const common = { rows, runs: tape.runs, multipliers, multiplier: MULTIPLIER.unembedding };
  const table = { at: parameter(context, TABLE), runStride: layout.stride };
  const input = (slot: Slot) => ({ at: slot, runStride: rows * width });
  const logits = (slot: Slot) => ({ at: slot, runStride: rows * vocabulary });

  const product = { ...common, columns: vocabulary, depth: width };
  tape.launch(matmulTransposed(product, input(x.slot), table, logits(y.slot)));

  tape.onBackward(() => {
    const dy = y.gradient!;
    const sizes = { fanIn: vocabulary, fanOut: width, multiplier: MULTIPLIER.unembedding };
    weightGradient(context, logits(dy), input(x.slot), TABLE, sizes);
    x.gradient ??= tape.borrow('activation gradient', rows * width);
    const back = { ...common, columns: width, depth: vocabulary, add: tape.contributes(x.gradient) };
    tape.launch(matmul(back, logits(dy), table, input(x.gradient)));
    tape.giveBack(dy);
  });
  return y;
}
