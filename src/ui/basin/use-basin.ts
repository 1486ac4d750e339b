/** A prediction from a measured basin: the settings that do best at all its widths, on the ladder of the home view. */
import { measuredBasin } from '../../checks/measured-basin.ts';
import type { BasinCheck } from '../../model/check-results.ts';
import { parseExperiment, type Experiment, type Ladder } from '../../model/experiment.ts';
import { withOverrides } from '../../model/overrides.ts';
import { InputError } from '../../model/parse.ts';
import type { Recipe } from '../../model/recipe.ts';

/** Least number of rungs that a law can be drawn through. */
const LEAST_RUNGS = 3;

/** The recipe with the values of the best common cell; null where the widths have no cell in common. */
export function recipeFromBasin({ best, parameters, values }: BasinCheck, recipe: Recipe): Recipe | null {
  if (!best) return null;
  const overrides = Object.fromEntries(best.map((index, k) => [parameters[k], values[k][index]]));
  return withOverrides(recipe, overrides);
}

/**
 * @param prediction what the home view has now: its ladder is kept where the recipe's heads divide it, else rounded to widths
 * that they divide
 */
export function predictionFromBasin(check: BasinCheck, recipe: Recipe, prediction: Experiment): Experiment | null {
  const chosen = recipeFromBasin(check, recipe);
  if (!chosen) return null;
  const basin = measuredBasin(check, recipe);
  const base = { name: 'From a measured basin', recipes: [chosen], seeds: prediction.seeds, basin };
  return parseExperiment({ ...base, ladder: ladderFor(chosen, prediction.ladder), study: { kind: 'prediction' } });
}

function ladderFor(recipe: Recipe, { rungs, targets }: Ladder): Ladder {
  const fits = (width: number) => isTrainable(recipe, width);
  const kept = { rungs: rungs.filter(fits), targets: targets.filter(fits) };
  if (kept.rungs.length >= LEAST_RUNGS && kept.targets.length === targets.length) return kept;
  const near = (width: number) => {
    const heads = recipe.baseWidth / recipe.headSize;
    const even = recipe.architecture.position === 'rope' ? 2 : 1;
    const unit = recipe.growth === 'heads' ? recipe.headSize : heads * even;
    return Math.max(unit, Math.round(width / unit) * unit);
  };
  const rounded = [...new Set(rungs.map(near))].filter(fits);
  return {
    rungs: rounded,
    targets: [...new Set(targets.map(near))].filter((width) => fits(width) && !rounded.includes(width)),
  };
}

function isTrainable(recipe: Recipe, width: number): boolean {
  try {
    parseExperiment({ recipes: [recipe], ladder: { rungs: [width] } });
    return true;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return false;
  }
}
