/** The coordinate check: does the mean |activation| of every module stay the same size as models get wider? */
import type { CoordinateCheck, ModuleCheck } from '../model/check-results.ts';
import type { Experiment } from '../model/experiment.ts';
import { modulesOf } from '../model/modules.ts';
import type { Recipe } from '../model/recipe.ts';
import type { RunResult } from '../model/result.ts';
import { coordinateSentence } from './coordinate-sentence.ts';
import { moduleSlopes, type MeasuredRun } from './coordinate-slopes.ts';
import { culpritOf, type Suspect } from './culprit.ts';
import { breaksOf, isRandomStart, moduleVerdict, TOLERANCE } from './flatness.ts';
import { runsOf } from './settled.ts';

/**
 * Holds when every module is flat and no part grows too fast; `moduleVerdict` and `breaksOf` say what that means beside noise.
 * Before two widths were measured there are no slopes: all modules are silent then and nothing is clear.
 *
 * @param experiment its study is of kind "coordinates"
 * @param runs of all recipes, as many as there are yet
 */
export function checkCoordinates(experiment: Experiment, recipe: Recipe, runs: readonly RunResult[]): CoordinateCheck {
  const own = measuredRuns(recipe, runs);
  const widths = experiment.ladder.rungs
    .filter((width) => own.some((run) => run.width === width))
    .sort((a, b) => a - b);
  const length = Math.max(0, ...own.map(({ activations }) => activations.values.length));
  const suspects = modulesOf(recipe).map((module): Suspect => {
    const slopes = moduleSlopes(module.name, own, widths, length);
    return { ...module, ...slopes, verdict: moduleVerdict(slopes) };
  });
  const modules = suspects.map(({ seedSlopes: _, ...module }): ModuleCheck => module);
  const found = {
    recipe: recipe.name,
    widths,
    steps: Array.from({ length }, (_, step) => step),
    tolerance: TOLERANCE,
    modules,
    verdict: verdictOf(
      modules,
      own.every(({ divergedAt }) => typeof divergedAt !== 'number'),
    ),
    culprit: culpritOf(suspects),
  };
  return { ...found, sentence: coordinateSentence(recipe, found, own) };
}

/** What is broken is broken by whatever was measured; to hold takes every module, and every run to its end. */
function verdictOf(modules: readonly ModuleCheck[], isWhole: boolean): CoordinateCheck['verdict'] {
  if (breaksOf(modules).length > 0) return 'broken';
  const whole = modules.filter(({ level }) => level === 'module');
  const holds = isWhole && whole.every((module) => module.verdict === 'flat' || isRandomStart(module));
  return holds ? 'holds' : 'unclear';
}

/** A run that was cancelled or failed stops at no particular step and is left out. */
function measuredRuns(recipe: Recipe, runs: readonly RunResult[]): (MeasuredRun & Pick<RunResult, 'divergedAt'>)[] {
  return runsOf(recipe, runs)
    .filter(({ status }) => status === 'done' || status === 'diverged')
    .flatMap(({ width, seed, activations, divergedAt }) =>
      activations ? [{ width, seed, activations, divergedAt }] : [],
    );
}
