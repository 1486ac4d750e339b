/** Logits by the token embedding itself, transposed. */
import { gradientMagnification } from '../../model/half-precision.ts';
import { MULTIPLIER } from '../matmul/epilogue.ts';
import { product } from '../matmul/product.ts';
import type { Slot, Value, View } from '../tape.ts';
import { parameter, splitsFor, type OpContext } from './context.ts';

const TABLE = 'embed.token';

/**
 * y [R, N, V] = α_out·u · x [R, N, d] · embed.tokenᵀ. In the backward pass it writes the table's gradient in splits, and leaves
 * the last one to the embedding.
 */
export function tiedUnembedding(context: OpContext, x: Value): Value {
  const { tape, rows, layout, multipliers, shape, matmuls, splits: kept } = context;
  const { width, vocabulary } = shape;
  const y: Value = { slot: tape.slot('logits', rows * vocabulary), gradient: null };
  const { precision } = shape.architecture;
  const common = { runs: tape.runs, multipliers, multiplier: MULTIPLIER.unembedding, precision };
  const table = { at: parameter(context, TABLE), runStride: layout.stride };
  const input = (at: Slot | View) => ({ at, runStride: rows * width });
  const logits = (at: Slot | View) => ({ at, runStride: rows * vocabulary });

  const sizes = { rows, columns: vocabulary, depth: width };
  const [a, c] = [input(x.slot), logits(y.slot)];
  tape.add(product({ ...common, ...sizes, a, b: { ...table, isTurned: true }, c }, matmuls));

  tape.onBackward(() => {
    const dy = y.gradient!;
    const splits = splitsFor(context, vocabulary * width, rows);
    const { at, runStride, splitStride } = kept.reserve(TABLE, splits + 1);
    const gradient = { rows: vocabulary, columns: width, depth: rows, splits, splitStride };
    const upstream = { ...logits(dy), magnified: gradientMagnification(rows) };
    const turned = { ...upstream, isTurned: true };
    tape.add(product({ ...common, ...gradient, a: turned, b: input(x.slot), c: { at, runStride } }, matmuls));

    const dx = tape.gradientOf(x, 'activation gradient', rows * width);
    const kind = tape.contributes(dx) ? 'add' : 'assign';
    const back = {
      rows,
      columns: width,
      depth: vocabulary,
      a: upstream,
      b: table,
      c: input(dx),
      ending: { kind } as const,
    };
    tape.add(product({ ...common, ...back }, matmuls));
    tape.giveBack(dy);
  });
  return y;
}
