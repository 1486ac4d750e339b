/** Runs of check studies with losses and activations from formulas, for tests of what the page makes of them. Never shipped. */
import { modulesOf } from '../../../src/model/modules.ts';
import { parseExperiment, type Experiment } from '../../../src/model/experiment.ts';
import { hyperparameterOf } from '../../../src/model/overrides.ts';
import type { RunResult } from '../../../src/model/result.ts';
import type { Run } from '../../../src/model/run.ts';
import type { Study } from '../../../src/model/study.ts';
import { cohortsOf } from '../../../src/experiment/cohorts.ts';

const powers = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => 2 ** (from + i));

const recipe = {
  baseWidth: 8,
  layers: 1,
  headSize: 4,
  context: 16,
  corpus: { kind: 'spectral' as const, vocabulary: 64 },
  batch: 8,
  steps: 5,
  optimizer: { learningRate: 2 ** -4 },
};

/** muP beside SP at widths 8, 16 and 32. */
export function checkExperiment(study: Study, change: (experiment: Experiment) => void = () => {}): Experiment {
  const experiment = parseExperiment({
    name: 'Checked',
    recipes: [
      { name: 'muP', parametrization: 'mup', ...recipe },
      { name: 'SP', parametrization: 'sp', ...recipe },
    ],
    ladder: { rungs: [8, 16, 32] },
    study,
  });
  change(experiment);
  return parseExperiment(experiment);
}

export const transferStudy: Study = {
  kind: 'transfer',
  sweep: { parameter: 'optimizer.learningRate', values: powers(-8, -1) },
};

export const basinStudy: Extract<Study, { kind: 'basin' }> = {
  kind: 'basin',
  sweeps: [
    { parameter: 'optimizer.learningRate', values: powers(-7, -2) },
    { parameter: 'init.hidden', values: powers(-1, 1) },
  ],
  margin: 0.04,
};

/** The best learning rate is 2^-4 at width 8; under SP it halves with each doubling, and four times more diverges. */
export function fakeCheckRun({ id, recipe, width, seed, overrides }: Run): RunResult {
  const octaves = Math.log2(width / 8);
  const isSp = recipe.parametrization === 'sp';
  const away = Math.log2(recipe.optimizer.learningRate) + 4 + (isSp ? octaves : 0);
  const scale = Math.log2(hyperparameterOf(recipe, 'init.hidden'));
  const loss = 3.5 - 0.2 * octaves + 0.05 * away ** 2 + 0.02 * scale ** 2;
  const isLost = away > 2.5;
  const steps = Array.from({ length: recipe.steps }, (_, i) => i + 1);
  return {
    ...{ id, recipe: recipe.name, width, seed, overrides },
    parameters: { total: 100, nonEmbedding: 80 },
    status: isLost ? 'diverged' : 'done',
    divergedAt: isLost ? 3 : null,
    steps,
    trainLoss: steps.map((step) => (isLost && step > 3 ? null : loss + 1 / step)),
    evalSteps: [recipe.steps],
    evalLoss: [isLost ? null : loss],
    finalEvalLoss: isLost ? null : loss,
    finalEvalStandardError: isLost ? null : 0.004,
    tokens: 1,
    seconds: 1,
  };
}

/** Sizes that stay under muP and grow under SP; a changed rule makes its tensor's module grow. */
export function fakeProbedRun(run: Run): RunResult {
  const { recipe, width } = run;
  const modules = modulesOf(recipe);
  const slopeOf = (role: string) => {
    if (recipe.parametrization === 'sp') return role === 'embedding' || role === 'norm' ? 0 : 0.7;
    return recipe.rules.some(({ tensor }) => tensor === role) ? 0.8 : 0.01;
  };
  const values = Array.from({ length: recipe.steps + 1 }, (_, t) =>
    modules.map(({ role }) => (t === 0 ? 0.5 : (width / 8) ** slopeOf(role))),
  );
  return {
    ...fakeCheckRun(run),
    status: 'done',
    divergedAt: null,
    activations: { modules: modules.map(({ name }) => name), values },
  };
}

/** All runs of an experiment. */
export function fakeCheckRuns(experiment: Experiment): RunResult[] {
  const runs = cohortsOf(experiment).rungs.flat();
  return runs.map(experiment.study.kind === 'coordinates' ? fakeProbedRun : fakeCheckRun);
}
