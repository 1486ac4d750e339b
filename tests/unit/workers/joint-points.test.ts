import { expect, test } from 'vitest';
import type { Experiment } from '../../../src/model/experiment.ts';
import type { RunResult } from '../../../src/model/result.ts';
import { runOf } from '../../../src/model/run.ts';
import type { Schedule } from '../../../src/model/recipe.ts';
import { countParameters, modelShape } from '../../../src/model/shape.ts';
import { LawFitter } from '../../../src/workers/fitter-service.ts';
import { jointFits, jointPoints } from '../../../src/workers/joint-points.ts';
import { experimentWith } from './fakes.ts';

const STEPS = 20;
const sizeAt = (experiment: Experiment, width: number) =>
  countParameters(modelShape(experiment.recipes[0], width, 16)).nonEmbedding;
const law = (n: number, d: number) => 2 + 8 / n ** 0.4 + 30 / d ** 0.6;

function study(schedule: Schedule, every = 2): { experiment: Experiment; runs: RunResult[] } {
  const [recipe] = experimentWith().recipes;
  const experiment = experimentWith({
    recipes: [{ ...recipe, steps: STEPS, schedule, evaluation: { every, sequences: 8 } }],
    seeds: [1, 2],
  });
  const widths = [...experiment.ladder.rungs, ...experiment.ladder.targets];
  const evalSteps = Array.from({ length: STEPS / 2 }, (_, i) => 2 * (i + 1));
  const runs = widths.flatMap((width) =>
    experiment.seeds.map((seed): RunResult => {
      const n = sizeAt(experiment, width);
      const offset = seed === 1 ? 0.001 : -0.001;
      return {
        ...{ id: runOf(experiment.recipes[0], width, seed).id, recipe: 'muP', width, seed, overrides: {} },
        ...{ parameters: { total: 2 * n, nonEmbedding: n }, status: 'done', steps: [], trainLoss: [] },
        evalSteps,
        evalLoss: evalSteps.map((step) => law(n, step * 16) + offset),
        ...{ finalEvalLoss: 3, finalEvalStandardError: 0.01, tokens: STEPS * 16, seconds: 1 },
      };
    }),
  );
  return { experiment, runs };
}

test('a constant schedule gives every evaluation after warm-up, rungs only, seeds averaged', () => {
  const { experiment, runs } = study({ kind: 'constant', warmup: 4 });
  const { request, sentence } = jointPoints(experiment.recipes[0], experiment, runs);
  expect(sentence).toBe('');
  expect(request!.points).toHaveLength(4 * 9);
  expect(Math.min(...request!.points.map(({ d }) => d))).toBe(4 * 16);
  for (const { n, d, loss } of request!.points) expect(loss).toBeCloseTo(law(n, d), 12);
  expect(request!.targets).toEqual([{ n: sizeAt(experiment, 48), d: STEPS * 16 }]);
});

test('of a WSD schedule the decay is left out, and the sentence says so', async () => {
  const { experiment, runs } = study({ kind: 'wsd', warmup: 0, decay: 0.4 });
  const { request, sentence } = jointPoints(experiment.recipes[0], experiment, runs);
  // The first decayed update is the thirteenth: (20 - 12) / 8 is still 1.
  expect(Math.max(...request!.points.map(({ d }) => d))).toBe(12 * 16);
  expect(sentence).toBe('Losses of the decay, after step 12, belong to another curve and are left out.');
  const [joint] = await jointFits(new LawFitter(), experiment, runs);
  expect(joint.recipe).toBe('muP');
  expect(joint.leastSquares!.E).toBeCloseTo(2, 4);
  expect(joint.notes).toContain(sentence);
});

test('a cosine, no evaluations, or no run are refused with the reason', async () => {
  const cosine = study({ kind: 'cosine', warmup: 0, final: 0 });
  const asked = jointPoints(cosine.experiment.recipes[0], cosine.experiment, cosine.runs);
  expect(asked.request).toBeNull();
  expect(asked.sentence).toMatch(/in the middle of a cosine is of a learning rate that has not come down yet/);
  expect(await jointFits(new LawFitter(), cosine.experiment, cosine.runs)).toEqual([]);
  const never = study({ kind: 'constant', warmup: 0 }, 0);
  expect(jointPoints(never.experiment.recipes[0], never.experiment, never.runs).sentence).toMatch(
    /set how often to evaluate/,
  );
  const { experiment } = study({ kind: 'constant', warmup: 0 });
  expect(jointPoints(experiment.recipes[0], experiment, []).sentence).toMatch(/No width has been evaluated/);
});
