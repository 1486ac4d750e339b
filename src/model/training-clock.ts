/** Seconds that a training takes; what stands still in pauses, or waits for tokens that are being written, is no part of them. */
export class TrainingClock {
  private readonly begun = performance.now();
  private waited = 0;

  /** @param before seconds that were spent on it earlier, maybe on another page. */
  constructor(private readonly before = 0) {}

  get seconds(): number {
    return this.before + (performance.now() - this.begun - this.waited) / 1000;
  }

  /** Waits until training can go on. */
  async waitFor<T>(resumed: Promise<T>): Promise<T> {
    const asked = performance.now();
    const found = await resumed;
    this.waited += performance.now() - asked;
    return found;
  }
}
