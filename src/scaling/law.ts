/** A fitted width law: its least squares, and what the points leave open about it. */
import { posteriorOf } from './posterior.ts';
import { parameterIntervals, predictiveInterval } from './predictive.ts';
import type { FitPoint, Interval, LawParameters, Level } from './report.ts';
import { weightingOf } from './weights.ts';
import { amplitudeInUnits, fitWidthLaw, ladderOf, lawAt } from './width-law.ts';

export interface FittedLaw {
  parameters: LawParameters;
  /** Remarks on how the points were weighted. */
  notes: string[];
  /** The least-squares law at x. */
  at(x: number): number;
  /** Predictive intervals at x, by level. */
  intervalAt(x: number): (level: Level) => Interval;
  /** 80 % intervals of the parameters. */
  parameterIntervals(): { a: Interval; b: Interval; c: Interval };
}

/** Fits the width law to points with at least three distinct x. */
export function fitLaw(points: readonly FitPoint[]): FittedLaw {
  const { weights, newVariance, known, notes } = weightingOf(points);
  const ladder = ladderOf(points.map(({ x, loss }, i) => ({ x, loss, weight: weights[i]! })));
  const best = fitWidthLaw(ladder);
  const posterior = posteriorOf(ladder, best, known);
  return {
    parameters: { a: amplitudeInUnits(best, ladder), b: best.b, c: best.c, sse: best.sse },
    notes,
    at: (x) => lawAt(best, ladder, x),
    intervalAt: (x) => predictiveInterval(posterior, ladder, x, newVariance),
    parameterIntervals: () => parameterIntervals(posterior, ladder),
  };
}
