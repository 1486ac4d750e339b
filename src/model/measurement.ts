/**
 * What is known of one finished training, wherever it took place: a run trained here and a row of somebody's table alike. Laws,
 * checks and comparisons see nothing else.
 */
import type { RunResult } from './result.ts';

export interface Measurement {
  /** The id of its run, or the row it stands in. */
  id: string;
  /** Whose it is: a recipe, or a series of a table; null where there is only one. */
  series: string | null;
  /** Width, parameters, FLOPs or layers: what its ladder is over. */
  size: number;
  /** What was swept, by name or by path in the recipe. */
  hyperparameters: Readonly<Record<string, number>>;
  /** Trainings of one seed saw the same batches; where a table does not tell seeds, its repeats are counted from 0. */
  seed: number;
  /** Training tokens or steps; null where they are not known, or equal in all. */
  tokens: number | null;
  /** Nats per token; null where it diverged. */
  loss: number | null;
  /** Standard error of the loss, and the runs whose mean it is, where these are known. */
  standardError?: number;
  seeds?: number;
  /** Losses on the way, at ascending steps. */
  curve?: Curve;
}

export interface Curve {
  steps: number[];
  losses: number[];
}

/** The size of an activation in one training. */
export interface ActivationMeasurement {
  series: string | null;
  width: number;
  module: string;
  /** Updates made before it. */
  step: number;
  seed: number;
  /** Mean |activation|, or whatever a table has in its place; null where it is not finite. */
  value: number | null;
}

type Ended = Pick<RunResult, 'id' | 'recipe' | 'width' | 'seed' | 'overrides' | 'status' | 'finalEvalLoss' | 'tokens'>;

/** Runs that failed or were cancelled say nothing of their setting, and measure nothing. */
export function measurementsOf(runs: readonly Ended[]): Measurement[] {
  return runs.flatMap(({ id, recipe, width, seed, overrides, status, finalEvalLoss, tokens }) => {
    const isDone = status === 'done' && finalEvalLoss !== null;
    if (!isDone && status !== 'diverged') return [];
    return [
      {
        id,
        series: recipe,
        size: width,
        hyperparameters: overrides,
        seed,
        tokens,
        loss: isDone ? finalEvalLoss : null,
      },
    ];
  });
}
