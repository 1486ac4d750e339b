/** The race of the matrix products' variants: who may win it, and that whoever wins changes no bit of a training. */
import { describe, expect, test } from 'vitest';
import { GpuEngine, type TuningMemory } from '../../src/gpu/engine.ts';
import { MatmulChoices } from '../../src/gpu/matmul/choices.ts';
import type { ProductShape } from '../../src/gpu/matmul/shape.ts';
import { tune } from '../../src/gpu/matmul/tuner.ts';
import { VARIANTS, type Adapter, type Variant } from '../../src/gpu/matmul/variants.ts';
import { CohortTrainer } from '../../src/gpu/trainer.ts';
import type { Architecture } from '../../src/model/recipe.ts';
import type { Cohort, TrainingOptions, TrainingReport } from '../../src/model/training.ts';
import { cohortOf, recipeOf, train } from './cohorts.ts';
import { SEED } from './op-shapes.ts';
import { gpu } from './shared-device.ts';

const { device, quads: subgroups } = gpu;

/** A software adapter compiles the larger tiles for seconds; there products.test.ts alone takes them. */
const variantsHere = (): readonly Variant[] =>
  gpu.adapter.software ? VARIANTS.filter(({ name }) => !/^tiled (64|128)x/.test(name)) : VARIANTS;

/** Measures until nothing is missing, however little patience there is at a time. */
async function tuneAll(choices: MatmulChoices): Promise<void> {
  while (choices.missing.size > 0) await tune(device, choices);
}

/** Which adapter's kernels multiply in float16 is drawn: in the race as in the training, so that both take the same kernels. */
const precisionOf = (software: boolean) => ((SEED % 2 === 0) === software ? 'float16' : 'float32');

const STRAIGHT = { rows: 256, columns: 64, depth: 32, count: 1, aTurned: false, bTurned: false };
const SHAPES: ProductShape[] = [
  STRAIGHT,
  { ...STRAIGHT, bTurned: true },
  { ...STRAIGHT, rows: 32, depth: 256, count: 6, aTurned: true },
  { ...STRAIGHT, rows: 50, columns: 36, depth: 7, count: 2 },
];

describe('the race', () => {
  for (const software of [true, false]) {
    test(`measures what was asked for, and one of those that suit wins (software: ${software})`, async () => {
      const choices = new MatmulChoices({ software, subgroups }, new Map(), variantsHere());
      const shapes = SHAPES.map((shape) => ({ ...shape, rounded: precisionOf(software) === 'float16' }));
      for (const shape of shapes) expect(choices.variantFor(shape)).toBe(choices.guessFor(shape));
      const samples = new Map(choices.missing);
      expect(samples.size).toBe(shapes.filter((shape) => choices.candidatesFor(shape).length > 1).length);
      await tuneAll(choices);
      expect([...choices.measured.keys()].sort()).toEqual([...samples.keys()].sort());
      for (const [key, sample] of samples) {
        expect(choices.candidatesFor(sample).map(({ name }) => name)).toContain(choices.measured.get(key));
      }
      for (const shape of shapes) expect(choices.candidatesFor(shape)).toContain(choices.variantFor(shape));
      expect(choices.missing.size, 'shapes asked for again').toBe(0);
    });
  }

  const blocked = VARIANTS.find(({ name }) => name === 'registers 8x8')!;
  /** Correct and slow: each thread loads two lanes for every one that it multiplies. */
  const plain: Variant = {
    ...blocked,
    name: 'a lane each',
    source: (shape) => ({ ...blocked.source(shape), constants: { TILE_ROWS: 1, TILE_LANES: 1 } }),
    workgroups: ({ rows, columns }) => Math.ceil((rows * columns) / 4 / 64),
  };

  const shape = { ...STRAIGHT, depth: 128 };

  /** Who wins a race in which `plain` is the measure. */
  async function winnerAgainstPlain(rival: Variant, favourite = plain, software = true): Promise<string> {
    const choices = new MatmulChoices({ software, subgroups: false }, new Map(), [plain, rival]);
    expect(choices.variantFor(shape)).toBe(favourite);
    await tuneAll(choices);
    return choices.variantFor(shape).name;
  }

  /** As fast as `blocked`, with something in its text replaced. */
  function garbled(name: string, text: string, by: string): Variant {
    return {
      ...blocked,
      name,
      source: (shape) => {
        const { source, ...rest } = blocked.source(shape);
        expect(source).toContain(text);
        return { ...rest, source: source.replace(text, by) };
      },
    };
  }

  test('is won by who is faster with the same bits', async () => {
    // Who that is depends on the adapter: a GPU wants many threads, and those that share what they load. By its own name it would be
    // the one to beat.
    const { software } = gpu.adapter;
    const tiled = VARIANTS.find(({ name }) => name === 'tiled 32x32 by 4x4')!;
    const faster = software ? blocked : { ...tiled, name: 'tiled' };
    expect(await winnerAgainstPlain(faster, plain, software)).toBe(faster.name);
  });

  test('throws out who is fastest by leaving work undone', async () => {
    expect(await winnerAgainstPlain({ ...blocked, name: 'the first tiles alone', workgroups: () => 1 })).toBe(
      plain.name,
    );
  });

  test('throws out who has one bit wrong in one entry, even where it was expected to win', async () => {
    const flipped = 'bitcast<vec4f>(bitcast<vec4u>(sums[i]) ^ vec4u(u32(row + lane + i == 0u), 0u, 0u, 0u)))';
    expect(await winnerAgainstPlain(garbled('one bit wrong', 'sums[i])', flipped))).toBe(plain.name);
    const { name } = new MatmulChoices({ software: true, subgroups: true }).guessFor(shape);
    const expected = garbled(name, 'sums[i])', flipped);
    expect(await winnerAgainstPlain(expected, expected)).toBe(plain.name);
  });

  test('goes on without who does not compile', async () => {
    expect(await winnerAgainstPlain(garbled('no WGSL', 'fma(', 'fuse('))).toBe(plain.name);
  });
});

describe('memory', () => {
  test('is believed: each remembered variant is taken, and nothing is measured', () => {
    const adapter = { software: true, subgroups };
    for (const shape of SHAPES) {
      const fresh = new MatmulChoices(adapter);
      fresh.variantFor(shape);
      for (const key of fresh.missing.keys()) {
        for (const variant of fresh.candidatesFor(shape)) {
          const choices = new MatmulChoices(adapter, new Map([[key, variant.name]]));
          expect(choices.variantFor(shape)).toBe(variant);
          expect(choices.missing.size).toBe(0);
        }
      }
    }
  });

  test('of a variant that is unknown, or not for this adapter, is measured anew', async () => {
    const fresh = new MatmulChoices({ software: true, subgroups });
    const guess = fresh.variantFor(STRAIGHT);
    const [key] = fresh.missing.keys();
    for (const name of ['a variant of long ago', 'tiled 64x64 by 8x4']) {
      const choices = new MatmulChoices({ software: true, subgroups }, new Map([[key, name]]));
      expect(choices.variantFor(STRAIGHT)).toBe(guess);
      expect([...choices.missing.keys()]).toEqual([key]);
      await tuneAll(choices);
      expect(choices.candidatesFor(STRAIGHT).map((variant) => variant.name)).toContain(choices.measured.get(key));
    }
  });

  test('spares the engine the race', async () => {
    const kept: [string, Record<string, string>][] = [];
    const asked: string[] = [];
    const memory: TuningMemory = {
      recall: async (adapter) => {
        asked.push(adapter);
        return { ...kept.at(-1)?.[1], 'a shape of long ago': 'a variant of long ago' };
      },
      keep: async (adapter, choices) => void kept.push([adapter, choices]),
    };
    // So much work that a race is worth its time, of which the first losses are enough.
    const steps = gpu.adapter.software ? 2000 : 40_000;
    const long = cohortOf([recipeOf({ steps, batch: 16, context: 16 })], { width: 64, vocabulary: 16 }, SEED);
    const begin = async (engine: GpuEngine) => {
      const abort = new AbortController();
      await train(engine, long, { signal: abort.signal, onReport: () => abort.abort() });
    };
    const first = new GpuEngine(gpu, memory);
    await first.recallChoices();
    // An engine that runs out of patience measures the rest at its next training.
    let before: number;
    do {
      before = kept.length;
      await begin(first);
    } while (kept.length > before);
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.at(-1)![0]).toBe(asked[0]);
    expect(kept.at(-1)![1]).toEqual(first.choices);

    const second = new GpuEngine(gpu, memory);
    await second.recallChoices();
    before = kept.length;
    await begin(second);
    expect(kept.length, 'times that something was measured').toBe(before);
    expect(second.choices).toEqual(first.choices);
  });
});

/** Takes one variant wherever it suits. */
class ForcedChoices extends MatmulChoices {
  taken = 0;

  constructor(
    adapter: Adapter,
    private readonly forced: Variant,
  ) {
    super(adapter);
  }

  override variantFor(shape: ProductShape): Variant {
    const candidates = this.candidatesFor(shape);
    if (!candidates.includes(this.forced)) return candidates[0];
    this.taken++;
    return this.forced;
  }
}

describe(`a training (seed ${SEED})`, () => {
  // Every product suits several variants, and the weights' gradients are summed in splits.
  const sizes = { headSize: 16, baseWidth: 16, context: 16, batch: 8, steps: 5 };
  const cohortIn = (precision: Architecture['precision']) =>
    cohortOf([recipeOf({ ...sizes, architecture: { precision } })], { width: 32, vocabulary: 32 }, SEED);
  const FILL = 2 ** 14;

  async function trainedBy(cohort: Cohort, matmuls: MatmulChoices) {
    const losses: number[] = [];
    const options: TrainingOptions = {
      ...{ signal: new AbortController().signal, untilResumed: () => Promise.resolve(), keepParameters: 'all' },
      onReport: (report: TrainingReport) => {
        if (report.kind === 'losses') losses.push(...report.losses);
      },
    };
    const target = { fill: FILL, matmuls };
    const trainer = await CohortTrainer.prepare(device, cohort, cohort.runs, target, options);
    const outcomes = await trainer.train(() => Promise.resolve());
    trainer.destroy();
    return { losses, parameters: outcomes[0].parameters! };
  }

  for (const software of [true, false]) {
    const precision = precisionOf(software);
    const cohort = cohortIn(precision);
    test(`ends in the same bits by tuned choices and by each variant (${precision}, software: ${software})`, async () => {
      const adapter = { software, subgroups, shaderF16: device.features.has('shader-f16') };
      const tuned = new MatmulChoices(adapter, new Map(), variantsHere());
      const guessed = await trainedBy(cohort, tuned);
      expect(guessed.losses).toHaveLength(cohort.steps);
      expect(guessed.losses.every(Number.isFinite)).toBe(true);
      expect(tuned.missing.size).toBeGreaterThan(0);
      await tuneAll(tuned);
      expect(await trainedBy(cohort, tuned)).toEqual(guessed);
      expect(tuned.missing.size, 'shapes asked for again').toBe(0);
      const suitable = variantsHere().filter(({ suits }) =>
        [false, true].some((bTurned) => suits({ ...STRAIGHT, bTurned, rounded: precision === 'float16' }, adapter)),
      );
      // A slow adapter compiles a GPU's kernels for seconds, and products.test.ts has each of them: here one is drawn.
      const isSlow = gpu.adapter.software && !software;
      for (const variant of isSlow ? [suitable[SEED % suitable.length]] : suitable) {
        const choices = new ForcedChoices(adapter, variant);
        expect(await trainedBy(cohort, choices), variant.name).toEqual(guessed);
        expect(choices.taken, variant.name).toBeGreaterThan(0);
      }
    });
  }
});
