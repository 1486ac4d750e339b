/** Where to sum over the exponent b: a grid of log b that is fine around the peak of a density and coarse far from it. */
import { logExponentBounds } from './exponent-bounds.ts';
import type { Given } from './given-exponent.ts';
import type { LawPoints, LinearFit } from './width-law.ts';

/** First look at the density: this many equal steps of log b, then golden sections around the best. */
const LOOKS = 16;
const GOLDEN = (Math.sqrt(5) - 1) / 2;
/** Log density by which the ends of a bracket may lie below its best point when the search ends. */
const LEVEL_ENOUGH = 0.02;
/** Step of the grid, in units of asinh(distance in log b / width of the peak). */
const STEP = 0.45;
/** Log of the relative density at which the grid ends. */
const NEGLIGIBLE = -10;

interface ExponentNode {
  fit: LinearFit;
  /** Log density times the stretch of log b that it stands for. */
  logMass: number;
}

/** @param fitOf the fit at a given b. */
export function exponentGrid(
  { t }: LawPoints,
  fitOf: (b: number) => LinearFit,
  { peaked, density }: Given,
): ExponentNode[] {
  const [lo, hi] = logExponentBounds(t.at(-1)! - t[0]!);
  const { centre, width } = peakOf((log) => peaked(fitOf(Math.exp(log))), lo, hi);
  const nodes: ExponentNode[] = [];
  let top = -Infinity;
  for (const direction of [1, -1]) {
    for (let i = 0; ; i++) {
      const u = direction * (i + 0.5) * STEP;
      const log = centre + width * Math.sinh(u);
      if (log < lo || log > hi) break;
      const fit = fitOf(Math.exp(log));
      const logMass = density(fit) + Math.log(STEP * width * Math.cosh(u));
      top = Math.max(top, logMass);
      if (logMass < top + NEGLIGIBLE) break;
      nodes.push({ fit, logMass });
    }
  }
  return nodes;
}

/** The peak, and the distance over which the density falls from it to about 60 %. */
function peakOf(at: (log: number) => number, lo: number, hi: number): { centre: number; width: number } {
  const step = (hi - lo) / LOOKS;
  let best = lo;
  let peak = -Infinity;
  for (let i = 0; i <= LOOKS; i++) {
    const value = at(lo + i * step);
    if (value > peak) [best, peak] = [lo + i * step, value];
  }
  let [left, right] = [Math.max(lo, best - step), Math.min(hi, best + step)];
  let [p, q] = [right - GOLDEN * (right - left), left + GOLDEN * (right - left)];
  let [atP, atQ] = [at(p), at(q)];
  let [atLeft, atRight] = [at(left), at(right)];
  while (right - left > 1e-12 && Math.max(atP, atQ) - Math.min(atLeft, atRight) > LEVEL_ENOUGH) {
    if (atP > atQ) {
      [right, atRight, q, atQ] = [q, atQ, p, atP];
      p = right - GOLDEN * (right - left);
      atP = at(p);
    } else {
      [left, atLeft, p, atP] = [p, atP, q, atQ];
      q = left + GOLDEN * (right - left);
      atQ = at(q);
    }
  }
  const centre = (left + right) / 2;
  const top = at(centre);
  let width = right - left;
  while (width < 1 && top - Math.min(at(centre + width), at(centre - width)) < 0.5) width *= 1.5;
  return { centre, width };
}
