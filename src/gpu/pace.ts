/**
 * How much GPU work a submit carries, and how much is in flight: several steps in a submit where they are short, part of one where it
 * is long, so that the cost of a submit is hidden and the page still gets its frames; and enough submits that the GPU has work while
 * the browser takes its time to say that some of it is done. That delay is no work: Firefox answers on a timer of 100 ms, a throttled
 * tab once a second, and whoever took it for work would send less and less.
 *
 * A delivery that arrives `elapsed` ms after its submit, behind `n` steps that were in flight then, its own included, tells of a step's
 * work: it is (elapsed - delay) / n at least, and by half of the delay more where answers come on a timer, at any time before its next
 * turn. What is in flight goes by the second, so that more of it makes the figure better; a step is cut only where the first says that
 * it is long. Any figure may be too large (the page was busy, the machine did something else): the least of the last few counts.
 */

/** GPU work that one submit should carry. */
const SUBMIT_MILLISECONDS = 10;
/** GPU work that a part of a step carries where a whole one would hold up the page (and, at seconds, be killed). */
const PART_MILLISECONDS = 20;
/** Work beyond what the delay of an answer covers: one submit runs, one waits, one is being read. */
const SLACK_MILLISECONDS = 3 * SUBMIT_MILLISECONDS;
/** In delays: as much as a figure takes for work that was one, and the one that is to be covered. */
const COVERED_DELAYS = 1.5;
/** Least work that is believed of a step. */
const LEAST_MILLISECONDS = 0.01;
/** How many figures are remembered: so many late answers in a row are not late any more. */
const REMEMBERED = 5;
/** Answers that come within so many milliseconds came together, and are one figure. */
const TOGETHER_MILLISECONDS = 1;

/** Most steps in a submit, and so most losses a place of the ring must hold per run. */
export const MOST_STEPS_PER_SUBMIT = 256;
/** Most submits in flight: places of the ring. */
export const MOST_SUBMITS = 32;

/** What one device is slow at, before anything was measured on it: pessimistic, for a step that is too long holds up the page. */
const GUESS = {
  millisecondsPerLaunch: 0.05,
  flopsPerMillisecond: { gpu: 2e7, software: 1e6 },
};

/** A guess of the work of a step in ms, from its launches and its floating-point operations. */
export const guessedStep = (launches: number, flops: number, software: boolean): number =>
  launches * GUESS.millisecondsPerLaunch + flops / GUESS.flopsPerMillisecond[software ? 'software' : 'gpu'];

interface Figure {
  at: number;
  /** Work of a step in ms, half of the delay taken for waiting. */
  likely: number;
  /** All of it. */
  least: number;
}

interface InFlight {
  steps: number;
  at: number;
  /** Steps in flight when it was submitted, its own included. */
  behind: number;
}

export class Pace {
  /** Work of a step in ms: the least of the last figures of either kind. */
  private perStep: number;
  private leastPerStep: number;
  /** Milliseconds in which the browser answers where there is nothing to wait for: the median of the last answers. */
  private delay = 0;
  private readonly answers: number[] = [];
  /** Most steps in flight. */
  private window: number;
  private readonly figures: Figure[] = [];
  private readonly inFlight: InFlight[] = [];

  /**
   * @param guess of the work of a step, in ms.
   * @param launchesPerStep a step cannot be cut into more parts than it has launches.
   */
  constructor(
    guess: number,
    private readonly launchesPerStep: number,
    private readonly now = () => performance.now(),
  ) {
    this.perStep = this.leastPerStep = Math.max(guess, LEAST_MILLISECONDS);
    this.window = Math.max(1, Math.round((2 * SUBMIT_MILLISECONDS) / this.perStep));
  }

  /** Steps that the next submit carries. */
  get steps(): number {
    const byWork = SUBMIT_MILLISECONDS / this.perStep;
    // Where there are no more places, each carries more: better long submits than an idle GPU.
    const byPlaces = this.window / MOST_SUBMITS;
    const most = Math.min(MOST_STEPS_PER_SUBMIT, Math.ceil(this.window / 2));
    return Math.max(1, Math.min(Math.round(Math.max(byWork, byPlaces)), most));
  }

  /** Submits that the next step is cut into; more than one where a single step is long. */
  get parts(): number {
    return Math.max(1, Math.min(Math.round(this.leastPerStep / PART_MILLISECONDS), this.launchesPerStep));
  }

  /** Whether nothing is in flight: then `answered` is to be told how long the queue takes to say that it has nothing to do. */
  get isIdle(): boolean {
    return this.inFlight.length === 0;
  }

  /** Whether the next submit may be given now. */
  get hasRoom(): boolean {
    // The parts of a step wait for one another, and the first of the next step for the last of this one.
    const most = this.parts > 1 ? Math.max(2, this.window) : this.window;
    return this.isIdle || (this.inFlight.length < MOST_SUBMITS && this.stepsInFlight + this.steps <= most);
  }

  /** How many submits of `milliseconds` of work each are given before the first of them is answered. */
  submitsAhead(milliseconds: number): number {
    return Math.max(2, Math.min(Math.ceil(this.wanted / Math.max(milliseconds, LEAST_MILLISECONDS)), MOST_SUBMITS));
  }

  /** Parts of a step that are in flight. */
  get partsAhead(): number {
    return this.submitsAhead(this.perStep / this.parts);
  }

  /** Batches of an evaluation that are in flight: of a step's three passes, each takes the first. */
  get batchesAhead(): number {
    return this.submitsAhead(this.perStep / 3);
  }

  /** @param milliseconds in which a queue with nothing to do said so. */
  answered(milliseconds: number): void {
    this.answers.push(milliseconds);
    if (this.answers.length > 3) this.answers.shift();
    this.delay = this.answers.toSorted((a, b) => a - b)[this.answers.length >> 1];
  }

  submitted(steps: number): void {
    this.inFlight.push({ steps, at: this.now(), behind: this.stepsInFlight + steps });
  }

  /** The oldest submit in flight was delivered. */
  delivered(): void {
    const { at, behind } = this.inFlight.shift()!;
    const now = this.now();
    const figure = (delays: number) => Math.max((now - at - delays * this.delay) / behind, LEAST_MILLISECONDS);
    const [likely, least] = [figure(0.5), figure(1)];
    const last = this.figures.at(-1);
    if (last && now - last.at < TOGETHER_MILLISECONDS) {
      last.likely = Math.min(last.likely, likely);
      last.least = Math.min(last.least, least);
    } else {
      this.figures.push({ at: now, likely, least });
      if (this.figures.length > REMEMBERED) this.figures.shift();
    }
    this.perStep = Math.min(...this.figures.map((one) => one.likely));
    this.leastPerStep = Math.min(...this.figures.map((one) => one.least));
    // At most twice as much as was seen: one lucky figure does not fill the queue.
    this.window = Math.max(1, Math.min(Math.ceil(this.wanted / this.perStep), Math.max(this.window, 2 * behind)));
  }

  /** Work that is to be in flight, ms. */
  private get wanted(): number {
    return COVERED_DELAYS * this.delay + SLACK_MILLISECONDS;
  }

  private get stepsInFlight(): number {
    return this.inFlight.reduce((sum, { steps }) => sum + steps, 0);
  }
}
