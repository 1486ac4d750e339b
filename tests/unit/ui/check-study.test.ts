import { describe, expect, it } from 'vitest';
import { checksOf } from '../../../src/checks/checks.ts';
import { parseExperiment, parseTrained, type Experiment } from '../../../src/model/experiment.ts';
import { RESULT_SCHEMA } from '../../../src/model/result.ts';
import { basinScene } from '../../../src/ui/basin/scene.ts';
import { hasSide, SIDES, withoutSide, withSide } from '../../../src/ui/state/sides.ts';
import { Playground } from '../../../src/ui/state/playground.svelte.ts';
import { readResult } from '../../../src/experiment/read-result.ts';
import { resultsOf, type ResultsData } from '../../../src/ui/state/results-data.ts';
import type { ConductorEvent, ConductorOptions } from '../../../src/experiment/protocol.ts';
import { controlAt } from '../../../src/ui/frame/control-at.ts';
import { basinStudy, checkExperiment, fakeCheckRuns, transferStudy } from './fake-checks.ts';
import { fakeConductor, fakeEngine, fakeServices } from './fake-stream.ts';

function measured(experiment: Experiment): ResultsData {
  const { adapter } = fakeEngine;
  const runs = fakeCheckRuns(experiment);
  return { id: 'a', created: '2026-01-02T12:00:00.000Z', experiment, adapter, runs, sealed: [], facts: [] };
}

/** A page with an experiment measured, and what it would ask of the conductor; training goes on until it is let go. */
function stage(experiment: Experiment) {
  const asked: ConductorOptions[] = [];
  let letGo = () => {};
  let tell: (event: ConductorEvent) => void = () => {};
  const playground = new Playground({
    ...fakeServices(fakeEngine, Infinity),
    conduct(options, listener) {
      asked.push(options);
      tell = listener;
      return fakeConductor({ start: () => new Promise<void>((resolve) => (letGo = resolve)) });
    },
  });
  playground.open(measured(experiment), {}, 'own');
  return { playground, asked, letGo: () => letGo(), tell: (event: ConductorEvent) => tell(event) };
}

const transfer = checkExperiment(transferStudy);
const all = 2 * 3 * 8;

describe('a study of several recipes', () => {
  it('opens in its own view, with all its runs', () => {
    const { playground } = stage(transfer);
    const { transfer: study } = playground.studies;
    expect(playground.view).toBe('transfer');
    expect(study.missing).toEqual([]);
    expect(study.toTrain.map((cohort) => cohort.length)).toEqual([16, 16, 16]);
    expect(study.question?.inputs.runs).toHaveLength(all);
    expect(playground.studies.basin.own.isEmpty).toBe(true);
  });

  it('trains only the values, widths and seeds that are new', () => {
    const { playground } = stage(transfer);
    const { transfer: study } = playground.studies;
    study.draft.addWidth('rungs', 64);
    expect(study.missing.flat()).toHaveLength(16);
    expect(study.isStale).toBe(false);
    study.draft.values.seeds = [1, 2];
    expect(study.missing.flat()).toHaveLength(16 + all + 16);
  });

  it('keeps the runs of a recipe when another one changes, and then is other results', async () => {
    const { playground, asked, letGo } = stage(transfer);
    const { transfer: study } = playground.studies;
    study.draft.set([0], 'rules', [{ tensor: 'key', multiplier: 'learningRate', exponent: 0 }]);
    expect(study.isStale).toBe(true);
    expect(study.checked.recipes[0].rules).toEqual([]);
    expect(study.missing.flat()).toHaveLength(all / 2);
    const training = study.train();
    expect(asked[0].finished!.map((run) => run.recipe)).toEqual(Array<string>(all / 2).fill('SP'));
    expect(study.own.id).not.toBe('a');
    letGo();
    await training;
  });

  it('trains again what an earlier version trained by another table of a depth rule, and nothing else', () => {
    const deep = checkExperiment(transferStudy, ({ recipes }) => {
      recipes[0].depth = { rule: 'depth-mup', baseLayers: 1 };
    });
    const { playground } = stage(deep);
    const { transfer: study } = playground.studies;
    expect(study.isStale).toBe(true);
    expect(study.isOfEarlierTable).toBe(true);
    expect(study.finished.map((run) => run.recipe)).toEqual(Array<string>(all / 2).fill('SP'));
    const runs = measured(deep).runs.map((run) => (run.recipe === 'SP' ? run : { ...run, table: 2 }));
    playground.open({ ...measured(deep), runs }, {}, 'own');
    expect(study.isStale).toBe(false);
    expect(study.missing).toEqual([]);
  });

  it('opens what an earlier version trained with a rule that is refused today, and says why it cannot train', async () => {
    const { playground } = stage(transfer);
    const { transfer: study } = playground.studies;
    const [muP, sp] = transfer.recipes;
    const rules = [{ tensor: 'key' as const, multiplier: 'learningRate' as const, exponent: 0 }];
    const refused = parseTrained({ ...transfer, recipes: [muP, { ...sp, rules }] });
    expect(() => parseExperiment(refused)).toThrow(/^recipes\[1\]\.rules\[0\]: SP scales nothing/);
    const { id, created, adapter, runs } = measured(transfer);
    const file = {
      schema: RESULT_SCHEMA,
      id,
      created,
      app: { version: '0.1.0', commit: '' },
      adapter,
      experiment: refused,
    };
    const result = readResult(JSON.stringify({ ...file, runs, fits: [], sealed: [] }), 'old.json');
    playground.open(resultsOf(result), {}, 'imported');
    expect(study.shownExperiment).toEqual(refused);
    expect(study.question?.inputs.runs).toHaveLength(all);
    await study.train();
    expect(study.fault).toMatchObject({ field: 'recipes[1].rules[0]' });
  });

  it('shows what was measured, and says so, when another hyperparameter is swept', () => {
    const { playground } = stage(transfer);
    const { transfer: study } = playground.studies;
    study.draft.values.study = { kind: 'transfer', sweep: { parameter: 'init.hidden', values: [0.5, 1, 2] } };
    expect(study.isStale).toBe(true);
    expect(study.checked.study).toEqual(transfer.study);
    expect(study.missing.flat()).toHaveLength(2 * 3 * 3);
  });

  it('leaves out losses of single steps where the check does not look at them', () => {
    const { playground } = stage(checkExperiment(basinStudy));
    const { question } = playground.studies.basin;
    expect(question!.inputs.runs.every((run) => run.trainLoss.length === 0)).toBe(true);
    expect(stage(transfer).playground.studies.transfer.question!.inputs.runs[0].trainLoss).toHaveLength(5);
  });

  it('asks again with another margin, and for no new run', () => {
    const { playground } = stage(checkExperiment(basinStudy));
    const { basin: study } = playground.studies;
    study.draft.values.study = { ...basinStudy, margin: 0.2 };
    expect(study.missing).toEqual([]);
    expect(study.question!.inputs.experiment.study).toMatchObject({ margin: 0.2 });
    const share = (margin: number) => {
      study.draft.values.study = { ...basinStudy, margin };
      const { experiment, runs } = study.question!.inputs;
      return checksOf(experiment, runs).basin[1].share;
    };
    expect(share(0.3)).toBeGreaterThan(share(0.04));
  });

  it('hands out a result with what its check says', async () => {
    const { playground } = stage(transfer);
    const result = await playground.studies.transfer.result();
    expect(result.transfer?.map(({ recipe, verdict }) => [recipe, verdict])).toEqual([
      ['muP', 'transfers'],
      ['SP', 'falls'],
    ]);
    expect(result.basin).toBeUndefined();
    expect(result.runs).toHaveLength(all);
  });
});

describe('what is found', () => {
  it('is worded with the margin it was found with, until the new one is answered', async () => {
    const { playground } = stage(checkExperiment(basinStudy));
    const { basin: study } = playground.studies;
    const before = (study.draft.values.study as { margin: number }).margin;
    const marginOf = ({ experiment }: typeof study.found) => (experiment.study as { margin: number }).margin;
    await expect.poll(() => study.found.checks.basin).not.toEqual([]);
    const [shared] = study.found.checks.basin;
    (study.draft.values.study as { margin: number }).margin = 4 * before;
    expect(study.found.checks.basin[0]).toBe(shared);
    expect([marginOf(study.found), basinScene(study.found.experiment, study.found.checks.basin).margin]).toEqual([
      before,
      before,
    ]);
    await expect.poll(() => marginOf(study.found)).toBe(4 * before);
    expect(study.found.checks.basin[0]).not.toBe(shared);
  });

  it('is nothing where the sizes are others', async () => {
    const { playground } = stage(transfer);
    const { transfer: study } = playground.studies;
    await expect.poll(() => study.found.checks.transfer).not.toEqual([]);
    study.draft.addWidth('rungs', 64);
    expect(study.found.checks.transfer).toEqual([]);
    expect(study.found.experiment.ladder.rungs).toContain(64);
  });
});

describe('one training at a time', () => {
  it('is that of one view; the others say which', async () => {
    const { playground, letGo, tell } = stage(transfer);
    const { transfer: study, prediction, basin } = playground.studies;
    const training = study.train();
    expect(study.isTraining).toBe(true);
    expect(study.blocker).toBeNull();
    expect(prediction.isTraining).toBe(false);
    expect(basin.blocker?.kind).toBe('transfer');
    tell({ kind: 'error', field: 'study', message: 'study: too much.' });
    expect([study.fault?.field, basin.fault]).toEqual(['study', null]);
    letGo();
    await training;
  });
});

describe('sides to compare', () => {
  const [muP, sp] = SIDES.parametrization;

  it('come and go, differ in one thing, and the last one stays', () => {
    const { recipes } = transfer;
    const alone = withoutSide(recipes, 'parametrization', muP);
    expect(alone.map(({ name }) => name)).toEqual(['SP']);
    expect(withoutSide(alone, 'parametrization', sp)).toEqual(alone);
    const both = withSide(alone, 'parametrization', muP);
    expect(both.map(({ name }) => name)).toEqual(['muP', 'SP']);
    expect(hasSide(both, 'parametrization', muP)).toBe(true);
    expect({ ...both[0], name: 'SP', parametrization: 'sp' }).toEqual(both[1]);
  });

  it('a changed rule of muP does not follow to SP', () => {
    const [first] = transfer.recipes;
    const broken = { ...first, rules: [{ tensor: 'key' as const, multiplier: 'learningRate' as const, exponent: 0 }] };
    expect(withSide([broken], 'parametrization', sp)[1].rules).toEqual([]);
  });
});

describe('the control at fault', () => {
  it.each([
    ['recipes[1].optimizer.beta1', 'field-recipes[0].optimizer.beta1'],
    ['study.sweep.values[3]', 'field-study.sweep'],
    ['study.sweeps[1].values', 'field-study.sweeps[1]'],
    ['study.depths[2]', 'field-study.depths'],
    ['study', 'field-study'],
    ['ladder.rungs[0]', 'field-ladder'],
    ['seeds[1]', 'field-seeds'],
  ])('of %s is %s', (field, id) => expect(controlAt(field, [0, 1]).id).toBe(id));
});
