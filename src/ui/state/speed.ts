/** How fast this machine trained before, to say how long training will take before it starts: a rough guide, kept per adapter. */
import type { Experiment } from '../../model/experiment.ts';
import type { Recipe } from '../../model/recipe.ts';
import type { RunResult } from '../../model/result.ts';
import type { AdapterInfo } from '../../model/training.ts';
import { cohortWork, secondsOf, speedFrom, type Speed } from '../../workers/eta.ts';

const keyOf = ({ vendor, architecture, description }: AdapterInfo) =>
  `mup-playground-speed ${vendor} ${architecture} ${description}`;

/** The vocabulary of a text is not known before it is read; its upper bound stands in. */
const vocabularyOf = ({ corpus }: Recipe) => (corpus.kind === 'spectral' ? corpus.vocabulary : corpus.characters);

/** Learns from the cohorts among `runs` and keeps it for the next visit. */
export function rememberSpeed(adapter: AdapterInfo, recipes: readonly Recipe[], runs: readonly RunResult[]): void {
  const timings = recipes.flatMap((recipe) => {
    const done = runs.filter((run) => run.recipe === recipe.name && run.status === 'done' && run.seconds > 0);
    const widths = [...new Set(done.map((run) => run.width))];
    return widths.map((width) => {
      const cohort = done.filter((run) => run.width === width);
      const { flopsPerStep } = cohortWork(recipe, width, vocabularyOf(recipe), cohort.length);
      // Runs of one width train together, so each of them tells the time of all.
      return { flopsPerStep, secondsPerStep: cohort[0].seconds / recipe.steps };
    });
  });
  const speed = speedFrom(timings);
  if (!speed) return;
  try {
    localStorage.setItem(keyOf(adapter), JSON.stringify(speed));
  } catch {
    // Storage is blocked: the next visit then starts without an estimate.
  }
}

/** Seconds the runs that are not `finished` take; null where this adapter's speed was never measured. */
export function estimatedSeconds(
  adapter: AdapterInfo,
  { recipes, ladder, seeds }: Experiment,
  finished: readonly RunResult[],
): number | null {
  const speed = rememberedSpeed(adapter);
  if (!speed) return null;
  let seconds = 0;
  for (const recipe of recipes) {
    for (const width of [...ladder.rungs, ...ladder.targets]) {
      const trained = finished.filter((run) => run.recipe === recipe.name && run.width === width).length;
      const missing = seeds.length - trained;
      if (missing > 0) seconds += secondsOf(cohortWork(recipe, width, vocabularyOf(recipe), missing), speed);
    }
  }
  return seconds;
}

function rememberedSpeed(adapter: AdapterInfo): Speed | null {
  try {
    const { overhead, secondsPerFlop } = JSON.parse(localStorage.getItem(keyOf(adapter)) ?? 'null') as Speed;
    return overhead >= 0 && secondsPerFlop >= 0 ? { overhead, secondsPerFlop } : null;
  } catch {
    return null;
  }
}
