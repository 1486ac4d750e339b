/**
 * How far an experiment is and how long it will still take, from the FLOPs of each cohort and the speed measured so far.
 *
 * A step is taken to cost an overhead plus its FLOPs over a throughput: at tiny widths the first counts, at large ones
 * the second. Both are learnt from the cohorts that were timed. Times are seconds, given by the caller.
 */
import type { Recipe } from '../model/recipe.ts';
import { modelShape, trainingFlops } from '../model/shape.ts';

/** A cohort as work: `flopsPerStep` counts all its runs, with the evaluations spread over the steps. */
export interface Work {
  steps: number;
  flopsPerStep: number;
  runs: number;
}

export function cohortWork(recipe: Recipe, width: number, vocabulary: number, runs: number): Work {
  const { steps, batch, context, evaluation } = recipe;
  const shape = modelShape(recipe, width, vocabulary);
  const evaluations = evaluation.every > 0 ? Math.ceil(steps / evaluation.every) : 1;
  // The forward pass is a third of a training step.
  const evaluated = (evaluations * evaluation.sequences * context) / 3;
  return { steps, runs, flopsPerStep: runs * trainingFlops(shape, batch * context + evaluated / steps) };
}

export interface Speed {
  /** Seconds of every step, whatever its size. */
  overhead: number;
  secondsPerFlop: number;
}

export interface Timing {
  flopsPerStep: number;
  secondsPerStep: number;
}

/** Least squares on relative errors, neither part below zero; with one size measured, half of its time counts as overhead. */
export function speedFrom(timings: readonly Timing[]): Speed | null {
  const usable = timings.filter((timing) => timing.secondsPerStep > 0 && timing.flopsPerStep > 0);
  if (usable.length === 0) return null;
  // In units of one timing's seconds: 1 = overhead·u + secondsPerFlop·v.
  const rows = usable.map(({ flopsPerStep, secondsPerStep }) => ({
    u: 1 / secondsPerStep,
    v: flopsPerStep / secondsPerStep,
  }));
  const sum = (term: (row: { u: number; v: number }) => number) => rows.reduce((total, row) => total + term(row), 0);
  const [u, v] = [sum((row) => row.u), sum((row) => row.v)];
  const [uu, uv, vv] = [sum((row) => row.u ** 2), sum((row) => row.u * row.v), sum((row) => row.v ** 2)];
  const determinant = uu * vv - uv * uv;
  if (determinant <= 1e-9 * uu * vv) return { overhead: u / uu / 2, secondsPerFlop: v / vv / 2 };
  const overhead = (u * vv - v * uv) / determinant;
  const secondsPerFlop = (v * uu - u * uv) / determinant;
  if (overhead < 0) return { overhead: 0, secondsPerFlop: v / vv };
  // Larger cannot be faster: something else took time at the small sizes, so only the largest is believed.
  if (secondsPerFlop < 0) {
    return speedFrom([usable.reduce((largest, one) => (one.flopsPerStep > largest.flopsPerStep ? one : largest))]);
  }
  return { overhead, secondsPerFlop };
}

export const secondsOf = (
  { steps, flopsPerStep }: Pick<Work, 'steps' | 'flopsPerStep'>,
  { overhead, secondsPerFlop }: Speed,
): number => steps * (overhead + flopsPerStep * secondsPerFlop);

const flopsOf = ({ steps, flopsPerStep }: Work) => steps * flopsPerStep;

/** What trains, and what may begin beside it or after it: what comes in the next stage waits for all of this one. */
export interface Stage<Key> {
  under: readonly Key[];
  ahead: readonly Work[];
}

export interface Estimate<Key> {
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

/** Runs that train side by side, each on a core of its own. */
export interface SharedWork {
  /** Of all of them: floating-point operations, or seconds of one core. */
  amount: number;
  runs: number;
}

/** The least in which cores do work that is shared out run by run: none of them is divided. */
export function sharedOut(works: readonly SharedWork[], cores: number): number {
  const all = works.reduce((sum, { amount }) => sum + amount, 0);
  return works.reduce((longest, { amount, runs }) => Math.max(longest, amount / runs), all / cores);
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
