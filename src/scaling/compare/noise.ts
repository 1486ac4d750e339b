/** What a comparison takes its noise from: single runs, or their means where the law misses those by more than noise. */
import { LEAST_NOISE, THREE_POINT_NOISE_OF_TWO } from '../assumed-noise.ts';
import type { KnownNoise } from './posterior.ts';
import { meansOverSeeds, pairedRuns, type ComparedRecipe, type PairedRuns } from './runs.ts';
import { fitWidthLaw, lawPointsOf, lawAt } from '../width/width-law.ts';

type Point = ComparedRecipe['points'][number];

/** Mean square of the means around the law, over that of runs around their means, from which the seeds are not believed. */
const LACK_OF_FIT = 4;

export interface NoisyRuns {
  runs: PairedRuns;
  known: KnownNoise;
  /** log b of the law of each recipe alone. */
  start: [number, number];
  /** Whether the law misses the means by more than the seeds' noise explains. */
  isLacking: boolean;
  /** Whether each recipe's losses fall with x. */
  falls: [boolean, boolean];
}

export function noisyRuns(a: readonly Point[], b: readonly Point[]): NoisyRuns {
  const both = [a, b] as const;
  const alone = both.map(aloneFit);
  const isLacking = isMissed(alone);
  const [one, other] = isLacking ? meansOverSeeds(a, b) : both;
  const runs = pairedRuns(one, other);
  const level = (runs.level[0] + runs.level[1]) / 2;
  const hasSpare = runs.runs[0] > 3 && runs.runs[1] > 3;
  const known = hasSpare
    ? { freedom: 0, sum: (LEAST_NOISE * level) ** 2 * (runs.runs[0] + runs.runs[1] - 4) }
    : { freedom: 1, sum: (THREE_POINT_NOISE_OF_TWO * level) ** 2 };
  return {
    runs,
    known,
    start: [Math.log(alone[0]!.b), Math.log(alone[1]!.b)],
    isLacking,
    falls: [alone[0]!.amplitude > 0, alone[1]!.amplitude > 0],
  };
}

interface Alone {
  b: number;
  amplitude: number;
  /** Sum of squares of means around the law, each times its runs, and of runs around their mean. */
  between: number;
  within: number;
  widths: number;
  runs: number;
}

function aloneFit(points: readonly Point[]): Alone {
  const means = points.map(({ x, losses }) => ({
    x,
    loss: losses.reduce((sum, { loss }) => sum + loss, 0) / losses.length,
    weight: losses.length,
  }));
  const ladder = lawPointsOf(means);
  const fit = fitWidthLaw(ladder);
  let between = 0;
  let within = 0;
  for (const [i, { x, loss, weight }] of means.entries()) {
    between += weight * (loss - lawAt(fit, ladder, x)) ** 2;
    for (const run of points[i]!.losses) within += (run.loss - loss) ** 2;
  }
  const runs = means.reduce((sum, { weight }) => sum + weight, 0);
  return { b: fit.b, amplitude: fit.amplitude, between, within, widths: points.length, runs };
}

/** Both recipes taken together, as they are in what follows. */
function isMissed(alone: readonly Alone[]): boolean {
  const sum = (of: (one: Alone) => number) => alone.reduce((total, one) => total + of(one), 0);
  const spare = sum(({ widths }) => Math.max(0, widths - 3));
  const repeats = sum(({ runs, widths }) => runs - widths);
  if (spare === 0 || repeats === 0) return false;
  return sum(({ between }) => between) / spare > (LACK_OF_FIT * sum(({ within }) => within)) / repeats;
}
