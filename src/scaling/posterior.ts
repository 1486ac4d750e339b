/**
 * What the points leave open about the width law, as a finite mixture: the law is linear given b, so (A, c) given b is
 * a bivariate Student t, and b is integrated over a grid by its marginal likelihood.
 *
 * Priors: log-uniform in b on [B_MIN, B_MAX]; flat in c and in A, the excess over the floor at the geometric mean of
 * the points' x (so units do not matter), both non-negative; 1/σ² for the noise variance. Three points leave no
 * residual to learn the noise from, so there one residual of 0.2 % of the loss is imagined beside them.
 */
import { studentT, MAX_FREEDOM } from './student-t.ts';
import { B_MAX, B_MIN, fitAt, type Ladder, type LinearFit } from './width-law.ts';

/** One Student t: the law A·φ + c at φ has mean A·φ + c and variance s²·(constant + (φ - centre)²/spread). */
export interface Component {
  weight: number;
  b: number;
  amplitude: number;
  c: number;
  freedom: number;
  /** s²: noise variance in the units of 1 / weight of a point. */
  variance: number;
  constant: number;
  centre: number;
  spread: number;
  /** Where c was cut into cells: the width of this one, else 0. */
  cell: number;
}

/** Smallest relative noise that is believed: keeps exact data from giving intervals of no width. */
const LEAST_NOISE = 5e-5;
/** Relative noise imagined where three points cannot show any. */
const THREE_POINT_NOISE = 2e-3;
/**
 * Standard errors count as this many residuals of just their size. Few seeds know their own spread badly: 2 kept the
 * measured coverage near nominal for true standard errors and for ones from 2 to 5 seeds alike, where trusting them
 * fully did not.
 */
const KNOWN_NOISE_FREEDOM = 2;
/** Step of the grid over b, in units of asinh(distance in log b / width of the peak). */
const STEP = 0.3;
/** Log of the relative density at which the grid ends. */
const NEGLIGIBLE = -15;
/** Probability of A < 0 or c < 0 from which a component is cut into cells of c that respect the signs. */
const CUT_FROM = 1e-3;
const CELLS = 10;

/**
 * The posterior given at least three points, of which `best` is the least-squares law.
 * @param known whether 1 / weight is each point's variance, as given by standard errors.
 */
export function posteriorOf(ladder: Ladder, best: LinearFit, known: boolean): Component[] {
  const points = ladder.y.length;
  const prior = noisePrior(ladder, best, known);
  const freedom = Math.min(MAX_FREEDOM, points - 2 + prior.freedom);
  const centre = best.amplitude > 0 ? Math.log(best.b) : Math.log(B_MIN * B_MAX) / 2;
  const width = best.amplitude > 0 ? peakWidth(ladder, centre, freedom, prior.sum) : 1;

  const found: { component: Component; logWeight: number }[] = [];
  let top = -Infinity;
  for (const direction of [1, -1]) {
    for (let i = 0; ; i++) {
      const u = direction * (i + 0.5) * STEP;
      const b = Math.exp(centre + width * Math.sinh(u));
      if (b < B_MIN || b > B_MAX) break;
      const fit = fitAt(ladder, b);
      const sum = fit.free.sse + prior.sum;
      const logDensity = (-freedom / 2) * Math.log(sum) - Math.log(fit.moments.spread) / 2 + Math.log(Math.cosh(u));
      top = Math.max(top, logDensity);
      if (logDensity < top + NEGLIGIBLE) break;
      for (const component of componentsAt(ladder, fit, freedom, sum)) {
        found.push({ component, logWeight: logDensity + Math.log(component.weight) });
      }
    }
  }
  return normalised(found);
}

/** Degrees of freedom and sum of squares that stand beside the points' own. */
function noisePrior(ladder: Ladder, best: LinearFit, known: boolean): { freedom: number; sum: number } {
  const points = ladder.y.length;
  const loss = ladder.y.reduce((sum, y) => sum + y, 0) / points;
  const weight = ladder.weight.reduce((sum, w) => sum + w, 0) / points;
  const least = weight * (LEAST_NOISE * loss) ** 2;
  if (known) {
    // Residuals larger than the standard errors say that these are too small (Birge's ratio).
    const ratio = Math.max(1, best.sse / Math.max(1, points - 3));
    return { freedom: KNOWN_NOISE_FREEDOM, sum: KNOWN_NOISE_FREEDOM * ratio + least };
  }
  return points === 3 ? { freedom: 1, sum: (THREE_POINT_NOISE * loss) ** 2 } : { freedom: 0, sum: least };
}

/** Distance in log b over which the density falls to about 60 % of its peak. */
function peakWidth(ladder: Ladder, centre: number, freedom: number, prior: number): number {
  const logSum = (distance: number) => Math.log(fitAt(ladder, Math.exp(centre + distance)).free.sse + prior);
  const peak = logSum(0);
  let width = 1e-5;
  while (width < 1 && freedom * Math.max(logSum(width) - peak, logSum(-width) - peak) < 1) width *= 1.5;
  return width;
}

/** The t of (A, c) at one b; where it reaches into A < 0 or c < 0, cut into cells of c within the allowed range. */
function componentsAt(ladder: Ladder, fit: LinearFit, freedom: number, sum: number): Component[] {
  const { weight, mean, spread } = fit.moments;
  const { amplitude, c } = fit.free;
  const variance = sum / freedom;
  const cScale = Math.sqrt(variance * (1 / weight + (mean * mean) / spread));
  const aScale = Math.sqrt(variance / spread);
  const belowZero = studentT(-c / cScale, freedom).below + studentT(-amplitude / aScale, freedom).below;
  const whole = { b: fit.b, amplitude, c, freedom, variance, constant: 1 / weight, centre: mean, spread, cell: 0 };
  if (belowZero < CUT_FROM) return [{ ...whole, weight: 1 }];

  let fy = 0;
  for (let i = 0; i < ladder.t.length; i++) {
    fy += ladder.weight[i]! * Math.exp(-fit.b * ladder.t[i]!) * ladder.y[i]!;
  }
  const ff = spread + weight * mean * mean;
  // Given c, A is known so well that A >= 0 is c <= Σwφy / Σwφ.
  const from = Math.asinh(-c / cScale);
  const to = Math.asinh((fy / (weight * mean) - c) / cScale);
  const step = (to - from) / CELLS;
  return Array.from({ length: CELLS }, (_, i) => {
    const u = from + (i + 0.5) * step;
    const z = Math.sinh(u);
    const value = c + cScale * z;
    return {
      b: fit.b,
      amplitude: Math.max(0, (fy - value * weight * mean) / ff),
      c: value,
      freedom: freedom + 1,
      variance: (sum + variance * z * z) / (freedom + 1),
      constant: 0,
      centre: 0,
      spread: ff,
      cell: cScale * Math.cosh(u) * step,
      weight: studentT(z, freedom).density * Math.cosh(u) * step,
    };
  });
}

function normalised(found: { component: Component; logWeight: number }[]): Component[] {
  const top = found.reduce((max, { logWeight }) => Math.max(max, logWeight), -Infinity);
  const kept = found.filter(({ logWeight }) => logWeight > top + NEGLIGIBLE);
  const total = kept.reduce((sum, { logWeight }) => sum + Math.exp(logWeight - top), 0);
  return kept.map(({ component, logWeight }) => ({ ...component, weight: Math.exp(logWeight - top) / total }));
}
