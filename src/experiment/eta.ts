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
}

export function cohortWork(recipe: Recipe, width: number, vocabulary: number, runs: number): Work {
  const { steps, batch, context, evaluation } = recipe;
  const shape = modelShape(recipe, width, vocabulary);
  const evaluations = evaluation.every > 0 ? Math.ceil(steps / evaluation.every) : 1;
  // The forward pass is a third of a training step.
  const evaluated = (evaluations * evaluation.sequences * context) / 3;
  return { steps, flopsPerStep: runs * trainingFlops(shape, batch * context + evaluated / steps) };
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

export const secondsOf = ({ steps, flopsPerStep }: Work, { overhead, secondsPerFlop }: Speed): number =>
  steps * (overhead + flopsPerStep * secondsPerFlop);

const flopsOf = ({ steps, flopsPerStep }: Work) => steps * flopsPerStep;

interface Current {
  work: Work;
  step: number;
  begun: number;
  /** Where the clock stood at the first report: what came before was set-up. */
  first: { step: number; at: number } | null;
}

export interface Estimate {
  /** Share of all work, 0 to 1. */
  share: number;
  secondsLeft: number | null;
  /** Whole steps of the current cohort that are done. */
  step: number;
  currentSecondsLeft: number | null;
}

/** Follows an experiment through its cohorts. The clock stands still while paused. */
export class ProgressMeter {
  private timings: Timing[] = [];
  private doneFlops = 0;
  private current: Current | null = null;
  private pausedAt: number | null = null;
  private paused = 0;

  begin(work: Work, now: number): void {
    this.current = { work, step: 0, begun: this.active(now), first: null };
  }

  /** @param step steps done, which may be a fraction where the parts of a cohort train one after another. */
  advance(step: number, now: number): void {
    if (!this.current) return;
    this.current.step = step;
    if (step > 0) this.current.first ??= { step, at: this.active(now) };
  }

  /** Ends the current cohort; its time counts for the estimate only when it trained to its end. */
  finish(now: number, complete: boolean): void {
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

  pause(now: number): void {
    this.pausedAt ??= now;
  }

  resume(now: number): void {
    if (this.pausedAt !== null) this.paused += now - this.pausedAt;
    this.pausedAt = null;
  }

  /** @param ahead cohorts that come after the current one. */
  estimate(ahead: readonly Work[], now: number): Estimate {
    const { current } = this;
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
      step: Math.floor(current?.step ?? 0),
      currentSecondsLeft,
    };
  }

  private ownSecondsPerStep({ step, begun, first }: Current, now: number): number | null {
    if (!first) return null;
    const active = this.active(now);
    if (step > first.step && active > first.at) return (active - first.at) / (step - first.step);
    return active > begun ? (active - begun) / step : null;
  }

  private active(now: number): number {
    return (this.pausedAt ?? now) - this.paused;
  }
}
