/**
 * The ways to multiply matrices. All of them sum over the depth in the same order with the same rounding, so that which one is
 * taken decides how long a product takes and never what it is.
 */
import matmulSource from '../kernels/matmul.wgsl?raw';
import quadSource from '../kernels/matmul-quad.wgsl?raw';
import tiledSource from '../kernels/matmul-tiled.wgsl?raw';
import turnedSource from '../kernels/matmul-turned.wgsl?raw';
import operandsSource from '../kernels/product-operands.wgsl?raw';
import productSource from '../kernels/product.wgsl?raw';
import { kernel, laneOf, type LaneWidth } from '../kernel.ts';
import { Struct } from '../struct.ts';
import { gridOfGroups, launch, type Launch } from '../tape.ts';
import { epilogueOf, MULTIPLIER } from './epilogue.ts';
import type { Product, ProductShape } from './shape.ts';

/** What of an adapter decides how fast a variant is. */
export interface Adapter {
  /** No GPU does the work, but a few cores. */
  software: boolean;
  /** Four neighbouring threads of a workgroup can broadcast to each other. */
  subgroups: boolean;
  /** Kernels may keep numbers as float16 (the feature `shader-f16`); not when left out. */
  shaderF16?: boolean;
}

export interface Variant {
  /** As it is remembered and shown. A kernel that is written anew gets another, because what raced was the old one. */
  name: string;
  /** Whether the adapter and the shape allow it. */
  suits(shape: ProductShape, adapter: Adapter): boolean;
  /** The kernel for operands stored as in `shape`, without how it ends. */
  source(shape: ProductShape): { source: string; constants: Record<string, number>; lanes: Lanes };
  /** Workgroups of one product of this shape, flattened. */
  workgroups(shape: ProductShape): number;
}

/** Lane types of the operands and of C. */
type Lanes = { A: LaneWidth; B: LaneWidth; Out: LaneWidth };

const across = (size: number, tile: number) => Math.ceil(size / tile);
const lengthOf = ({ depth, length = depth }: ProductShape) => length;
const WORKGROUP = 64;
/** Threads of a workgroup of quads: a core takes a workgroup at a time, and small ones keep all of them busy. */
const QUAD_WORKGROUP = 16;

/** In registers, A · B, where `rows` x `lanes` of C are a thread's own. */
function registers(rows: number, lanes: number): Variant {
  return {
    name: `registers ${rows}x${4 * lanes}`,
    suits: ({ columns, bTurned }) => !bTurned && (columns % 4 === 0 || lanes === 1),
    source: ({ columns }) => {
      const lane = laneOf(columns);
      // A lane of one column is a quarter as wide.
      const tileLanes = lane === 4 ? lanes : 4;
      return {
        source: matmulSource,
        constants: { TILE_ROWS: rows, TILE_LANES: tileLanes },
        lanes: { A: 1, B: lane, Out: lane },
      };
    },
    workgroups: (shape) => across(across(shape.rows, rows) * across(shape.columns, 4 * lanes), WORKGROUP),
  };
}

/** In registers, A · Bᵀ, where `tile` x `tile` entries of C are a thread's own. */
function registersTurned(tile: number): Variant {
  return {
    name: `registers ${tile}x${tile}, turned`,
    suits: ({ aTurned, bTurned }) => bTurned && !aTurned,
    source: (shape) => ({
      source: turnedSource,
      constants: { TILE: tile },
      lanes: { A: laneOf(lengthOf(shape)), B: laneOf(lengthOf(shape)), Out: 1 },
    }),
    workgroups: (shape) => across(across(shape.rows, tile) * across(shape.columns, tile), WORKGROUP),
  };
}

/** On CPU adapters, by quads of threads that broadcast to each other; a quad owns `rows` x `columns` of C. */
function quads(rows: number, columns: number): Variant {
  return {
    name: `quads ${rows}x${columns}`,
    suits: (shape, { subgroups, software }) =>
      software && subgroups && shape.columns % 4 === 0 && lengthOf(shape) % 4 === 0,
    source: ({ bTurned }) => ({
      source: quadSource,
      constants: {
        ...{ WORKGROUP: QUAD_WORKGROUP, B_TURNED: bTurned ? 1 : 0 },
        ...{ TILE_ROWS: rows, ROWS_4: rows / 4, TILE_LANES: columns / 16 },
      },
      lanes: { A: 1, B: 4, Out: 4 },
    }),
    workgroups: (shape) => across(across(shape.rows, rows) * across(shape.columns, columns), QUAD_WORKGROUP / 4),
  };
}

/** Terms of a step that are written out one by one; more compile longer and gained little. */
const UNROLLED = 8;

interface Tiling {
  /** Of C, for a workgroup. */
  rows: number;
  columns: number;
  /** Of C, for a thread; multiples of four. */
  ownRows: number;
  ownColumns: number;
  /** Terms of a step. `tiles` of each operand, this deep, have to fit into the 16 KiB that every adapter has. */
  step: number;
  /** Of each operand: two where one is filled while the other is read. */
  tiles: 1 | 2;
  /** The tiles are kept as float16, for operands that are rounded to it; expected to win nowhere before it was raced. */
  keptAsHalves?: boolean;
}

/** Through workgroup memory, which a CPU adapter only pretends to have. */
function tiled({ rows, columns, ownRows, ownColumns, step, tiles, keptAsHalves = false }: Tiling): Variant {
  const threads = (rows / ownRows) * (columns / ownColumns);
  const loads = (size: number) => across((step * size) / 4, threads);
  const blocks = (size: number) => across((step * size) / 16, threads);
  return {
    name: `tiled ${rows}x${columns} by ${ownRows}x${ownColumns}${keptAsHalves ? ', float16' : ''}`,
    suits: (shape, adapter) =>
      !adapter.software &&
      (!keptAsHalves || Boolean(adapter.shaderF16 && shape.rounded)) &&
      shape.columns % 4 === 0 &&
      lengthOf(shape) % 4 === 0 &&
      (!shape.aTurned || shape.rows % 4 === 0),
    source: ({ aTurned, bTurned }) => ({
      source: tiledSource,
      constants: {
        ...{ TILE_ROWS: rows, TILE_COLUMNS: columns, ROWS_4: ownRows / 4, OWN_LANES: ownColumns / 4 },
        ...{ STEP: step, TILES: tiles, UNROLLED, KEPT_AS_HALVES: keptAsHalves ? 1 : 0 },
        ...(aTurned ? { A_LOADS: loads(rows), A_BLOCKS: 0 } : { A_LOADS: 0, A_BLOCKS: blocks(rows) }),
        ...(bTurned ? { B_LOADS: 0, B_BLOCKS: blocks(columns) } : { B_LOADS: loads(columns), B_BLOCKS: 0 }),
      },
      lanes: { A: 4, B: 4, Out: 4 },
    }),
    workgroups: (shape) => across(shape.rows, rows) * across(shape.columns, columns),
  };
}

/** In the order in which they are tried; the first that suits is what all others must equal, bit for bit. */
export const VARIANTS: readonly Variant[] = [
  ...[registers(8, 1), registersTurned(4), registers(8, 2)],
  ...[quads(16, 16), quads(16, 32), quads(32, 32)],
  // Small tiles for few outputs; large ones load least.
  tiled({ rows: 32, columns: 32, ownRows: 4, ownColumns: 4, step: 32, tiles: 2 }),
  tiled({ rows: 64, columns: 64, ownRows: 8, ownColumns: 4, step: 32, tiles: 1 }),
  tiled({ rows: 128, columns: 128, ownRows: 8, ownColumns: 8, step: 16, tiles: 1 }),
  // As float16 there is room for twice as much.
  tiled({ rows: 32, columns: 32, ownRows: 4, ownColumns: 4, step: 64, tiles: 2, keptAsHalves: true }),
  tiled({ rows: 64, columns: 64, ownRows: 8, ownColumns: 4, step: 32, tiles: 2, keptAsHalves: true }),
  tiled({ rows: 128, columns: 128, ownRows: 8, ownColumns: 8, step: 16, tiles: 2, keptAsHalves: true }),
];

export const isVariant = (name: string): boolean => VARIANTS.some((variant) => variant.name === name);

const CALL = new Struct('Call', {
  ...{ rows: 'u32', columns: 'u32', depth: 'u32', aTurned: 'u32' },
  ...{ aRunStride: 'u32', bRunStride: 'u32', cRunStride: 'u32' },
  ...{ aPartStride: 'u32', bPartStride: 'u32', cPartStride: 'u32' },
  ...{ parts: 'u32', terms: 'u32', splits: 'u32', splitStride: 'u32' },
  ...{ mode: 'u32', multiplier: 'u32' },
  ...{ scale: 'f32', addendScale: 'f32', aMagnified: 'f32', bMagnified: 'f32' },
});

/** The launch of a product by a variant that suits its shape. */
export function launchOf(variant: Variant, product: Product, shape: ProductShape): Launch {
  const { rows, columns, depth, a, b, c, parts = 1, addsParts = false, splits = 1, splitStride = 0 } = product;
  const { multipliers, multiplier = MULTIPLIER.none, scale = 1 } = product;
  const [aMagnified, bMagnified] = shape.rounded ? [a.magnified ?? 1, b.magnified ?? 1] : [1, 1];
  const { source, constants, lanes } = variant.source(shape);
  const epilogue = epilogueOf(product);
  const text = [productSource, operandsSource, epilogue.source, source].join('\n');
  const groups = variant.workgroups(shape);
  return launch({
    kernel: kernel(`matmul ${variant.name}${epilogue.label}`, text, CALL, {
      ...{ lane: lanes.A, aliases: lanes },
      constants: { ...constants, ROUNDED: shape.rounded ? 1 : 0 },
    }),
    call: {
      ...{ rows, columns, depth, aTurned: shape.aTurned ? 1 : 0 },
      ...{ aRunStride: a.runStride, bRunStride: b.runStride, cRunStride: c.runStride },
      ...{ aPartStride: a.partStride ?? 0, bPartStride: b.partStride ?? 0, cPartStride: c.partStride ?? 0 },
      ...{ parts: addsParts ? 1 : parts, terms: addsParts ? parts : 1, splits, splitStride },
      ...{ mode: epilogue.mode, multiplier },
      ...{ scale: scale / (aMagnified * bMagnified), addendScale: epilogue.addendScale, aMagnified, bMagnified },
    },
    bindings: [a.at, b.at, multipliers, epilogue.binding, c.at],
    workgroups: gridOfGroups(groups, shape.count),
  });
}
