/**
 * "Wider is never worse" (Yang et al. 2022, arXiv 2203.03466): with a hyperparameter tuned on the smallest width, a wider
 * model's training loss should lie below a narrower one's at every step. All runs see the same batches, so they are compared
 * step by step.
 */
import type { Recipe } from '../model/recipe.ts';
import type { RunResult } from '../model/result.ts';
import type { TransferCheck } from '../model/check-results.ts';
import type { Sweep } from '../model/study.ts';
import { covariance, mean } from './mean.ts';
import type { MinimumAt } from './shift.ts';
import { nats, PARAMETER_NAMES, valueWriter } from './wording.ts';

type WiderCheck = NonNullable<TransferCheck['wider']>;

/** Logged steps that are averaged for one comparison: the loss of a single batch is mostly noise. */
const WINDOW = 10;

/** A wider model counts as worse beyond this many standard errors of the difference. */
const NOISE_ERRORS = 2;

/** Up to this share of comparisons may be worse by chance where widths do equally well. */
const CHANCE = 0.05;

/** A wider and a narrower width over one window of steps. */
interface Comparison {
  /** Wider minus narrower, of each seed that both trained through the window. */
  excesses: number[];
  /** Squared standard error of one excess, read off from step to step. */
  stepVariance: number;
  /** Whether a wider run had diverged where the narrower one of its seed went on. */
  isLost: boolean;
}

/**
 * @param minima of the recipe, ascending in width
 * @param runs of the recipe
 * @returns null where the value that is best at the smallest width was not trained at two widths, or losses were not kept
 */
export function checkWider(
  recipe: Recipe,
  sweep: Sweep,
  minima: readonly MinimumAt[],
  runs: readonly RunResult[],
): WiderCheck | null {
  if (minima.length === 0) return null;
  const value = minima[0].minimum.grid;
  const tuned = runs.filter(
    ({ overrides, status }) => overrides[sweep.parameter] === value && (status === 'done' || status === 'diverged'),
  );
  const widths = [...new Set(tuned.map((run) => run.width))].sort((a, b) => a - b);
  const comparisons = widths.slice(1).flatMap((width, i) => {
    const at = (one: number) => tuned.filter((run) => run.width === one);
    return compare(at(widths[i]), at(width));
  });
  if (comparisons.length === 0) return null;
  const noise = NOISE_ERRORS * Math.sqrt(squaredError(comparisons));
  const excesses = comparisons.map(({ excesses, isLost }) => (isLost ? null : mean(excesses)));
  const known = excesses.filter((excess) => excess !== null);
  const found = {
    value,
    comparisons: comparisons.length,
    worse: excesses.filter((excess) => excess === null || excess > noise).length,
    largest: known.length > 0 ? Math.max(...known) : 0,
    noise,
  };
  const lost = excesses.length - known.length;
  return { ...found, sentence: sentenceOf(recipe, sweep, widths[0], found, lost) };
}

/** Windows are counted from the end of training: a rest that fills no window is the start, where all losses are alike. */
function compare(narrow: readonly RunResult[], wide: readonly RunResult[]): Comparison[] {
  const pairs = wide.flatMap((wider) => {
    const narrower = narrow.find((run) => run.seed === wider.seed);
    return narrower ? [{ wider, narrower }] : [];
  });
  const steps = Math.max(0, ...pairs.map(({ narrower }) => narrower.trainLoss.length));
  const size = Math.min(WINDOW, steps);
  const windows = size === 0 ? 0 : Math.floor(steps / size);
  return Array.from({ length: windows }, (_, w) => steps - (windows - w) * size).flatMap((first) => {
    const seen = pairs.flatMap(({ wider, narrower }) => {
      const base = lossesOf(narrower, first, size);
      return base ? [{ base, over: lossesOf(wider, first, size) }] : [];
    });
    if (seen.length === 0) return [];
    const differences = seen.flatMap(({ base, over }) => (over ? [over.map((loss, i) => loss - base[i])] : []));
    return [
      {
        excesses: differences.map(mean),
        stepVariance: mean(differences.map(scatter)) / size,
        isLost: differences.length < seen.length,
      },
    ];
  });
}

/** Null where the run had no loss, or had diverged. */
function lossesOf({ trainLoss, divergedAt }: RunResult, first: number, count: number): number[] | null {
  const losses = trainLoss.slice(first, first + count).filter((loss) => loss !== null);
  const isWhole = losses.length === count && (divergedAt ?? Infinity) >= first + count;
  return isWhole ? losses : null;
}

/** Variance of a single step, from neighbouring steps: a trend does not enter. */
function scatter(series: readonly number[]): number {
  if (series.length < 2) return 0;
  return mean(series.slice(1).map((value, i) => (value - series[i]) ** 2 / 2));
}

/** Of the mean excess of a comparison, pooled over all of them: from seeds where there are two, else from the steps. */
function squaredError(comparisons: readonly Comparison[]): number {
  const whole = comparisons.filter(({ isLost }) => !isLost);
  const seeded = whole.filter(({ excesses }) => excesses.length >= 2);
  if (seeded.length > 0) return mean(seeded.map(({ excesses }) => covariance(excesses, excesses) / excesses.length));
  return whole.length > 0 ? mean(whole.map(({ stepVariance }) => stepVariance)) : 0;
}

function sentenceOf(
  { name }: Recipe,
  { parameter, values }: Sweep,
  width: number,
  { value, comparisons, worse, largest, noise }: Omit<WiderCheck, 'sentence'>,
  lost: number,
): string {
  const tuned = `${name}: at the ${PARAMETER_NAMES[parameter]} that is best at width ${width} (${valueWriter(values)(value)})`;
  const all = `${comparisons} comparison${comparisons === 1 ? '' : 's'} of neighbouring widths`;
  if (worse === 0) return `${tuned} a wider model is never worse beyond the noise of ${nats(noise)}, in ${all}.`;
  const size = lost < worse ? `, by up to ${nats(largest)} where noise explains ${nats(noise)}` : '';
  const diverged = lost > 0 ? `, in ${lost} of them because it had diverged` : '';
  const chance = lost === 0 && worse <= CHANCE * comparisons ? '; about as often as chance would have it' : '';
  return `${tuned} a wider model is worse in ${worse} of ${all}${size}${diverged}${chance}.`;
}
