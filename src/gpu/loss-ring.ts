/**
 * Losses come back through a ring of mapped buffers: a submit takes a place, and the place is free again once its copy has been read.
 * How much is in flight is the pace's matter; nothing else ever waits for the GPU.
 */
import type { Session } from './session.ts';

export class LossRing {
  private readonly places: GPUBuffer[];
  private turn = 0;
  /** Each resolves when the losses of its submit were handed over. */
  private readonly inFlight: Promise<void>[] = [];
  /** Resolves when all losses so far were handed over: they come in their order, or an error ends them. */
  private delivered = Promise.resolve();

  /**
   * @param entries most losses that one submit produces.
   * @param places most submits in flight.
   */
  constructor(
    private readonly session: Session,
    entries: number,
    places: number,
  ) {
    this.places = Array.from({ length: places }, () => session.staging('losses', entries * 4));
  }

  /** Waits until the losses of the oldest submit in flight were handed over. */
  async oldest(): Promise<void> {
    await this.inFlight[0];
  }

  /** Adds the copy of history[fromEntry, +entries] to the encoder; call `drain` right after the submit. */
  copy(encoder: GPUCommandEncoder, history: GPUBuffer, fromEntry: number, entries: number): void {
    encoder.copyBufferToBuffer(history, fromEntry * 4, this.places[this.turn], 0, entries * 4);
  }

  drain(entries: number, deliver: (losses: Float32Array<ArrayBuffer>) => void): void {
    const staging = this.places[this.turn];
    this.turn = (this.turn + 1) % this.places.length;
    const before = this.delivered;
    const drained = this.session.map(staging, entries * 4).then(async (bytes) => {
      await before;
      this.inFlight.shift();
      deliver(new Float32Array(bytes));
    });
    this.inFlight.push(drained);
    this.delivered = drained;
    // The failure is seen by whoever waits for it; this keeps it from being reported twice.
    drained.catch(() => undefined);
  }

  /** Waits for everything in flight. */
  async settle(): Promise<void> {
    await this.delivered;
  }

  destroy(): void {
    for (const staging of this.places) staging.destroy();
  }
}
