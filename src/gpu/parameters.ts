/** Where each tensor lives in the one buffer of all parameters: run r's tensor starts at r * stride + offset. */
import { OPTIMIZERS } from '../model/optimizers.ts';
import type { ParametrizationTable } from '../model/parametrization.ts';

/** Tensors start at multiples of this, so that they can be bound on their own (256 bytes) and share no block of an update. */
export const BLOCK = 64;

export interface ParameterLayout {
  /** Entries per run, a multiple of BLOCK. */
  stride: number;
  offsets: Map<string, number>;
  names: string[];
  sizes: Map<string, number>;
}

/** Tensors in their order, but those updated as whole matrices behind all others: what only the others keep ends where they begin. */
export function layOut(tensors: ParametrizationTable['tensors']): ParameterLayout {
  const offsets = new Map<string, number>();
  let stride = 0;
  const isWhole = ({ update }: (typeof tensors)[number]) => OPTIMIZERS[update].size === 'spectral';
  for (const { name, size } of [...tensors.filter((tensor) => !isWhole(tensor)), ...tensors.filter(isWhole)]) {
    offsets.set(name, stride);
    stride += Math.ceil(size / BLOCK) * BLOCK;
  }
  return {
    stride,
    offsets,
    names: tensors.map((tensor) => tensor.name),
    sizes: new Map(tensors.map((tensor) => [tensor.name, tensor.size])),
  };
}

/** For each block of 64 entries, the index of its tensor. */
export function tensorOfBlock(layout: ParameterLayout): Uint32Array {
  const blocks = new Uint32Array(layout.stride / BLOCK);
  layout.names.forEach((name, index) => {
    const first = layout.offsets.get(name)! / BLOCK;
    blocks.fill(index, first, first + Math.ceil(layout.sizes.get(name)! / BLOCK));
  });
  return blocks;
}

/** One run's parameters, from names to their places. */
export function pack(
  layout: ParameterLayout,
  parameters: ReadonlyMap<string, Float32Array>,
): Float32Array<ArrayBuffer> {
  const packed = new Float32Array(layout.stride);
  for (const [name, values] of parameters) packed.set(values, layout.offsets.get(name)!);
  return packed;
}

/** One run's parameters, from their places to names. */
export function unpack(layout: ParameterLayout, packed: Float32Array): Map<string, Float32Array> {
  return new Map(
    layout.names.map((name) => {
      const from = layout.offsets.get(name)!;
      return [name, packed.slice(from, from + layout.sizes.get(name)!)];
    }),
  );
}
