/** Multiplication by a weight matrix, and its two gradients. Kernels: matmul, matmul-transposed. */
import matmulSource from '../kernels/matmul.wgsl?raw';
import transposedSource from '../kernels/matmul-transposed.wgsl?raw';
import { kernel, laneOf } from '../kernel.ts';
import { gridOf, type Slot, type Value } from '../tape.ts';
import { gradientOf, parameter, splitsFor, type OpContext } from './context.ts';
import { sumSplits } from './sum-splits.ts';

/** Column of the multipliers that scales a product; NONE for an unscaled one. */
export const MULTIPLIER = { branch: 2, unembedding: 3, none: 4 } as const;

export interface LinearOptions {
  fanIn: number;
  fanOut: number;
  multiplier?: number;
  /** y = addend + product; the addend's gradient slot must be y's as well, because it passes through unchanged. */
  addend?: Value;
}

const TILE_ROWS = 8;
const TILE_LANES: Record<1 | 4, number> = { 1: 4, 4: 1 };
const TILE_TRANSPOSED = 4;
const ASSIGN = 0;
const ADD = 1;
const ADDEND = 2;

/** y [R, N, fanOut] = multiplier · x [R, N, fanIn] · weight (+ addend). */
export function linear(context: OpContext, x: Value, weight: string, options: LinearOptions): Value {
  const { tape, rows, layout, multipliers } = context;
  const { fanIn, fanOut, addend, multiplier = MULTIPLIER.none } = options;
  const y: Value = { slot: tape.slot(`${weight} output`, rows * fanOut), gradient: addend?.gradient ?? null };
  const lane = laneOf(fanOut);
  const lanes = fanOut / lane;
  const tileLanes = TILE_LANES[lane];
  const tiles = (height: number) => Math.ceil(height / TILE_ROWS) * Math.ceil(lanes / tileLanes);
  const product = kernel('matmul', matmulSource, lane, { TILE_ROWS, TILE_LANES: tileLanes });

  tape.launch({
    kernel: product,
    call: [
      ...[rows, lanes, fanIn, fanIn, 1],
      ...[rows * fanIn, layout.stride / lane, rows * lanes, 1, 0],
      ...[addend ? ADDEND : ASSIGN, multiplier],
    ],
    bindings: [x.slot, parameter(context, weight), multipliers, addend?.slot ?? multipliers, y.slot],
    workgroups: gridOf(tiles(rows), tape.runs),
  });

  tape.onBackward(() => {
    const dy = y.gradient!;
    const output = gradientOf(context, weight);
    const splits = splitsFor(context, tiles(fanIn), rows);
    const parts = splits > 1 ? tape.borrow(`${weight} gradient splits`, splits * fanIn * fanOut) : null;
    const runStride = parts ? fanIn * lanes : layout.stride / lane;
    tape.launch({
      kernel: product,
      call: [
        ...[fanIn, lanes, rows, 1, fanIn],
        ...[rows * fanIn, rows * lanes, runStride, splits, fanIn * lanes * tape.runs],
        ...[ASSIGN, multiplier],
      ],
      bindings: [x.slot, dy, multipliers, multipliers, parts ?? output],
      workgroups: gridOf(tiles(fanIn), tape.runs * splits),
    });
    if (parts) sumSplits(context, parts, output, fanIn * fanOut, splits);

    x.gradient ??= tape.borrow('activation gradient', rows * fanIn);
    const mode = tape.contributes(x.gradient) ? ADD : ASSIGN;
    tape.launch({
      kernel: kernel('matmul-transposed', transposedSource, lane, { TILE: TILE_TRANSPOSED }),
      call: [rows, fanIn, lanes, rows * lanes, layout.stride / lane, rows * fanIn, mode, multiplier],
      bindings: [dy, parameter(context, weight), multipliers, x.gradient],
      workgroups: gridOf(Math.ceil(rows / TILE_TRANSPOSED) * Math.ceil(fanIn / TILE_TRANSPOSED), tape.runs),
    });
    if (!addend) release(context, dy);
  });
  return y;
}

function release({ tape }: OpContext, dy: Slot): void {
  tape.giveBack(dy);
}
