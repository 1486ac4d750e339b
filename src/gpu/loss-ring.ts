/**
 * Losses come back through a small ring of mapped buffers, and the ring is also what bounds the work in flight: a submit
 * takes a place, and the place is free again once its copy has been read. Nothing else ever waits for the GPU.
 */
import type { Session } from './session.ts';

interface Place {
  staging: GPUBuffer;
  /** Resolves when the losses of the place's last submit were handed over. */
  drained: Promise<void>;
}

export class LossRing {
  private readonly places: Place[];
  private turn = 0;
  /** Resolves when all losses so far were handed over: they come in their order, or an error ends them. */
  private delivered = Promise.resolve();

  /** @param entries most losses that one submit produces. */
  constructor(
    private readonly session: Session,
    entries: number,
    places = 3,
  ) {
    this.places = Array.from({ length: places }, () => ({
      staging: session.staging('losses', entries * 4),
      drained: Promise.resolve(),
    }));
  }

  /** Waits until the next place is free. */
  async nextPlace(): Promise<void> {
    await this.places[this.turn].drained;
  }

  /** Adds the copy of history[fromEntry, +entries] to the encoder; call `drain` right after the submit. */
  copy(encoder: GPUCommandEncoder, history: GPUBuffer, fromEntry: number, entries: number): void {
    encoder.copyBufferToBuffer(history, fromEntry * 4, this.places[this.turn].staging, 0, entries * 4);
  }

  drain(entries: number, deliver: (losses: Float32Array<ArrayBuffer>) => void): void {
    const place = this.places[this.turn];
    this.turn = (this.turn + 1) % this.places.length;
    const before = this.delivered;
    place.drained = this.session.map(place.staging, entries * 4).then(async (bytes) => {
      await before;
      deliver(new Float32Array(bytes));
    });
    this.delivered = place.drained;
    // The failure is seen by whoever waits for the place; this keeps it from being reported twice.
    place.drained.catch(() => undefined);
  }

  /** Waits for everything in flight. */
  async settle(): Promise<void> {
    await this.delivered;
  }

  destroy(): void {
    for (const place of this.places) place.staging.destroy();
  }
}
