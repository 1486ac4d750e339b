/** Whether the best value stays where it is as models grow, in a word and in a sentence. */
import type { Shift, TransferCheck } from '../model/check-results.ts';
import { isOneSided, type MinimumAt } from './shift.ts';
import { parameterName, powerOfTwo, sizeWords, sizeNoun, valueWriter } from './wording.ts';

export interface TransferFindings {
  /** Of the recipe or series. */
  name: string;
  sweep: { parameter: string; values: readonly number[] };
  /** What the sizes are: width, layers, or the name of a table's column. */
  over: string;
  /** Ascending in width or layers; only those that have one. */
  minima: readonly MinimumAt[];
  shift: Shift | null;
  /** Seeds that any run was done with. */
  seeds: number;
  /** Doublings of the width that a doubling of the size is: ½ of parameters; 1 when left out. */
  widthDoublings?: number;
}

/** Coarsest grid step, in log2, on which a best value that stays can be told from one that moves by a factor of two. */
const COARSEST = 1;
/** Most that a best value which stays may move with each doubling of the width, in log2: half of what SP's does under Adam. */
const MOST_PER_DOUBLING = 0.5;

/** Logarithms of powers of two may differ in their last digit. */
const ROUNDING = 1e-9;

/**
 * How far the best value moved over the ladder and how far one grid step is, in log2; in grid steps where a best value is 0.
 * At an end of the grid the true best value may lie further out: `mayBeLower` when the true movement may lie below `total`.
 */
interface Movement {
  total: number;
  /** From the smallest to the largest best value of any model, on the grid or by its parabola, whichever is more. */
  spread: number;
  step: number;
  mayBeLower: boolean;
  mayBeHigher: boolean;
  /** Of log2 for each doubling of the width or layers, null where there is no log2; a bound where an end is one-sided. */
  perDoubling: number | null;
}

function movementOf({ minima, shift, sweep }: TransferFindings): Movement | null {
  if (minima.length < 2) return null;
  const [first, last] = [minima[0], minima[minima.length - 1]];
  const is = ({ minimum }: MinimumAt, status: string) => minimum.status === status && minimum.grid > 0;
  const bounds = {
    mayBeLower: is(last, 'lower-end') || is(first, 'upper-end'),
    mayBeHigher: is(last, 'upper-end') || is(first, 'lower-end'),
  };
  if (!shift) {
    const index = ({ minimum }: MinimumAt) => sweep.values.indexOf(minimum.grid);
    const spread = spreadOf(minima.map(index));
    return { total: index(last) - index(first), spread, step: 1, ...bounds, perDoubling: null };
  }
  const doublings = Math.log2(last.at / first.at);
  const perDoubling = isBounded(minima)
    ? Math.log2(last.minimum.value / first.minimum.value) / doublings
    : shift.perDoubling;
  const on = (read: (one: MinimumAt) => number) => spreadOf(minima.map((one) => Math.log2(read(one))));
  const spread = Math.max(
    on(({ minimum }) => minimum.grid),
    on(({ minimum }) => minimum.value),
  );
  return { total: perDoubling * doublings, spread, step: gridStep(sweep), ...bounds, perDoubling };
}

const spreadOf = (values: readonly number[]) => Math.max(...values) - Math.min(...values);

/** Whether the best value of the smallest or of the largest model is only a bound. */
const isBounded = (minima: readonly MinimumAt[]) => isOneSided(minima[0]) || isOneSided(minima[minima.length - 1]);

/** Mean distance of neighbouring values in log2. */
function gridStep({ values }: TransferFindings['sweep']): number {
  const positive = values.filter((value) => value > 0);
  return Math.log2(positive[positive.length - 1] / positive[0]) / (positive.length - 1);
}

/**
 * `transfers`: the best values of all models lie within one grid step of one another, and the fitted line moves by no more, on a
 * grid that could show a factor of two and by less than half of one with each doubling. `falls`, `rises`: it moves
 * by a factor of two or more and by more than a grid step, and its interval, where there is one, leaves no doubt of the
 * direction. A best value at an end of the grid counts for a movement that can only be larger, and for nothing else.
 */
export function transferVerdict(findings: TransferFindings): TransferCheck['verdict'] {
  const movement = movementOf(findings);
  if (!movement) return 'unclear';
  const { total, step, mayBeLower, mayBeHigher } = movement;
  const most = step + ROUNDING;
  const isKnown = findings.minima.every((one) => !isOneSided(one));
  if (isKnown && isNear(movement) && !isCoarse(movement) && !isFast(movement, findings)) return 'transfers';
  const moves = Math.abs(total) > most && Math.abs(total) >= 1 - ROUNDING;
  const { lo = null, hi = null } = findings.shift ?? {};
  if (moves && total < 0 && !mayBeHigher && (hi === null || hi < 0)) return 'falls';
  if (moves && total > 0 && !mayBeLower && (lo === null || lo > 0)) return 'rises';
  return 'unclear';
}

const isNear = ({ total, spread, step }: Movement) => Math.max(spread, Math.abs(total)) <= step + ROUNDING;
/** Where a best value is 0 a step has no factor; it counts as 1, which is not too coarse, and there is no doubling. */
const isCoarse = ({ step }: Movement) => step > COARSEST + ROUNDING;
const isFast = ({ perDoubling }: Movement, { widthDoublings = 1 }: TransferFindings) =>
  Math.abs(perDoubling ?? 0) > MOST_PER_DOUBLING * widthDoublings + ROUNDING;

export function transferSentence(findings: TransferFindings, verdict: TransferCheck['verdict']): string {
  const { name, sweep, over, minima, seeds } = findings;
  const called = parameterName(sweep.parameter);
  const best = `the best ${called}`;
  const size = sizeNoun(over);
  if (minima.length === 0) return `${name}: no ${size} has a best ${called} yet.`;
  const [first, last] = [minima[0], minima[minima.length - 1]];
  if (minima.length === 1) {
    return `${name}: ${best} is known at one ${size} only, ${placeOf(first, findings)}.`;
  }
  const single = seeds === 1 ? ', measured with one seed' : '';
  const path = `from ${placeOf(first, findings)} to ${placeOf(last, findings)}${single}`;
  if (verdict === 'transfers') return `${name}: ${best} stays within one grid step, ${path}.`;
  if (verdict !== 'unclear') return `${name}: ${best} ${verdict}${rateOf(findings)}, ${path}.`;
  return `${name}: ${best} goes ${path}; ${doubtOf(findings)}.`;
}

/** 2^-3.1 at width 8, 2^-2 or more at 4 layers */
function placeOf(one: MinimumAt, { sweep, over }: TransferFindings): string {
  const { value, status } = one.minimum;
  const bound = isOneSided(one) ? (status === 'upper-end' ? ' or more' : ' or less') : '';
  return `${valueWriter(sweep.values)(value)}${bound} at ${sizeWords(over, one.at)}`;
}

/** " by 2^0.9 (80 % interval 2^0.7 to 2^1.1) with each doubling of the width" */
function rateOf(findings: TransferFindings): string {
  const { shift, over, minima } = findings;
  const { perDoubling } = movementOf(findings)!;
  if (!shift || perDoubling === null) return '';
  const factor = (rate: number) => powerOfTwo(2 ** (rate * Math.sign(perDoubling)));
  const each = ` with each doubling of the ${sizeNoun(over)}`;
  if (isBounded(minima)) return ` by at least ${factor(perDoubling)}${each}`;
  const { lo, hi } = shift;
  if (lo === null || hi === null) return ` by ${factor(perDoubling)}${each}`;
  const [least, most] = perDoubling < 0 ? [hi, lo] : [lo, hi];
  return ` by ${factor(perDoubling)} (80 % interval ${factor(least)} to ${factor(most)})${each}`;
}

/** Why neither staying nor moving can be claimed. */
function doubtOf(findings: TransferFindings): string {
  const { minima, over } = findings;
  const size = sizeNoun(over);
  const ends = [minima[0], minima[minima.length - 1]];
  for (const [i, place] of [`smallest ${size}`, `largest ${size}`].entries()) {
    if (!isOneSided(ends[i])) continue;
    const side = ends[i].minimum.status === 'upper-end' ? 'upper' : 'lower';
    return `at the ${place} it lies at the ${side} end of the grid, so how far it moves cannot be told: sweep further there`;
  }
  const movement = movementOf(findings);
  if (movement && isNear(movement)) {
    const factor = (octaves: number) => `a factor of ${Number((2 ** Math.abs(octaves)).toPrecision(2))}`;
    const within = `that is within one grid step, ${factor(movement.step)}`;
    if (isCoarse(movement))
      return `${within}: too coarse to tell staying from moving, so sweep in steps of two or less`;
    const more = over === 'width' ? 'widths' : over === 'layers' ? 'depths' : 'sizes';
    return `${within}, but ${factor(movement.perDoubling ?? 0)} with each doubling is too fast to be called staying: a finer sweep or more ${more} would tell`;
  }
  return 'that is neither within one grid step nor surely a movement by a factor of two';
}
