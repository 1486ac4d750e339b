/** Training curves brought down to windows of steps: what ghost curves are made of and held against. */
import type { GhostCurve } from '../../model/scaling-results.ts';

/** Training losses of one run, step by step; NaN where a step has none. */
export interface TrainingCurve {
  steps: number[];
  losses: number[];
}

const WINDOWS = 60;
/** Windows shorten towards the start, where the loss falls fastest. */
const STRETCH = 1.5;

/** Last steps of the windows, ascending; fewer than asked for where there are fewer steps. */
export function windowEnds(steps: number, windows = WINDOWS): number[] {
  const ends = Array.from({ length: windows }, (_, i) => Math.round(steps * ((i + 1) / windows) ** STRETCH));
  return [...new Set(ends)].filter((end) => end >= 1);
}

/** Mean loss in each window; NaN where a window has no step yet, or one that diverged. */
export function curveMeans({ steps, losses }: TrainingCurve, ends: readonly number[]): number[] {
  const sums = ends.map(() => ({ sum: 0, count: 0 }));
  let window = 0;
  for (const [i, step] of steps.entries()) {
    while (window < ends.length && step > ends[window]!) window += 1;
    if (window === ends.length) break;
    sums[window]!.sum += losses[i]!;
    sums[window]!.count += 1;
  }
  return sums.map(({ sum, count }) => (count > 0 ? sum / count : NaN));
}

/** Mean over the seeds whose curves are whole in a window; NaN where there is none. */
export function seedMeans(curves: readonly number[][]): number[] {
  const length = Math.max(0, ...curves.map((curve) => curve.length));
  return Array.from({ length }, (_, i) => {
    const there = curves.map((curve) => curve[i]!).filter(Number.isFinite);
    return there.length > 0 ? there.reduce((sum, loss) => sum + loss, 0) / there.length : NaN;
  });
}

/** Share of the measured windows that lie in the band; null where none was measured. */
export function shareHeld({ lo, hi }: GhostCurve, measured: readonly number[]): number | null {
  const there = measured.flatMap((loss, i) => (Number.isFinite(loss) ? [lo[i]! <= loss && loss <= hi[i]!] : []));
  return there.length > 0 ? there.filter(Boolean).length / there.length : null;
}
