/**
 * A short race of the variants on this adapter. A variant whose product differs in a single bit from that of the plainest one is
 * out, also when it was expected to win, and so is one that does not compile.
 */
import { OutOfMemory, PipelineCache, Session } from '../session.ts';
import { Tape, type Launch, type Slot } from '../tape.ts';
import type { MatmulChoices } from './choices.ts';
import type { Product, ProductShape } from './shape.ts';
import { launchOf, type Variant } from './variants.ts';

/** Time after which the shapes that are left wait for the next training, compiling counted in; milliseconds. */
const PATIENCE = 1500;
/** Time of one measurement beyond what a submit itself takes; milliseconds. Some browsers' clocks tick once in one. */
const MEASUREMENT = 5;
const ROUNDS = 3;
/** A challenger must be this much faster than who was expected to win, so that a close race ends the same way each time. */
const CLEARLY = 0.9;
/** After the first round, only who is within this factor of the fastest runs on. */
const IN_THE_RACE = 1.5;

/** Measures what `choices` lacks, as far as patience and the signal go, and tells it. */
export async function tune(device: GPUDevice, choices: MatmulChoices, signal?: AbortSignal): Promise<void> {
  const begun = performance.now();
  for (const [key, shape] of choices.missing) {
    if (signal?.aborted || performance.now() - begun > PATIENCE) break;
    const fastest = await winnerOf(device, await compiled(device, raceOf(shape, choices)));
    choices.missing.delete(key);
    if (fastest) choices.measured.set(key, fastest.name);
  }
}

interface Race {
  slots: Slot[];
  inputs: Slot[];
  /** The first is the plainest, whom all others must equal. */
  entrants: Entrant[];
  /** Who is expected to win the sample, and does unless another is clearly faster. */
  favourite: Variant;
}

interface Entrant {
  variant: Variant;
  output: Slot;
  launch: Launch;
}

/** The race without those that the adapter's compiler refuses. */
async function compiled(device: GPUDevice, race: Race): Promise<Race> {
  const pipelines = PipelineCache.of(device);
  const results = await Promise.allSettled(race.entrants.map(({ launch }) => pipelines.get(launch.kernel)));
  return { ...race, entrants: race.entrants.filter((_, i) => results[i].status === 'fulfilled') };
}

/** Null where nobody can run, or there is no room for a race. */
async function winnerOf(device: GPUDevice, race: Race): Promise<Variant | null> {
  const { entrants, favourite } = race;
  const launches = entrants.map(({ launch }) => launch);
  const session = await Session.prepare(device, race.slots, launches).catch((error: unknown) => {
    if (error instanceof OutOfMemory) return null;
    throw error;
  });
  if (!session) return null;
  try {
    for (const slot of race.inputs) session.write(slot, patternOf(slot.entries));
    const equals = await equalsOf(session, race);
    if (equals.length === 0) return null;
    const expected = equals.some(({ variant }) => variant === favourite) ? favourite : equals[0].variant;
    const times = new Map(equals.map(({ variant }) => [variant, [] as number[]]));
    let running = equals;
    for (let round = 0; round < ROUNDS; round++) {
      for (const { variant, launch } of running) times.get(variant)!.push(await timeOf(session, launch));
      const best = Math.min(...running.map(({ variant }) => times.get(variant)![0]));
      running = running.filter(({ variant }) => variant === expected || times.get(variant)![0] < IN_THE_RACE * best);
    }
    const timed = running.map(({ variant }) => ({ variant, time: medianOf(times.get(variant)!) }));
    const fastest = timed.reduce((one, other) => (other.time < one.time ? other : one));
    const toBeat = timed.find(({ variant }) => variant === expected)!;
    return fastest.time < CLEARLY * toBeat.time ? fastest.variant : expected;
  } finally {
    session.destroy();
  }
}

/** Those that give the bits of the first. */
async function equalsOf(session: Session, { entrants }: Race): Promise<Entrant[]> {
  const results: Uint32Array[] = [];
  for (const { output, launch } of entrants) {
    await submit(session, launch, 1);
    results.push(new Uint32Array(await session.read(output)));
  }
  return entrants.filter((_, i) => results[i].every((bits, at) => bits === results[0][at]));
}

/** One launch of each variant that suits a shape, with an output of its own. */
export function raceOf(shape: ProductShape, choices: MatmulChoices): Race {
  const { rows, columns, depth, count } = shape;
  const tape = new Tape(count);
  const [a, b] = [tape.slot('left operand', rows * depth), tape.slot('right operand', depth * columns)];
  const multipliers = tape.slot('multipliers', 4);
  const entrants = choices.candidatesFor(shape).map((variant): Entrant => {
    const output = tape.slot(`product by ${variant.name}`, rows * columns);
    const product: Product = {
      ...{ rows, columns, depth, runs: count, multipliers },
      a: { at: a, runStride: rows * depth, isTurned: shape.aTurned },
      b: { at: b, runStride: depth * columns, isTurned: shape.bTurned },
      c: { at: output, runStride: rows * columns },
    };
    return { variant, output, launch: launchOf(variant, product, shape) };
  });
  return { slots: tape.slots, inputs: [a, b], entrants, favourite: choices.guessFor(shape) };
}

/** Numbers whose sums are not exact, so that another order of adding shows; the same each time. */
export function patternOf(entries: number): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: entries }, (_, i) => Math.sin(i * 12.9898) * (1 + (i % 7)));
}

/** Milliseconds until `times` launches in one submit are done. */
async function submit(session: Session, launch: Launch, times: number): Promise<number> {
  const begun = performance.now();
  session.submit('race matrix products', [launch], undefined, times);
  await session.device.queue.onSubmittedWorkDone();
  const taken = performance.now() - begun;
  // What was refused takes no time.
  await session.sound;
  return taken;
}

/** Of an odd number of values. */
const medianOf = (values: number[]) => values.toSorted((one, other) => one - other)[(values.length - 1) / 2];

const MOST_LAUNCHES = 256;

/** Milliseconds of one launch: what many take longer than one, because a submit alone can take longer than a launch. */
export async function timeOf(session: Session, launch: Launch): Promise<number> {
  const one = Math.min(await submit(session, launch, 1), await submit(session, launch, 1));
  for (let times = 4; ; times *= 2) {
    const more = (await submit(session, launch, times)) - one;
    if (more >= MEASUREMENT || times >= MOST_LAUNCHES) return Math.max(more, 0) / (times - 1);
  }
}
