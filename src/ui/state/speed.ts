/** How fast this machine trained before, to say how long training will take before it starts. A rough guide, remembered per adapter. */
import type { Recipe } from '../../model/experiment.ts';
import type { RunResult } from '../../model/result.ts';
import { modelShape, trainingFlops } from '../../model/shape.ts';
import type { AdapterInfo } from '../../model/training.ts';

const keyOf = ({ vendor, architecture, description }: AdapterInfo) =>
  `mup-playground-speed ${vendor} ${architecture} ${description}`;

/** FLOPs of one run; the vocabulary of a text is not known before it is read, so its upper bound stands in. */
export function runFlops(recipe: Recipe, width: number): number {
  const { corpus } = recipe;
  const vocabulary = corpus.kind === 'spectral' ? corpus.vocabulary : corpus.characters;
  return trainingFlops(modelShape(recipe, width, vocabulary), recipe.steps * recipe.batch * recipe.context);
}

/** FLOPs per second over finished cohorts; null where there are none. */
export function measuredSpeed(recipes: readonly Recipe[], runs: readonly RunResult[]): number | null {
  let flops = 0;
  const seconds = new Map<string, number>();
  for (const run of runs) {
    const recipe = recipes.find((one) => one.name === run.recipe);
    if (!recipe || run.status !== 'done') continue;
    flops += runFlops(recipe, run.width);
    // Runs of one width train together, so their time counts once.
    seconds.set(`${run.recipe} ${run.width}`, run.seconds);
  }
  const total = [...seconds.values()].reduce((sum, one) => sum + one, 0);
  return total > 0 ? flops / total : null;
}

export function rememberSpeed(adapter: AdapterInfo, flopsPerSecond: number): void {
  try {
    localStorage.setItem(keyOf(adapter), String(flopsPerSecond));
  } catch {
    // Storage is blocked: the next visit then starts without an estimate.
  }
}

export function rememberedSpeed(adapter: AdapterInfo): number | null {
  try {
    const speed = Number(localStorage.getItem(keyOf(adapter)));
    return speed > 0 && Number.isFinite(speed) ? speed : null;
  } catch {
    return null;
  }
}
