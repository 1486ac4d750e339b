/**
 * How long a step takes, told from a few reports of a training that is then ended. What comes before a run's first report is not counted: it
 * also makes kernels and tokens ready.
 */
import type { LossReport } from '../model/training.ts';

/** Counted of a run before it is enough. */
const ENOUGH_SECONDS = 0.8;

interface Heard {
  first: number;
  last: number;
  steps: number;
}

export class Trial {
  /** Each run that reported, by its id. */
  readonly #heard = new Map<string, Heard>();
  /** Of its runs those that a report is about: one where each trains by itself, fewer where a cohort was split. */
  #together = 1;

  /**
   * @param runs of the cohort.
   * @param now in seconds.
   */
  constructor(
    private readonly runs: number,
    private readonly now = () => performance.now() / 1000,
  ) {}

  /** @returns whether enough was heard. */
  hear({ runs, losses }: Pick<LossReport, 'runs' | 'losses'>): boolean {
    const at = this.now();
    this.#together = runs.length;
    for (const id of runs) {
      const before = this.#heard.get(id);
      if (!before) this.#heard.set(id, { first: at, last: at, steps: 0 });
      else this.#heard.set(id, { ...before, last: at, steps: before.steps + losses.length / runs.length });
    }
    return [...this.#heard.values()].some(({ first, steps }) => steps > 0 && at - first >= ENOUGH_SECONDS);
  }

  /** Of all runs of the cohort, added up over the cores that they train on; NaN where no run went on behind its first report. */
  get secondsPerStep(): number {
    const paced = [...this.#heard.values()].filter(({ steps }) => steps > 0);
    const mean = paced.reduce((sum, { first, last, steps }) => sum + (last - first) / steps, 0) / paced.length;
    return (mean * this.runs) / this.#together;
  }
}
