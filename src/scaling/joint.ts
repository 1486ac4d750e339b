/** The joint law of parameters and tokens: what is asked, and the whole answer. */
import type { JointReport } from '../model/scaling-results.ts';

export interface JointPoint {
  /** N: parameters. */
  n: number;
  /** D: training tokens. */
  d: number;
  /** Nats per token. */
  loss: number;
}

export interface JointRequest {
  points: JointPoint[];
  /** Where a loss is to be predicted. */
  targets: { n: number; d: number }[];
}

/** @throws InputError naming the point or target that is not a usable number. */
export function jointReport(_request: JointRequest): JointReport {
  throw new Error('not built yet');
}
