/** What is asked about the series of a table against each other. */
import type { CompareRequest } from '../scaling/compare/compare.ts';
import type { ComparedRecipe } from '../scaling/compare/runs.ts';
import { LEAST_SIZES } from '../scaling/width/width-law.ts';
import { pairsOf } from './compare-request.ts';

/** Losses of one series over its sizes, repeats among them. */
interface Ladder {
  name: string | null;
  points: readonly { x: number; loss: number }[];
}

/**
 * Every pair of series that both have a law, in their order.
 * @param sizeName what the table calls its sizes
 */
export function seriesPairs(
  ladders: readonly Ladder[],
  targets: readonly number[],
  sizeName: string,
): CompareRequest[] {
  const compared = ladders.flatMap((ladder) => (ladder.name === null ? [] : [comparedOf(ladder.name, ladder)]));
  return pairsOf(compared.filter(({ points }) => points.length >= LEAST_SIZES)).map(([a, b]) => ({
    a,
    b,
    targets: [...targets].sort((p, q) => p - q),
    grid: [],
    elsewhere: sizeName,
  }));
}

function comparedOf(name: string, { points }: Ladder): ComparedRecipe {
  const sizes = [...new Set(points.map(({ x }) => x))].sort((p, q) => p - q);
  return {
    name,
    points: sizes.map((x) => ({
      width: x,
      x,
      losses: points.filter((point) => point.x === x).map(({ loss }, seed) => ({ seed, loss })),
    })),
  };
}
