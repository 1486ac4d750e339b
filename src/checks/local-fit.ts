/**
 * A parabola through a few points of a curve around its best one: where it is least, and how well seeds know that.
 * Losses are [seed][point], paired by seed; x is log2(value), ascending.
 */
import { covariance, mean } from './mean.ts';
import { fitPolynomial, localMinimum, valueAt } from './polynomial.ts';
import { studentReach } from '../scaling/numeric/student-quantile.ts';

export interface Window {
  xs: number[];
  seeds: number[];
  losses: number[][];
}

export interface LocalFit {
  /** x of the least loss. */
  vertex: number;
  /** How far the 80 % interval reaches from the vertex to either side; null for one seed, infinite where the points do not bend. */
  sides: { below: number; above: number } | null;
  /** Of each seed, x where its own losses are least; empty where the points do not bend. */
  vertices: { seed: number; x: number }[];
  /** What a parabola may miss, with its sign. */
  lean: number;
}

/** More points than three are fitted while they lie off a parabola by at most this many times the variance that seeds explain. */
const MOST_MISFIT = 1;

/** A parabola's error in units of what a third power adds to it: with it, 80 % intervals of simulated curves hold 80 %. */
const LEAN_ALLOWANCE = 1.25;

/**
 * @param inner the best point and a neighbour on each side, between which the vertex is kept
 * @param wide the same with further neighbours, null where there are none
 */
export function fitLocally(inner: Window, wide: Window | null): LocalFit {
  const [below, best, above] = inner.xs;
  const clip = (x: number | null, fallback: number) => Math.min(Math.max(x ?? fallback, below), above);
  const window = wide && seedsExplain(wide) ? wide : inner;
  const vertex = clip(localMinimum(meanFit(window, 2)), best);
  // A third power leans the way the curve does, which a parabola cannot.
  const leaning = wide ? clip(localMinimum(meanFit(wide, 3)), vertex) : vertex;
  const lean = LEAN_ALLOWANCE * (leaning - vertex);
  return { vertex, lean, ...seedsView(window, vertex, lean) };
}

const meansOf = ({ xs, losses }: Window) => xs.map((_, i) => mean(losses.map((row) => row[i])));

const meanFit = (window: Window, degree: number) => fitPolynomial(window.xs, meansOf(window), degree);

/**
 * Whether the scatter between seeds is enough to explain that the points do not lie on a parabola. More points make the
 * vertex steadier; where the curve is visibly no parabola they would pull it to its flatter side.
 */
function seedsExplain(window: Window): boolean {
  const { xs, losses } = window;
  const seeds = losses.length;
  if (seeds < 2) return false;
  const means = meansOf(window);
  const centre = mean(means);
  const scatter = losses.flatMap((row) => {
    const offset = mean(row) - centre;
    return row.map((loss, i) => (loss - means[i] - offset) ** 2);
  });
  const variance = scatter.reduce((sum, one) => sum + one, 0) / ((seeds - 1) * (xs.length - 1));
  const fit = meanFit(window, 2);
  const misfit = means.reduce((sum, loss, i) => sum + (loss - valueAt(fit, xs[i])) ** 2, 0) / (xs.length - 3);
  return fit.coefficients[2] > 0 && misfit <= (MOST_MISFIT * variance) / seeds;
}

/**
 * The interval holds every x at which the mean slope of the seeds' parabolas is not told from zero by Student's t (Fieller's
 * interval: unlike the spread of the seeds' vertices it stays right where a single seed hardly bends), widened by the lean.
 */
function seedsView(window: Window, vertex: number, lean: number): Pick<LocalFit, 'sides' | 'vertices'> {
  const { xs, seeds, losses } = window;
  const fits = losses.map((row) => fitPolynomial(xs, row, 2));
  const curvatures = fits.map(({ coefficients }) => 2 * coefficients[2]);
  const slopes = fits.map(({ origin, coefficients }, i) => coefficients[1] + curvatures[i] * (vertex - origin));
  const curvature = mean(curvatures);
  // One Newton step with the mean curvature: a seed's own may vanish.
  const vertices = curvature > 0 ? seeds.map((seed, i) => ({ seed, x: vertex - slopes[i] / curvature })) : [];
  if (seeds.length < 2) return { sides: null, vertices };
  const reach = studentReach(seeds.length - 1) ** 2 / seeds.length;
  // (slope + curvature u)² <= reach · variance(slope + curvature u), u measured from the vertex.
  const a = curvature ** 2 - reach * covariance(curvatures, curvatures);
  const b = mean(slopes) * curvature - reach * covariance(slopes, curvatures);
  const c = mean(slopes) ** 2 - reach * covariance(slopes, slopes);
  if (curvature <= 0 || a <= 0) return { sides: { below: Infinity, above: Infinity }, vertices };
  const root = Math.sqrt(Math.max(b * b - a * c, 0));
  const side = (distance: number) => Math.hypot(Math.max(distance, 0), lean);
  return { sides: { below: side((b + root) / a), above: side((root - b) / a) }, vertices };
}
