import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { Experiment, Ladder } from '../../../src/model/experiment.ts';
import { InputError } from '../../../src/model/parse.ts';
import { Conductor } from '../../../src/experiment/conductor.ts';
import type { ConductorEvent, ConductorOptions } from '../../../src/experiment/protocol.ts';
import type { Kind, Question } from '../../../src/analysis/analyse.ts';
import type { Ask } from '../../../src/analysis/ask.ts';
import { lawQuestion, plainPoints, rungPoints } from '../../../src/analysis/rung-points.ts';
import { checkSeals, hashInputs, hashOf, SEALED_LEVEL } from '../../../src/experiment/seal.ts';
import { ask, asking, experimentWith, FakeTrainer, lossAt, quickAsk, wordsOf } from './fakes.ts';

function conduct(
  experiment: Experiment,
  options: Partial<ConductorOptions> = {},
  trainer = new FakeTrainer(),
  analyst: Ask = quickAsk,
) {
  const events: ConductorEvent[] = [];
  const conductor = new Conductor(trainer, analyst, { experiment, texts: {}, ...options }, (event) =>
    events.push(event),
  );
  return { conductor, events, trainer };
}

test('rungs train smallest first, then the prediction is sealed, then the target trains and is revealed', async () => {
  const { conductor, events } = conduct(experimentWith({ ladder: { rungs: [32, 8, 24, 16], targets: [48] } }));
  await conductor.run();
  expect(wordsOf(events)).toEqual([
    'preparing',
    'training',
    ...[8, 16, 24, 32].map((width) => `cohort muP ${width}`),
    'sealed muP 48',
    'cohort muP 48',
    'revealed muP 48',
    'done',
  ]);
});

test('recipes of one shape train in one cohort, a width before the next', async () => {
  const { conductor, trainer } = conduct(
    experimentWith({ ladder: { rungs: [8, 16, 24], targets: [32] }, seeds: [1, 2] }, ['muP', 'SP']),
  );
  await conductor.run();
  expect(trainer.trained).toEqual([8, 16, 24, 32].map((width) => `train muP+SP ${width} [1,2]`));
  const next = trainer.requests.map(({ next }) => next?.map(({ id }) => id));
  const ids = trainer.requests.map(({ runs }) => runs.map(({ id }) => id));
  expect(next).toEqual([...ids.slice(1), undefined]);
});

test('a cohort of targets holds the recipes that have their seal, and no other', async () => {
  const trainer = new FakeTrainer();
  trainer.diverging = ['sp-w8-s1', 'sp-w16-s1'];
  const experiment = experimentWith({ ladder: { rungs: [8, 16, 24], targets: [48] } }, ['muP', 'SP']);
  const { conductor, events } = conduct(experiment, {}, trainer);
  const { sealed } = await conductor.run();
  expect(trainer.trained.slice(-2)).toEqual(['train muP+SP 24 [1]', 'train muP 48 [1]']);
  expect(sealed.map(({ recipe, width }) => [recipe, width])).toEqual([['muP', 48]]);
  expect(wordsOf(events)).toContain('error ladder.rungs');
});

test('recipes whose shapes differ train in cohorts of their own, at one width before the next', async () => {
  const [recipe] = experimentWith().recipes;
  const recipes = [{ ...recipe, name: 'deep', layers: 2 }, recipe, { ...recipe, name: 'long', context: 16 }];
  const { conductor, trainer } = conduct(experimentWith({ recipes, ladder: { rungs: [16, 8] } }));
  await conductor.run();
  expect(trainer.trained).toEqual(
    [8, 16].flatMap((width) => [`train muP ${width} [1]`, `train long ${width} [1]`, `train deep ${width}/2 [1]`]),
  );
});

test('no target trains before its seal, whatever the ladder, the divergences and the changes on the way', async () => {
  const widths = fc.uniqueArray(fc.integer({ min: 1, max: 12 }), { minLength: 2, maxLength: 7 });
  await fc.assert(
    fc.asyncProperty(widths, fc.nat(6), widths, fc.nat(6), fc.nat(3), async (first, cut, second, cut2, diverging) => {
      const trainer = new FakeTrainer();
      const { conductor, events } = conduct(
        experimentWith({ ladder: ladderOf(first, cut) }, ['muP', 'SP']),
        {},
        trainer,
      );
      trainer.diverging = first.slice(0, diverging).map((n) => `mup-w${4 * n}-s1`);
      let cohorts = 0;
      const changes: Promise<unknown>[] = [];
      trainer.midway = () => {
        if (++cohorts === 2) changes.push(conductor.setLadder(ladderOf(second, cut2)).catch((error: unknown) => error));
      };
      const result = await conductor.run();
      for (const change of await Promise.all(changes))
        expect(change === undefined || change instanceof InputError).toBe(true);

      const sealed = new Set<string>();
      const asRung = new Set(ladderOf(first, cut).rungs);
      if (changes.length > 0) ladderOf(second, cut2).rungs.forEach((width) => asRung.add(width));
      for (const event of events) {
        if (event.kind === 'sealed') sealed.add(`${event.prediction.recipe} ${event.prediction.width}`);
        if (event.kind !== 'cohort' || asRung.has(event.cohort.width)) continue;
        for (const recipe of event.cohort.recipes) expect(sealed).toContain(`${recipe} ${event.cohort.width}`);
      }
      for (const target of result.experiment.ladder.targets) {
        for (const { recipe } of result.runs.filter((run) => run.width === target)) {
          expect(result.sealed.some((one) => one.width === target && one.recipe === recipe)).toBe(true);
        }
      }
    }),
    { numRuns: 40 },
  );
});

function ladderOf(widths: number[], cut: number): Ladder {
  const all = widths.map((n) => 4 * n);
  const rungs = Math.min(all.length, 1 + cut);
  return { rungs: all.slice(0, rungs), targets: all.slice(rungs) };
}

test('the seal holds the least-squares loss, its 80 % interval, and the hash of exactly its inputs', async () => {
  const experiment = experimentWith({ seeds: [1, 2] });
  const { conductor } = conduct(experiment, {}, new FakeTrainer(), ask);
  const { sealed, runs } = await conductor.run();
  const fitted = rungPoints(runs, experiment.ladder.rungs);
  const points = plainPoints(fitted);
  const report = await ask(lawQuestion(experiment.recipes[0], fitted, [48]));
  const [lo, hi] = report.predictions[0].intervals['80'];
  const recipe = experiment.recipes[0];
  const actual = (lossAt(48, 1) + lossAt(48, 2)) / 2;
  expect(sealed).toHaveLength(1);
  expect(sealed[0]).toMatchObject({ recipe: 'muP', width: 48, loss: report.predictions[0].loss, lo, hi, level: 0.8 });
  expect(sealed[0].actual).toBeCloseTo(actual, 12);
  expect(sealed[0].verdict).toBe(actual > hi ? 'above' : actual < lo ? 'below' : 'inside');
  const { curve, curveHash } = sealed[0];
  expect(curveHash).toBe(hashOf(curve));
  expect(curve!.steps.at(-1)).toBe(recipe.steps);
  expect(sealed[0].inputsHash).toBe(hashInputs({ recipe, points, level: SEALED_LEVEL, width: 48, curveHash }));
  expect(sealed[0].inputsHash).not.toBe(hashInputs({ recipe, points, level: SEALED_LEVEL, width: 52, curveHash }));
  expect(sealed[0].inputsHash).not.toBe(hashInputs({ recipe, points, level: SEALED_LEVEL, width: 48 }));
});

test('a target that does not fit is refused by its field before anything trains', async () => {
  const trainer = new FakeTrainer();
  trainer.refused = [48];
  const { conductor, events } = conduct(experimentWith(), {}, trainer);
  await expect(conductor.run()).rejects.toMatchObject({ name: 'InputError', field: 'ladder.targets[0]' });
  expect(trainer.trained).toEqual([]);
  expect(wordsOf(events)).toEqual(['preparing', 'error ladder.targets[0]', 'failed']);
});

test('too few rungs: the target is neither sealed nor trained, and a note says why', async () => {
  const { conductor, events, trainer } = conduct(experimentWith({ ladder: { rungs: [8, 16], targets: [48, 64] } }));
  const { sealed } = await conductor.run();
  expect(sealed).toEqual([]);
  expect(trainer.trained).toEqual(['train muP 8 [1]', 'train muP 16 [1]']);
  const error = events.find((event) => event.kind === 'error');
  expect(error).toMatchObject({ field: 'ladder.rungs' });
  expect(error?.message).toMatch(/at least 3 rungs with a loss and 2 rungs have one; widths 48, 64 are/);
  expect(wordsOf(events).at(-1)).toBe('done');
});

test('a diverged run takes its whole width out of the seal, and keeps what it reported', async () => {
  const trainer = new FakeTrainer();
  trainer.diverging = ['mup-w16-s2'];
  const { conductor } = conduct(experimentWith({ seeds: [1, 2] }), {}, trainer);
  const result = await conductor.run();
  const whole = [8, 24, 32].map((width) => [`mup-w${width}-s1`, `mup-w${width}-s2`]);
  expect(result.sealed[0].points!.map((point) => point.runs)).toEqual(whole);
  const diverged = result.runs.find((run) => run.id === 'mup-w16-s2')!;
  expect(diverged).toMatchObject({ status: 'diverged', finalEvalLoss: null, trainLoss: [5, 4, null, null] });
  expect(diverged.tokens).toBe(2 * 2 * 8);
});

test('where diverged seeds leave too few rungs, the reason names them', async () => {
  const trainer = new FakeTrainer();
  trainer.diverging = ['mup-w16-s2', 'mup-w24-s1', 'mup-w24-s2'];
  const { conductor, events } = conduct(experimentWith({ seeds: [1, 2] }), {}, trainer);
  expect((await conductor.run()).sealed).toEqual([]);
  expect(events.find((event) => event.kind === 'error')?.message).toMatch(
    /2 rungs have one; width 48 is neither predicted nor trained\. Width 16 takes no part: 1 of 2 seeds diverged \(seed 2 at step 2\)\. Width 24 takes no part: 2 of 2 seeds diverged \(seed 1 at step 2, seed 2 at step 2\)\.$/,
  );
});

test('a target with a diverged seed has no measured loss, no verdict and no share of its curve', async () => {
  const trainer = new FakeTrainer();
  trainer.diverging = ['mup-w48-s2'];
  const { conductor, events } = conduct(experimentWith({ seeds: [1, 2] }), {}, trainer);
  const result = await conductor.run();
  expect(wordsOf(events)).toContain('revealed muP 48');
  expect(result.sealed[0]).toMatchObject({ width: 48, actual: null, verdict: null, curveHeld: null });
  checkSeals(result);
});

test('cancelling keeps everything finished and the losses of the run under way', async () => {
  const trainer = new FakeTrainer();
  const { conductor, events } = conduct(experimentWith(), {}, trainer);
  trainer.midway = ({ width }) => {
    if (width === 24) conductor.cancel();
  };
  const result = await conductor.run();
  expect(result.runs.map((run) => run.status)).toEqual(['done', 'done', 'cancelled']);
  expect(result.runs[2]).toMatchObject({ steps: [1, 2], trainLoss: [5, 4], finalEvalLoss: null });
  expect(result.sealed).toEqual([]);
  expect(wordsOf(events).at(-1)).toBe('cancelled');
});

test('going on trains only what is missing and leaves earlier seals as they are', async () => {
  const experiment = experimentWith();
  const trainer = new FakeTrainer();
  const first = conduct(experiment, {}, trainer);
  trainer.midway = ({ width }) => {
    if (width === 48) first.conductor.cancel();
  };
  const stopped = await first.conductor.run();
  expect(stopped.sealed[0]).toMatchObject({ width: 48, actual: null, verdict: null });

  const second = conduct(experiment, { finished: stopped.runs, sealed: stopped.sealed });
  const result = await second.conductor.run();
  expect(second.trainer.trained).toEqual(['train muP 48 [1]']);
  expect(stopped.sealed[0].curveHeld).toBeNull();
  const after = { curveHeld: expect.any(Number) as number, actual: lossAt(48), verdict: 'inside' };
  expect(result.sealed[0]).toMatchObject({ ...stopped.sealed[0], ...after });
});

test('a width that was trained as a rung is refused as a target, before anything trains', async () => {
  const { runs, sealed } = await conduct(experimentWith()).conductor.run();
  const ladder = { rungs: [8, 16, 24], targets: [48, 32] };
  const { conductor, trainer, events } = conduct(experimentWith({ ladder }), { finished: runs, sealed });
  await expect(conductor.run()).rejects.toMatchObject({
    name: 'InputError',
    message: 'ladder.targets[1]: width 32 was trained already; a target must be sealed before it trains.',
  });
  expect(trainer.trained).toEqual([]);
  expect(wordsOf(events)).toEqual(['preparing', 'error ladder.targets[1]', 'failed']);
});

test('a measured target that leaves the ladder and comes back keeps its seal and its verdict', async () => {
  const { runs, sealed } = await conduct(experimentWith()).conductor.run();
  const without = conduct(experimentWith({ ladder: { rungs: [8, 16, 24, 32, 40], targets: [] } }), {
    finished: runs,
    sealed,
  });
  const between = await without.conductor.run();
  expect(without.trainer.trained).toEqual(['train muP 40 [1]']);
  expect(between.sealed).toEqual(sealed);
  const again = conduct(experimentWith(), { finished: between.runs, sealed: between.sealed });
  expect((await again.conductor.run()).sealed).toEqual(sealed);
  expect(again.trainer.trained).toEqual([]);
});

test('runs by a table that an earlier version made of a depth rule are trained again and sealed anew, and nothing else is', async () => {
  const [plain] = experimentWith().recipes;
  const deep = { ...plain, name: 'Deep', depth: { rule: 'completep' as const, baseLayers: 1 } };
  const experiment = experimentWith({ recipes: [plain, deep] });
  const first = await conduct(experiment).conductor.run();
  expect(first.runs.map(({ recipe, table }) => [recipe, table])).toEqual(
    [8, 16, 24, 32, 48].flatMap(() => [
      ['muP', undefined],
      ['Deep', 2],
    ]),
  );
  const same = conduct(experiment, { finished: first.runs, sealed: first.sealed });
  expect((await same.conductor.run()).sealed).toEqual(first.sealed);
  expect(same.trainer.trained).toEqual([]);

  const earlier = first.runs.map(({ table: _, ...run }) => run);
  const again = conduct(experiment, { finished: earlier, sealed: first.sealed });
  const result = await again.conductor.run();
  expect(again.trainer.trained).toEqual([8, 16, 24, 32, 48].map((width) => `train Deep ${width} [1]`));
  const order = again.events.flatMap((event) => (event.kind === 'sealed' ? [event.prediction.recipe] : []));
  expect(order).toEqual(['Deep']);
  expect(result.sealed.find(({ recipe }) => recipe === 'muP')).toEqual(
    first.sealed.find(({ recipe }) => recipe === 'muP'),
  );
  expect(() => checkSeals({ ...first, runs: earlier })).not.toThrow();
});

test('going on from runs of another text is refused by its field', async () => {
  const trainer = new FakeTrainer();
  trainer.textHash = 'ab12';
  const corpus = { kind: 'text' as const, file: 'a.txt' };
  const recipes = experimentWith().recipes.map((recipe) => ({ ...recipe, corpus }));
  const experiment = experimentWith({ recipes });
  const { runs, sealed } = await conduct(experiment, {}, trainer).conductor.run();
  expect(runs.every((run) => run.textHash === 'ab12')).toBe(true);

  const same = conduct(experiment, { finished: runs, sealed }, trainer);
  expect((await same.conductor.run()).sealed).toEqual(sealed);
  trainer.textHash = 'cd34';
  const trained = trainer.trained.length;
  const other = conduct(experiment, { finished: runs.slice(0, 2) }, trainer);
  await expect(other.conductor.run()).rejects.toMatchObject({ name: 'InputError', field: 'recipes[0].corpus.file' });
  expect(trainer.trained).toHaveLength(trained);
});

test('a fit that fails is told, and the rungs of all recipes train on', async () => {
  const events: ConductorEvent[] = [];
  const trainer = new FakeTrainer();
  const failing = asking({ law: () => Promise.reject(new InputError('points', 'points: no law for these.')) });
  const experiment = experimentWith({}, ['muP', 'SP']);
  const conductor = new Conductor(trainer, failing, { experiment, texts: {} }, (event) => events.push(event));
  const { runs, sealed } = await conductor.run();
  expect(runs).toHaveLength(8);
  expect(sealed).toEqual([]);
  expect(wordsOf(events).at(-1)).toBe('done');
  expect(events.find((event) => event.kind === 'error')).toMatchObject({
    field: null,
    message: 'No law was fitted to muP: points: no law for these.',
  });
});

test('a final loss that is not finite counts as divergence and costs nothing else', async () => {
  const trainer = new FakeTrainer();
  trainer.endingInNaN = ['mup-w16-s1'];
  const { runs, sealed } = await conduct(experimentWith(), {}, trainer).conductor.run();
  expect(runs.map((run) => [run.width, run.status, run.finalEvalLoss === null])).toEqual([
    [8, 'done', false],
    [16, 'diverged', true],
    [24, 'done', false],
    [32, 'done', false],
    [48, 'done', false],
  ]);
  expect(sealed[0].points!.map((point) => point.x)).toEqual([8, 24, 32]);
});

test('widths added on the way join the queue; a rung added after the seal does not alter it', async () => {
  const trainer = new FakeTrainer();
  const { conductor, events } = conduct(experimentWith(), {}, trainer);
  let change: Promise<void> | null = null;
  trainer.midway = async ({ width }) => {
    if (width !== 48) return;
    change = conductor.setLadder({ rungs: [8, 16, 24, 32, 40], targets: [48, 64] });
    await change;
  };
  const { sealed } = await conductor.run();
  expect(wordsOf(events).slice(-8)).toEqual([
    'sealed muP 48',
    'cohort muP 48',
    'revealed muP 48',
    'cohort muP 40',
    'sealed muP 64',
    'cohort muP 64',
    'revealed muP 64',
    'done',
  ]);
  const first = events.find((event) => event.kind === 'sealed')!.prediction;
  expect(sealed[0]).toEqual({
    ...first,
    curveHeld: expect.any(Number) as number,
    actual: lossAt(48),
    verdict: expect.any(String),
  });
  expect(sealed.map(({ points }) => points!.length)).toEqual([4, 5]);
});

test('untrained widths that are taken away leave the queue', async () => {
  const trainer = new FakeTrainer();
  const { conductor } = conduct(
    experimentWith({ ladder: { rungs: [8, 16, 24, 32, 40], targets: [48, 64] } }),
    {},
    trainer,
  );
  trainer.midway = async ({ width }) => {
    if (width === 16) await conductor.setLadder({ rungs: [8, 16, 24, 40], targets: [64] });
  };
  await conductor.run();
  expect(trainer.trained).toEqual([8, 16, 24, 40, 64].map((width) => `train muP ${width} [1]`));
});

test('a ladder that is refused leaves the old one: a width measured as a rung, one that does not fit', async () => {
  const trainer = new FakeTrainer();
  trainer.refused = [96];
  const { conductor } = conduct(experimentWith(), {}, trainer);
  const refusals: unknown[] = [];
  trainer.midway = async ({ width }) => {
    if (width !== 24) return;
    const attempts = [
      { rungs: [16, 24, 32], targets: [8] },
      { rungs: [8, 16, 32], targets: [24] },
      { rungs: [8, 16, 24, 32], targets: [48, 96] },
      { rungs: [8, 16, 24, 33], targets: [] },
    ];
    for (const ladder of attempts) refusals.push(await conductor.setLadder(ladder).catch((error: unknown) => error));
  };
  const { experiment } = await conductor.run();
  expect(refusals.map((error) => error instanceof InputError && error.field)).toEqual([
    'ladder.targets[0]',
    'ladder.targets[0]',
    'ladder.targets[1]',
    'ladder.rungs[3]',
  ]);
  expect(experiment.ladder).toEqual({ rungs: [8, 16, 24, 32], targets: [48] });
});

test('excluded widths leave what is sealed, also those that are taken out on the way', async () => {
  const trainer = new FakeTrainer();
  const { conductor } = conduct(experimentWith(), { excluded: { muP: [8] } }, trainer);
  expect((await conductor.run()).sealed[0].points!.map((point) => point.x)).toEqual([16, 24, 32]);
  const later = conduct(experimentWith(), {}, trainer);
  trainer.midway = ({ width }) => {
    if (width === 32) later.conductor.setExcluded({ muP: [16] });
  };
  expect((await later.conductor.run()).sealed[0].points!.map((point) => point.x)).toEqual([8, 24, 32]);
});

test('training waits for the analysis where a seal needs it, and nowhere else', async () => {
  const asked: string[] = [];
  const trainer = new FakeTrainer();
  const heard = async <K extends Kind>(question: Question<K>) => {
    asked.push(question.kind);
    trainer.calls.push('ask');
    return quickAsk(question);
  };
  const experiment = experimentWith({ study: { kind: 'compare' } }, ['muP', 'SP']);
  experiment.recipes[0].evaluation.every = 1;
  await conduct(experiment, {}, trainer, heard).conductor.run();
  expect(asked).toEqual(['law', 'ghosts', 'law', 'ghosts']);
  expect(trainer.calls.indexOf('ask')).toBeGreaterThan(trainer.calls.indexOf('train muP+SP 32 [1]'));
  asked.length = 0;
  const sweep = { parameter: 'optimizer.learningRate' as const, values: [0.1, 0.2, 0.4] };
  const study = { kind: 'transfer' as const, sweep };
  await conduct(experimentWith({ study, ladder: { rungs: [8, 16] } }), {}, trainer, heard).conductor.run();
  expect(asked).toEqual([]);
});

test('a cohort that fails ends training and loses nothing', async () => {
  const trainer = new FakeTrainer();
  trainer.broken = 24;
  const { conductor, events } = conduct(experimentWith(), {}, trainer);
  const { runs } = await conductor.run();
  expect(runs.map((run) => run.status)).toEqual(['done', 'done', 'failed']);
  expect(wordsOf(events).slice(-2)).toEqual(['error null', 'failed']);
});

test('a loss that cannot be: its cohort has failed, what was finished before stays, nothing is sealed or revealed', async () => {
  for (const kind of ['zeroed', 'endingInZero'] as const) {
    for (const width of [24, 48]) {
      const trainer = new FakeTrainer();
      trainer[kind] = [`mup-w${width}-s1`];
      const { conductor, events } = conduct(experimentWith({ seeds: [1, 2] }), {}, trainer);
      const { runs, sealed } = await conductor.run();
      const before = [8, 16, 24, 32, 48].filter((one) => one < width);
      expect(runs.map((run) => [run.width, run.status])).toEqual([
        ...before.flatMap((one) => [1, 2].map(() => [one, 'done'])),
        ...[1, 2].map(() => [width, 'failed']),
      ]);
      const failed = runs.filter((run) => run.status === 'failed');
      expect(failed.every(({ finalEvalLoss, trainLoss }) => finalEvalLoss === null && !trainLoss.includes(0))).toBe(
        true,
      );
      expect(sealed.every(({ actual }) => actual === undefined || actual === null)).toBe(true);
      expect(sealed).toHaveLength(width === 48 ? 1 : 0);
      const told = events.flatMap((event) => (event.kind === 'report' ? [...event.report.losses] : []));
      expect(told.every((loss) => loss > 0)).toBe(true);
      expect(wordsOf(events).slice(-2)).toEqual(['error null', 'failed']);
      const said = events.findLast((event) => event.kind === 'error')!;
      expect(said.message).toContain(`mup-w${width}-s1`);
    }
  }
});

test('while paused no cohort begins; the trainer is not left paused behind', async () => {
  const trainer = new FakeTrainer();
  const { conductor, events } = conduct(experimentWith(), {}, trainer);
  trainer.midway = ({ width }) => {
    if (width === 8) conductor.pause();
  };
  const end = conductor.run();
  await vi.waitFor(() => expect(wordsOf(events).at(-1)).toBe('paused'), { timeout: 600_000, interval: 1 });
  for (let turn = 0; turn < 10; turn++) await new Promise((resolve) => setTimeout(resolve));
  expect(trainer.trained).toEqual(['train muP 8 [1]']);
  expect(wordsOf(events).at(-1)).toBe('paused');
  conductor.resume();
  await end;
  expect(trainer.calls.filter((call) => call === 'pause' || call === 'resume')).toEqual(['pause', 'resume']);
  expect(wordsOf(events).at(-1)).toBe('done');
});

test('progress grows from nothing to all', async () => {
  const { conductor, events } = conduct(experimentWith());
  await conductor.run();
  const shares = events.flatMap((event) => (event.kind === 'progress' ? [event.progress.share] : []));
  expect(shares[0]).toBe(0);
  expect(shares.at(-1)).toBe(1);
  expect(shares).toEqual([...shares].sort((a, b) => a - b));
});

test('a target that was measured but not yet revealed is revealed when training goes on', async () => {
  const experiment = experimentWith();
  const { runs, sealed } = await conduct(experiment).conductor.run();
  const unopened = sealed.map((one) => ({ ...one, actual: null, verdict: null }));
  const { conductor, trainer, events } = conduct(experiment, { finished: runs, sealed: unopened });
  const result = await conductor.run();
  expect(trainer.trained).toEqual([]);
  expect(wordsOf(events)).toContain('revealed muP 48');
  expect(result.sealed).toEqual(sealed);
});

test('an experiment that fails while paused does not leave the trainer paused', async () => {
  const trainer = new FakeTrainer();
  const { conductor } = conduct(experimentWith(), {}, trainer);
  trainer.midway = () => {
    conductor.pause();
    throw new Error('The device caught fire.');
  };
  await conductor.run();
  expect(trainer.calls.filter((call) => call === 'pause' || call === 'resume').at(-1)).toBe('resume');
  await expect(conductor.setLadder({ rungs: [8], targets: [] })).rejects.toThrow('Training has ended');
});

test('a trainer that was paused while preparing goes on when the experiment is refused, or its engine cannot tell what it is', async () => {
  const refusing = new FakeTrainer();
  refusing.refused = [48];
  const mute = new FakeTrainer();
  mute.describe = () => Promise.reject(new Error('No device.'));
  for (const trainer of [refusing, mute]) {
    const { conductor, events } = conduct(experimentWith(), {}, trainer);
    const end = conductor.run();
    conductor.pause();
    await expect(end).rejects.toThrow();
    expect(trainer.calls.filter((call) => call === 'pause' || call === 'resume')).toEqual(['pause', 'resume']);
    expect(wordsOf(events).at(-1)).toBe('failed');
  }
});

test('an experiment that is cancelled while it is paused and prepared does not leave the trainer paused', async () => {
  const { conductor, events, trainer } = conduct(experimentWith());
  const end = conductor.run();
  conductor.pause();
  conductor.cancel();
  await expect(end).rejects.toThrow('Cancelled before training began.');
  expect(trainer.calls.at(-1)).toBe('resume');
  expect([trainer.trained, wordsOf(events).at(-1)]).toEqual([[], 'cancelled']);
});

test('how it ended is told last, once the trainer goes on', async () => {
  const experiment = experimentWith({ ladder: { rungs: [8, 16, 24], targets: [48] } });
  const trainer = new FakeTrainer();
  const told: string[] = [];
  const conductor = new Conductor(trainer, quickAsk, { experiment, texts: {} }, (event) => {
    if (event.kind === 'error') told.push('error');
    if (event.kind === 'phase') told.push(event.phase, ...trainer.calls.slice(-1));
  });
  trainer.midway = ({ width }) => {
    if (width !== 48) return;
    conductor.pause();
    throw new Error('The device caught fire.');
  };
  await conductor.run();
  expect(told.slice(-3)).toEqual(['error', 'failed', 'resume']);
});

test('of two ladders that are asked for at once the last one stays, however long the first is looked at', async () => {
  const trainer = new FakeTrainer();
  const { conductor, events } = conduct(experimentWith(), {}, trainer);
  const fits = trainer.assertFits.bind(trainer);
  let look = () => {};
  const isLookedAt = new Promise<void>((resolve) => (look = resolve));
  const changes: Promise<void>[] = [];
  trainer.midway = ({ width }) => {
    if (width !== 8) return;
    trainer.assertFits = async (request) => {
      if (request.runs[0].width === 40) await isLookedAt;
      return fits(request);
    };
    changes.push(conductor.setLadder({ rungs: [8, 16, 24, 40], targets: [48] }));
    changes.push(conductor.setLadder({ rungs: [8, 16, 24], targets: [64] }));
  };
  const end = conductor.run();
  await expect.poll(() => changes).toHaveLength(2);
  look();
  await Promise.all(changes);
  const { experiment } = await end;
  expect(experiment.ladder).toEqual({ rungs: [8, 16, 24], targets: [64] });
  expect(wordsOf(events).at(-1)).toBe('done');
});

test('a ladder that is refused leaves one that was asked for before it, and training waits for what is still looked at', async () => {
  const trainer = new FakeTrainer();
  trainer.refused = [96];
  const { conductor } = conduct(experimentWith(), {}, trainer);
  const changes: Promise<unknown>[] = [];
  trainer.midway = ({ width }) => {
    if (width !== 48 || changes.length > 0) return;
    const ladder = { rungs: [8, 16, 24, 32], targets: [48, 64] };
    changes.push(conductor.setLadder(ladder));
    const refused = conductor.setLadder({ ...ladder, targets: [48, 64, 96] });
    changes.push(refused.catch((error: unknown) => error));
  };
  const { experiment } = await conductor.run();
  expect((await Promise.all(changes))[1]).toBeInstanceOf(InputError);
  expect(experiment.ladder.targets).toEqual([48, 64]);
  expect(trainer.trained.at(-1)).toBe('train muP 64 [1]');
});

const never = () => new Promise<never>(() => undefined);

test.each(['describe', 'prepare', 'assertFits'] as const)(
  'cancelling waits for no trainer that does not answer to %s, and is no failure',
  async (name) => {
    const trainer = new FakeTrainer();
    trainer[name] = never;
    const { conductor, events } = conduct(experimentWith(), {}, trainer);
    const end = conductor.run().catch((error: unknown) => error);
    await vi.waitFor(() => expect(trainer.calls).toHaveLength({ describe: 0, prepare: 0, assertFits: 1 }[name]));
    conductor.cancel();
    if (name === 'describe') expect(await end).toBeInstanceOf(Error);
    else expect(await end).toMatchObject({ runs: [], unfinished: true });
    expect(wordsOf(events)).toEqual(['preparing', 'cancelled']);
  },
);

test('nor for an analyst, in the middle of a seal', async () => {
  let asked = () => {};
  const isAsked = new Promise<void>((resolve) => (asked = resolve));
  const { conductor, events, trainer } = conduct(experimentWith(), {}, new FakeTrainer(), () => (asked(), never()));
  const end = conductor.run();
  await isAsked;
  conductor.cancel();
  expect((await end).runs).toHaveLength(4);
  expect([trainer.trained.length, wordsOf(events).at(-1)]).toEqual([4, 'cancelled']);
});

test('a training that was ended with its worker when it was cancelled keeps what it told', async () => {
  const trainer = new FakeTrainer();
  const { conductor, events } = conduct(experimentWith(), {}, trainer);
  trainer.midway = ({ width }) => {
    if (width !== 24) return;
    conductor.cancel();
    throw new Error('Training did not end when it was cancelled, and was ended.');
  };
  const { runs } = await conductor.run();
  expect(runs.map((run) => run.status)).toEqual(['done', 'done', 'cancelled']);
  expect(runs[2].trainLoss).toEqual([5, 4]);
  expect(wordsOf(events).filter((word) => /error|failed/.test(word))).toEqual([]);
});
