/** Experiments whose runs are made up: losses and activations by formula, everything else as a result would have it. */
import type { Recipe } from '../../../src/model/recipe.ts';
import { parseExperiment, type Experiment, type ExperimentInput } from '../../../src/model/experiment.ts';
import type { RunResult } from '../../../src/model/result.ts';
import { runId, settingsOf } from '../../../src/model/run.ts';

type RecipeInput = ExperimentInput['recipes'][number];

export function recipeInput(changes: Partial<RecipeInput> = {}): RecipeInput {
  return {
    name: 'muP',
    parametrization: 'mup',
    baseWidth: 8,
    layers: 2,
    headSize: 8,
    context: 16,
    corpus: { kind: 'spectral', vocabulary: 32 },
    batch: 8,
    steps: 60,
    optimizer: { learningRate: 2 ** -4 },
    ...changes,
  };
}

export interface ExperimentParts {
  study: ExperimentInput['study'];
  rungs?: number[];
  seeds?: number[];
  recipes?: Partial<RecipeInput>[];
}

export function experimentOf({ study, rungs = [8, 16, 32], seeds = [1], recipes = [{}] }: ExperimentParts): Experiment {
  return parseExperiment({ recipes: recipes.map(recipeInput), ladder: { rungs }, study, seeds });
}

/** What a made-up run ends with; "diverged" for one that did. */
export type Ending = Partial<RunResult> | number | 'diverged';

export interface RunPlace {
  recipe: Recipe;
  width: number;
  overrides: Record<string, number>;
  seed: number;
}

/** All runs of an experiment; `endingOf` gives a final loss, or whatever else sets the run apart. */
export function runsOf(experiment: Experiment, endingOf: (place: RunPlace) => Ending): RunResult[] {
  return experiment.recipes.flatMap((recipe) =>
    experiment.ladder.rungs.flatMap((width) =>
      settingsOf(experiment.study).flatMap((overrides) =>
        experiment.seeds.map((seed) => runOf({ recipe, width, overrides, seed }, endingOf)),
      ),
    ),
  );
}

function runOf(place: RunPlace, endingOf: (place: RunPlace) => Ending): RunResult {
  const { recipe, width, overrides, seed } = place;
  const run: RunResult = {
    ...{ id: runId(recipe, width, seed, overrides), recipe: recipe.name, width, seed, overrides },
    parameters: { total: 1, nonEmbedding: 1 },
    ...{ status: 'done', divergedAt: null },
    ...{ steps: [], trainLoss: [], evalSteps: [], evalLoss: [] },
    ...{ finalEvalLoss: null, finalEvalStandardError: null, tokens: 0, seconds: 0 },
  };
  const ending = endingOf(place);
  if (typeof ending === 'number') return { ...run, finalEvalLoss: ending };
  return ending === 'diverged' ? { ...run, status: 'diverged', divergedAt: 3 } : { ...run, ...ending };
}
