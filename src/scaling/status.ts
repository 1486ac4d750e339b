/** What a fit can and cannot say, in a word for programs and in sentences for people. */
import type { FitPoint, FitStatus, LawParameters } from './report.ts';
import { B_MAX, B_MIN, distinctX, isLarger } from './width-law.ts';

/** Under this span of x (largest over smallest) a law without a floor fits about as well as one with. */
export const LEAST_SPAN = 4;
const LEAST_RUNGS = 4;

export function assess(points: readonly FitPoint[], law: LawParameters | null): { status: FitStatus; notes: string[] } {
  const xs = distinctX(points);
  if (!law) {
    const have = xs.length === 0 ? 'are none' : xs.length === 1 ? 'is 1' : `are ${xs.length}`;
    return { status: 'too-few-points', notes: [`A law needs losses at three different x or more; there ${have}.`] };
  }
  const atBound = boundNotes(points, law);
  const unidentified = floorNotes(xs);
  const status = atBound.length ? 'at-bound' : unidentified.length ? 'floor-not-identified' : 'converged';
  return { status, notes: [...atBound, ...unidentified, ...risingNotes(points, law)] };
}

function boundNotes(points: readonly FitPoint[], { a, b, c }: LawParameters): string[] {
  if (a === 0) return ['The losses do not fall with x, so no falling law fits: the prediction is their mean.'];
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
      `The largest x is only ${span.toPrecision(2)} times the smallest: over so short a stretch many floors fit alike. Aim for ${LEAST_SPAN} times or more.`,
    );
  }
  return notes;
}

/** Wider should never be worse: say where it was. */
function risingNotes(points: readonly FitPoint[], { a }: LawParameters): string[] {
  if (a === 0) return [];
  const means = distinctX(points).map((x) => {
    const here = points.filter((point) => !isLarger(point.x, x) && !isLarger(x, point.x));
    return { x, loss: here.reduce((sum, point) => sum + point.loss, 0) / here.length };
  });
  const rises = means.flatMap(({ x, loss }, i) => {
    const before = means[i - 1];
    return before && loss > before.loss ? [`${before.x} to ${x}`] : [];
  });
  if (rises.length === 0) return [];
  if (rises.length > 3)
    return [`The loss rises ${rises.length} times as x grows: much noise, or runs that trained badly.`];
  return [`The loss rises from x = ${rises.join(' and from ')}: noise, or a run that trained badly.`];
}
