/** The verdict of a comparison, in a word for programs and in one sentence for people. */
import type { Comparison, Difference } from '../../model/scaling-results.ts';
import type { ComparedRecipe } from './runs.ts';
import type { NoisyRuns } from './noise.ts';

type Points = readonly ComparedRecipe['points'][number][];

interface Finding extends Pick<Comparison, 'a' | 'b' | 'at' | 'band' | 'measured' | 'crossover'> {
  /** At the smallest x of the compared range. */
  start: Difference;
  noise: NoisyRuns & { correlation: { lo: number; middle: number; hi: number } };
  points: readonly [Points, Points];
  /** Whether the two train on other batches. */
  hasOtherBatches: boolean;
  /** What the sizes are called where both were measured elsewhere. */
  elsewhere: string | null;
  /** Whether all losses at shared widths and seeds are the same numbers. */
  isSame: boolean;
}

/** Least probability of a crossing for the verdict to be one. */
const CROSSING = 0.8;
/** Share of the losses' own fall along the ladder that an interval around zero may reach and still count as small. */
const SMALL = 0.1;
/** Probability of a crossing from which a winner's sentence says where it may not win. */
const NOT_EVERYWHERE = 0.2;

export function verdictOf(finding: Finding): Comparison {
  const { a, b, at, band, measured, crossover } = finding;
  if (finding.isSame) return { ...same(finding), at, band, crossover };
  const { verdict, sentence } = decided(finding);
  return { a, b, at, band, measured, crossover, verdict, sentence, notes: notesOn(finding) };
}

/** Recipes with the same losses to the last digit: more seeds would add nothing, whatever laws can be drawn. */
export function same({ a, b, measured }: Pick<Comparison, 'a' | 'b' | 'measured'>): Comparison {
  const pairs = measured.reduce((sum, { seeds }) => sum + seeds, 0);
  const sentence = `${a} and ${b} are the same, number for number: in all ${pairs} pairs of runs, at ${measured.length} widths, their losses agree to the last digit. Whatever sets the two apart changes nothing here.`;
  return { ...unanswered({ a, b, measured }), verdict: 'no difference', sentence };
}

function decided(finding: Finding): Pick<Comparison, 'verdict' | 'sentence'> {
  const { a, b, at, start, crossover, elsewhere } = finding;
  const last = at.at(-1)!;
  const size = sizeWords(finding.points, elsewhere);
  const winner = clearSign(last);
  if (winner === 0) return withoutWinner(finding, last, size);
  const [better, worse] = winner < 0 ? [a, b] : [b, a];
  if (clearSign(start) === -winner && crossover.probability >= CROSSING && crossover.x !== null) {
    const [lo, hi] = crossover.interval!;
    const place = `${size(crossover.x)} (80 % interval ${short(lo)} to ${short(hi)})`;
    return {
      verdict: 'crossover',
      sentence: `${better} overtakes ${worse} at ${place}: below it ${worse} has the lower loss, above it ${better}.`,
    };
  }
  const [lo, hi] = sizesOf(last.intervals['80']);
  const sure = percent(winner < 0 ? last.probability : 1 - last.probability);
  const doubt =
    crossover.probability < NOT_EVERYWHERE ? '' : ` Whether it wins at ${size(start.x)} already is not clear.`;
  return {
    verdict: winner < 0 ? 'a' : 'b',
    sentence: `${better} beats ${worse} at ${size(last.x)} with probability ${sure}, by ${nats(Math.abs(last.difference), lo)} nats (80 % interval ${nats(lo, lo)} to ${nats(hi, lo)}).${doubt}`,
  };
}

function withoutWinner(
  { a, b, noise, points, hasOtherBatches, elsewhere }: Finding,
  last: Difference,
  size: (x: number) => string,
): Pick<Comparison, 'verdict' | 'sentence'> {
  const reach = Math.max(...last.intervals['80'].map(Math.abs));
  const where = size(last.x);
  if (reach <= SMALL * Math.min(fallOf(points[0]), fallOf(points[1]))) {
    return {
      verdict: 'no difference',
      sentence: `No difference seen between ${a} and ${b}: at ${where} anything beyond ${nats(reach)} nats would have shown.`,
    };
  }
  const help =
    elsewhere !== null
      ? 'a size nearer to it, or more seeds at each size, would help'
      : noise.runs.pairs === 0 && !hasOtherBatches
        ? 'the same widths and seeds for both would help'
        : 'a rung nearer to it, or more seeds at each rung, would help';
  return {
    verdict: 'undecided',
    sentence: `Undecided between ${a} and ${b}: at ${where} the difference may be anything up to ${nats(reach)} nats; ${help}.`,
  };
}

/** A comparison that cannot be made, with the reason. */
export function refused(
  { a, b, measured }: Pick<Comparison, 'a' | 'b' | 'measured'>,
  [xsA, xsB]: readonly (readonly number[])[],
  falls: readonly boolean[] | null,
): Comparison {
  const short = [
    { name: a, count: xsA!.length },
    { name: b, count: xsB!.length },
  ].filter(({ count }) => count < 3);
  const rising = falls ? [a, b].filter((_, i) => !falls[i]) : [];
  const sentence =
    short.length > 0
      ? `No comparison yet: a law needs losses at three different sizes, and ${short.map(({ name, count }) => `${name} has ${count}`).join(' and ')}.`
      : rising.length > 0
        ? `No comparison: the losses of ${rising.join(' and of ')} do not fall as the models grow, so no falling law fits them.`
        : `No comparison: no pair of falling laws with floors of zero or more fits the losses of ${a} and ${b}.`;
  return { ...unanswered({ a, b, measured }), verdict: 'refused', sentence };
}

/** Without laws: what was measured, and nothing about other sizes. */
const unanswered = ({ a, b, measured }: Pick<Comparison, 'a' | 'b' | 'measured'>) => ({
  a,
  b,
  at: [],
  band: [],
  measured,
  crossover: { probability: 0, x: null, interval: null },
  notes: [],
});

function notesOn({ a, b, noise, points, hasOtherBatches, elsewhere }: Finding): string[] {
  const { runs, isLacking, correlation } = noise;
  const alone = runs.runs[0] + runs.runs[1] - 2 * runs.pairs;
  const noun = isLacking ? 'mean' : 'run';
  const notes: string[] = [];
  if (elsewhere !== null) {
    notes.push('Nothing is known of which batches they saw, so the noise of both counts.');
  } else if (hasOtherBatches) {
    notes.push(
      `${a} and ${b} train on different batches: runs of one seed share nothing, and the noise of both counts.`,
    );
  } else if (runs.pairs === 0) {
    notes.push('No width was trained with one seed for both, so their noise counts as independent.');
  } else {
    const without = alone > 0 ? `; ${alone} ${noun}${alone === 1 ? ' has' : 's have'} no partner` : '';
    const { lo, middle, hi } = correlation;
    const digits = middle > 0.99 ? 4 : 2;
    const [low, about, high] = [lo, middle, hi].map((value) => value.toFixed(digits));
    notes.push(
      `${runs.pairs} ${noun}${runs.pairs === 1 ? '' : 's'} of each are paired by width and seed${without}. The noise of a pair goes together with a correlation of about ${about} (80 %: ${low} to ${high}).`,
    );
  }
  if (isLacking) {
    notes.push('The losses miss the law by more than seeds differ, so the noise is taken from the misses.');
  }
  if (noise.known.freedom > 0) {
    notes.push('Three losses show no noise of their own; 0.2 % of the loss is assumed.');
  }
  if (differInSize(points)) {
    notes.push('The two differ in size at one width; they are paired by width and compared at equal size.');
  }
  return notes;
}

/** Whether any width is of another size in the one recipe than in the other. */
export const differInSize = ([a, b]: readonly [Points, Points]): boolean =>
  a.some(({ width, x }) => b.some((one) => one.width === width && one.x !== x));

/** -1 or 1 where the 80 % interval leaves zero out, else 0. */
function clearSign({ intervals }: Difference): -1 | 0 | 1 {
  const [lo, hi] = intervals['80'];
  return lo > 0 ? 1 : hi < 0 ? -1 : 0;
}

/** An interval that leaves zero out, as sizes in ascending order. */
const sizesOf = ([lo, hi]: [number, number]): [number, number] => (lo > 0 ? [lo, hi] : [-hi, -lo]);

/** How far the mean loss falls from the first to the last size. */
function fallOf(points: Points): number {
  const bySize = [...points].sort((p, q) => p.x - q.x);
  const mean = ({ losses }: Points[number]) => losses.reduce((sum, { loss }) => sum + loss, 0) / losses.length;
  return Math.abs(mean(bySize[0]!) - mean(bySize.at(-1)!));
}

/** "width 256" where x is the width, "params = 1.25e8" by the name that a table has for it, else "x = 1.2e6". */
function sizeWords(points: readonly [Points, Points], elsewhere: string | null): (x: number) => string {
  if (elsewhere !== null) return (x) => `${elsewhere} ${elsewhere.toLowerCase() === 'width' ? '' : '= '}${short(x)}`;
  const isWidth = points.every((of) => of.every(({ width, x }) => width === x));
  return (x) => (isWidth ? `width ${short(x)}` : `x = ${short(x)}`);
}

/** Three digits, and no zeros to be counted: 1446, 1.25e8. */
const short = (x: number): string =>
  x >= 1e6
    ? Number(x.toPrecision(3)).toExponential().replace('e+', 'e')
    : String(Number(x >= 1000 ? Math.round(x) : x.toPrecision(3)));

/** Three decimals, or as many as show two digits of the smallest value beside it. */
const nats = (value: number, smallest = value): string =>
  value.toFixed(Math.min(8, Math.max(3, 1 - Math.floor(Math.log10(Math.max(smallest, 1e-7))))));

const percent = (share: number): string => (share > 0.995 ? 'over 99 %' : `${Math.round(100 * share)} %`);
