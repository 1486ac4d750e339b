/**
 * How long cohorts take, from the FLOPs of each and the speed measured so far.
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

/** Seconds of stages of cohorts; what comes in the next one waits for all of this one. @param cores of which each trains a run by itself. */
export function secondsOfStages(stages: readonly (readonly Work[])[], speed: Speed, cores = 1): number {
  const shared = (work: Work) => ({ amount: secondsOf(work, speed), runs: cores > 1 ? work.runs : 1 });
  return stages.reduce((sum, works) => sum + sharedOut(works.map(shared), cores), 0);
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
