/** Runs one op, forward and backward, on random inputs: what each op's test is made of. */
import type { ModelShape } from '../../src/model/shape.ts';
import { randomStream, type RandomStream } from '../../src/model/random.ts';
import type { Gpu } from '../../src/gpu/device.ts';
import type { OpContext } from '../../src/gpu/ops/context.ts';
import type { ParameterLayout } from '../../src/gpu/parameters.ts';
import { MatmulChoices } from '../../src/gpu/matmul/choices.ts';
import type { ProductShape } from '../../src/gpu/matmul/shape.ts';
import type { Variant } from '../../src/gpu/matmul/variants.ts';
import { gatherGradients } from '../../src/gpu/ops/gather-gradients.ts';
import { GradientSplits } from '../../src/gpu/ops/gradient-splits.ts';
import { Session } from '../../src/gpu/session.ts';
import { Tape, type Slot, type View } from '../../src/gpu/tape.ts';

export interface BenchShape extends ModelShape {
  batch: number;
  runs: number;
  /** Name and size of the parameters the op uses. */
  tensors: Record<string, number>;
  fill?: number;
}

/**
 * A product is multiplied by any of the variants that suit it, drawn anew each time. The tiles through workgroup memory, which a
 * software adapter compiles for seconds, stand there in products.test.ts, which holds them to the bits of the others.
 */
class DrawnChoices extends MatmulChoices {
  constructor(
    private readonly random: RandomStream,
    private readonly gpu: Gpu,
    software = random.below(2) === 0,
  ) {
    super({ software, subgroups: gpu.quads, shaderF16: gpu.device.features.has('shader-f16') });
  }

  override variantFor(shape: ProductShape): Variant {
    const isSlow = (name: string) => this.gpu.adapter.software && name.startsWith('tiled');
    const candidates = this.candidatesFor(shape).filter(({ name }) => !isSlow(name));
    return candidates[this.random.below(candidates.length)];
  }
}

export class OpBench {
  readonly context: OpContext;
  readonly random: RandomStream;
  private readonly data = new Map<Slot | View, Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>();

  constructor(
    private readonly gpu: Gpu,
    readonly shape: BenchShape,
    seed: number,
    software?: boolean,
  ) {
    this.random = randomStream(seed, 'op bench');
    const tape = new Tape(shape.runs);
    const layout = layoutOf(shape.tensors);
    const { batch, fill = 1 } = shape;
    this.context = {
      tape,
      shape,
      batch,
      rows: batch * shape.context,
      layout,
      fill,
      parameters: tape.slot('parameters', layout.stride),
      gradients: tape.slot('gradients', layout.stride),
      splits: new GradientSplits(tape, layout),
      multipliers: tape.slot('multipliers', 4),
      matmuls: new DrawnChoices(this.random, gpu, software),
    };
    this.normal(this.context.parameters);
    this.normal(this.context.multipliers);
  }

  /** Fills a slot with normal numbers and gives them back. */
  normal(slot: Slot | View): Float32Array {
    const values = Float32Array.from({ length: slot.entries }, () => this.random.normal());
    this.data.set(slot, values);
    return values;
  }

  whole(slot: Slot | View, below: number): Uint32Array {
    const values = Uint32Array.from({ length: slot.entries }, () => this.random.below(below));
    this.data.set(slot, values);
    return values;
  }

  /** Fills a slot with given numbers. */
  fill(slot: Slot | View, values: Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>): void {
    this.data.set(slot, values);
  }

  input(slot: Slot | View): Float32Array {
    return this.data.get(slot) as Float32Array;
  }

  /** Runs everything recorded, forward then backward, and reads the slots asked for. */
  async run<K extends string>(slots: Record<K, Slot | View>): Promise<Record<K, Float32Array>> {
    const { tape } = this.context;
    tape.recordBackward();
    const gather = gatherGradients(this.context);
    this.data.set(gather.table, this.context.splits.table());
    const launches = [...tape.forward, ...tape.backward, gather.launch];
    const session = await Session.prepare(this.gpu.device, tape.slots, launches);
    for (const [place, values] of this.data) {
      if ('slot' in place) session.write(place.slot, values, place.from);
      else session.write(place, values);
    }
    session.submit('run an op', launches);
    const read = {} as Record<K, Float32Array>;
    for (const name of Object.keys(slots) as K[]) {
      const place = slots[name];
      const [slot, from] = 'slot' in place ? [place.slot, place.from] : [place, 0];
      read[name] = new Float32Array(await session.read(slot)).subarray(from, from + place.entries);
    }
    session.destroy();
    return read;
  }

  /** One run's part of values that are laid out run by run. */
  ofRun(values: Float32Array, run: number): Float64Array {
    const size = values.length / this.shape.runs;
    return Float64Array.from(values.subarray(run * size, (run + 1) * size));
  }

  /** One run's tensor out of the buffer of all parameters (or gradients). */
  tensor(values: Float32Array, name: string, run: number): Float64Array {
    const { offsets, sizes, stride } = this.context.layout;
    const from = run * stride + offsets.get(name)!;
    return Float64Array.from(values.subarray(from, from + sizes.get(name)!));
  }
}

function layoutOf(tensors: Record<string, number>): ParameterLayout {
  const offsets = new Map<string, number>();
  let stride = 0;
  for (const [name, size] of Object.entries(tensors)) {
    offsets.set(name, stride);
    stride += Math.ceil(size / 64) * 64;
  }
  return {
    stride: Math.max(stride, 64),
    offsets,
    names: Object.keys(tensors),
    sizes: new Map(Object.entries(tensors)),
  };
}

/** Largest difference in units of the largest expected magnitude: the relative error of a tensor. */
export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) throw new Error(`${actual.length} values instead of ${expected.length}`);
  let largest = 0;
  let difference = 0;
  for (let i = 0; i < expected.length; i++) {
    if (!Number.isFinite(actual[i])) return Infinity;
    largest = Math.max(largest, Math.abs(expected[i]));
    difference = Math.max(difference, Math.abs(actual[i] - expected[i]));
  }
  return difference / Math.max(largest, 1e-30);
}
