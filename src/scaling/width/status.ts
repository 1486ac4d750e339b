/** What a fit can and cannot say, in a word for programs and in sentences for people. */
import type { PlausibleLaw } from '../../model/scaling-results.ts';
import { WIDTH_LAW } from './law-forms.ts';
import type { FitPoint, FitStatus, LawParameters } from './report.ts';
import { studentT } from '../numeric/student-t.ts';
import { B_MAX, B_MIN, distinctX, isLarger } from './width-law.ts';

/** Under this span of x (largest over smallest) a law without a floor fits about as well as one with. */
const LEAST_SPAN = 4;
const LEAST_RUNGS = 4;

export function assess(points: readonly FitPoint[], law: LawParameters | null): { status: FitStatus; notes: string[] } {
  const xs = distinctX(points);
  if (!law) {
    const have = xs.length === 0 ? 'are none' : xs.length === 1 ? 'is 1' : `are ${xs.length}`;
    const shared = points.length > xs.length ? `, shared by ${points.length} points` : '';
    const note = `A law needs losses at three different x or more; there ${have}${shared}.`;
    return { status: 'too-few-points', notes: [note] };
  }
  if (rises(points, law)) {
    const note = 'The losses rise with x, so no falling law fits and nothing is predicted.';
    return { status: 'rising', notes: [note] };
  }
  const atBound = boundNotes(points, law);
  const unidentified = floorNotes(xs);
  const status = atBound.length ? 'at-bound' : unidentified.length ? 'floor-not-identified' : 'converged';
  return { status, notes: [...atBound, ...unidentified, ...risingNotes(points, law)] };
}

/**
 * Whether the trend is clearly up: no law falls at all, and the loss rises at every step or has a slope on log x that is
 * above zero at 95 %, one-sided.
 */
export function rises(points: readonly FitPoint[], { a }: LawParameters): boolean {
  if (a > 0) return false;
  const means = meansOf(points);
  if (means.every(({ loss }, i) => i === 0 || loss > means[i - 1]!.loss)) return true;
  const n = means.length;
  const average = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / n;
  const logs = means.map(({ x }) => Math.log(x));
  const [log, loss] = [average(logs), average(means.map((mean) => mean.loss))];
  const spread = logs.reduce((sum, one) => sum + (one - log) ** 2, 0);
  const slope = means.reduce((sum, mean, i) => sum + (logs[i]! - log) * (mean.loss - loss), 0) / spread;
  const sse = means.reduce((sum, mean, i) => sum + (mean.loss - loss - slope * (logs[i]! - log)) ** 2, 0);
  return slope > 0 && studentT(slope / Math.sqrt(sse / (n - 2) / spread), n - 2).below > 0.95;
}

function boundNotes(points: readonly FitPoint[], { a, b, c }: LawParameters): string[] {
  if (a === 0) return ['The losses neither fall nor clearly rise with x: the prediction is their mean.'];
  const notes: string[] = [];
  const near = (bound: number) => Math.abs(b / bound - 1) < 1e-9;
  if (near(B_MIN)) {
    notes.push(
      `The best exponent lies at the lower bound, b = ${B_MIN}: the losses fall like a straight line in log x, and no floor is in sight.`,
    );
  }
  if (near(B_MAX)) {
    notes.push(`The best exponent lies at the upper bound, b = ${B_MAX}: all of the fall is between the smallest x.`);
  }
  if (c <= 1e-9 * Math.min(...points.map((point) => point.loss))) {
    notes.push('The best floor is zero, its lower bound: these losses show no sign of levelling off.');
  }
  return notes;
}

function floorNotes(xs: readonly number[]): string[] {
  const notes: string[] = [];
  if (xs.length < LEAST_RUNGS) {
    notes.push('Three rungs fit any floor: the interval shows how little is known beyond them.');
  }
  const span = xs.at(-1)! / xs[0]!;
  if (span < LEAST_SPAN) {
    notes.push(
      `The largest x is only ${(Math.floor(10 * span) / 10).toFixed(1)} times the smallest: over so short a stretch many floors fit alike. Aim for ${LEAST_SPAN} times or more.`,
    );
  }
  return notes;
}

/** Wider should never be worse: say where it was. */
function risingNotes(points: readonly FitPoint[], { a }: LawParameters): string[] {
  if (a === 0) return [];
  const means = meansOf(points);
  const steps = means.flatMap(({ x, loss }, i) => {
    const before = means[i - 1];
    return before && loss > before.loss ? [`${before.x} to ${x}`] : [];
  });
  if (steps.length === 0) return [];
  if (steps.length > 3)
    return [`The loss rises ${steps.length} times as x grows: much noise, or runs that trained badly.`];
  return [`The loss rises from x = ${steps.join(' and from ')}: noise, or a run that trained badly.`];
}

/** Mean loss at each different x, ascending. */
function meansOf(points: readonly FitPoint[]): { x: number; loss: number }[] {
  return distinctX(points).map((x) => {
    const here = points.filter((point) => !isLarger(point.x, x) && !isLarger(x, point.x));
    return { x, loss: here.reduce((sum, point) => sum + point.loss, 0) / here.length };
  });
}

/** Says when another form than the width law, whose parameters are told, counts at least twice as much. */
export function formNotes(laws: readonly PlausibleLaw[]): string[] {
  const [first] = laws;
  const width = laws.find(({ name }) => name === WIDTH_LAW.name)!;
  if (!first || first.weight < 2 * width.weight) return [];
  const percent = (weight: number) => `${(100 * weight).toFixed(0)} %`;
  return [
    `The losses speak for a ${first.name} (${percent(first.weight)}) rather than for the width law (${percent(width.weight)}): predictions and their intervals take all forms into account, a, b and c are the width law's.`,
  ];
}
