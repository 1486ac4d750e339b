/** Every variant of the matrix product: against float64, and against all other variants bit for bit. */
import { describe, expect, test } from 'vitest';
import { MULTIPLIER } from '../../src/gpu/matmul/epilogue.ts';
import { shapeOf, type Ending, type Operand, type Product } from '../../src/gpu/matmul/shape.ts';
import { launchOf, VARIANTS, type Adapter, type Variant } from '../../src/gpu/matmul/variants.ts';
import { Session } from '../../src/gpu/session.ts';
import { aligned, Tape, type Activation, type Launch, type Slot } from '../../src/gpu/tape.ts';
import { randomStream, type RandomStream } from '../../src/model/random.ts';
import { toFloat16 } from '../../src/reference/float16.ts';
import { geluBackward, geluForward } from '../../src/reference/gelu.ts';
import { squaredReluBackward, squaredReluForward } from '../../src/reference/squared-relu.ts';
import { relativeError } from './op-bench.ts';
import { SEED, TOLERANCE } from './op-shapes.ts';
import { gpu } from './shared-device.ts';

const ACTIVATIONS = {
  gelu: { value: geluForward, slope: geluBackward },
  relu2: { value: squaredReluForward, slope: squaredReluBackward },
};

const endingsWith = (activation: Activation) =>
  [
    { kind: 'assign' },
    { kind: 'add' },
    { kind: 'addend', scale: -1.7 },
    { kind: 'activation', activation },
    { kind: 'activation gradient', activation },
  ] as const;
type EndingKind = ReturnType<typeof endingsWith>[number];

const PRECISIONS = ['float32', 'float16'] as const;
type Precision = (typeof PRECISIONS)[number];

/** How A and B are stored. */
const STORAGES = [
  { aTurned: false, bTurned: false, name: 'A·B' },
  { aTurned: false, bTurned: true, name: 'A·Bᵀ' },
  { aTurned: true, bTurned: false, name: 'Aᵀ·B' },
  { aTurned: true, bTurned: true, name: 'Aᵀ·Bᵀ' },
];
type Storage = (typeof STORAGES)[number];

type Sizes = Pick<Product, 'rows' | 'columns' | 'depth'>;
const any = (random: RandomStream) => 1 + random.below(70);
const fours = (random: RandomStream) => 4 * (1 + random.below(17));
const tile = (random: RandomStream) => 16 << random.below(3);
const SIZES: ((random: RandomStream) => Sizes)[] = [
  (random) => ({ rows: any(random), columns: any(random), depth: any(random) }),
  (random) => ({ rows: any(random), columns: fours(random), depth: any(random) }),
  (random) => ({ rows: fours(random), columns: fours(random), depth: fours(random) }),
  (random) => ({ rows: tile(random), columns: tile(random), depth: tile(random) }),
  // More than one tile of the largest each way.
  (random) => ({ rows: 128 + fours(random), columns: 128 + fours(random), depth: fours(random) }),
];
/** Fewer outputs may by chance all be near zero, and none is then large enough to measure errors by. */
const FEWEST_OUTPUTS = 32;

const { device } = gpu;
const subgroups = gpu.quads;
const shaderF16 = device.features.has('shader-f16');
const adapters = [true, false].map((software): Adapter => ({ software, subgroups, shaderF16 }));

/**
 * Whether large kernels compile for seconds: of each family one is then dealt to all products with the same operands, and of those
 * through workgroup memory to one of the two precisions, and to one of the two storages that end with an activation.
 */
const isSlow = gpu.adapter.software;
const TILED = /^tiled \S+ by \S+$/;
const FAMILIES = [/^quads/, TILED, /, float16$/].map((family) => VARIANTS.filter(({ name }) => family.test(name)));
const isDealt = (variant: Variant) => isSlow && FAMILIES.some((family) => family.includes(variant));
const isLargest = ({ name }: Variant) => name.includes('128x128');

/** So many of a family: each member once at least, and of the tiles, which compile longest, only the smallest more often; in any order. */
function deckOf(random: RandomStream, family: Variant[], count: number): Variant[] {
  const small = family.filter(({ name }) => !/^tiled (64|128)x/.test(name));
  const deck = [...family];
  while (deck.length < count) deck.push(small[random.below(small.length)]);
  return deck
    .map((variant) => ({ variant, at: random.uniform() }))
    .sort((one, other) => one.at - other.at)
    .map(({ variant }) => variant);
}

/** What was multiplied by which variant. */
const met = new Set<string>();
const meeting = (variant: string, { name }: Storage, { software }: Adapter) =>
  `${variant} for ${name} on a ${software ? 'CPU adapter' : 'GPU'}`;

describe(`matrix products (seed ${SEED})`, () => {
  const random = randomStream(SEED, 'products');
  const turn = random.below(2);
  // The tiles that are kept as float16 are met where the operands are rounded, by every storage once.
  const tiles = deckOf(random, FAMILIES[1], STORAGES.length);
  const decks = PRECISIONS.map(() =>
    FAMILIES.map((family) => (family === FAMILIES[1] ? tiles : deckOf(random, family, STORAGES.length))),
  );
  const start = random.below(2);
  /** Whether a variant through workgroup memory is dealt to the first or to the second of two, turn by turn. */
  const isDealtTo = ({ name }: Variant, storage: Storage, second: number) =>
    !TILED.test(name) || (STORAGES.indexOf(storage) + second + start) % 2 === 0;
  const handOf = (storage: Storage, precision: Precision) =>
    decks[PRECISIONS.indexOf(precision)]
      .map((deck) => deck[STORAGES.indexOf(storage)])
      .filter((variant) => isDealtTo(variant, storage, PRECISIONS.indexOf(precision)));
  // One is drawn, because compiling takes most of the time and they differ in one function.
  const endings = endingsWith((['gelu', 'relu2'] as const)[random.below(2)]);
  for (const storage of STORAGES) {
    for (const [e, ending] of endings.entries()) {
      // No gradient of a weight ends with an activation.
      if (storage.aTurned && ending.kind.startsWith('activation')) continue;
      // Where both are turned, all variants want columns and depth in fours.
      const first = storage.aTurned && storage.bTurned ? 2 : 0;
      const precision = PRECISIONS[(e + turn) % 2];
      // The largest is about tiles, not about what stands behind them.
      const drawn = SIZES.slice(first, ending.kind.startsWith('activation') ? -1 : undefined).map((sizes) => ({
        ...draw(random, sizes, storage),
        precision,
      }));
      // With an activation a kernel is another one.
      const hand = ending.kind.startsWith('activation')
        ? FAMILIES.map((family) =>
            deckOf(random, family, STORAGES.length).find((variant) => !isLargest(variant))!,
          ).filter((variant) => isDealtTo(variant, storage, e % 2))
        : handOf(storage, precision);
      test(`${storage.name}, ${Object.values(ending).join(' ')}, ${precision}`, async () => {
        for (const wanted of drawn) await compareVariants(random, wanted, storage, ending, hand);
      });
    }
  }

  // In fours, which all kernels take, and so that lanes of one are met.
  for (const four of [true, false]) {
    for (const side of ['A', 'B'] as const) {
      test(`float16: each number is rounded as in the reference, in ${side}${four ? ', in fours' : ''}`, () =>
        compareRounding(random, side, four, (storage) => handOf(storage, 'float16')));
    }
  }

  test('all variants were met, and for all operands that they suit unless dealt', () => {
    const shape = { rows: 64, columns: 64, depth: 64, count: 1 };
    const suitable = adapters.flatMap((adapter) =>
      STORAGES.flatMap((storage) =>
        [false, true]
          .flatMap((rounded) => VARIANTS.filter((variant) => variant.suits({ ...shape, ...storage, rounded }, adapter)))
          .filter((variant) => !isDealt(variant))
          .map(({ name }) => meeting(name, storage, adapter)),
      ),
    );
    expect([...new Set(suitable)].filter((one) => !met.has(one))).toEqual([]);
    const isHere = (name: string) =>
      (subgroups || !name.startsWith('quads')) && (shaderF16 || !name.endsWith(', float16'));
    for (const { name } of VARIANTS.filter((variant) => isHere(variant.name))) {
      expect(
        [...met].some((text) => text.startsWith(`${name} for`)),
        name,
      ).toBe(true);
    }
  });
});

/** Numbers in one operand and ones in the other, so that C holds what each number became. */
async function compareRounding(
  random: RandomStream,
  side: 'A' | 'B',
  four: boolean,
  handOf: (storage: Storage) => Variant[],
): Promise<void> {
  const magnified = 2 ** random.below(12);
  const numbers = new Float32Array([
    ...[0, -0, 1, -1, 1 + 2 ** -11, 1 + 3 * 2 ** -11, -1 - 2 ** -11, 1 + 2 ** -11 + 2 ** -23, 2 - 2 ** -12],
    ...[2 ** -14, 2 ** -14 * (1 - 2 ** -12), 2 ** -14 * (1 - 2 ** -11), -(2 ** -15), 1e-30, 1e-40],
    ...[65504, 65519, 65520, -65536, 1e30, -3e38, Infinity, -Infinity, NaN],
    ...Array.from({ length: 40 }, () => random.normal() * 2 ** (random.below(40) - 22)),
  ]).map((number) => number / magnified);
  const wanted = toFloat16(Float64Array.from(numbers), magnified).map((value) => value + 0);
  const [many, few, depth] = [numbers.length, four ? 4 : 3, four ? 4 : 1];
  const sizes = side === 'A' ? { rows: many, columns: few, depth } : { rows: few, columns: many, depth };
  for (const storage of STORAGES) {
    const { aTurned, bTurned, name } = storage;
    for (const adapter of adapters) {
      const tape = new Tape(1);
      const [long, short] = [tape.slot('numbers', many * depth), tape.slot('ones', few * depth)];
      const multipliers = tape.slot('multipliers', 4);
      const [a, b] = side === 'A' ? [long, short] : [short, long];
      const attempts = VARIANTS.map((variant) => {
        const c = tape.slot(variant.name, many * few);
        const product: Product = {
          ...{ ...sizes, runs: 1, multipliers, precision: 'float16', c: { at: c, runStride: 0 } },
          a: { at: a, runStride: 0, isTurned: aTurned, ...(side === 'A' ? { magnified } : {}) },
          b: { at: b, runStride: 0, isTurned: bTurned, ...(side === 'B' ? { magnified } : {}) },
        };
        return { variant, product, c, shape: shapeOf(product) };
      }).filter(
        ({ variant, shape }) =>
          variant.suits(shape, adapter) && (!isDealt(variant) || handOf(storage).includes(variant)),
      );
      if (attempts.length === 0) continue;
      const launches = attempts.map(({ variant, product, shape }) => launchOf(variant, product, shape));
      const session = await Session.prepare(device, tape.slots, launches);
      // The depth holds a number, and zeros. Each operand is stored with its depth in columns, or turned.
      const stored = (values: Float32Array, isDepthFirst: boolean) => {
        const all = new Float32Array(values.length * depth);
        values.forEach((value, i) => (all[isDepthFirst ? i : i * depth] = value));
        return all;
      };
      const ones = new Float32Array(few).fill(1);
      session.write(a, stored(side === 'A' ? numbers : ones, aTurned));
      session.write(b, stored(side === 'B' ? numbers : ones, !bTurned));
      session.submit('multiply', launches);
      for (const { variant, c } of attempts) {
        const got = new Float32Array(await session.read(c));
        const became = wanted.map((_, i) => got[side === 'A' ? i * few : i] + 0);
        // What is no number need not survive a conversion to f16.
        const isSure = (value: number) => Number.isFinite(value) || !variant.name.endsWith(', float16');
        const sure = (values: Float64Array) => values.map((value, i) => (isSure(wanted[i]) ? value : 0));
        expect(sure(became), `${variant.name}, ${name}`).toEqual(sure(wanted));
      }
      session.destroy();
    }
  }
}

type Settings = 'runs' | 'parts' | 'addsParts' | 'splits' | 'scale' | 'multiplier' | 'precision';
type Drawn = Sizes & Required<Pick<Product, Settings>>;

function draw(
  random: RandomStream,
  sizes: (random: RandomStream) => Sizes,
  { aTurned }: Storage,
): Omit<Drawn, 'precision'> {
  let drawn: Sizes;
  do drawn = sizes(random);
  while (drawn.rows * drawn.columns < FEWEST_OUTPUTS);
  // Of the largest a few copies are as good as the many of the others.
  const most = drawn.rows * drawn.columns > 128 ** 2 ? 2 : 5;
  return {
    ...drawn,
    runs: 1 + random.below(Math.min(3, most)),
    parts: 1 + random.below(Math.min(3, most)),
    addsParts: random.below(2) === 1,
    // A weight gradient's sums are long.
    splits: random.below(2) === 1 || aTurned ? 1 + random.below(most) : 1,
    scale: random.below(2) === 1 ? 0.6 : 1,
    multiplier: [MULTIPLIER.none, MULTIPLIER.branch, MULTIPLIER.unembedding][random.below(3)],
  };
}

const words = ({ rows, columns, depth, runs, parts, addsParts, splits }: Drawn) =>
  `${rows}x${columns}x${depth}, ${runs} runs, ${parts} parts${addsParts ? ' added up' : ''}, ${splits} splits`;

/** Where matrices of `size` entries lie: parts of a run next to each other and a gap behind them, or all runs of a part. */
function layOut(random: RandomStream, size: number, runs: number, parts: number, copies = 1) {
  const isByRun = random.below(2) === 1;
  const [runStride, partStride] = isByRun ? [aligned(size) * parts + 64, aligned(size)] : [size, aligned(size * runs)];
  const copyStride = isByRun ? runStride * runs : partStride * parts;
  return { runStride, partStride, copyStride, entries: copyStride * copies };
}

async function compareVariants(
  random: RandomStream,
  drawn: Drawn,
  storage: Storage,
  kind: EndingKind,
  hand: Variant[],
): Promise<void> {
  const { rows, columns, depth, runs, parts, addsParts, splits } = drawn;
  const tape = new Tape(1);
  const inputs = new Map<Slot, Float32Array<ArrayBuffer>>();
  const normal = (label: string, entries: number, factor = 1): Slot => {
    const slot = tape.slot(label, entries);
    inputs.set(
      slot,
      Float32Array.from({ length: entries }, () => factor * random.normal()),
    );
    return slot;
  };
  const operand = (label: string, size: number, isTurned: boolean): Required<Operand> & { isTurned: boolean } => {
    // What all parts share lies there once.
    const isShared = parts > 1 && random.below(2) === 1;
    const { runStride, partStride, entries } = layOut(random, size, runs, isShared ? 1 : parts);
    // Up to what float16 would lose of numbers that are not magnified.
    const magnified = 2 ** random.below(19);
    const at = normal(label, entries, drawn.precision === 'float16' ? 1 / magnified : 1);
    return { at, runStride, partStride: isShared ? 0 : partStride, isTurned, magnified };
  };
  const a = operand('A', rows * depth, storage.aTurned);
  const b = operand('B', depth * columns, storage.bTurned);
  const multipliers = normal('multipliers', 4 * runs);
  const place = layOut(random, rows * columns, runs, addsParts ? 1 : parts, splits);
  const [addend, x] = [normal('addend', place.entries), normal('x', place.entries)];
  const before = Float32Array.from({ length: place.entries }, () => random.normal());

  const output = (label: string): Slot => {
    const slot = tape.slot(label, place.entries);
    inputs.set(slot, before);
    return slot;
  };
  const attempts: { name: string; launch: Launch; outputs: Slot[] }[] = [];
  for (const adapter of adapters) {
    for (const variant of VARIANTS) {
      if (isDealt(variant) && !hand.includes(variant)) continue;
      const outputs = [output('C')];
      if (kind.kind === 'activation') outputs.push(output('activated'));
      const wanted: Product = {
        ...{ ...drawn, multipliers, a, b, ending: endingOf(kind, { addend, x, activated: outputs[1] }) },
        c: { at: outputs[0], runStride: place.runStride, partStride: place.partStride },
        splitStride: place.copyStride,
      };
      const shape = shapeOf(wanted);
      if (!variant.suits(shape, adapter)) continue;
      const name = meeting(variant.name, storage, adapter);
      met.add(name);
      attempts.push({ name, launch: launchOf(variant, wanted, shape), outputs });
    }
  }
  expect(attempts.length, words(drawn)).toBeGreaterThan(0);
  const launches = attempts.map(({ launch }) => launch);
  const session = await Session.prepare(device, tape.slots, launches);
  for (const [slot, values] of inputs) session.write(slot, values);
  session.submit('multiply', launches);

  const read = (slot: Slot) => inputs.get(slot)!;
  const multiplied = (of: Operand) => {
    const values = Float64Array.from(read(of.at as Slot));
    return { ...of, values: drawn.precision === 'float16' ? toFloat16(values, of.magnified) : values };
  };
  const expected = productOf(drawn, storage, {
    ...{ a: multiplied(a), b: multiplied(b) },
    ...{ multipliers: read(multipliers), place },
  });
  const wanted = ended(kind, expected.values, expected.at, { before, addend: read(addend), x: read(x) });
  const results: Float32Array[][] = [];
  for (const { outputs } of attempts) {
    const buffers = await Promise.all(outputs.map((slot) => session.read(slot)));
    results.push(buffers.map((buffer) => new Float32Array(buffer)));
  }
  session.destroy();
  const isWritten = new Uint8Array(place.entries);
  for (const at of expected.at) isWritten[at] = 1;
  results.forEach((buffers, i) => {
    const what = `${words(drawn)}: ${attempts[i].name}`;
    buffers.forEach((values, o) => {
      const own = Float32Array.from(expected.at, (at) => values[at]);
      expect(relativeError(own, wanted[o]), what).toBeLessThan(TOLERANCE);
      const strayed = values.findIndex((value, at) => isWritten[at] === 0 && value !== before[at]);
      expect(strayed, `${what} wrote where it should not`).toBe(-1);
      const bits = new Uint32Array(values.buffer);
      const others = new Uint32Array(results[0][o].buffer);
      expect(
        bits.findIndex((value, at) => value !== others[at]),
        `${what} differs from ${attempts[0].name}`,
      ).toBe(-1);
    });
  });
}

function endingOf(kind: EndingKind, slots: { addend: Slot; x: Slot; activated: Slot }): Ending {
  switch (kind.kind) {
    case 'addend':
      return { ...kind, addend: slots.addend };
    case 'activation':
      return { ...kind, activated: slots.activated };
    case 'activation gradient':
      return { ...kind, x: slots.x };
    default:
      return kind;
  }
}

interface Stored {
  values: Float64Array;
  runStride: number;
  partStride?: number;
}

/** All entries of all products in float64, and where each belongs. */
function productOf(
  { rows, columns, depth, runs, parts, addsParts, splits, scale, multiplier }: Drawn,
  { aTurned, bTurned }: Storage,
  given: { a: Stored; b: Stored; multipliers: Float32Array; place: ReturnType<typeof layOut> },
): { values: Float64Array; at: number[] } {
  const { a, b, multipliers, place } = given;
  const at: number[] = [];
  const values: number[] = [];
  const begin = ({ runStride, partStride = 0 }: Omit<Stored, 'values'>, run: number, part: number) =>
    run * runStride + part * partStride;
  // Ranges begin at multiples of four.
  const length = 4 * Math.ceil(depth / (4 * splits));
  for (let run = 0; run < runs; run++) {
    const factor = scale * (multiplier === MULTIPLIER.none ? 1 : multipliers[4 * run + multiplier]);
    for (let part = 0; part < (addsParts ? 1 : parts); part++) {
      for (let split = 0; split < splits; split++) {
        const end = Math.min(depth, (split + 1) * length);
        for (let i = 0; i < rows; i++) {
          for (let j = 0; j < columns; j++) {
            let sum = 0;
            for (let term = part; term < (addsParts ? parts : part + 1); term++) {
              const [left, right] = [begin(a, run, term), begin(b, run, term)];
              for (let k = split * length; k < end; k++) {
                const one = a.values[left + (aTurned ? k * rows + i : i * depth + k)];
                sum += one * b.values[right + (bTurned ? j * depth + k : k * columns + j)];
              }
            }
            at.push(split * place.copyStride + begin(place, run, part) + i * columns + j);
            values.push(factor * sum);
          }
        }
      }
    }
  }
  return { values: Float64Array.from(values), at };
}

/** What is left of products at `at`: C, and where there is one the activated output. */
function ended(
  kind: EndingKind,
  values: Float64Array,
  at: number[],
  given: { before: Float32Array; addend: Float32Array; x: Float32Array },
): Float64Array[] {
  switch (kind.kind) {
    case 'assign':
      return [values];
    case 'add':
      return [values.map((value, i) => value + given.before[at[i]])];
    case 'addend':
      return [values.map((value, i) => value + kind.scale * given.addend[at[i]])];
    case 'activation':
      return [values, ACTIVATIONS[kind.activation].value(values)];
    case 'activation gradient': {
      const x = Float64Array.from(at, (entry) => given.x[entry]);
      return [ACTIVATIONS[kind.activation].slope(x, values)];
    }
  }
}
