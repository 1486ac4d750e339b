/** Sweeps and coordinate checks: which runs train together, what is checked, and what an earlier go spares. */
import { expect, test } from 'vitest';
import type { Experiment, ExperimentInput } from '../../../src/model/experiment.ts';
import { InputError } from '../../../src/model/parse.ts';
import { Conductor } from '../../../src/experiment/conductor.ts';
import type { ConductorEvent, ConductorOptions } from '../../../src/experiment/protocol.ts';
import { checksQuestion } from '../../../src/analysis/checks-question.ts';
import { experimentWith, FakeTrainer, quickAsk, wordsOf } from './fakes.ts';

function conduct(experiment: Experiment, options: Partial<ConductorOptions> = {}, trainer = new FakeTrainer()) {
  const events: ConductorEvent[] = [];
  const conductor = new Conductor(trainer, quickAsk, { experiment, texts: {}, ...options }, (event) =>
    events.push(event),
  );
  return { conductor, events, trainer };
}

const sweep = { parameter: 'optimizer.learningRate' as const, values: [0.005, 0.01, 0.02] };
const ladder = { rungs: [16, 8], targets: [] };
const transferWith = (change: Partial<ExperimentInput> = {}, recipes = ['muP']) =>
  experimentWith({ ladder, study: { kind: 'transfer', sweep }, ...change }, recipes);

/** The recipe beside SP of the same shape and beside one that differs in more than numbers. */
function mixedRecipes(): Experiment['recipes'] {
  const [recipe] = experimentWith().recipes;
  const gated = { ...recipe.architecture, activation: 'swiglu' as const };
  return [recipe, { ...recipe, name: 'SP', parametrization: 'sp' }, { ...recipe, name: 'gated', architecture: gated }];
}

test('a cohort holds every recipe of one shape, every swept value and every seed; other shapes have their own', async () => {
  const { conductor, trainer } = conduct(transferWith({ recipes: mixedRecipes(), seeds: [1, 2] }));
  const { runs } = await conductor.run();
  expect(trainer.trained).toEqual([8, 16].flatMap((width) => [`train muP+SP ${width} x12`, `train gated ${width} x6`]));
  expect(runs).toHaveLength(36);
  expect(new Set(runs.map(({ id }) => id)).size).toBe(36);
  const run = runs.find(({ id }) => id === 'sp-w16-lr0.005-s2')!;
  expect(run).toMatchObject({ recipe: 'SP', width: 16, seed: 2, overrides: { 'optimizer.learningRate': 0.005 } });
  expect(run.tokens).toBe(4 * 2 * 8);
});

test('each run of a sweep is asked for with its own numbers in place', async () => {
  const { conductor, trainer } = conduct(transferWith());
  await conductor.run();
  const rates = trainer.requests[0].runs.map(({ recipe }) => recipe.optimizer.learningRate);
  expect(rates).toEqual(sweep.values);
  expect(trainer.requests.every(({ probe }) => !probe)).toBe(true);
});

test('the smallest shapes train first, and nothing is sealed', async () => {
  const { conductor, events } = conduct(transferWith());
  const { sealed } = await conductor.run();
  expect(wordsOf(events)).toEqual(['preparing', 'training', 'cohort muP 8', 'cohort muP 16', 'done']);
  expect(sealed).toEqual([]);
});

test('every depth is a cohort of its own, shallow first', async () => {
  const study = { kind: 'transfer' as const, sweep, depths: [1, 2, 4] };
  const { conductor, trainer, events } = conduct(transferWith({ study, ladder: { rungs: [8] } }, ['muP', 'SP']));
  const { runs } = await conductor.run();
  expect(trainer.trained).toEqual(['train muP+SP 8 x6', 'train muP+SP 8/2 x6', 'train muP+SP 8/4 x6']);
  const cohorts = events.flatMap((event) => (event.kind === 'cohort' ? [event.cohort] : []));
  expect(cohorts.map(({ layers, recipes }) => [layers, recipes])).toEqual([1, 2, 4].map((n) => [n, ['muP', 'SP']]));
  const deep = runs.find(({ id }) => id === 'mup-w8-l4-lr0.02-s1')!;
  expect(deep.overrides).toEqual({ layers: 4, 'optimizer.learningRate': 0.02 });
  expect(deep.parameters.nonEmbedding).toBeGreaterThan(3 * runs[0].parameters.nonEmbedding);
});

test('a depth that does not fit is refused by its own field, and every cohort is asked about once', async () => {
  const trainer = new FakeTrainer();
  trainer.assertFits = async ({ runs: [{ recipe, width }] }) => {
    trainer.calls.push(`fits ${width}/${recipe.layers}`);
    if (recipe.layers > 2) throw new InputError('width', 'width 8 does not fit.');
  };
  const study = { kind: 'transfer' as const, sweep, depths: [1, 2, 4] };
  const experiment = transferWith({ study, ladder: { rungs: [8] }, seeds: [1, 2, 3] }, ['muP', 'SP']);
  const { conductor } = conduct(experiment, {}, trainer);
  await expect(conductor.run()).rejects.toMatchObject({ name: 'InputError', field: 'study.depths[2]' });
  expect(trainer.calls).toEqual(['prepare muP', 'prepare SP', 'fits 8/1', 'fits 8/2', 'fits 8/4']);
});

test('a basin trains all its cells in one cohort a width', async () => {
  const sweeps = [sweep, { parameter: 'init.hidden' as const, values: [0.5, 1, 2] }];
  const { conductor, trainer } = conduct(transferWith({ study: { kind: 'basin', sweeps } }));
  await conductor.run();
  expect(trainer.trained).toEqual(['train muP 8 x9', 'train muP 16 x9']);
});

test('a coordinate check probes; what is no number is null, and a loss on unseen tokens makes no run diverged', async () => {
  const trainer = new FakeTrainer();
  trainer.leaving = ['mup-w8-s1'];
  const { conductor } = conduct(transferWith({ study: { kind: 'coordinates' } }), {}, trainer);
  const { runs } = await conductor.run();
  expect(trainer.requests.every(({ probe }) => probe)).toBe(true);
  expect(runs.map(({ status }) => status)).toEqual(['done', 'done']);
  expect(runs[0].activations).toEqual({ modules: ['logits'], values: [[0], [null]] });
});

test('a run that leaves for good without overflow is diverged, with the step; its cohort mates are untouched', async () => {
  const trainer = new FakeTrainer();
  trainer.leaving = ['mup-w8-lr0.02-s1'];
  trainer.diverging = ['mup-w16-lr0.02-s1'];
  const { conductor } = conduct(transferWith(), {}, trainer);
  const { runs } = await conductor.run();
  const bare = await conduct(transferWith()).conductor.run();
  expect(runs.map(({ status, divergedAt }) => [status, divergedAt])).toEqual([
    ...[
      ['done', null],
      ['done', null],
      ['diverged', 2],
    ],
    ...[
      ['done', null],
      ['done', null],
      ['diverged', 2],
    ],
  ]);
  expect(runs[2].finalEvalLoss).toBe(9);
  expect(runs[5].finalEvalLoss).toBeNull();
  for (const i of [0, 1, 3, 4]) expect(runs[i]).toEqual(bare.runs[i]);
});

test('a run that left for good, without overflow, takes its width out of the seal and its target out of the verdict', async () => {
  const trainer = new FakeTrainer();
  trainer.leaving = ['mup-w16-s1', 'mup-w48-s1'];
  const { conductor } = conduct(experimentWith({ seeds: [1, 2] }), {}, trainer);
  const { sealed } = await conductor.run();
  expect(sealed[0].points!.map(({ x }) => x)).toEqual([8, 24, 32]);
  expect(sealed[0]).toMatchObject({ actual: null, verdict: null });
});

test('going on trains only the swept runs that are missing', async () => {
  const trainer = new FakeTrainer();
  const first = conduct(transferWith({ seeds: [1, 2] }, ['muP', 'SP']), {}, trainer);
  trainer.midway = ({ width }) => {
    if (width === 16) first.conductor.cancel();
  };
  const stopped = await first.conductor.run();
  const finished = stopped.runs.filter(({ id }) => id !== 'sp-w8-lr0.01-s2');
  const again = conduct(transferWith({ seeds: [1, 2] }, ['muP', 'SP']), { finished });
  const { runs } = await again.conductor.run();
  expect(again.trainer.trained).toEqual(['train SP 8 x1', 'train muP+SP 16 x12']);
  expect(runs).toHaveLength(24);
});

test('a wider sweep trains what is new; values that left it stay in the result and out of the check', async () => {
  const { runs: finished } = await conduct(transferWith()).conductor.run();
  const study = { kind: 'transfer' as const, sweep: { ...sweep, values: [0.01, 0.02, 0.04] } };
  const { conductor, trainer } = conduct(transferWith({ study }), { finished });
  const { experiment, runs } = await conductor.run();
  expect(trainer.trained).toEqual(['train muP 8 x1', 'train muP 16 x1']);
  expect(runs).toHaveLength(8);
  expect(checksQuestion(experiment, runs)!.inputs.runs).toHaveLength(6);
});

test('runs of another kind of study are not taken for those of this one', async () => {
  const plain = await conduct(experimentWith({ ladder })).conductor.run();
  const probed = conduct(transferWith({ study: { kind: 'coordinates' } }), { finished: plain.runs });
  const { runs } = await probed.conductor.run();
  expect(probed.trainer.trained).toEqual(['train muP 8 [1]', 'train muP 16 [1]']);
  expect(runs.map(({ id }) => id)).toEqual(['mup-w8-s1', 'mup-w16-s1']);
  const predicted = conduct(experimentWith({ ladder }), { finished: runs });
  expect((await predicted.conductor.run()).runs.every((run) => run.activations === undefined)).toBe(true);
});

test('widths join and leave a study on the way; targets have no place in it', async () => {
  const trainer = new FakeTrainer();
  const { conductor } = conduct(transferWith({ ladder: { rungs: [8, 16, 24] } }), {}, trainer);
  let refusal: unknown;
  trainer.midway = async ({ width }) => {
    if (width !== 8) return;
    refusal = await conductor.setLadder({ rungs: [8, 16], targets: [24] }).catch((error: unknown) => error);
    await conductor.setLadder({ rungs: [8, 16, 32], targets: [] });
  };
  await conductor.run();
  expect(refusal).toMatchObject({ name: 'InputError', field: 'ladder.targets' });
  expect(trainer.trained).toEqual([8, 16, 32].map((width) => `train muP ${width} x3`));
});

test('progress grows over the cohorts of a sweep and names who trains', async () => {
  const { conductor, events } = conduct(transferWith({ recipes: mixedRecipes() }));
  await conductor.run();
  const told = events.flatMap((event) => (event.kind === 'progress' ? [event.progress] : []));
  const shares = told.map(({ share }) => share);
  expect([shares[0], shares.at(-1)]).toEqual([0, 1]);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
  expect(told[0].current).toMatchObject([{ recipes: ['muP', 'SP'], width: 8, layers: 1, steps: 4 }]);
});
