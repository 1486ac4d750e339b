/** Which variant multiplies which shape on this adapter: what was measured, and meanwhile a first guess. */
import type { ProductShape } from './shape.ts';
import { VARIANTS, type Adapter, type Variant } from './variants.ts';

/** Floating-point operations of a sample that stands for all larger shapes: a few milliseconds for all variants together. */
const SAMPLE_FLOPS = { gpu: 2 ** 29, software: 2 ** 22 };
const MOST_COUNT = 64;
/** On a GPU the depth of a sample is cut first, down to here: how many outputs there are decides most about which tile is fastest. */
const SHALLOWEST = 64;
/** Outputs of a launch from which on a tile is likely to be the fastest on a GPU: large ones load least, and few keep it idle. */
const TILES = [
  { name: 'tiled 128x128 by 8x8', from: 2 ** 22 },
  { name: 'tiled 64x64 by 8x4', from: 2 ** 19 },
  { name: 'tiled 32x32 by 4x4', from: 0 },
];

export class MatmulChoices {
  /** Samples that were asked for and are not measured, by their key. */
  readonly missing = new Map<string, ProductShape>();

  /**
   * @param measured names of variants by the keys of samples, as they are remembered.
   * @param variants the first that suits a shape is what all others must equal.
   */
  constructor(
    readonly adapter: Adapter,
    readonly measured: Map<string, string> = new Map(),
    private readonly variants: readonly Variant[] = VARIANTS,
  ) {}

  variantFor(shape: ProductShape): Variant {
    const candidates = this.candidatesFor(shape);
    if (candidates.length === 1) return candidates[0];
    const sample = sampleOf(shape, this.adapter.software);
    const key = keyOf(sample);
    // What is remembered by a name that no variant of this adapter bears any more is measured anew.
    const chosen = this.candidatesFor(sample).find(({ name }) => name === this.measured.get(key));
    if (!chosen) this.missing.set(key, sample);
    return chosen && candidates.includes(chosen) ? chosen : this.guessFor(shape);
  }

  /** What is likely to be fast, before anything is measured. */
  guessFor(shape: ProductShape): Variant {
    const candidates = this.candidatesFor(shape);
    const outputs = shape.rows * shape.columns * shape.count;
    const wish = this.adapter.software ? 'quads 16x32' : TILES.find(({ from }) => outputs >= from)!.name;
    return candidates.find(({ name }) => name === wish) ?? candidates[0];
  }

  candidatesFor(shape: ProductShape): Variant[] {
    return this.variants.filter((variant) => variant.suits(shape, this.adapter));
  }
}

/** The shape that is measured for all shapes near this one: sizes go up to a power of two, and no further than costs little. */
export function sampleOf(shape: ProductShape, software: boolean): ProductShape {
  const sample = {
    ...shape,
    rows: upToPower(shape.rows),
    columns: upToPower(shape.columns),
    depth: upToPower(shape.depth),
    length: undefined,
    count: Math.min(MOST_COUNT, 2 ** Math.ceil(Math.log2(shape.count))),
  };
  const most = software ? SAMPLE_FLOPS.software : SAMPLE_FLOPS.gpu;
  while (2 * sample.rows * sample.columns * sample.depth * sample.count > most) {
    if (!software && sample.depth > SHALLOWEST) {
      sample.depth /= 2;
      continue;
    }
    if (sample.count > 1) {
      sample.count /= 2;
      continue;
    }
    const largest = (['rows', 'columns', 'depth'] as const).reduce((one, other) =>
      sample[other] > sample[one] ? other : one,
    );
    sample[largest] /= 2;
  }
  return sample;
}

const upToPower = (size: number) => Math.max(4, 2 ** Math.ceil(Math.log2(size)));

/** How a sample is remembered and shown, e.g. "A·Bᵀ 512x64x64, 4 at once". */
export function keyOf({ rows, columns, depth, count, aTurned, bTurned, rounded }: ProductShape): string {
  const operands = `${aTurned ? 'Aᵀ' : 'A'}·${bTurned ? 'Bᵀ' : 'B'}`;
  return `${operands} ${rows}x${columns}x${depth}, ${count} at once${rounded ? ', float16' : ''}`;
}
