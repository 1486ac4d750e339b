/** What more runs at one size may measure, and the points that there would be then. */
import { fitLaw, type FittedLaw } from '../width/law.ts';
import type { FitPoint, Level } from '../width/report.ts';

/** A possible loss of one more run, with its share of all that is possible. */
interface PossibleLoss {
  loss: number;
  share: number;
}

/** Width of the 80 % interval of a normal distribution of deviation 1. */
const TWO_SIDES = 2.563103131089201;
/** Shares of the predictive distribution that its middle and its quantiles stand for, in seven parts and in three. */
const SEVEN = { middle: 0.25, '50': 0.2, '80': 0.1125, '95': 0.0625 };
const THREE = { middle: 0.4, '80': 0.3 };

/** Outcomes of one new run at x: its predictive distribution in seven parts, or coarsely in three; the middle first. */
export function outcomesAt(law: FittedLaw, x: number, parts: 3 | 7): PossibleLoss[] {
  const interval = law.intervalAt(x);
  const ends = (level: Level, share: number) => interval(level).map((loss) => ({ loss, share }));
  const middle = { loss: law.quantilesAt(x)(0.5), share: (parts === 3 ? THREE : SEVEN).middle };
  if (parts === 3) return [middle, ...ends('80', THREE['80'])];
  return [middle, ...ends('50', SEVEN['50']), ...ends('80', SEVEN['80']), ...ends('95', SEVEN['95'])];
}

/** The points with so many new runs at x, whose mean loss is `loss` and whose spread is that of one run's noise. */
export function withRuns(
  points: readonly FitPoint[],
  { x, runs, loss }: { x: number; runs: number; loss: number },
  deviation: number,
): FitPoint[] {
  const there = points.find((point) => Math.abs(point.x / x - 1) < 1e-9);
  const others = points.filter((point) => point !== there);
  // Points with a standard error and no number of runs come from elsewhere, and are told how sure they are.
  const isGiven = points.some(({ seeds, standardError }) => seeds === undefined && standardError !== undefined);
  const added = isGiven ? { x, loss, standardError: deviation / Math.sqrt(runs) } : meanOf(x, runs, loss, deviation);
  if (!there) return [...others, added];
  return [...others, isGiven ? weighted(there, added) : pooled(there, added)];
}

function meanOf(x: number, seeds: number, loss: number, deviation: number): FitPoint {
  return seeds === 1 ? { x, loss, seeds } : { x, loss, seeds, standardError: deviation / Math.sqrt(seeds) };
}

/** The mean of all runs of both, and its standard error from all of them. */
function pooled(one: FitPoint, other: FitPoint): FitPoint {
  const [n, m] = [one.seeds ?? 1, other.seeds ?? 1];
  const seeds = n + m;
  const squares = (point: FitPoint, k: number) => k * (k - 1) * (point.standardError ?? 0) ** 2;
  const between = ((n * m) / seeds) * (one.loss - other.loss) ** 2;
  const sum = squares(one, n) + squares(other, m) + between;
  return {
    x: one.x,
    loss: (n * one.loss + m * other.loss) / seeds,
    seeds,
    standardError: Math.sqrt(sum / (seeds - 1) / seeds),
  };
}

function weighted(one: FitPoint, other: FitPoint): FitPoint {
  const [p, q] = [(one.standardError ?? 0) ** -2, (other.standardError ?? 0) ** -2];
  if (!Number.isFinite(p)) return one;
  return { x: one.x, loss: (p * one.loss + q * other.loss) / (p + q), standardError: (p + q) ** -0.5 };
}

/** Width of the 80 % interval of one new run at the target. */
export function widthAt(law: FittedLaw, target: number): number {
  const [lo, hi] = law.intervalAt(target)('80');
  return hi - lo;
}

/** Mean over the outcomes of one more run at x of the width that a fit to each of them would give. */
export function expectedWidth(
  points: readonly FitPoint[],
  law: FittedLaw,
  target: number,
  x: number,
  parts: 3 | 7,
): number {
  return outcomesAt(law, x, parts).reduce((sum, { loss, share }) => {
    const refit = fitLaw(withRuns(points, { x, runs: 1, loss }, law.noise.deviation));
    return sum + share * widthAt(refit, target);
  }, 0);
}

/**
 * The width after so many runs at x, from the width `after` a single one: were all normal, a run would take the share
 * cov²/(v·(d + σ²)) off the target's variance v, where d is the law's own doubt at x, and the mean of k runs
 * (d + σ²)/(d + σ²/k) times as much. The noise of the target's own run always stays.
 */
export function widthAfterRuns(law: FittedLaw, x: number, runs: number, now: number, after: number): number {
  const noise = law.noise.deviation ** 2;
  const whole = Math.max((widthAt(law, x) / TWO_SIDES) ** 2, noise);
  const taken = (1 - (after / now) ** 2) * (whole / (whole - noise + noise / runs));
  return Math.sqrt(Math.max(now * now * (1 - taken), Math.min(after * after, noise * TWO_SIDES ** 2)));
}
