/** Where an experiment stands, as its listeners are told: the cohorts that train now and those ahead of them. */
import type { Run } from '../model/run.ts';
import { cohortWork, type Work } from './eta.ts';
import { CoresMeter, TurnsMeter, type Meter, type Stage } from './meters.ts';
import { cohortName } from './cohorts.ts';
import type { CohortName, Progress } from './protocol.ts';
import { runsOf } from './queue.ts';
import type { CohortRecorder } from './recorder.ts';

const now = () => performance.now() / 1000;

/** Runs that train together, by which they are told from the others. */
type Cohort = readonly Run[];

interface Current {
  name: CohortName;
  steps: number;
  step: number;
}

const idsOf = (cohorts: readonly Cohort[]) => new Set(cohorts.flat().map(({ id }) => id));

export class ExperimentProgress {
  private meter: Meter<Cohort> = new TurnsMeter();
  private readonly current = new Map<Cohort, Current>();
  private stages: Stage<Cohort>[] = [];

  /** @param vocabularyOf number of tokens of a recipe's corpus. */
  constructor(
    private readonly vocabularyOf: (recipe: string) => number,
    private readonly tell: (progress: Progress) => void,
  ) {}

  /** Each run trains by itself, so many of them at once. Before anything trains. */
  trainsOn(cores: number): void {
    this.meter = new CoresMeter(cores);
  }

  get training(): CohortName[] {
    return [...this.current.values()].map(({ name }) => name);
  }

  begin(cohort: Cohort): void {
    const { steps } = cohort[0].recipe;
    this.current.set(cohort, { name: cohortName(cohort), steps, step: 0 });
    this.meter.begin(cohort, this.work(cohort), now());
  }

  advance(cohort: Cohort, { stepsDone, running }: Pick<CohortRecorder, 'stepsDone' | 'running'>): void {
    this.current.get(cohort)!.step = Math.floor(stepsDone);
    this.meter.advance(cohort, stepsDone, running, now());
    this.report();
  }

  finish(cohort: Cohort, isComplete: boolean): void {
    this.current.delete(cohort);
    this.stages = this.stages.map((stage) => ({ ...stage, under: stage.under.filter((one) => one !== cohort) }));
    this.meter.finish(cohort, now(), isComplete);
  }

  pause(): void {
    this.meter.clock.pause(now());
  }

  resume(): void {
    this.meter.clock.resume(now());
  }

  /** Takes note of the cohorts that are left, those that train included, and tells where that leaves the experiment. */
  setLeft(stages: readonly Run[][][]): void {
    const current = [...this.current.keys()];
    const training = idsOf(current);
    this.stages = stages.map((cohorts) => {
      const here = idsOf(cohorts);
      return {
        under: current.filter(([{ id }]) => here.has(id)),
        ahead: runsOf(cohorts, ({ id }) => !training.has(id)).map((runs) => this.work(runs)),
      };
    });
    this.report();
  }

  work(runs: Cohort): Work {
    const [{ recipe, width }] = runs;
    return cohortWork(recipe, width, this.vocabularyOf(recipe.name), runs.length);
  }

  private report(): void {
    const { share, secondsLeft, secondsLeftOf } = this.meter.estimate(this.stages, now());
    const current = [...this.current].map(([cohort, { name, ...steps }]) => ({
      ...{ ...name, ...steps },
      secondsLeft: secondsLeftOf(cohort),
    }));
    this.tell({ share, secondsLeft, current });
  }
}
