/**
 * Long sums over all tokens are cut into splits, so that few outputs still fill an adapter. All splits of all tensors lie in one
 * slot until gather-gradients.ts adds them up.
 */
import { BLOCK, type ParameterLayout } from '../parameters.ts';
import { Struct } from '../struct.ts';
import { aligned, type Binding, type Slot, type Tape } from '../tape.ts';

export interface GradientPlace {
  at: Binding;
  /** In entries. */
  runStride: number;
  partStride: number;
  splitStride: number;
}

/**
 * What of a block of 64 entries is to be added up: first lane of its first split, number of splits (0: the gradient lies where it
 * belongs), and from one split and one run to the next, in lanes of four.
 */
export const BLOCK_SPLITS = new Struct('Block', { first: 'u32', splits: 'u32', splitStride: 'u32', runStride: 'u32' });

/** Which splits are to be added up, and where they lie: [tensor][split][R][size, aligned]. */
export class GradientSplits {
  /** Grows while the backward pass is recorded. */
  readonly slot: Slot;
  private readonly places: { tensor: string; from: number; splits: number }[] = [];

  constructor(
    private readonly tape: Tape,
    private readonly layout: ParameterLayout,
  ) {
    this.slot = tape.shared('gradient splits', BLOCK);
  }

  /** Room for the splits of a tensor. */
  reserve(tensor: string, splits: number): GradientPlace {
    const runStride = aligned(this.layout.sizes.get(tensor)!);
    const splitStride = runStride * this.tape.runs;
    const from = this.slot.entries;
    this.slot.entries += splits * splitStride;
    this.places.push({ tensor, from, splits });
    return { at: { slot: this.slot, from }, runStride, partStride: splits * splitStride, splitStride };
  }

  /** The place of the last split of a tensor. */
  lastOf(tensor: string): GradientPlace {
    const { from, splits } = this.places.find((place) => place.tensor === tensor)!;
    const runStride = aligned(this.layout.sizes.get(tensor)!);
    const last = from + (splits - 1) * runStride * this.tape.runs;
    return { at: { slot: this.slot, from: last }, runStride, partStride: 0, splitStride: 0 };
  }

  /** A row of `BLOCK_SPLITS` for each block of the parameters. */
  table(): Uint32Array<ArrayBuffer> {
    const table = new Uint32Array((this.layout.stride / BLOCK) * BLOCK_SPLITS.size);
    for (const { tensor, from, splits } of this.places) {
      const first = this.layout.offsets.get(tensor)! / BLOCK;
      const runStride = aligned(this.layout.sizes.get(tensor)!);
      for (let block = 0; block < runStride / BLOCK; block++) {
        const row = {
          first: (from + block * BLOCK) / 4,
          splits,
          splitStride: (runStride * this.tape.runs) / 4,
          runStride: runStride / 4,
        };
        table.set(BLOCK_SPLITS.words(row), (first + block) * BLOCK_SPLITS.size);
      }
    }
    return table;
  }
}
