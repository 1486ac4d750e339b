/** What goes into a fit and what comes out: plain data, so that it crosses a worker boundary or a file unchanged. */
import type { SeedDraws } from '../../model/recipe.ts';
import type { Noise, PlausibleLaw } from '../../model/scaling-results.ts';

export type Interval = [lo: number, hi: number];

export interface FitPoint {
  x: number;
  /** Mean loss at x, nats per token. */
  loss: number;
  /** Standard error of `loss`, when known. */
  standardError?: number;
  /** Number of runs whose mean `loss` is; 1 when left out. With 2 or more, `standardError` is s/√seeds over them. */
  seeds?: number;
}

export interface FitRequest {
  points: FitPoint[];
  /** x values whose loss is to be predicted. */
  targets: number[];
  /** x values at which the law and its band are wanted for drawing. */
  grid: number[];
  /** What seeds draw, where that is known: it is said of the noise. */
  seedDraws?: SeedDraws;
}

/** Levels at which intervals are given. */
export const LEVELS = ['50', '80', '95'] as const;
export type Level = (typeof LEVELS)[number];

export interface PredictedLoss {
  x: number;
  /** Median of the loss of one new run at x, over all forms of the law. */
  loss: number;
  /** Predictive intervals for the loss of one new run at x, with doubt about the law's form. */
  intervals: Record<Level, Interval>;
}

export interface BacktestRow {
  /** Number of smallest points the law was fitted on. */
  fittedOn: number;
  /** x of the point it then predicted. */
  target: number;
  predicted: number;
  /** 80 % predictive interval. */
  lo: number;
  hi: number;
  actual: number;
}

export type FitStatus = 'converged' | 'at-bound' | 'floor-not-identified' | 'rising' | 'too-few-points';

/** L(x) = c + a·x^-b */
export interface LawParameters {
  a: number;
  b: number;
  c: number;
  /** Sum of squared residuals (weighted when standard errors were given). */
  sse: number;
}

export interface FitReport {
  status: FitStatus;
  /** Plain sentences: what the fit can and cannot say, excluded points, bounds that were hit. */
  notes: string[];
  points: FitPoint[];
  /** How far one run falls from the law; null without one. */
  noise: Noise | null;
  /** The forms that the intervals take into account, most plausible first. */
  laws: PlausibleLaw[];
  /** Null with fewer than three distinct x, and where the losses rise with x. */
  leastSquares: LawParameters | null;
  /** 80 % intervals of the width law's parameters, supposing that it is the law. */
  intervals: { a: Interval; b: Interval; c: Interval } | null;
  predictions: PredictedLoss[];
  band: PredictedLoss[];
  backtest: BacktestRow[];
}
