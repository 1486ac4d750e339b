/** Two recipes, each extrapolated: who wins at which size, with what probability, and where they cross. */
import { checkPositive, InputError } from '../../model/parse.ts';
import type { Comparison } from '../../model/scaling-results.ts';
import { crossoverOf, differenceAt } from './differences.ts';
import { quantilesOf } from '../numeric/quantiles.ts';
import { drawLaws, withMirrored, type Draws } from './draws.ts';
import { areSame, measuredDifferences } from './measured.ts';
import { noisyRuns, type NoisyRuns } from './noise.ts';
import { FISHER_STEP, pairPosterior } from './posterior.ts';
import { sortedPoints, type ComparedRecipe } from './runs.ts';
import { differInSize, refused, same, verdictOf } from './verdict.ts';
import { distinctX } from '../width/width-law.ts';

export interface CompareRequest {
  a: ComparedRecipe;
  b: ComparedRecipe;
  targets: number[];
  /** x at which the difference is wanted for drawing. */
  grid: number[];
  /** Whether the two train on other batches: runs of one seed then share nothing, and none are paired. */
  hasOtherBatches?: boolean;
  /** What the sizes are called where both were measured elsewhere: nothing is known of batches then, and none are paired. */
  elsewhere?: string;
}

/** Beyond every seed that an experiment may name. */
const OTHER_BATCHES = 2 ** 32;

/** Fewest draws with falling laws, of 2000, from which anything is said. */
const FEWEST_DRAWS = 200;

/**
 * Compares the laws of two recipes at the targets, over the grid, and in between. The same answer every time, and its
 * mirror image when the recipes change places.
 * @throws InputError naming the point or target that is not a usable number.
 */
export function compare(request: CompareRequest): Comparison {
  check(request);
  const { a, b, hasOtherBatches = false, elsewhere = null } = request;
  const arePaired = !hasOtherBatches && elsewhere === null;
  const points = [sortedPoints(a), sortedPoints(arePaired ? b : ofOtherSeeds(b))] as const;
  // One order inside, whichever was asked: with the same draws, the answer to the mirrored question is mirrored.
  const order = orderOf(points[0], points[1]);
  const [first, second] = order > 0 ? [points[1], points[0]] : points;
  const sizes = points.map(distinctX);
  const noisy = sizes.some((xs) => xs.length < 3) ? null : noisyRuns(first, second);
  const found = noisy && bothFall(noisy) ? drawn(noisy, order === 0) : null;
  const base = { a: a.name, b: b.name, measured: measuredDifferences(points[0], points[1]) };
  const isSame = areSame(base.measured) && !differInSize(points);
  if (!noisy || !found || found.count < FEWEST_DRAWS) {
    const falls = noisy && (order > 0 ? [noisy.falls[1], noisy.falls[0]] : noisy.falls);
    return isSame ? same(base) : refused(base, sizes, falls);
  }

  const ends = points.map((of) => [Math.min(...of.map(({ x }) => x)), Math.max(...of.map(({ x }) => x))]);
  const asked = [...new Set(request.targets)].sort((p, q) => p - q);
  const targets = asked.length > 0 ? asked : [Math.max(ends[0]![1]!, ends[1]![1]!)];
  const lo = Math.max(ends[0]![0]!, ends[1]![0]!);
  const hi = targets.at(-1)!;
  const facing = order > 0 ? mirroredDraws(found) : found;
  const at = (x: number) => differenceAt(facing, x);
  return verdictOf({
    ...base,
    at: targets.map(at),
    band: request.grid.map(at),
    crossover: crossoverOf(facing, lo, hi),
    start: at(lo),
    noise: { ...noisy, correlation: correlationOf(facing) },
    points,
    hasOtherBatches,
    elsewhere,
    isSame,
  });
}

const ofOtherSeeds = ({ name, points }: ComparedRecipe): ComparedRecipe => ({
  name,
  points: points.map(({ losses, ...point }) => ({
    ...point,
    losses: losses.map(({ seed, loss }) => ({ seed: OTHER_BATCHES + seed, loss })),
  })),
});

const bothFall = ({ falls }: NoisyRuns) => falls[0] && falls[1];

function drawn({ runs, start, known }: NoisyRuns, isSame: boolean): Draws {
  const draws = drawLaws(runs, pairPosterior(runs, start, known));
  return isSame ? withMirrored(draws) : draws;
}

const mirroredDraws = ({ count, laws: [one, other], correlation }: Draws): Draws => ({
  count,
  laws: [other, one],
  correlation,
});

/** A draw has the correlation at the middle of its cell of the grid; inside a cell draws are spread evenly, on Fisher's scale. */
function correlationOf({ count, correlation }: Draws): { lo: number; middle: number; hi: number } {
  const sorted = correlation.slice(0, count).map(Math.atanh).sort();
  const spread = sorted.slice();
  for (let first = 0, next = 0; first < count; first = next) {
    while (next < count && sorted[next] === sorted[first]) next += 1;
    for (let i = first; i < next; i++) spread[i]! += FISHER_STEP * ((i - first + 0.5) / (next - first) - 0.5);
  }
  const [lo, middle, hi] = quantilesOf(spread, [0.1, 0.5, 0.9]).map(Math.tanh);
  return { lo: lo!, middle: middle!, hi: hi! };
}

/** Which of two recipes comes first by its numbers: below 0 for the first, 0 where they are the same. */
function orderOf(a: ComparedRecipe['points'], b: ComparedRecipe['points']): number {
  const numbers = (points: ComparedRecipe['points']) =>
    points.flatMap(({ width, x, losses }) => [width, x, ...losses.flatMap(({ seed, loss }) => [loss, seed])]);
  const [p, q] = [numbers(a), numbers(b)];
  for (let i = 0; i < Math.min(p.length, q.length); i++) if (p[i] !== q[i]) return p[i]! - q[i]!;
  return p.length - q.length;
}

function check({ a, b, targets, grid }: CompareRequest): void {
  for (const [side, { points }] of [['a', a] as const, ['b', b] as const]) {
    for (const [i, { width, x, losses }] of points.entries()) {
      checkPositive(width, `${side}.points[${i}].width`);
      checkPositive(x, `${side}.points[${i}].x`);
      for (const [j, { seed, loss }] of losses.entries()) {
        checkPositive(loss, `${side}.points[${i}].losses[${j}].loss`);
        if (losses.findIndex((one) => one.seed === seed) < j) {
          const field = `${side}.points[${i}].losses[${j}].seed`;
          throw new InputError(field, `${field}: seed ${seed} stands there twice; each seed once.`);
        }
      }
      if (points.findIndex((one) => one.width === width) < i) {
        const field = `${side}.points[${i}].width`;
        throw new InputError(
          field,
          `${field}: width ${width} stands there twice; each width once, with all its seeds.`,
        );
      }
    }
  }
  targets.forEach((x, i) => checkPositive(x, `targets[${i}]`));
  grid.forEach((x, i) => checkPositive(x, `grid[${i}]`));
}
