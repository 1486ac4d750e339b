/** Where an experiment stands, as its listeners are told: the cohort that trains now and those ahead of it. */
import type { Run } from '../model/run.ts';
import { cohortWork, ProgressMeter, type Work } from './eta.ts';
import { cohortName } from './cohorts.ts';
import type { CohortName, Progress } from './protocol.ts';
import { runsOf } from './queue.ts';

const now = () => performance.now() / 1000;

interface Current {
  name: CohortName;
  steps: number;
  ids: ReadonlySet<string>;
}

export class ExperimentProgress {
  private readonly meter = new ProgressMeter();
  private current: Current | null = null;
  private ahead: Work[] = [];

  /** @param vocabularyOf number of tokens of a recipe's corpus. */
  constructor(
    private readonly vocabularyOf: (recipe: string) => number,
    private readonly tell: (progress: Progress) => void,
  ) {}

  get training(): CohortName | null {
    return this.current && this.current.name;
  }

  /** @param runs of one cohort. */
  begin(runs: readonly Run[]): void {
    const { steps } = runs[0].recipe;
    this.current = { name: cohortName(runs), steps, ids: new Set(runs.map(({ id }) => id)) };
    this.meter.begin(this.work(runs), now());
  }

  /** @param step steps that are done, which need not be whole. */
  advance(step: number): void {
    this.meter.advance(step, now());
    this.report();
  }

  finish(isComplete: boolean): void {
    this.current = null;
    this.meter.finish(now(), isComplete);
  }

  pause(): void {
    this.meter.pause(now());
  }

  resume(): void {
    this.meter.resume(now());
  }

  /** Takes note of the cohorts that are left, the current one included, and tells where that leaves the experiment. */
  setLeft(cohorts: readonly Run[][]): void {
    this.ahead = runsOf(cohorts, ({ id }) => !this.current?.ids.has(id)).map((runs) => this.work(runs));
    this.report();
  }

  private work(runs: readonly Run[]): Work {
    const [{ recipe, width }] = runs;
    return cohortWork(recipe, width, this.vocabularyOf(recipe.name), runs.length);
  }

  private report(): void {
    const { share, secondsLeft, step, currentSecondsLeft } = this.meter.estimate(this.ahead, now());
    const { current } = this;
    this.tell({
      share,
      secondsLeft,
      current: current && { ...current.name, step, steps: current.steps, secondsLeft: currentSecondsLeft },
    });
  }
}
