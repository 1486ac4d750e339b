/**
 * Collapse (Qiu et al. 2025, arXiv 2507.02119): the curves of models of several sizes, less the fitted floor, over their reducible
 * part at the end, against the share of training done, lie on one another where scaling is right.
 */
import type { TableCollapse } from '../model/check-results.ts';
import type { Curve } from '../model/measurement.ts';
import { fQuantile } from '../scaling/numeric/f-quantile.ts';
import { fitLaw } from '../scaling/width/law.ts';
import { rises } from '../scaling/width/status.ts';
import { LEAST_SIZES } from '../scaling/width/width-law.ts';
import { mean } from './mean.ts';

export interface CollapseTraining {
  size: number;
  /** Up to the step that counts as its end. */
  curve: Curve;
}

/** Shares at which curves are compared: more say nothing that a chart shows. */
const MOST_SHARES = 60;
/** Share of training from which the deviation counts: before it the curves are those of a warmup. */
const FROM = 0.25;
/** Quantile of F up to which a deviation is put down to the seeds. How often that finds what collapses: docs/checks.md. */
const LEVEL = 0.9;
/** Floors that are tried within the interval of the floor. */
const FLOORS = 100;
/** A deviation that is that of rounding. */
const NOTHING = 1e-9;

/** Losses of all trainings at the same shares, ascending to 1. */
interface OneScale {
  shares: number[];
  /** [training][share] */
  losses: number[][];
}

/** What the curves less one floor are to each other. */
interface Apart {
  /** Root of the mean squared relative deviation between sizes. */
  deviation: number;
  /** The same as the seeds alone would make it; null with one seed of each size. */
  noise: number | null;
  isWithin: boolean;
}

/**
 * @param series the name for the sentence
 * @param trainings of one series, at one setting a size; several of one size are its seeds
 * @returns null where fewer than three sizes have curves
 */
export function collapseOf(series: string, trainings: readonly CollapseTraining[]): TableCollapse | null {
  const listed = trainings.filter(({ curve }) => curve.steps.some((step) => step > 0)).sort((p, q) => p.size - q.size);
  const known = listed.filter((one, i) => !listed.slice(0, i).some((other) => isSameTraining(one, other)));
  const sizes = [...new Set(known.map(({ size }) => size))];
  if (sizes.length < LEAST_SIZES) return null;
  const scale = onOneScale(known.map(({ curve }) => curve));
  const places = sizes.map((size) => known.flatMap((one, i) => (one.size === size ? [i] : [])));
  const repeated = repeatWords(listed.length - known.length);
  const told = (sentence: string): TableCollapse => ({
    ...{ series, floor: null, shares: [], curves: [], deviation: null, noise: null, verdict: 'unclear' },
    sentence: `${series}: ${sentence}${repeated}`,
  });
  const counted = scale.shares.filter((share) => share >= FROM && share < 1).length;
  if (counted === 0) {
    return told(
      'whether the curves collapse cannot be told: all have no step between a quarter and the end of training.',
    );
  }
  const lowest = Math.min(...scale.losses.map((all) => Math.min(...all)));
  if (!(lowest > 0)) return told('the curves cannot be brought to one scale: a loss is not above 0.');
  const ends = known.map(({ size }, i) => ({ x: size, loss: scale.losses[i]!.at(-1)! }));
  const law = fitLaw(ends);
  if (rises(ends, law.parameters)) {
    return told(
      'whether the curves collapse cannot be told: the losses at the end rise with the size, so no floor is known.',
    );
  }
  const floor = law.parameters.c;
  const interval = law.parameterIntervals().c;
  if (floor >= lowest) {
    return told(
      `the curves cannot be brought to one scale: the floor of their law, ${shown(floor)}, lies above a loss of ${shown(lowest)}.`,
    );
  }
  const freedom = known.length - sizes.length;
  const reach = freedom > 0 ? Math.sqrt(fQuantile(sizes.length - 1, freedom, LEVEL)) : NaN;
  const apart = apartFrom(floor, scale, places, reach);
  const [lo, hi] = [Math.max(0, interval[0]), Math.min(interval[1], lowest - (lowest - floor) / FLOORS)];
  const other =
    apart.isWithin || apart.noise === null
      ? null
      : Array.from({ length: FLOORS + 1 }, (_, i) => lo + ((hi - lo) * i) / FLOORS).find(
          (one) => apartFrom(one, scale, places, reach).isWithin,
        );
  const verdict = apart.isWithin ? 'collapses' : apart.noise === null || other != null ? 'unclear' : 'apart';
  const normal = normalised(floor, scale);
  const lengths = known.map(({ curve }) => curve.steps.at(-1)!);
  return {
    series,
    floor: { value: floor, interval },
    shares: scale.shares,
    curves: sizes.map((size, s) => ({
      size,
      losses: scale.shares.map((_, k) => mean(places[s]!.map((i) => normal[i]![k]!))),
    })),
    deviation: apart.deviation,
    noise: apart.noise,
    verdict,
    sentence:
      sentenceOf(
        series,
        sizes.length,
        apart,
        floor,
        other ?? null,
        Math.max(...lengths) <= 1.01 * Math.min(...lengths),
      ) + repeated,
  };
}

/** Whether two are one training that is listed twice: no other seed has the same losses to the last bit. */
const isSameTraining = (one: CollapseTraining, other: CollapseTraining): boolean =>
  one.size === other.size &&
  isSameList(one.curve.losses, other.curve.losses) &&
  isSameList(one.curve.steps, other.curve.steps);

const isSameList = (one: readonly number[], other: readonly number[]): boolean =>
  one.length === other.length && one.every((value, i) => value === other[i]);

/* Deviation */

const normalised = (floor: number, { losses }: OneScale): number[][] =>
  losses.map((all) => all.map((loss) => (loss - floor) / (all.at(-1)! - floor)));

/** @param reach how many times the noise of the seeds a deviation may come to by chance; NaN with one seed of each size */
function apartFrom(floor: number, scale: OneScale, places: readonly number[][], reach: number): Apart {
  const { shares } = scale;
  const normal = normalised(floor, scale);
  const freedom = places.reduce((sum, seeds) => sum + seeds.length - 1, 0);
  // Of a squared mean over the seeds of a size, by the squares of all that these are off.
  const error = mean(places.map((seeds) => 1 / seeds.length)) / freedom;
  let [between, within, weights] = [0, 0, 0];
  for (const [k, share] of shares.entries()) {
    if (share < FROM || share >= 1) continue;
    // Over the training, however often it was logged.
    const weight = (shares[k + 1]! - (shares[k - 1] ?? 0)) / 2;
    const values = places.map((seeds) => seeds.map((i) => normal[i]![k]!));
    const means = values.map(mean);
    const all = mean(means);
    const squares = means.reduce((sum, one) => sum + (one - all) ** 2, 0) / (means.length - 1);
    const own = values.reduce(
      (sum, seeds, s) => sum + seeds.reduce((one, value) => one + (value - means[s]!) ** 2, 0),
      0,
    );
    weights += weight;
    between += (weight * squares) / all ** 2;
    within += (weight * own * error) / all ** 2;
  }
  const deviation = Math.sqrt(between / weights);
  if (Number.isNaN(reach)) return { deviation, noise: null, isWithin: false };
  const noise = Math.sqrt(within / weights);
  return { deviation, noise, isWithin: deviation <= Math.max(reach * noise, NOTHING) };
}

/* One scale */

/** Where the curves have shares in common, at these, long ones as means over windows; else at those of the shortest, between their points. */
function onOneScale(curves: readonly Curve[]): OneScale {
  const all = curves.map(({ steps, losses }) => {
    const from = steps.findIndex((step) => step > 0);
    const end = steps.at(-1)!;
    return { shares: steps.slice(from).map((step) => step / end), losses: losses.slice(from) };
  });
  const fewest = all.reduce((least, one) => (one.shares.length < least.shares.length ? one : least));
  // Rounded: a third of 300 and of 900 steps are one share.
  const keyOf = (share: number) => share.toPrecision(6);
  const places = all.map(({ shares }) => new Map(shares.map((share, i) => [keyOf(share), i])));
  const common = fewest.shares.filter((share) => places.every((one) => one.has(keyOf(share))));
  if (common.length >= fewest.shares.length / 2 && common.length > 1) {
    return inWindows({
      shares: common,
      losses: all.map(({ losses }, i) => common.map((share) => losses[places[i]!.get(keyOf(share))!]!)),
    });
  }
  const start = Math.max(...all.map(({ shares }) => shares[0]!));
  const every = Math.ceil(fewest.shares.length / MOST_SHARES);
  const last = fewest.shares.length - 1;
  const shares = fewest.shares.filter((share, i) => share >= start && (last - i) % every === 0);
  return { shares, losses: all.map((curve) => interpolated(curve, shares)) };
}

/** Means over windows, counted from the end: the loss of one batch is mostly noise. */
function inWindows({ shares, losses }: OneScale): OneScale {
  const every = Math.ceil(shares.length / MOST_SHARES);
  if (every === 1) return { shares, losses };
  const ends = shares.flatMap((_, i) => ((shares.length - 1 - i) % every === 0 ? [i] : []));
  const windows = ends.map((end) => [Math.max(0, end - every + 1), end + 1] as const);
  return {
    shares: ends.map((end) => shares[end]!),
    losses: losses.map((all) => windows.map(([from, to]) => mean(all.slice(from, to)))),
  };
}

function interpolated(
  curve: { shares: readonly number[]; losses: readonly number[] },
  shares: readonly number[],
): number[] {
  let right = 0;
  return shares.map((share) => {
    while (curve.shares[right]! < share) right += 1;
    const [before, after] = [Math.max(0, right - 1), right];
    const width = curve.shares[after]! - curve.shares[before]!;
    const part = width > 0 ? (share - curve.shares[before]!) / width : 1;
    return curve.losses[before]! * (1 - part) + curve.losses[after]! * part;
  });
}

/* Words */

const percent = (share: number): string => `${Number((100 * share).toPrecision(2))} %`;
const shown = (value: number): string => String(Number(value.toPrecision(4)));

const repeatWords = (count: number): string =>
  count === 0
    ? ''
    : ` ${count === 1 ? 'A curve that is' : `${count} curves that are`} another of the same size to the last digit ${count === 1 ? 'does' : 'do'} not count as a seed.`;

function sentenceOf(
  series: string,
  sizes: number,
  { deviation, noise, isWithin }: Apart,
  floor: number,
  other: number | null,
  areEqual: boolean,
): string {
  const start = `${series}: brought to one scale, the curves of ${sizes} sizes differ by ${percent(deviation)} from a quarter of the training on`;
  if (noise === null) {
    return `${start}. With one seed of each size nothing tells how much of that is noise; two seeds or more would.`;
  }
  if (isWithin) return `${start}, and seeds alone by ${percent(noise)}: as far as these seeds can tell, they collapse.`;
  if (other !== null) {
    return `${start}, and seeds alone by ${percent(noise)}. Less a floor of ${shown(other)} instead of ${shown(floor)}, which may be as true, they would collapse: it is not clear.`;
  }
  const lengths = areEqual
    ? ' All were trained equally long, and curves are expected to collapse where each is trained for the length that is best for its size.'
    : '';
  return `${start}, and seeds alone by ${percent(noise)}: they do not collapse.${lengths}`;
}
