/** The runs of two recipes as sums per width: what a comparison needs of them, however many seeds there are. */

export interface ComparedRecipe {
  name: string;
  /** One entry per width: its x, and the loss of each seed. Runs of one width and seed saw the same batches. */
  points: { width: number; x: number; losses: { seed: number; loss: number }[] }[];
}

/** Sums over the runs at one width, of losses less the recipe's mean loss. A run is in a pair where both recipes have its seed. */
interface PairedRung {
  /** log x less the recipe's mean log x; 0 where the recipe has no run here. */
  t: [a: number, b: number];
  pairs: number;
  /** Sums over pairs: losses, squares and products. */
  sum: [a: number, b: number];
  squares: [a: number, b: number];
  product: number;
  /** The same over runs without a partner. */
  alone: [a: number, b: number];
  aloneSum: [a: number, b: number];
  aloneSquares: [a: number, b: number];
}

export interface PairedRuns {
  rungs: PairedRung[];
  /** Mean loss of each recipe, which is taken off all its losses. */
  level: [number, number];
  /** Mean log x over the recipe's widths. */
  logScale: [number, number];
  runs: [number, number];
  pairs: number;
}

type Side = 0 | 1;
type Point = ComparedRecipe['points'][number];

/** Points in ascending width, seeds in ascending order: the order in which they came changes no bit. */
export function sortedPoints(recipe: ComparedRecipe): Point[] {
  return recipe.points
    .filter(({ losses }) => losses.length > 0)
    .map((point) => ({ ...point, losses: [...point.losses].sort((p, q) => p.seed - q.seed) }))
    .sort((p, q) => p.width - q.width || p.x - q.x);
}

/** Pairs the runs of two recipes by width and seed. */
export function pairedRuns(a: readonly Point[], b: readonly Point[]): PairedRuns {
  const both = [a, b] as const;
  const level = both.map(meanLoss) as [number, number];
  const logScale = both.map((points) => mean(points.map(({ x }) => Math.log(x)))) as [number, number];
  const widths = [...new Set([...a, ...b].map(({ width }) => width))].sort((p, q) => p - q);
  const rungs = widths.map((width) => rungOf(width, both, level, logScale));
  const runs = both.map((points) => points.reduce((sum, { losses }) => sum + losses.length, 0)) as [number, number];
  return { rungs, level, logScale, runs, pairs: rungs.reduce((sum, rung) => sum + rung.pairs, 0) };
}

/** One run per width and recipe, its loss the mean over the seeds: over those that both have where there are any. */
export function meansOverSeeds(a: readonly Point[], b: readonly Point[]): [Point[], Point[]] {
  const merged = (own: readonly Point[], other: readonly Point[]) =>
    own.map((point) => {
      const partner = other.find(({ width }) => width === point.width);
      const shared = point.losses.filter(({ seed }) => partner?.losses.some((one) => one.seed === seed));
      const used = shared.length > 0 ? shared : point.losses;
      // Only means over the same seeds have the same batches behind them.
      const seed = shared.length > 0 || own === a ? 0 : 1;
      return { ...point, losses: [{ seed, loss: mean(used.map(({ loss }) => loss)) }] };
    });
  return [merged(a, b), merged(b, a)];
}

function rungOf(
  width: number,
  both: readonly [readonly Point[], readonly Point[]],
  level: readonly [number, number],
  logScale: readonly [number, number],
): PairedRung {
  const here = both.map((points) => points.find((point) => point.width === width));
  const rung: PairedRung = {
    t: [0, 0],
    pairs: 0,
    sum: [0, 0],
    squares: [0, 0],
    product: 0,
    alone: [0, 0],
    aloneSum: [0, 0],
    aloneSquares: [0, 0],
  };
  for (const side of [0, 1] as Side[]) {
    const point = here[side];
    if (!point) continue;
    rung.t[side] = Math.log(point.x) - logScale[side];
    for (const { seed, loss } of point.losses) {
      const y = loss - level[side];
      const partner = here[1 - side]?.losses.find((one) => one.seed === seed);
      const [sum, squares] = partner ? [rung.sum, rung.squares] : [rung.aloneSum, rung.aloneSquares];
      sum[side] += y;
      squares[side] += y * y;
      if (!partner) rung.alone[side] += 1;
      else if (side === 0) {
        rung.pairs += 1;
        rung.product += y * (partner.loss - level[1]);
      }
    }
  }
  return rung;
}

const meanLoss = (points: readonly Point[]) => mean(points.flatMap(({ losses }) => losses.map(({ loss }) => loss)));

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
