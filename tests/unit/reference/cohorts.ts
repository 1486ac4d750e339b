/** Small cohorts on a spectral corpus, and an engine run to its end, for tests of training. */
import { buildCorpus } from '../../../src/data/corpus.ts';
import type { Corpus } from '../../../src/data/token-plan.ts';
import { parseExperiment, type ExperimentInput } from '../../../src/model/experiment.ts';
import type { Recipe } from '../../../src/model/recipe.ts';
import { parametrize } from '../../../src/model/parametrization.ts';
import { modelShape } from '../../../src/model/shape.ts';
import type { Cohort, RunOutcome, TrainingOptions, TrainingReport } from '../../../src/model/training.ts';
import { createReferenceEngine } from '../../../src/reference/trainer.ts';

type RecipeInput = ExperimentInput['recipes'][number];

export function recipeOf(changes: Partial<RecipeInput> = {}): Recipe {
  const recipe: RecipeInput = {
    name: 'test',
    parametrization: 'mup',
    baseWidth: 8,
    layers: 1,
    headSize: 4,
    context: 8,
    corpus: { kind: 'spectral', vocabulary: 12 },
    batch: 4,
    steps: 12,
    optimizer: { learningRate: 2 ** -5 },
    evaluation: { sequences: 10 },
    ...changes,
  };
  return parseExperiment({ recipes: [recipe], ladder: { rungs: [recipe.baseWidth] } }).recipes[0];
}

export function corpusOf(recipe: Recipe): Corpus {
  return buildCorpus(recipe.corpus, { ...recipe, evaluationSequences: recipe.evaluation.sequences }, {});
}

/** One run per recipe, all on the first one's corpus; `seeds[i]` is run i's, 1 where not given. */
export function cohortOf(recipes: Recipe[], width: number, seeds: number[] = [], evaluateEvery = 0): Cohort {
  const corpus = corpusOf(recipes[0]);
  const shape = modelShape(recipes[0], width, corpus.vocabulary);
  const runs = recipes.map((recipe, i) => ({
    id: `run ${i}`,
    seed: seeds[i] ?? 1,
    table: parametrize(recipe, shape),
    optimizer: recipe.optimizer,
    schedule: recipe.schedule,
  }));
  const { batch, steps } = recipes[0];
  return { shape, batch, steps, evaluateEvery, runs, stream: corpus.streamOf(null) };
}

export interface Trained {
  outcomes: RunOutcome[];
  reports: TrainingReport[];
  /** Losses of run r, step by step. */
  losses: number[][];
}

export async function train(cohort: Cohort, options: Partial<TrainingOptions> = {}): Promise<Trained> {
  const reports: TrainingReport[] = [];
  const outcomes = await createReferenceEngine().train(cohort, {
    signal: new AbortController().signal,
    untilResumed: () => Promise.resolve(),
    ...options,
    onReport: (report) => {
      reports.push(report);
      options.onReport?.(report);
    },
  });
  const losses = cohort.runs.map((_, r) =>
    reports.flatMap((report) =>
      report.kind === 'losses' ? [...report.losses].filter((_, i) => i % cohort.runs.length === r) : [],
    ),
  );
  return { outcomes, reports, losses };
}
