/** Small cohorts on random tokens, for the engine's tests. */
import { parseExperiment, type ExperimentInput } from '../../src/model/experiment.ts';
import type { Recipe } from '../../src/model/recipe.ts';
import { parametrize } from '../../src/model/parametrization.ts';
import { randomStream } from '../../src/model/random.ts';
import { modelShape } from '../../src/model/shape.ts';
import type { Cohort, CohortRun, RunOutcome, TrainingEngine, TrainingOptions } from '../../src/model/training.ts';

type RecipeInput = ExperimentInput['recipes'][number];

export function recipeOf(changes: Partial<RecipeInput>): Recipe {
  const recipe: RecipeInput = {
    name: 'test',
    parametrization: 'mup',
    baseWidth: 8,
    layers: 1,
    headSize: 4,
    context: 8,
    corpus: { kind: 'spectral', vocabulary: 16 },
    batch: 4,
    steps: 20,
    optimizer: { learningRate: 2 ** -6 },
    ...changes,
  };
  const width = recipe.baseWidth;
  return parseExperiment({ recipes: [recipe], ladder: { rungs: [width] } }).recipes[0];
}

export interface CohortSettings {
  width: number;
  vocabulary: number;
  evaluationSequences?: number;
  evaluateEvery?: number;
  /** All of them in one segment where nothing is said. */
  segmentSteps?: number;
}

/** One run per recipe (they must agree in shape, batch and steps); the tokens are drawn from `seed`. */
export function cohortOf(recipes: Recipe[], settings: CohortSettings, seed: number, runSeeds?: number[]): Cohort {
  const { width, vocabulary, evaluationSequences = 6, evaluateEvery = 0 } = settings;
  const { batch, steps, context } = recipes[0];
  const { segmentSteps = steps } = settings;
  const random = randomStream(seed, 'test tokens');
  // Every other token follows from the one before it, so that there is something to learn.
  const draw = (count: number) => {
    const tokens = new Uint32Array(count);
    for (let i = 1; i < count; i++) {
      tokens[i] = random.uniform() < 0.5 ? (tokens[i - 1] * 3 + 1) % vocabulary : random.below(vocabulary);
    }
    return tokens;
  };
  const windows = (count: number) => {
    const tokens = draw(count * context + 1);
    return Uint32Array.from({ length: count * (context + 1) }, (_, i) => tokens[i - Math.floor(i / (context + 1))]);
  };
  const batches = windows(steps * batch);
  const row = batch * (context + 1);
  const shape = modelShape(recipes[0], width, vocabulary);
  const runs = recipes.map((recipe, i): CohortRun => ({
    id: `run ${i}`,
    seed: runSeeds?.[i] ?? seed,
    table: parametrize(recipe, shape),
    optimizer: recipe.optimizer,
    schedule: recipe.schedule,
  }));
  return {
    shape,
    batch,
    steps,
    evaluateEvery,
    runs,
    stream: {
      segmentSteps,
      segment: async (index) => batches.subarray(index * segmentSteps * row, (index + 1) * segmentSteps * row),
      evaluation: windows(evaluationSequences),
    },
  };
}

export interface Trained {
  outcomes: RunOutcome[];
  /** losses[r][step] */
  losses: Map<string, number[]>;
  evaluations: { step: number; losses: number[] }[];
}

export async function train(
  engine: TrainingEngine,
  cohort: Cohort,
  options: Partial<TrainingOptions> = {},
): Promise<Trained> {
  const losses = new Map<string, number[]>(cohort.runs.map((run) => [run.id, []]));
  const evaluations: Trained['evaluations'] = [];
  const outcomes = await engine.train(cohort, {
    signal: new AbortController().signal,
    untilResumed: () => Promise.resolve(),
    ...options,
    onReport: (report) => {
      if (report.kind === 'losses') {
        report.losses.forEach((loss, i) => losses.get(report.runs[i % report.runs.length])!.push(loss));
      } else {
        evaluations.push({ step: report.step, losses: [...report.losses] });
      }
      options.onReport?.(report);
    },
  });
  return { outcomes, losses, evaluations };
}
