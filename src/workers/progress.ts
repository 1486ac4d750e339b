/** Where an experiment stands, as its listeners are told: the cohort that trains now and those ahead of it. */
import { cohortWork, ProgressMeter, type Work } from './eta.ts';
import type { Progress } from './protocol.ts';
import type { CohortStep } from './queue.ts';

const now = () => performance.now() / 1000;

export class ExperimentProgress {
  private readonly meter = new ProgressMeter();
  private current: CohortStep | null = null;
  private ahead: Work[] = [];

  /** @param vocabularyOf number of tokens of a recipe's corpus. */
  constructor(
    private readonly vocabularyOf: (recipe: string) => number,
    private readonly tell: (progress: Progress) => void,
  ) {}

  get training(): { recipe: string; width: number } | null {
    return this.current && { recipe: this.current.recipe.name, width: this.current.width };
  }

  begin(step: CohortStep): void {
    this.current = step;
    this.meter.begin(this.work(step), now());
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

  /** Takes note of what is left, the current cohort included, and tells where that leaves the experiment. */
  setLeft(steps: readonly CohortStep[]): void {
    const { training } = this;
    const isCurrent = ({ recipe, width }: CohortStep) => recipe.name === training?.recipe && width === training.width;
    this.ahead = steps.filter((step) => !isCurrent(step)).map((step) => this.work(step));
    this.report();
  }

  private work({ recipe, width, seeds }: CohortStep): Work {
    return cohortWork(recipe, width, this.vocabularyOf(recipe.name), seeds.length);
  }

  private report(): void {
    const { share, secondsLeft, step, currentSecondsLeft } = this.meter.estimate(this.ahead, now());
    const { training } = this;
    const steps = this.current?.recipe.steps ?? 0;
    this.tell({
      share,
      secondsLeft,
      current: training && { ...training, step, steps, secondsLeft: currentSecondsLeft },
    });
  }
}
