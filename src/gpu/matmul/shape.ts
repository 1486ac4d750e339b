/** A matrix product as a model asks for it, and its shape, by which a variant is chosen. */
import type { Architecture } from '../../model/recipe.ts';
import type { Activation, Binding, Slot } from '../tape.ts';

/** A matrix of each run, and of each part of a run; strides in entries. */
export interface Operand {
  at: Slot | Binding;
  runStride: number;
  /** Multiplied by this power of two before it is rounded to float16, and divided out of C; 1 when left out. */
  magnified?: number;
  /** From one part to the next; 0 where all parts share it. */
  partStride?: number;
}

/** What a product is, apart from the buffers: what decides which variant is fastest. */
export interface ProductShape {
  rows: number;
  columns: number;
  /** Terms of each sum: of all products that are added up, and of one split. */
  depth: number;
  /** Entries of a row of A and of a column of B, which lanes along the depth have to divide; as many as terms where it is left out. */
  length?: number;
  /** Products of this shape in one launch: runs, times parts with an output of their own, times splits. */
  count: number;
  /** A is stored [depth, rows], not [rows, depth]. */
  aTurned: boolean;
  /** B is stored [columns, depth], not [depth, columns]. */
  bTurned: boolean;
  /** The operands are rounded to float16 before they are multiplied. */
  rounded?: boolean;
}

/** How a product ends. */
export type Ending =
  | { kind: 'assign' }
  /** C += product. */
  | { kind: 'add' }
  /** C = scale · addend + product, the addend laid out like C. */
  | { kind: 'addend'; addend: Slot; scale?: number }
  /** C = product, and activated = f(product). */
  | { kind: 'activation'; activation: Activation; activated: Slot }
  /** C = product · f'(x). */
  | { kind: 'activation gradient'; activation: Activation; x: Slot | Binding };

export interface Product {
  /** C [rows, columns] = scale · multiplier · A [rows, depth] · B [depth, columns]. */
  rows: number;
  columns: number;
  depth: number;
  runs: number;
  multipliers: Slot;
  multiplier?: number;
  scale?: number;
  /** float32 when left out. */
  precision?: Architecture['precision'];
  a: Operand & { isTurned?: boolean };
  b: Operand & { isTurned?: boolean };
  c: Operand;
  /** Parts of a run, each with a C of its own, or all added up into one. */
  parts?: number;
  addsParts?: boolean;
  /** Ranges of the depth, each with an output of its own. */
  splits?: number;
  /** Entries from one split's output to the next. */
  splitStride?: number;
  ending?: Ending;
}

export function shapeOf(product: Product): ProductShape {
  const { rows, columns, depth, runs, a, b, parts = 1, addsParts = false, splits = 1 } = product;
  return {
    rows,
    columns,
    depth: Math.ceil((addsParts ? depth * parts : depth) / splits),
    length: depth,
    count: runs * splits * (addsParts ? 1 : parts),
    aTurned: a.isTurned ?? false,
    bTurned: b.isTurned ?? false,
    rounded: product.precision === 'float16',
  };
}
