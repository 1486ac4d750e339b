/** What a law's chart draws, whatever its sizes are called and wherever the losses come from. */
import type { SealedPrediction } from '../../model/result.ts';
import type { FitReport, PredictedLoss } from '../../scaling/width/report.ts';

export interface LawRung {
  id: string;
  /** What a sentence about it begins with, e.g. `Width 64`. */
  title: string;
  x: number;
  loss: number;
  /** Standard error of that loss; null where it is not known. */
  standardError: number | null;
  /** Whether the point takes part in the fit. */
  isIn: boolean;
}

export interface LawTarget {
  id: string;
  title: string;
  /** Its size alone, for a label that has little room. */
  text: string;
  x: number;
  sealed: Pick<SealedPrediction, 'loss' | 'lo' | 'hi' | 'actual' | 'verdict'> | null;
  /** Its loss where that is known although nothing was sealed. */
  known?: number | null;
}

export interface LawScene {
  rungs: LawRung[];
  targets: LawTarget[];
  /** x of every size, measured or not, ascending: the axis does not jump while points arrive. */
  ladder: { x: number }[];
  /** Loss nobody can beat, where it is known. */
  entropy: number | null;
  /** What that entropy was taken over. */
  entropyOf: 'window' | 'corpus';
}

/** A target's number as it stands now: sealed if it is, else what the present fit says. */
export interface LawForecast {
  loss: number;
  lo: number;
  hi: number;
  isSealed: boolean;
  actual: number | null;
  verdict: SealedPrediction['verdict'];
}

type Predictions = Pick<FitReport, 'predictions'>;

export const predictionAt = (report: Predictions | null, x: number): PredictedLoss | undefined =>
  report?.predictions.find((one) => Math.abs(one.x / x - 1) < 1e-9);

export function lawForecastOf({ sealed, x, known = null }: LawTarget, report: Predictions | null): LawForecast | null {
  if (sealed) {
    const { loss, lo, hi, actual, verdict } = sealed;
    return { loss, lo, hi, isSealed: true, actual, verdict };
  }
  const prediction = predictionAt(report, x);
  if (!prediction) return null;
  const [lo, hi] = prediction.intervals['80'];
  const verdict = known === null ? null : known > hi ? 'above' : known < lo ? 'below' : 'inside';
  return { loss: prediction.loss, lo, hi, isSealed: false, actual: known, verdict };
}
