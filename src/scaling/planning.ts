/** Which rungs and seeds, for a given budget, shrink a target's interval most. */
import type { Plan } from '../model/scaling-results.ts';
import type { FitPoint } from './report.ts';

export interface PlanRequest {
  /** What was measured; at least three different x. */
  points: FitPoint[];
  target: number;
  /** Sizes that may be trained, new ones and those that are there, with the cost of one run. */
  candidates: { x: number; cost: number }[];
  /** Most that may be spent, in the unit of the costs; null for no limit on a single next step. */
  budget: number | null;
  unit: Plan['unit'];
}

/** @throws InputError naming the candidate or point that is not a usable number. */
export function planFor(_request: PlanRequest): Plan {
  throw new Error('not built yet');
}
