/** Launches of matrix products for whatever needs one. Kernels: matmul, matmul-transposed. */
import matmulSource from '../kernels/matmul.wgsl?raw';
import transposedSource from '../kernels/matmul-transposed.wgsl?raw';
import { kernel, laneOf } from '../kernel.ts';
import { gridOf, type Binding, type Launch, type Slot } from '../tape.ts';

/** Column of the multipliers that scales a product; `none` for an unscaled one. */
export const MULTIPLIER = { branch: 2, unembedding: 3, none: 4 } as const;

const TILE_ROWS = 8;
const TILE_LANES: Record<1 | 4, number> = { 1: 4, 4: 1 };
const TILE_TRANSPOSED = 4;
const ASSIGN = 0;
const ADD = 1;
const ADDEND = 2;

/** A matrix of each run; strides in entries. */
export interface Operand {
  at: Slot | Binding;
  runStride: number;
}

export interface Product {
  rows: number;
  columns: number;
  /** Terms of each sum. */
  depth: number;
  runs: number;
  multipliers: Slot;
  multiplier?: number;
  /** C gets the product added instead of being overwritten. */
  add?: boolean;
}

/** Threads that own the outputs of a product of this size. */
export function productThreads(rows: number, columns: number): number {
  const lane = laneOf(columns);
  return Math.ceil(rows / TILE_ROWS) * Math.ceil(columns / lane / TILE_LANES[lane]);
}

export interface MatmulOptions {
  /** A is stored [depth, rows]. */
  isTransposed?: boolean;
  splits?: number;
  /** Entries from one split's output to the next. */
  splitStride?: number;
  /** C = addendScale · addend + scale · product, the addend laid out like C. */
  addend?: Slot;
  addendScale?: number;
  scale?: number;
}

/** C [rows, columns] = A [rows, depth] · B [depth, columns]. */
export function matmul(product: Product, a: Operand, b: Operand, c: Operand, options: MatmulOptions = {}): Launch {
  const { rows, columns, depth, runs, multipliers, multiplier = MULTIPLIER.none, add } = product;
  const { isTransposed, splits = 1, splitStride = 0, addend, addendScale = 1, scale = 1 } = options;
  const lane = laneOf(columns);
  const mode = addend ? ADDEND : add ? ADD : ASSIGN;
  return {
    kernel: kernel('matmul', matmulSource, lane, { TILE_ROWS, TILE_LANES: TILE_LANES[lane] }),
    call: [
      ...[rows, columns / lane, depth, ...(isTransposed ? [1, rows] : [depth, 1])],
      ...[a.runStride, b.runStride / lane, c.runStride / lane, splits, splitStride / lane],
      ...[mode, multiplier, ...bitsOf(scale, addendScale)],
    ],
    bindings: [a.at, b.at, multipliers, addend ?? multipliers, c.at],
    workgroups: gridOf(productThreads(rows, columns), runs * splits),
  };
}

/** C [rows, columns] = A [rows, depth] · B [columns, depth]ᵀ. */
export function matmulTransposed(product: Product, a: Operand, b: Operand, c: Operand): Launch {
  const { rows, columns, depth, runs, multipliers, multiplier = MULTIPLIER.none, add } = product;
  const lane = laneOf(depth);
  const tiles = Math.ceil(rows / TILE_TRANSPOSED) * Math.ceil(columns / TILE_TRANSPOSED);
  return {
    kernel: kernel('matmul-transposed', transposedSource, lane, { TILE: TILE_TRANSPOSED }),
    call: [
      ...[rows, columns, depth / lane, a.runStride / lane, b.runStride / lane, c.runStride],
      ...[add ? ADD : ASSIGN, multiplier],
    ],
    bindings: [a.at, b.at, multipliers, c.at],
    workgroups: gridOf(tiles, runs),
  };
}

/** Floats as they stand in a kernel's `Call`, which is written as whole numbers. */
const bitsOf = (...floats: number[]): number[] => [...new Uint32Array(new Float32Array(floats).buffer)];
