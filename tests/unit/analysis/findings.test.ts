/** What a result says beside its runs, and what is told of what it cannot say; what earlier versions found is held to in `tests/unit/earlier`. */
import { expect, test } from 'vitest';
import { basinKey, basinNote } from '../../../src/checks/measured-basin.ts';
import type { Experiment } from '../../../src/model/experiment.ts';
import type { MeasuredBasin } from '../../../src/model/study.ts';
import { remembering } from '../../../src/analysis/ask.ts';
import { assembleResult, resultOf } from '../../../src/analysis/assemble.ts';
import { checksQuestion } from '../../../src/analysis/checks-question.ts';
import { findingsOf } from '../../../src/analysis/findings.ts';
import { Conductor } from '../../../src/experiment/conductor.ts';
import { ask, asking, experimentWith, FakeTrainer, quickAsk } from '../experiment/fakes.ts';

const recordOf = (experiment: Experiment, trainer = new FakeTrainer()) =>
  new Conductor(trainer, quickAsk, { experiment, texts: {} }, () => {}).run();
const [recipe] = experimentWith().recipes;
const sweep = { parameter: 'optimizer.learningRate' as const, values: [0.01, 0.02, 0.04] };
const sweeps = [sweep, { parameter: 'init.hidden' as const, values: [0.5, 1, 2] }];
const evaluated = (experiment: Experiment): Experiment => ({
  ...experiment,
  recipes: experiment.recipes.map((one) => ({ ...one, evaluation: { ...one.evaluation, every: 1 } })),
});

test('a fit says which rungs it leaves out, and when it was made outside the measured basin', async () => {
  /** Good at one cell only. */
  const basinAt = (cell: [number, number]): MeasuredBasin => ({
    ...{ sweeps, widths: [8, 16], margin: 0.05, common: [cell] },
    key: basinKey(recipe, sweeps),
  });
  const trainer = new FakeTrainer();
  trainer.diverging = ['mup-w16-s2'];
  const record = await recordOf(experimentWith({ seeds: [1, 2] }), trainer);
  const fitWith = async (basin?: MeasuredBasin) =>
    (await findingsOf({ ...record, experiment: { ...record.experiment, basin } }, quickAsk)).findings.fits[0];
  const own = await fitWith();
  expect(own.points.map(({ x }) => x)).toEqual([8, 24, 32]);
  expect(own.notes.at(-1)).toBe('Width 16 takes no part: 1 of 2 seeds diverged (seed 2 at step 2).');
  const outside = basinAt([2, 0]);
  expect((await fitWith(outside)).notes).toEqual([...own.notes, basinNote(recipe, outside)]);
  expect((await fitWith(basinAt([0, 1]))).notes).toEqual(own.notes);
});

test('widths that were taken out leave every law', async () => {
  const record = await recordOf(evaluated(experimentWith()));
  const sizes = new Set<number>();
  const joint = ({ points }: { points: { n: number }[] }) => {
    for (const { n } of points) sizes.add(n);
    throw new Error('asked, not answered.');
  };
  const { findings } = await findingsOf(record, asking({ joint }, quickAsk), { muP: [8] });
  expect([findings.fits[0].points.map(({ x }) => x), sizes.size]).toEqual([[16, 24, 32], 3]);
});

test('what cannot be said is told, and all else is there', async () => {
  const gone = (why: string) => () => Promise.reject(new Error(why));
  const record = await recordOf(evaluated(experimentWith()));
  const predicted = asking({ plan: gone('no memory left.'), joint: gone('the worker is gone.') }, quickAsk);
  const { result, problems } = await resultOf(record, predicted);
  expect([result.fits.length, result.runs.length, 'joint' in result, 'plans' in result]).toEqual([1, 5, false, false]);
  expect(problems).toEqual(['No joint law was fitted: the worker is gone.', 'No plan was made: no memory left.']);
  const compared = await recordOf(experimentWith({ study: { kind: 'compare' } }, ['A', 'B']));
  const hot = await findingsOf(compared, asking({ comparison: gone('too hot.') }, quickAsk));
  expect([hot.problems, hot.findings.fits.length]).toEqual([['The recipes could not be compared: too hot.'], 2]);
  const swept = await recordOf(experimentWith({ study: { kind: 'transfer', sweep }, ladder: { rungs: [8, 16] } }));
  const checked = await findingsOf(swept, asking({ checks: gone('no curve.') }));
  expect(checked).toEqual({
    ...{ findings: { fits: [] }, hasFailed: true },
    problems: ['The runs could not be checked: no curve.'],
  });
  const lawless = await findingsOf(compared, asking({ law: gone('no law.') }, quickAsk));
  expect(lawless.problems.slice(0, 2)).toEqual(['No law was fitted to A: no law.', 'No law was fitted to B: no law.']);
});

test('a check is of the runs that are over and asked for, without the curves that it does not look at', async () => {
  const study = { kind: 'transfer' as const, sweep };
  const { experiment, runs } = await recordOf(experimentWith({ study, ladder: { rungs: [8, 16] } }));
  const count = (asked: Experiment, of = runs) => checksQuestion(asked, of)?.inputs.runs.length;
  expect(count(experiment)).toBe(6);
  expect(count({ ...experiment, ladder: { rungs: [16], targets: [] } })).toBe(3);
  expect(count({ ...experiment, study: { kind: 'transfer', sweep: { ...sweep, values: [0.02] } } })).toBe(2);
  expect(
    count(
      experiment,
      runs.map((run) => ({ ...run, status: 'cancelled' })),
    ),
  ).toBeUndefined();
  const losses = async (asked: Experiment) =>
    (await findingsOf({ experiment: asked, runs }, ask)).findings.transfer![0].sentence;
  expect(await losses(experiment)).toBe('6 runs, 24 losses');
  const grid = await recordOf(experimentWith({ study: { kind: 'basin', sweeps }, ladder: { rungs: [8, 16] } }));
  expect((await findingsOf(grid, ask)).findings.transfer![0].sentence).toBe('18 runs, 0 losses');
  expect((await findingsOf({ experiment, runs: [] }, ask)).findings).toEqual({ fits: [] });
});

test('lists without an entry are left out of a result', async () => {
  const record = await recordOf(experimentWith());
  const result = assembleResult(
    record,
    (
      await findingsOf(
        record,
        asking(
          {
            plan: () => {
              throw new Error('none');
            },
          },
          quickAsk,
        ),
      )
    ).findings,
  );
  expect(['joint', 'comparisons', 'plans', 'transfer', 'basin'].filter((key) => key in result)).toEqual([]);
});

test('a question is answered once, whoever asks it again; what failed is asked again, and the oldest is forgotten', async () => {
  const asked: number[] = [];
  let isDown = true;
  const law = ({ points }: { points: { loss: number }[] }) => {
    asked.push(points[0].loss);
    if (isDown) throw new Error('down');
    return quickAsk({ kind: 'law', inputs: { points: [], targets: [], grid: [] } });
  };
  const remembered = remembering(asking({ law }), 45_000);
  const about = (loss: number) =>
    remembered({ kind: 'law', inputs: { points: [{ x: 8, loss }], targets: [], grid: [] } });
  await expect(about(1)).rejects.toThrow('down');
  isDown = false;
  const [one, again] = await Promise.all([about(1), about(1)]);
  expect(one).toBe(again);
  await about(2);
  expect(await about(1)).toBe(one);
  await about(3);
  await about(1);
  expect(asked).toEqual([1, 1, 2, 3, 1]);
});
