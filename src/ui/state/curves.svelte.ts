/** Training losses of all runs, step by step. Dense and outside Svelte's sight: charts follow `version`, raised once a frame. */
import type { RunResult } from '../../model/result.ts';
import type { LossReport } from '../../model/training.ts';
import { nextFrame, type NextFrame } from './frames.ts';

export interface Series {
  steps: number[];
  losses: number[];
}

const EMPTY: Series = { steps: [], losses: [] };

export class Curves {
  version = $state(0);
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- tens of thousands of numbers, followed through `version`
  readonly #series = new Map<string, Series>();
  readonly #nextFrame: NextFrame;
  #isFlushing = false;

  constructor(next: NextFrame = nextFrame) {
    this.#nextFrame = next;
  }

  add({ runs, firstStep, losses }: LossReport): void {
    const rows = losses.length / runs.length;
    runs.forEach((id, column) => {
      const series = this.#of(id);
      // A report that starts earlier than what is known comes from a run that was resumed or started again.
      while (series.steps.length > 0 && series.steps[series.steps.length - 1] > firstStep) {
        series.steps.pop();
        series.losses.pop();
      }
      for (let row = 0; row < rows; row++) {
        series.steps.push(firstStep + row + 1);
        series.losses.push(losses[row * runs.length + column]);
      }
    });
    this.#touch();
  }

  /** Replaces what was reported live by what a finished run says of itself. */
  load(run: RunResult): void {
    this.#series.set(run.id, { steps: [...run.steps], losses: run.trainLoss.map((loss) => loss ?? NaN) });
    this.#touch();
  }

  forget(id: string): void {
    if (this.#series.delete(id)) this.#touch();
  }

  /** Reading `version` here lets whoever draws the series follow it. */
  of(id: string): Series {
    void this.version;
    return this.#series.get(id) ?? EMPTY;
  }

  #of(id: string): Series {
    const known = this.#series.get(id);
    if (known) return known;
    const series: Series = { steps: [], losses: [] };
    this.#series.set(id, series);
    return series;
  }

  #touch(): void {
    if (this.#isFlushing) return;
    this.#isFlushing = true;
    this.#nextFrame(() => {
      this.#isFlushing = false;
      this.version++;
    });
  }
}
