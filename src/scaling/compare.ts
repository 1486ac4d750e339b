/** Two recipes, each extrapolated: who wins at which size, with what probability, and where they cross. */
import type { Comparison } from '../model/scaling-results.ts';

export interface ComparedRecipe {
  name: string;
  /** One entry per width: its x, and the loss of each seed. Runs of one width and seed saw the same batches. */
  points: { width: number; x: number; losses: { seed: number; loss: number }[] }[];
}

export interface CompareRequest {
  a: ComparedRecipe;
  b: ComparedRecipe;
  targets: number[];
  /** x at which the difference is wanted for drawing. */
  grid: number[];
}

/** @throws InputError naming the point or target that is not a usable number. */
export function compare(_request: CompareRequest): Comparison {
  throw new Error('not built yet');
}
