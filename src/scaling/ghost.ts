/** Ghost curves: the width law at every window of steps gives the training curve of a width that nobody has trained. */
import type { GhostCurve } from '../model/scaling-results.ts';

/** Training losses of one run, step by step; NaN where a step has none. */
export interface TrainingCurve {
  steps: number[];
  losses: number[];
}

export interface GhostRequest {
  /** Widths that take part in the fit, each with the curves of its seeds. */
  rungs: { x: number; curves: TrainingCurve[] }[];
  /** Steps of the whole training. */
  steps: number;
  targets: number[];
}

/** One curve per target, in their order; null where no law can be fitted. */
export function ghostCurves(_request: GhostRequest): (GhostCurve | null)[] {
  throw new Error('not built yet');
}
