import { expect, test } from 'vitest';
import type { Experiment } from '../../../src/model/experiment.ts';
import type { RunResult } from '../../../src/model/result.ts';
import type { JointReport } from '../../../src/model/scaling-results.ts';
import { runOf } from '../../../src/model/run.ts';
import type { Schedule } from '../../../src/model/recipe.ts';
import { countParameters, modelShape } from '../../../src/model/shape.ts';
import { jointFits, jointPoints } from '../../../src/analysis/joint-points.ts';
import { ask, asking, experimentWith } from '../experiment/fakes.ts';

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

test('a width at which a seed diverged has no points, and the sentence says so', () => {
  const { experiment, runs } = study({ kind: 'constant', warmup: 4 });
  const broken = runs.map((run) =>
    run.width === 16 && run.seed === 2 ? { ...run, status: 'diverged' as const, divergedAt: 7 } : run,
  );
  const { request, sentence } = jointPoints(experiment.recipes[0], experiment, broken);
  expect(request!.points).toHaveLength(3 * 9);
  expect(request!.points.map(({ n }) => n)).not.toContain(sizeAt(experiment, 16));
  expect(sentence).toBe('Width 16 takes no part: 1 of 2 seeds diverged (seed 2 at step 7).');
});

test('of a WSD schedule the decay is left out, and the sentence says so', async () => {
  const { experiment, runs } = study({ kind: 'wsd', warmup: 0, decay: 0.4 });
  const { request, sentence } = jointPoints(experiment.recipes[0], experiment, runs);
  // The first decayed update is the thirteenth: (20 - 12) / 8 is still 1.
  expect(Math.max(...request!.points.map(({ d }) => d))).toBe(12 * 16);
  expect(sentence).toBe('Losses of the decay, after step 12, belong to another curve and are left out.');
  const [joint] = await jointFits(ask, experiment, runs);
  expect(joint.recipe).toBe('muP');
  expect(joint.leastSquares!.E).toBeCloseTo(2, 4);
  expect(joint.notes).toContain(sentence);
});

test('a cosine, no evaluations, or no run are refused with the reason', async () => {
  const cosine = study({ kind: 'cosine', warmup: 0, final: 0 });
  const asked = jointPoints(cosine.experiment.recipes[0], cosine.experiment, cosine.runs);
  expect(asked.request).toBeNull();
  expect(asked.sentence).toMatch(/in the middle of a cosine is of a learning rate that has not come down yet/);
  expect(await jointFits(ask, cosine.experiment, cosine.runs)).toEqual([]);
  const never = study({ kind: 'constant', warmup: 0 }, 0);
  expect(jointPoints(never.experiment.recipes[0], never.experiment, never.runs).sentence).toMatch(
    /set how often to evaluate/,
  );
  const { experiment } = study({ kind: 'constant', warmup: 0 });
  expect(jointPoints(experiment.recipes[0], experiment, []).sentence).toMatch(/No width has been evaluated/);
});

test('only finished runs of this recipe, of its seeds and of the rungs that are not excluded make points', async () => {
  const { experiment, runs } = study({ kind: 'constant', warmup: 0 });
  const [recipe] = experiment.recipes;
  const [first] = runs;
  const strangers: Partial<RunResult>[] = [{ recipe: 'SP' }, { status: 'failed' }, { seed: 7 }];
  const more = strangers.map((change) => ({ ...first, ...change, evalLoss: first.evalLoss.map(() => 99) }));
  const expected = jointPoints(recipe, experiment, runs).request!;
  expect(jointPoints(recipe, experiment, [...more, ...runs]).request).toEqual(expected);
  expect(expected).toMatchObject({ areShared: true, seeds: 2 });
  const [left, ...kept] = experiment.ladder.rungs;
  const { points } = jointPoints(recipe, experiment, runs, [left]).request!;
  expect([...new Set(points.map(({ n }) => n))]).toEqual(kept.map((width) => sizeAt(experiment, width)));
});

test('an evaluation before the first update is no point, one after it is, and one without a loss is none', () => {
  const { experiment, runs } = study({ kind: 'wsd', warmup: 0, decay: 0.5 });
  const [recipe] = experiment.recipes;
  const [run] = runs;
  const one = { ...run, evalSteps: [0, 1, 2, 4], evalLoss: [9, 8, null, 6] };
  const { points, seeds } = jointPoints(recipe, experiment, [one]).request!;
  const n = sizeAt(experiment, run.width);
  expect(points).toEqual([
    { n, d: 16, loss: 8 },
    { n, d: 64, loss: 6 },
  ]);
  expect(seeds).toBe(1);
  // The seeds of the point that has most of them.
  const other = { ...runs[1], evalSteps: [4], evalLoss: [6.5] };
  expect(jointPoints(recipe, experiment, [one, other]).request).toMatchObject({
    points: [{ loss: 8 }, { loss: 6.25 }],
    seeds: 2,
  });
});

test('nothing is said of a decay where there is none, and a study of another kind has no joint law', async () => {
  for (const schedule of [{ kind: 'wsd', warmup: 0, decay: 0 } as const, { kind: 'constant', warmup: 0 } as const]) {
    const { experiment, runs } = study(schedule);
    expect(jointPoints(experiment.recipes[0], experiment, runs).sentence).toBe('');
  }
  const { experiment, runs } = study({ kind: 'constant', warmup: 0 });
  const report = { leastSquares: null, notes: ['said'] } as unknown as JointReport;
  const told = asking({ joint: () => report });
  expect(await jointFits(told, experiment, runs)).toEqual([{ ...report, recipe: 'muP' }]);
  const swept = { ...experiment, study: { kind: 'coordinates' } } as unknown as Experiment;
  expect(await jointFits(told, swept, runs)).toEqual([]);
  const none = experimentWith({ recipes: [{ ...experiment.recipes[0], evaluation: { every: 0, sequences: 8 } }] });
  expect(await jointFits(told, none, runs)).toEqual([]);
});
