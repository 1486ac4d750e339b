/**
 * A short race of the variants on this adapter. A variant whose result differs in a single bit from the first one's is out, so a
 * choice never changes what is computed: neither an adapter whose quads are laid out in another way nor a compiler that
 * rounds differently gets through.
 */
import { Session, type PipelineCache } from '../session.ts';
import { Tape, type Launch, type Slot } from '../tape.ts';
import type { MatmulChoices } from './choices.ts';
import type { Product, ProductShape } from './product.ts';
import { launchOf, type Variant } from './variants.ts';

export interface TunerSettings {
  /** Time after which the shapes that are left wait for the next training; milliseconds. */
  patience: number;
  /** GPU time of one measurement; milliseconds. */
  measurement: number;
  rounds: number;
}

const SETTINGS: Record<'gpu' | 'software', TunerSettings> = {
  gpu: { patience: 1500, measurement: 2, rounds: 3 },
  software: { patience: 400, measurement: 0.5, rounds: 5 },
};
/** A challenger must be this much faster than who was expected to win, so that a close race ends the same way each time. */
const CLEARLY = 0.9;
/** After the first round, only who is within this factor of the fastest runs on. */
const IN_THE_RACE = 1.5;

/** Measures what `choices` lacks, as far as patience goes, and tells it. */
export async function tune(device: GPUDevice, pipelines: PipelineCache, choices: MatmulChoices): Promise<void> {
  const settings = SETTINGS[choices.adapter.software ? 'software' : 'gpu'];
  const races = [...choices.missing].map(([key, shape]) => ({ key, race: raceOf(shape, choices) }));
  const kernels = races.flatMap(({ race }) => race.launches.map(({ kernel }) => kernel));
  await Promise.all(kernels.map((kernel) => pipelines.get(kernel)));
  const begun = performance.now();
  for (const { key, race } of races) {
    if (performance.now() - begun > settings.patience) break;
    const fastest = await winnerOf(device, pipelines, race, settings);
    choices.measured.set(key, fastest.name);
    choices.missing.delete(key);
  }
}

export interface Race {
  slots: Slot[];
  inputs: Slot[];
  /** The first is what all must equal. */
  variants: Variant[];
  /** Of each variant. */
  outputs: Slot[];
  launches: Launch[];
  /** Who wins unless another is clearly faster. */
  favourite: Variant;
}

async function winnerOf(
  device: GPUDevice,
  pipelines: PipelineCache,
  race: Race,
  settings: TunerSettings,
): Promise<Variant> {
  const { variants, launches, favourite } = race;
  const session = await Session.prepare(device, pipelines, race.slots, launches);
  try {
    for (const slot of race.inputs) session.write(slot, patternOf(slot.entries));
    const results: Uint32Array[] = [];
    for (const [i, launch] of launches.entries()) {
      await run(session, launch, 1);
      results.push(new Uint32Array(await session.read(race.outputs[i])));
    }
    const isSame = (i: number) => results[i].every((bits, at) => bits === results[0][at]);
    const times = new Map<Variant, number>();
    for (let round = 0; round < settings.rounds; round++) {
      const best = Math.min(...times.values());
      for (const [i, variant] of variants.entries()) {
        const before = times.get(variant) ?? Infinity;
        if (!isSame(i) || (round > 0 && before > IN_THE_RACE * best)) continue;
        times.set(variant, Math.min(before, await timeOf(session, launches[i], settings.measurement)));
      }
    }
    const [fastest] = [...times].sort(([, one], [, other]) => one - other)[0];
    const isClear = times.get(fastest)! < CLEARLY * (times.get(favourite) ?? Infinity);
    return isClear ? fastest : favourite;
  } finally {
    session.destroy();
  }
}

/** One launch of each variant, with an output of its own. */
export function raceOf(shape: ProductShape, choices: MatmulChoices): Race {
  const { rows, columns, depth, count } = shape;
  const variants = choices.candidatesFor(shape);
  const tape = new Tape(count);
  const [a, b] = [tape.slot('left operand', rows * depth), tape.slot('right operand', depth * columns)];
  const multipliers = tape.slot('multipliers', 4);
  const outputs = variants.map(({ name }) => tape.slot(`product by ${name}`, rows * columns));
  const launches = variants.map((variant, i) => {
    const product: Product = {
      ...{ rows, columns, depth, runs: count, multipliers },
      a: { at: a, runStride: rows * depth, isTurned: shape.aTurned },
      b: { at: b, runStride: depth * columns, isTurned: shape.bTurned },
      c: { at: outputs[i], runStride: rows * columns },
    };
    return launchOf(variant, product, shape, choices.adapter);
  });
  return { slots: tape.slots, inputs: [a, b], variants, outputs, launches, favourite: choices.guessFor(shape) };
}

/** Numbers whose sums are not exact, so that another order of adding shows; the same each time. */
export function patternOf(entries: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: entries }, (_, i) => Math.sin(i * 12.9898) * (1 + (i % 7)));
}

async function run(session: Session, launch: Launch, times: number): Promise<void> {
  const encoder = session.device.createCommandEncoder({ label: 'matmul race' });
  const pass = encoder.beginComputePass({ label: 'matmul race' });
  for (let i = 0; i < times; i++) session.encode(pass, [launch]);
  pass.end();
  session.device.queue.submit([encoder.finish()]);
  await session.device.queue.onSubmittedWorkDone();
}

/** Milliseconds of one launch. */
async function timeOf(session: Session, launch: Launch, milliseconds: number): Promise<number> {
  const timed = async (times: number) => {
    const begun = performance.now();
    await run(session, launch, times);
    return performance.now() - begun;
  };
  const once = await timed(1);
  if (once > milliseconds) return once;
  const times = Math.min(64, Math.ceil(milliseconds / Math.max(once, 0.05)));
  return (await timed(times)) / times;
}
