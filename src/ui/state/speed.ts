/** How fast this machine trained before, to say how long training will take before it starts: a rough guide, kept per adapter. */
import type { Recipe } from '../../model/recipe.ts';
import type { RunResult } from '../../model/result.ts';
import type { Run } from '../../model/run.ts';
import type { AdapterInfo } from '../../model/training.ts';
import { cohortWork, secondsOf, speedFrom, type Speed, type Work } from '../../workers/eta.ts';

const keyOf = ({ vendor, architecture, description }: AdapterInfo) =>
  `mup-playground-speed ${vendor} ${architecture} ${description}`;

/** The vocabulary of a text is not known before it is read; its upper bound stands in. */
const vocabularyOf = ({ corpus }: Recipe) => (corpus.kind === 'spectral' ? corpus.vocabulary : corpus.characters);

const workOf = ([{ recipe, width }]: Run[], count: number): Work =>
  cohortWork(recipe, width, vocabularyOf(recipe), count);

/** Learns from what was measured of the cohorts and keeps it for the next visit. */
export function rememberSpeed(
  adapter: AdapterInfo,
  cohorts: readonly Run[][],
  measured: readonly Pick<RunResult, 'id' | 'status' | 'seconds'>[],
): void {
  const done = new Map(measured.filter((run) => run.status === 'done' && run.seconds > 0).map((run) => [run.id, run]));
  const timings = cohorts.flatMap((cohort) => {
    const timed = cohort.flatMap(({ id }) => done.get(id) ?? []);
    if (timed.length === 0) return [];
    const { flopsPerStep, steps } = workOf(cohort, timed.length);
    // Runs that train together all tell the time of all; the parts of a cohort that was split each tell their own.
    const seconds = [...new Set(timed.map((run) => run.seconds))].reduce((sum, one) => sum + one, 0);
    return [{ flopsPerStep, secondsPerStep: seconds / steps }];
  });
  const speed = speedFrom(timings);
  if (!speed) return;
  try {
    localStorage.setItem(keyOf(adapter), JSON.stringify(speed));
  } catch {
    // Storage is blocked: the next visit then starts without an estimate.
  }
}

/** Seconds that the cohorts take; null where this adapter's speed was never measured. */
export function estimatedSeconds(adapter: AdapterInfo, cohorts: readonly Run[][]): number | null {
  const speed = rememberedSpeed(adapter);
  if (!speed) return null;
  return cohorts.reduce((sum, cohort) => sum + secondsOf(workOf(cohort, cohort.length), speed), 0);
}

function rememberedSpeed(adapter: AdapterInfo): Speed | null {
  try {
    const { overhead, secondsPerFlop } = JSON.parse(localStorage.getItem(keyOf(adapter)) ?? 'null') as Speed;
    return overhead >= 0 && secondsPerFlop >= 0 ? { overhead, secondsPerFlop } : null;
  } catch {
    return null;
  }
}
