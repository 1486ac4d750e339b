/**
 * Training tokens by segments. What a generator writes is written ahead of whoever trains, and held as far as memory goes, for
 * those that train on it after; windows that are cut out of a text are cut whenever they are asked for.
 */
import { EventLoopTurns } from '../model/event-loop.ts';
import { memoryBound, MOST_TOKENS } from '../model/memory.ts';
import { stepsOfSegment } from '../model/training.ts';
import type { Segments, TokenPlan, TrainingTokens } from './token-plan.ts';

/** Writes windows of T + 1 tokens, one after another. */
export interface WindowWriter {
  write(into: Uint32Array): void;
  /** One that goes on from here by itself. */
  copy(): WindowWriter;
}

/** The next windows [count, length] of a writer. */
export function windowsOf(writer: WindowWriter, count: number, length: number): Uint32Array {
  const windows = new Uint32Array(count * length);
  for (let w = 0; w < count; w++) writer.write(windows.subarray(w * length, (w + 1) * length));
  return windows;
}

const TOKEN = Uint32Array.BYTES_PER_ELEMENT;

/** Something that can be made anew. */
export interface Held {
  /** As many as would take its memory. */
  tokens: number;
  drop(): void;
}

/** Which segments are held, of all streams together: beyond the bound the one goes that was not used for longest. */
export class HeldSegments {
  /** In the order in which they were used. */
  private readonly held = new Set<Held>();
  private total = 0;

  /** @param most tokens. */
  constructor(private readonly most = () => memoryBound(MOST_TOKENS * TOKEN) / TOKEN) {}

  /** Tokens that are held. */
  get tokens(): number {
    return this.total;
  }

  /** Whatever the bound, the one that is used stays. */
  use(segment: Held): void {
    if (!this.held.delete(segment)) this.total += segment.tokens;
    this.held.add(segment);
    for (const oldest of this.held) {
      if (this.total <= this.most() || oldest === segment) return;
      this.letGo(oldest);
    }
  }

  /** Whether or not it is held. */
  letGo(segment: Held): void {
    if (!this.held.delete(segment)) return;
    this.total -= segment.tokens;
    segment.drop();
  }
}

export const HELD = new HeldSegments();

/** Milliseconds of writing between two turns of the event loop: whoever trains meanwhile in the same thread is not to wait long. */
const SLICE_MILLISECONDS = 5;

interface Written {
  windows: Uint32Array;
  /** Goes on behind them. */
  writer: WindowWriter;
}

/**
 * @param begin the writer of the first window.
 * @param held where a segment is let go, those behind it are written anew from the last one before it that is held.
 */
export function writtenTokens(plan: TokenPlan, begin: () => WindowWriter, held = HELD): TrainingTokens {
  const segmentSteps = stepsOfSegment(plan);
  const segments = new Map<number, Held & { written: Promise<Written> }>();
  const length = plan.context + 1;
  /** Of all segments together, for one may be written in less than a slice. */
  const turns = new EventLoopTurns(SLICE_MILLISECONDS);

  /** @param before the segment before it, which nobody needs to know of one that is there. */
  function use(index: number, before: Written | null): Promise<Written> {
    const tokens = length * windowsIn(plan, segmentSteps, index);
    const found = segments.get(index);
    const segment = found ?? {
      ...{ tokens, drop: () => segments.delete(index) },
      written: write(new Uint32Array(tokens), before?.writer.copy() ?? begin()),
    };
    // One that failed is written anew for who asks next.
    if (!found) segment.written.catch(() => held.letGo(segment));
    segments.set(index, segment);
    held.use(segment);
    return segment.written;
  }

  async function write(windows: Uint32Array, writer: WindowWriter): Promise<Written> {
    for (let at = 0; at < windows.length; at += length) {
      writer.write(windows.subarray(at, at + length));
      await turns.giveWhenDue();
    }
    return { windows, writer };
  }

  async function reach(index: number, signal?: AbortSignal): Promise<Uint32Array> {
    let at = index;
    while (at >= 0 && !segments.has(at)) at--;
    let written = at < 0 ? null : await use(at, null);
    while (at < index) {
      signal?.throwIfAborted();
      written = await use(++at, written);
    }
    return written!.windows;
  }

  return {
    segmentSteps,
    async segment(index, signal) {
      const windows = await reach(index, signal);
      // What fails is told to who asks for it.
      if ((index + 1) * segmentSteps < plan.steps) reach(index + 1).catch(() => undefined);
      return windows;
    },
    letGo: () => segments.forEach((segment) => held.letGo(segment)),
  };
}

/** @param windowAt the tokens [T + 1] of a window, by its place in training. */
export function cutTokens(plan: TokenPlan, windowAt: (index: number) => Uint32Array): Segments {
  const segmentSteps = stepsOfSegment(plan);
  const length = plan.context + 1;
  return {
    segmentSteps,
    async segment(index) {
      const first = index * segmentSteps * plan.batch;
      const windows = new Uint32Array(length * windowsIn(plan, segmentSteps, index));
      for (let at = 0; at < windows.length; at += length) windows.set(windowAt(first + at / length), at);
      return windows;
    },
  };
}

/** All batches [steps, B, T + 1] of a training, for who has to hold them at once. */
export async function wholeOf(
  { segmentSteps, segment }: Segments,
  { steps, batch, context }: Omit<TokenPlan, 'evaluationSequences'>,
): Promise<Uint32Array<ArrayBuffer>> {
  const size = batch * (context + 1);
  const whole = new Uint32Array(steps * size);
  for (let step = 0; step < steps; step += segmentSteps) whole.set(await segment(step / segmentSteps), step * size);
  return whole;
}

const windowsIn = ({ steps, batch }: TokenPlan, segmentSteps: number, index: number): number =>
  Math.min(segmentSteps, steps - index * segmentSteps) * batch;
