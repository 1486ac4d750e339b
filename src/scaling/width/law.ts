/** A fitted width law: its least squares, and what the points leave open about it. */
import type { Noise, PlausibleLaw } from '../../model/scaling-results.ts';
import { lawsOf, WIDTH_LAW } from './law-forms.ts';
import { noiseOf } from './noise.ts';
import { posteriorOf } from './posterior.ts';
import { middleOf, parameterIntervals, predictiveQuantiles } from './predictive.ts';
import type { FitPoint, Interval, LawParameters, Level } from './report.ts';
import { weightingOf } from './weights.ts';
import { amplitudeInUnits, fitWidthLaw, lawPointsOf, lawAt } from './width-law.ts';

export interface FittedLaw {
  parameters: LawParameters;
  /** Remarks on how the points were weighted. */
  notes: string[];
  noise: Noise;
  /** The forms that the intervals take into account, most plausible first. */
  laws: PlausibleLaw[];
  /** The least-squares law at x. */
  at(x: number): number;
  /** Quantiles of the loss of one new run at x; the middle one is the prediction. */
  quantilesAt(x: number): (p: number) => number;
  /** Predictive intervals at x, by level. */
  intervalAt(x: number): (level: Level) => Interval;
  /** 80 % intervals of the width law's parameters, supposing that it is the law. */
  parameterIntervals(): { a: Interval; b: Interval; c: Interval };
}

/** Fits the width law to points with at least three distinct x. */
export function fitLaw(points: readonly FitPoint[]): FittedLaw {
  const weighting = weightingOf(points);
  const ladder = lawPointsOf(points.map(({ x, loss }, i) => ({ x, loss, weight: weighting.weights[i]! })));
  const best = fitWidthLaw(ladder);
  const { prior, noise } = noiseOf(ladder, weighting, best.sse);
  const posterior = posteriorOf(ladder, prior);
  const parameters = { a: amplitudeInUnits(best, ladder), b: best.b, c: best.c, sse: best.sse };
  const quantilesAt = (x: number) => predictiveQuantiles(posterior, ladder, x, weighting.newVariance);
  return {
    parameters,
    notes: weighting.notes,
    noise,
    laws: lawsOf(posterior),
    at: (x) => lawAt(best, ladder, x),
    quantilesAt,
    intervalAt: (x) => {
      const quantile = quantilesAt(x);
      return (level) => middleOf(quantile, level);
    },
    parameterIntervals: () => {
      const { a, b, c } = parameterIntervals(posteriorOf(ladder, prior, [WIDTH_LAW]), ladder);
      return { a: holding(a, parameters.a), b: holding(b, parameters.b), c: holding(c, parameters.c) };
    },
  };
}

/**
 * With three points, or at a bound, the least squares can lie in a tail of the posterior and so outside its equal-tailed
 * interval. That is then widened to hold it: no parameter is shown as excluded by its own interval.
 */
function holding([lo, hi]: Interval, estimate: number): Interval {
  return [Math.min(lo, estimate), Math.max(hi, estimate)];
}
