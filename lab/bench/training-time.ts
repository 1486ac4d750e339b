/** How long a training step takes, as whoever waits for the losses sees it. */
import type { Cohort, LossReport, TrainingEngine } from '../../src/model/training.ts';
import { spreadOf } from './spread.ts';

export interface TrainingTime {
  /** Milliseconds of a step, one entry per delivery of losses. */
  steps: number[];
  /** Runs that trained together: fewer than the cohort has where it was trained in parts. */
  together: number;
}

interface TimingBudget {
  /** Time to measure for, after the warm-up. */
  milliseconds: number;
  /** Deliveries that are measured however long they take. */
  least: number;
}

/** The engine needs some deliveries to learn how many steps a submit should carry. */
const WARM_UP_MILLISECONDS = 150;

/** Enough steps that training does not end before the time is over; it is stopped then. */
export const ENDLESS = 8192;

/**
 * Trains a cohort for a while. A delivery of n steps that comes t after the one before is a sample of t/n: with submits in
 * flight this is the time between steps, not the wait for one.
 */
export async function timeSteps(engine: TrainingEngine, cohort: Cohort, budget: TimingBudget): Promise<TrainingTime> {
  const stop = new AbortController();
  const steps: number[] = [];
  let together = cohort.runs.length;
  let first: number | null = null;
  let warm: number | null = null;
  let last = 0;
  const hear = ({ losses, runs }: LossReport) => {
    const now = performance.now();
    together = runs.length;
    if (warm !== null) {
      steps.push(((now - last) * runs.length) / losses.length);
      if (steps.length >= budget.least && now - warm >= budget.milliseconds) stop.abort();
    }
    first ??= now;
    if (now - first >= WARM_UP_MILLISECONDS) warm ??= now;
    last = now;
  };
  await engine.train(cohort, {
    signal: stop.signal,
    untilResumed: () => Promise.resolve(),
    onReport: (report) => {
      if (report.kind === 'losses' && !stop.signal.aborted) hear(report);
    },
  });
  return { steps, together };
}

interface Rounds {
  rounds: number;
  budget: TimingBudget;
  tell(cell: number, round: number): void;
}

/** A cohort whose step takes longer has one round only: what disturbs a measurement is short beside it; milliseconds. */
const LONG_STEP = 1000;

/** What the rounds of one cohort gave. */
interface RoundTimes extends TrainingTime {
  /** Median of each round. */
  medians: number[];
}

/** Times several cohorts in rounds over all of them, so that a busy moment of the machine does not fall on one alone. */
export async function timeInRounds(
  engine: TrainingEngine,
  cohorts: readonly (() => Cohort)[],
  { rounds, budget, tell }: Rounds,
): Promise<RoundTimes[]> {
  const times: RoundTimes[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [cell, cohort] of cohorts.entries()) {
      const before: RoundTimes | undefined = times[cell];
      if (before && before.medians[0] > LONG_STEP) continue;
      tell(cell, round + 1);
      const { steps, together } = await timeSteps(engine, cohort(), budget);
      times[cell] = {
        steps: [...(before?.steps ?? []), ...steps],
        together,
        medians: [...(before?.medians ?? []), spreadOf(steps).median],
      };
    }
  }
  return times;
}

/** Milliseconds from asking the engine to train to the first loss. */
export async function timeToFirstLoss(engine: TrainingEngine, cohort: Cohort): Promise<number> {
  const stop = new AbortController();
  const asked = performance.now();
  let elapsed: number | null = null;
  await engine.train(cohort, {
    signal: stop.signal,
    untilResumed: () => Promise.resolve(),
    onReport: (report) => {
      if (report.kind !== 'losses') return;
      elapsed ??= performance.now() - asked;
      stop.abort();
    },
  });
  if (elapsed === null) throw new Error('a training ended without a loss');
  return elapsed;
}
