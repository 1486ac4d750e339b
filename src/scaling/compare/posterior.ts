/**
 * What paired losses leave open about two laws: the exponents of both, how the noise of a pair goes together, and the
 * form of the law are summed over by their marginal likelihood; given them the rest is a Student t (comparison-laws.ts).
 *
 * Priors: flat, as in posterior.ts, in each law's loss at the middle and in its fall from the smallest to the largest x; the
 * same form with a floor for both; uniform in ρ from -1 to 1, cut at -0.5 and 0.999;
 * log κ normal around 0 with deviation 0.4; 1/σ² for the noise variance.
 */
import { forward } from '../numeric/cholesky.ts';
import { LawPair, settingOf, type Setting, type Solution } from './laws.ts';
import type { PairedRuns } from './runs.ts';
import { exponentSearch, type Peak } from './search.ts';
import { LAW_FORMS } from '../width/law-forms.ts';
import { studentT } from '../numeric/student-t.ts';

/** What is known of the noise beside the residuals: sum of squares in nats², and its degrees of freedom. */
export interface KnownNoise {
  freedom: number;
  sum: number;
}

interface PairNode {
  setting: Setting;
  logB: [number, number];
  weight: number;
}

/** Log density of a setting's exponents. */
type Density = (setting: Setting, solution: Solution) => number;

export interface PairPosterior {
  laws: LawPair;
  freedom: number;
  known: KnownNoise;
  nodes: PairNode[];
}

/** Distance of neighbouring correlations on Fisher's scale, artanh ρ. */
export const FISHER_STEP = 0.4;
const FISHER = Array.from({ length: 11 }, (_, i) => (i - 1) * FISHER_STEP);
const RATIOS = [
  { ratio: 0.5, share: 1 / 6 },
  { ratio: 1, share: 2 / 3 },
  { ratio: 2, share: 1 / 6 },
];
/** Step of the grid over the exponents, in units of asinh(distance / width of the peak). */
const STEP = 0.55;
/** Log of the relative density at which the grid ends, and from which a whole setting is left out. */
const NEGLIGIBLE = -8;
const UNLIKELY = -5;
/** Least probability of signs that a law may have, for a node to count. */
const LEAST_VALID = 1e-3;

export function pairPosterior(runs: PairedRuns, start: readonly [number, number], known: KnownNoise): PairPosterior {
  const laws = new LawPair(runs);
  const freedom = runs.runs[0] + runs.runs[1] - 4 + known.freedom;
  const density: Density = (setting, solution) =>
    setting.logConstant -
    solution.halfLogDeterminant -
    (freedom / 2) * Math.log(solution.sse + known.sum) +
    Math.log(validShare(runs, solution, freedom, known.sum));
  const search = exponentSearch(laws, start, density, (sse) => (sse + known.sum) / freedom);
  const peaks = settingsOf(runs).map((setting) => search(setting));
  const top = Math.max(...peaks.map(({ logMass }) => logMass));
  const nodes: PairNode[] = [];
  for (const peak of peaks) {
    if (peak.logMass > top + UNLIKELY) nodes.push(...nodesAround(peak, laws, density));
  }
  return { laws, freedom, known, nodes: normalised(nodes) };
}

function settingsOf(runs: PairedRuns): Setting[] {
  const forms = LAW_FORMS.filter(({ hasFloor }) => hasFloor);
  const correlations = runs.pairs > 0 ? FISHER.map((z) => ({ rho: Math.tanh(z), share: Math.cosh(z) ** -2 })) : [];
  if (correlations.length === 0) correlations.push({ rho: 0, share: 1 });
  return forms.flatMap((form) =>
    correlations.flatMap(({ rho, share: ofRho }) =>
      RATIOS.map(({ ratio, share }) => settingOf(runs, form, rho, ratio, Math.log(form.prior * ofRho * share))),
    ),
  );
}

/** Neighbours of a cell on the grid of exponents. */
const AROUND = [
  [1, 0],
  [-1, 0],
  [0, 1],
  [0, -1],
] as const;

/** A grid that grows from the peak over all neighbours that still count: it follows a density of any shape. */
function nodesAround({ setting, logB, axes }: Peak, laws: LawPair, density: Density): PairNode[] {
  const [[alongA, alongB], [acrossA, acrossB]] = axes;
  const area = Math.log(Math.abs(alongA * acrossB - alongB * acrossA));
  const found: PairNode[] = [];
  const seen = new Set<number>();
  const waiting: number[] = [0, 0];
  let top = -Infinity;
  while (waiting.length > 0) {
    const j = waiting.pop()!;
    const i = waiting.pop()!;
    const key = (i + 1000) * 2001 + j + 1000;
    if (seen.has(key)) continue;
    seen.add(key);
    const [p, q] = [Math.sinh(i * STEP), Math.sinh(j * STEP)];
    const a = logB[0] + p * alongA + q * acrossA;
    const b = logB[1] + p * alongB + q * acrossB;
    if (!laws.allows(a, b)) continue;
    const solution = laws.solve(setting, Math.exp(a), Math.exp(b));
    const logCell = Math.log(Math.cosh(i * STEP) * Math.cosh(j * STEP));
    const logWeight = density(setting, solution) + logCell;
    top = Math.max(top, logWeight);
    if (logWeight < top + NEGLIGIBLE) continue;
    found.push({ setting, logB: [a, b], weight: logWeight + area });
    for (const [di, dj] of AROUND) waiting.push(i + di, j + dj);
  }
  return found;
}

/** From log weights to weights that add up to 1. */
function normalised(nodes: PairNode[]): PairNode[] {
  const top = nodes.reduce((most, { weight }) => Math.max(most, weight), -Infinity);
  const kept = nodes.filter(({ weight }) => weight > top + NEGLIGIBLE);
  const total = kept.reduce((sum, { weight }) => sum + Math.exp(weight - top), 0);
  for (const node of kept) node.weight = Math.exp(node.weight - top) / total;
  return kept;
}

const student = { below: 0, density: 0 };

/** About the probability that both excesses and both floors are not negative, taken one by one; 1e-300 instead of 0. */
function validShare(runs: PairedRuns, solution: Solution, freedom: number, known: number): number {
  const { estimate, factor, centre, spread } = solution;
  const variance = (solution.sse + known) / freedom;
  let share = 1;
  for (const side of [0, 1] as const) {
    const [slope, mean] = [estimate[2 * side]!, estimate[2 * side + 1]!];
    const lever = centre[side] / spread[side];
    share *= above(slope, spreadOf(factor, 2 * side, 1, 0), variance, freedom);
    const floor = runs.level[side] + mean - slope * lever;
    share *= above(floor, spreadOf(factor, 2 * side, -lever, 1), variance, freedom);
  }
  return share < LEAST_VALID ? 1e-300 : share;
}

const combination = new Float64Array(4);

/** Variance, in units of σ², of the sum of two neighbouring unknowns, each times its factor. */
function spreadOf(factor: Float64Array, at: number, first: number, second: number): number {
  combination.fill(0);
  combination[at] = first;
  combination[at + 1] = second;
  forward(factor, combination);
  return combination[0]! ** 2 + combination[1]! ** 2 + combination[2]! ** 2 + combination[3]! ** 2;
}

function above(value: number, spread: number, variance: number, freedom: number): number {
  const z = value / Math.sqrt(variance * spread);
  return z > 30 ? 1 : studentT(z, freedom, student).below;
}
