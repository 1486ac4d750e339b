/**
 * How much GPU work a submit carries, adapted to what was measured: several steps where they are short, part of one where
 * it is long, so that the cost of a submit is hidden and the page still gets its frames.
 */

/** GPU work that one submit should carry. */
const SUBMIT_MILLISECONDS = 10;
/** GPU work that a part of a step carries where a whole one would hold up the page (and, at seconds, be killed). */
const LONG_SUBMIT_MILLISECONDS = 20;
/** Most steps in a submit, and so most losses a place of the ring must hold per run. */
export const MOST_STEPS_PER_SUBMIT = 64;

export class Pace {
  stepsPerSubmit = 1;
  /** More than one where a single step is long. */
  submitsPerStep = 1;

  /** @param launchesPerStep a step cannot be cut into more parts than it has launches. */
  constructor(private readonly launchesPerStep: number) {}

  /**
   * Takes in a delivery: `count` steps that came back `elapsed` ms after their submit. Where the loop had to wait for a
   * place (`waited` ms), submits complete back to back, and one takes its share of the time that the ring's three
   * places took together.
   */
  observe(count: number, waited: number, elapsed: number): void {
    const perStep = (waited > 1 ? elapsed / 3 : elapsed) / count;
    const wanted = Math.round(SUBMIT_MILLISECONDS / Math.max(perStep, 0.01));
    // At most doubling keeps one lucky measurement from filling the queue.
    this.stepsPerSubmit = Math.max(1, Math.min(wanted, this.stepsPerSubmit * 2, MOST_STEPS_PER_SUBMIT));
    const parts = Math.round(perStep / LONG_SUBMIT_MILLISECONDS);
    this.submitsPerStep = Math.max(1, Math.min(parts, this.launchesPerStep));
  }
}
