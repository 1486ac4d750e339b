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
  const parameters = { a: amplitudeInUnits(best, ladder), b: best.b, c: best.c, sse: best.sse };
  const at = (x: number) => lawAt(best, ladder, x);
  return {
    parameters,
    notes,
    at,
    intervalAt: (x) => {
      const interval = predictiveInterval(posterior, ladder, x, newVariance);
      return (level) => holding(interval(level), at(x));
    },
    parameterIntervals: () => {
      const { a, b, c } = parameterIntervals(posterior, ladder);
      return { a: holding(a, parameters.a), b: holding(b, parameters.b), c: holding(c, parameters.c) };
    },
  };
}

/**
 * With three points, or at a bound, the least squares can lie in a tail of the posterior and so outside its equal-tailed
 * interval. That is then widened to hold it: no estimate is shown as excluding itself.
 */
function holding([lo, hi]: Interval, estimate: number): Interval {
  return [Math.min(lo, estimate), Math.max(hi, estimate)];
}
