/** How far an experiment is and how long it will still take, by what was measured of it so far. Times are seconds, given by the caller. */
import { secondsOf, sharedOut, speedFrom, type SharedWork, type Timing, type Work } from './eta.ts';

const flopsOf = ({ steps, flopsPerStep }: Work) => steps * flopsPerStep;

/** What trains, and what may begin beside it or after it: what comes in the next stage waits for all of this one. */
export interface Stage<Key> {
  under: readonly Key[];
  ahead: readonly Work[];
}

interface Estimate<Key> {
  /** Share of all work, 0 to 1. */
  share: number;
  secondsLeft: number | null;
  secondsLeftOf: (key: Key) => number | null;
}

/** Follows an experiment through its cohorts. */
export interface Meter<Key> {
  readonly clock: ActiveTime;
  begin(key: Key, work: Work, now: number): void;
  /**
   * @param step steps done, which may be a fraction where the runs of a cohort train one after another.
   * @param running runs that have not ended.
   */
  advance(key: Key, step: number, running: number, now: number): void;
  /** Ends a cohort; it counts as work that is done only when it trained to its end. */
  finish(key: Key, now: number, complete: boolean): void;
  estimate(stages: readonly Stage<Key>[], now: number): Estimate<Key>;
}

/** A clock that stands still while paused. */
class ActiveTime {
  private pausedAt: number | null = null;
  private paused = 0;

  pause(now: number): void {
    this.pausedAt ??= now;
  }

  resume(now: number): void {
    if (this.pausedAt !== null) this.paused += now - this.pausedAt;
    this.pausedAt = null;
  }

  at(now: number): number {
    return (this.pausedAt ?? now) - this.paused;
  }
}

interface InTurn {
  work: Work;
  step: number;
  begun: number;
  /** Where the clock stood at the first report: what came before was set-up. */
  first: { step: number; at: number } | null;
}

/** Where cohorts train one after the other. */
export class TurnsMeter<Key> implements Meter<Key> {
  readonly clock = new ActiveTime();
  private timings: Timing[] = [];
  private doneFlops = 0;
  private current: InTurn | null = null;

  begin(_key: Key, work: Work, now: number): void {
    this.current = { work, step: 0, begun: this.clock.at(now), first: null };
  }

  advance(_key: Key, step: number, _running: number, now: number): void {
    if (!this.current) return;
    this.current.step = step;
    if (step > 0) this.current.first ??= { step, at: this.clock.at(now) };
  }

  finish(_key: Key, now: number, complete: boolean): void {
    if (!this.current) return;
    const { work } = this.current;
    if (complete) {
      // The pace between reports, because the first cohort also sets things up that later ones find ready.
      const secondsPerStep = this.ownSecondsPerStep(this.current, now) ?? 0;
      this.timings.push({ flopsPerStep: work.flopsPerStep, secondsPerStep });
      this.doneFlops += flopsOf(work);
    }
    this.current = null;
  }

  estimate(stages: readonly Stage<Key>[], now: number): Estimate<Key> {
    const { current } = this;
    const ahead = stages.flatMap((stage) => stage.ahead);
    const own = current && this.ownSecondsPerStep(current, now);
    const timings = own === null ? this.timings : [...this.timings, { ...current!.work, secondsPerStep: own }];
    const speed = speedFrom(timings);
    const currentSecondsLeft = current && own !== null ? (current.work.steps - current.step) * own : null;
    const aheadFlops = ahead.reduce((sum, work) => sum + flopsOf(work), 0);
    const trained = this.doneFlops + (current ? current.step * current.work.flopsPerStep : 0);
    const all = this.doneFlops + (current ? flopsOf(current.work) : 0) + aheadFlops;
    const aheadSeconds = speed && ahead.reduce((sum, work) => sum + secondsOf(work, speed), 0);
    const ofCurrent =
      currentSecondsLeft ??
      (current && speed ? secondsOf({ ...current.work, steps: current.work.steps - current.step }, speed) : 0);
    return {
      share: all > 0 ? Math.min(1, trained / all) : 1,
      secondsLeft: aheadSeconds === null ? null : aheadSeconds + ofCurrent,
      secondsLeftOf: () => currentSecondsLeft,
    };
  }

  private ownSecondsPerStep({ step, begun, first }: InTurn, now: number): number | null {
    if (!first) return null;
    const active = this.clock.at(now);
    if (step > first.step && active > first.at) return (active - first.at) / (step - first.step);
    return active > begun ? (active - begun) / step : null;
  }
}

interface OnCores {
  work: Work;
  step: number;
  running: number;
}

/** Where each run trains on a core of its own: goes by what the cores have done so far. */
export class CoresMeter<Key> implements Meter<Key> {
  readonly clock = new ActiveTime();
  private readonly current = new Map<Key, OnCores>();
  private doneFlops = 0;
  /** Of runs that were cancelled or failed: they took their time and are not done. */
  private lostFlops = 0;
  private coreSeconds = 0;
  private last: number | null = null;

  constructor(private readonly cores: number) {}

  begin(key: Key, work: Work, now: number): void {
    this.settle(now);
    this.current.set(key, { work, step: 0, running: work.runs });
  }

  advance(key: Key, step: number, running: number, now: number): void {
    this.settle(now);
    Object.assign(this.current.get(key)!, { step, running });
  }

  finish(key: Key, now: number, complete: boolean): void {
    this.settle(now);
    const { work, step } = this.current.get(key)!;
    if (complete) this.doneFlops += flopsOf(work);
    else this.lostFlops += step * work.flopsPerStep;
    this.current.delete(key);
  }

  estimate(stages: readonly Stage<Key>[], now: number): Estimate<Key> {
    this.settle(now);
    const under = [...this.current.values()];
    const trained = this.doneFlops + under.reduce((sum, { work, step }) => sum + step * work.flopsPerStep, 0);
    const secondsPerFlop = trained > 0 ? this.coreSeconds / (trained + this.lostFlops) : null;
    const left = stages.map(({ under, ahead }) => [
      ...under.map((key) => this.leftOf(key)),
      ...ahead.map((work) => ({ amount: flopsOf(work), runs: work.runs })),
    ]);
    const all = trained + left.flat().reduce((sum, { amount }) => sum + amount, 0);
    const flops = left.reduce((sum, stage) => sum + sharedOut(stage, this.cores), 0);
    return {
      share: all > 0 ? Math.min(1, trained / all) : 1,
      secondsLeft: secondsPerFlop && flops * secondsPerFlop,
      secondsLeftOf: (key) => {
        const { amount, runs } = this.leftOf(key);
        const coreOfEach = Math.min(1, this.cores / Math.max(1, this.running));
        return secondsPerFlop && (amount * secondsPerFlop) / (runs * coreOfEach);
      },
    };
  }

  private leftOf(key: Key): SharedWork {
    const { work, step, running } = this.current.get(key)!;
    return { amount: (work.steps - step) * work.flopsPerStep, runs: Math.max(1, running) };
  }

  private get running(): number {
    return [...this.current.values()].reduce((sum, { running }) => sum + running, 0);
  }

  /** Adds up what the cores have worked since this was last looked at. */
  private settle(now: number): void {
    const at = this.clock.at(now);
    this.coreSeconds += Math.min(this.cores, this.running) * (at - (this.last ?? at));
    this.last = at;
  }
}
