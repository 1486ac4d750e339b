/** What is asked about the training curves of a table: those of sizes that nobody has trained, and whether they collapse. */
import type { CollapseTraining } from '../checks/collapse.ts';
import type { Curve, Measurement } from '../model/measurement.ts';
import { LEAST_SIZES } from '../scaling/width/width-law.ts';
import { commonStep, NEAR } from '../tables/curves.ts';
import { bestSetting } from '../tables/ladders.ts';
import type { Question } from './analyse.ts';

/** Windows of a ghost curve at most: more say nothing that a chart shows. */
const MOST_WINDOWS = 60;

/** A loss of a ladder at its size. */
interface Point {
  x: number;
  loss: number;
}

/**
 * @param measurements of one series
 * @param points that its law is fitted to: no other training has a part in the curves
 * @returns null where fewer than three sizes have curves with steps in common, and without targets
 */
export function tableGhosts(
  measurements: readonly Measurement[],
  points: readonly Point[],
  targets: readonly number[],
): Question<'ghosts'> | null {
  const own = curvesOf(measurements, points);
  const sizes = [...new Set(own.map(({ size }) => size))].sort((p, q) => p - q);
  const open = targets.filter((target) => !sizes.includes(target));
  if (sizes.length < LEAST_SIZES || open.length === 0) return null;
  const common = commonSteps(own);
  if (common.length === 0) return null;
  const rungs = sizes.map((x) => ({
    x,
    curves: own.flatMap(({ size, curve }) => (size === x ? [curveAt(curve, common)] : [])),
  }));
  return { kind: 'ghosts', inputs: { rungs, steps: common.at(-1)!, targets: open, ends: endsOf(common) } };
}

type WithCurve = Measurement & { curve: Curve };

/** The trainings of a series with a curve whose losses are these points. */
function curvesOf(measurements: readonly Measurement[], points: readonly Point[]): WithCurve[] {
  const isPoint = ({ size, loss }: Measurement) => points.some((one) => one.x === size && one.loss === loss);
  return trainingsOfLaw(measurements).filter((one): one is WithCurve => one.curve !== undefined && isPoint(one));
}

/** Last steps of the windows, counted from the end: the last losses are what the ladder is made of. */
function endsOf(common: readonly number[]): number[] {
  const every = Math.ceil(common.length / MOST_WINDOWS);
  return common.filter((_, i) => (common.length - 1 - i) % every === 0);
}

/** Steps above 0 that all have logged, ascending. */
function commonSteps(own: readonly WithCurve[]): number[] {
  const counts = new Map<number, number>();
  for (const { curve } of own) for (const step of curve.steps) counts.set(step, (counts.get(step) ?? 0) + 1);
  return [...counts].flatMap(([step, count]) => (count === own.length && step > 0 ? [step] : [])).sort((p, q) => p - q);
}

/** Of one that logged more often no window may hold other steps than of the rest. */
function curveAt({ steps, losses }: Curve, wanted: readonly number[]): Curve {
  const isWanted = new Set(wanted);
  const at = steps.flatMap((step, i) => (isWanted.has(step) ? [i] : []));
  return { steps: at.map((i) => steps[i]!), losses: at.map((i) => losses[i]!) };
}

/** The trainings of one series that its law takes: of each size those of one setting. */
function trainingsOfLaw(measurements: readonly Measurement[]): Measurement[] {
  const sizes = [...new Set(measurements.map(({ size }) => size))].sort((p, q) => p - q);
  return sizes.flatMap((size) => bestSetting(measurements.filter((one) => one.size === size)));
}

/**
 * The curves that a sealed one is held against, in the windows of which they have every step that the sealed one was made of.
 * @param measurements of one series
 * @param sealed points and last steps of the windows that were sealed
 * @param points that measured it
 * @returns none where the trainings it was made of are no longer those of the table: nobody knows those steps then
 */
export function measuredCurves(
  measurements: readonly Measurement[],
  sealed: { points: readonly Point[]; steps: readonly number[] },
  points: readonly Point[],
): Curve[] {
  const common = commonSteps(curvesOf(measurements, sealed.points));
  const ends = endsOf(common);
  if (ends.length !== sealed.steps.length || ends.some((end, k) => end !== sealed.steps[k])) return [];
  const windows = ends.map((end, k) => common.filter((step) => step <= end && (k === 0 || step > ends[k - 1]!)));
  return curvesOf(measurements, points).map(({ curve }) => {
    const logged = new Set(curve.steps);
    return curveAt(curve, windows.filter((window) => window.every((step) => logged.has(step))).flat());
  });
}

/**
 * The curves that are brought to one scale: of each size the setting that its law takes, up to the end of each training where longer
 * ones are of larger sizes or lengths are told, else to the last step that all have.
 * @param measurements of one series
 * @returns none where a size was trained for several lengths
 */
export function collapseTrainings(measurements: readonly Measurement[]): CollapseTraining[] {
  const own = trainingsOfLaw(measurements);
  const sizes = [...new Set(own.map(({ size }) => size))];
  const curves = own.flatMap(({ size, curve, tokens }) =>
    curve && curve.steps.length > 0 ? [{ size, curve, tokens }] : [],
  );
  const lengthsOf = (size: number) => new Set(curves.filter((one) => one.size === size).map(({ tokens }) => tokens));
  if (curves.length === 0 || sizes.some((size) => lengthsOf(size).size > 1)) return [];
  const ends = curves.map(({ size, curve }) => ({ size, end: curve.steps.at(-1)! }));
  const isLadder = ends.every(
    ({ size, end }, i) => i === 0 || (size === ends[i - 1]!.size ? end === ends[i - 1]!.end : end > ends[i - 1]!.end),
  );
  const areTold = curves.every(({ tokens }) => tokens !== null);
  const common = isLadder || areTold ? Infinity : commonStep(curves.map(({ curve }) => curve.steps)) * (1 + NEAR);
  return curves.map(({ size, curve: { steps, losses } }) => {
    const count = steps.filter((step) => step <= common).length;
    return { size, curve: { steps: steps.slice(0, count), losses: losses.slice(0, count) } };
  });
}
