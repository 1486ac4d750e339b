/** What is asked about the training curves of a table: those of sizes that nobody has trained. */
import type { Curve, Measurement } from '../model/measurement.ts';
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
  const own = measurements.filter(({ curve, loss }) => curve !== undefined && loss !== null);
  const sizes = [...new Set(own.map(({ size }) => size))].sort((p, q) => p - q);
  const open = targets.filter((target) => !sizes.includes(target));
  if (sizes.length < LEAST_SIZES || open.length === 0) return null;
  const counts = new Map<number, number>();
  for (const { curve } of own) for (const step of curve!.steps) counts.set(step, (counts.get(step) ?? 0) + 1);
  const common = [...counts]
    .flatMap(([step, count]) => (count === own.length && step > 0 ? [step] : []))
    .sort((p, q) => p - q);
  if (common.length === 0) return null;
  const every = Math.ceil(common.length / MOST_WINDOWS);
  // Counted from the end: the last losses are what the ladder is made of.
  const ends = common.filter((_, i) => (common.length - 1 - i) % every === 0);
  // Of one that logged more often no window may hold other steps than of the rest.
  const isCommon = new Set(common);
  const curveOf = ({ curve }: Measurement): Curve => {
    const at = curve!.steps.flatMap((step, i) => (isCommon.has(step) ? [i] : []));
    return { steps: at.map((i) => curve!.steps[i]!), losses: at.map((i) => curve!.losses[i]!) };
  };
  const rungs = sizes.map((x) => ({ x, curves: own.filter(({ size }) => size === x).map(curveOf) }));
  return { kind: 'ghosts', inputs: { rungs, steps: common.at(-1)!, targets: open, ends } };
}
