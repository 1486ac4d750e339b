/** Seconds that a training takes; what it was paused is no part of them. */
export class TrainingClock {
  private readonly begun = performance.now();
  private paused = 0;

  /** @param before seconds that were spent on it earlier, maybe on another page. */
  constructor(private readonly before = 0) {}

  get seconds(): number {
    return this.before + (performance.now() - this.begun - this.paused) / 1000;
  }

  /** Waits until training may go on. */
  async untilResumed(resumed: Promise<void>): Promise<void> {
    const asked = performance.now();
    await resumed;
    this.paused += performance.now() - asked;
  }
}
