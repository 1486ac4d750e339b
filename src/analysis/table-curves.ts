/** What is asked about the training curves of a table: those of sizes that nobody has trained, and whether they collapse. */
import type { CollapseTraining } from '../checks/collapse.ts';
import type { Curve, Measurement } from '../model/measurement.ts';
import { commonStep, NEAR } from '../tables/curves.ts';
import { bestSetting } from '../tables/ladders.ts';
import type { Question } from './analyse.ts';

/** Windows of a ghost curve at most: more say nothing that a chart shows. */
const MOST_WINDOWS = 60;
const LEAST_SIZES = 3;

/**
 * @param measurements of one series
 * @returns null where fewer than three sizes have curves with steps in common, and without targets
 */
export function tableGhosts(
  measurements: readonly Measurement[],
  targets: readonly number[],
): Question<'ghosts'> | null {
  const own = trainingsOfLaw(measurements).filter(({ curve }) => curve !== undefined);
  const sizes = [...new Set(own.map(({ size }) => size))].sort((p, q) => p - q);
  const open = targets.filter((target) => !sizes.includes(target));
  if (sizes.length < LEAST_SIZES || open.length === 0) return null;
  const common = commonSteps(own);
  if (common.length === 0) return null;
  const every = Math.ceil(common.length / MOST_WINDOWS);
  // Counted from the end: the last losses are what the ladder is made of.
  const ends = common.filter((_, i) => (common.length - 1 - i) % every === 0);
  const rungs = sizes.map((x) => ({
    x,
    curves: curvesAt(
      own.filter(({ size }) => size === x),
      common,
    ),
  }));
  return { kind: 'ghosts', inputs: { rungs, steps: common.at(-1)!, targets: open, ends } };
}

/** Steps above 0 that all have logged, ascending. */
function commonSteps(own: readonly Measurement[]): number[] {
  const counts = new Map<number, number>();
  for (const { curve } of own) for (const step of curve!.steps) counts.set(step, (counts.get(step) ?? 0) + 1);
  return [...counts].flatMap(([step, count]) => (count === own.length && step > 0 ? [step] : [])).sort((p, q) => p - q);
}

/** Of one that logged more often no window may hold other steps than of the rest. */
function curvesAt(own: readonly Measurement[], steps: readonly number[]): Curve[] {
  const isCommon = new Set(steps);
  return own.map(({ curve }) => {
    const at = curve!.steps.flatMap((step, i) => (isCommon.has(step) ? [i] : []));
    return { steps: at.map((i) => curve!.steps[i]!), losses: at.map((i) => curve!.losses[i]!) };
  });
}

/** The trainings of one series that its law takes: of each size those of one setting. */
function trainingsOfLaw(measurements: readonly Measurement[]): Measurement[] {
  const sizes = [...new Set(measurements.map(({ size }) => size))].sort((p, q) => p - q);
  return sizes.flatMap((size) => bestSetting(measurements.filter((one) => one.size === size)));
}

/**
 * The curves of one size, at the steps by which ghost curves of it were made.
 * @param measurements of one series
 */
export function measuredCurves(measurements: readonly Measurement[], size: number): Curve[] {
  const own = trainingsOfLaw(measurements).filter(({ curve }) => curve !== undefined);
  const here = own.filter((one) => Math.abs(one.size / size - 1) < 1e-9);
  return here.length === 0 ? [] : curvesAt(here, commonSteps(own));
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
