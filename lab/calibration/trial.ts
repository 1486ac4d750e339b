/** What the study asks, whatever the ladder: losses of the rungs, and what the targets then measured. */
import type { FitPoint } from '../../src/scaling/width/report.ts';

export interface Target {
  /** How many times the largest rung. */
  factor: number;
  x: number;
  /** Loss of one new run at x, nats per token: never shown to what predicts it. */
  loss: number;
  /** Mean over all runs that were trained there, where there are several: what the predicted number, which is of no single run, is held against. */
  mean?: number;
}

/** @template About what is known of the ladder beside its losses. */
export interface Trial<About = unknown> {
  points: FitPoint[];
  targets: Target[];
  about: About;
}

/** The targets of every ladder of the study, simulated or trained. */
export const TARGET_FACTORS = [1.5, 2, 4];
