/** How far one run falls from the law: what is known of it beside the residuals, and what is said of it. */
import type { Noise } from '../../model/scaling-results.ts';
import type { SeedDraws } from '../../model/recipe.ts';
import { NEW_RUN } from '../../model/run.ts';
import { LEAST_NOISE, THREE_POINT_NOISE } from '../assumed-noise.ts';
import type { Replicates, Weighting } from './weights.ts';
import type { LawPoints } from './width-law.ts';

/** Degrees of freedom and sum of squares that stand beside those of the residuals, in the units of 1 / weight. */
export interface NoisePrior {
  freedom: number;
  sum: number;
}

/**
 * What the noise's prior counts beside 1/σ, which would be 0, and Jeffreys' rule for a law of two coefficients, which
 * would be 2: with 0 the intervals of short ladders held more than they promise, with 1 less.
 */
const PRIOR_FREEDOM = 0.5;
/**
 * Standard errors count as this many residuals of just their size. Few seeds know their own spread badly: 2 kept the
 * measured coverage near nominal for true standard errors and for ones from 2 to 5 seeds alike, where trusting them
 * fully did not.
 */
const KNOWN_NOISE_FREEDOM = 2;

/**
 * @param sse weighted sum of squared residuals of the width law.
 * @returns what the posterior starts from, and the noise in words.
 */
export function noiseOf(
  ladder: LawPoints,
  { weights, newVariance, known, replicates }: Weighting,
  sse: number,
): { prior: NoisePrior; noise: Noise } {
  const points = ladder.y.length;
  const loss = ladder.y.reduce((sum, y) => sum + y, 0) / points;
  const leastVariance = (weights.reduce((sum, w) => sum + w, 0) / points) * (LEAST_NOISE * loss) ** 2;
  /** What makes the variance no smaller than that, with so many degrees of freedom beside the residuals'. */
  const leastSum = (freedom: number) => leastVariance * (points - 2 + freedom);
  const freedom = Math.max(1, points - 3);
  const residual = sse / freedom;
  // What luck allows the residuals' mean square to exceed its expectation by: twice its spread.
  const allowed = 1 + 2 * Math.sqrt(2 / freedom);
  const said = (variance: number, from: Noise['from'], source: string): Noise => {
    const [seen, least] = [Math.sqrt(variance * newVariance), LEAST_NOISE * loss];
    const deviation = Math.max(seen, least);
    const floor = seen < least ? `the least that is assumed, ${100 * LEAST_NOISE} % of the loss; less was seen ` : '';
    return { deviation, from, sentence: `Noise of one run: ${deviation.toPrecision(2)} nats, ${floor}${source}.` };
  };
  if (known) {
    // Residuals larger than that say that the standard errors are too small (Birge's ratio).
    const ratio = Math.max(1, residual / allowed);
    const given = PRIOR_FREEDOM + KNOWN_NOISE_FREEDOM;
    const prior = { freedom: given, sum: KNOWN_NOISE_FREEDOM * ratio + leastSum(given) };
    return ratio > 1
      ? {
          prior,
          noise: said(
            ratio,
            'residuals',
            'from the standard errors, enlarged as residuals larger than they allow ask for',
          ),
        }
      : { prior, noise: said(1, 'given', 'from the standard errors given') };
  }
  if (replicates && replicates.sum > 0) {
    // Residuals larger than that are no luck of the seeds: these then count for less, down to nothing.
    const ratio = Math.max(1, residual / (allowed * (replicates.sum / replicates.freedom)));
    const counted = Math.round(replicates.freedom / ratio ** 2);
    if (counted > 0) {
      const sum = (counted * ratio * replicates.sum) / replicates.freedom;
      const variance = (sse + sum) / (Math.max(0, points - 3) + counted);
      const seen = PRIOR_FREEDOM + counted;
      const prior = { freedom: seen, sum: sum + leastSum(seen) };
      const misses = points > 3 ? Math.sqrt(residual) : null;
      return { prior, noise: said(variance, 'replicates', pooledInWords(replicates, misses, ratio > 1)) };
    }
  }
  if (points === 3) {
    const assumed = (THREE_POINT_NOISE * loss) ** 2;
    const source = 'an assumption of 0.1 %, because three rungs show none';
    return { prior: { freedom: 1, sum: assumed }, noise: said(assumed, 'assumed', source) };
  }
  const source = replicates
    ? 'from the residuals, which are larger than seeds alone explain'
    : `from ${freedom === 1 ? 'the one residual' : `${freedom} residuals`} that the law leaves free`;
  return {
    prior: { freedom: PRIOR_FREEDOM, sum: leastSum(PRIOR_FREEDOM) },
    noise: said(residual, 'residuals', source),
  };
}

/** An interval is for a run that nobody has trained. That it is on the same batches goes without saying, as it did before it could be on others. */
export const ofNewRun = (noise: Noise, seedDraws?: SeedDraws): Noise =>
  seedDraws === 'batches-too'
    ? { ...noise, sentence: `${noise.sentence} A new run has ${NEW_RUN[seedDraws]}.` }
    : noise;

/**
 * What the number is made of, each with its own size: what the law misses the points by is not the seeds'.
 * @param misses root of the residuals' mean square, for one run; null where the law leaves none free.
 */
function pooledInWords(replicates: Replicates, misses: number | null, isSmallOfSeeds: boolean): string {
  const { widths, sum, freedom, seeds } = replicates;
  const [fewest, most] = seeds;
  const each = `${fewest === most ? most : `${fewest} to ${most}`} seeds at ${widths === 1 ? 'one width' : `each of ${widths} widths`}`;
  if (misses === null) return `from ${each}`;
  const doubt = isSmallOfSeeds ? ', more than seeds explain, so these count for less' : '';
  return `pooled from ${each} (alone ${Math.sqrt(sum / freedom).toPrecision(2)}) and from the misses of the law (alone ${misses.toPrecision(2)}${doubt})`;
}
