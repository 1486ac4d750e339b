/**
 * The end of something that others wait for: of a worker, or of an experiment that is cancelled. Each call that waits rejects then, instead
 * of waiting for ever. A promise of the end raced against every call would hold on to each call's result for as long as there is no end.
 */
export class Ending {
  readonly #waiting = new Set<(why: Error) => void>();
  #why: Error | null = null;

  /** Calls that have not settled yet. */
  get pending(): number {
    return this.#waiting.size;
  }

  /** Rejects every call that waits, and every one that comes later. */
  tell(why: Error): void {
    this.#why ??= why;
    for (const reject of this.#waiting) reject(this.#why);
    this.#waiting.clear();
  }

  /** Settles as the call does, or rejects when the end comes first. */
  or<T>(call: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#waiting.add(reject);
      const settled = () => this.#waiting.delete(reject);
      call.then(
        (value) => (settled(), resolve(value)),
        (error: unknown) => (settled(), reject(error)),
      );
      if (this.#why) this.tell(this.#why);
    });
  }
}
