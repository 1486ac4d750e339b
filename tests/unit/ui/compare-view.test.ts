/** The Compare view's numbers and words: what is asked, who won, and how the common questions are made. */
import { describe, expect, it } from 'vitest';
import { parseExperiment, type Experiment } from '../../../src/model/experiment.ts';
import { presetExperiment } from '../../../src/model/presets.ts';
import type { RunResult } from '../../../src/model/result.ts';
import { runId } from '../../../src/model/run.ts';
import type { Comparison } from '../../../src/model/scaling-results.ts';
import { copyOf, pairOf, questionIn, QUESTIONS } from '../../../src/ui/compare/questions.ts';
import { Desk } from '../../../src/ui/state/desk.svelte.ts';
import { differenceDomains, differenceTable, leadWords, signed } from '../../../src/ui/compare/difference-marks.ts';
import { differingWords } from '../../../src/ui/compare/differing.ts';
import { headlineOf, sizeWords } from '../../../src/ui/compare/headline.ts';
import { lawsTable } from '../../../src/ui/compare/laws-table.ts';
import { targetMarks } from '../../../src/ui/law/laws-marks.ts';
import { outcomesOf, pairIn } from '../../../src/ui/law/compare-scene.ts';
import { Playground } from '../../../src/ui/state/playground.svelte.ts';
import type { ResultsData } from '../../../src/ui/state/results-data.ts';
import type { ConductorOptions } from '../../../src/experiment/protocol.ts';
import { asking } from '../experiment/fakes.ts';
import { fakeAsk, fakeConductor, fakeEngine, fakeRun, fakeSeal, fakeServices, fakeTraining } from './fake-stream.ts';

const experiment = presetExperiment('compare-smoke');
const [muP, sp] = experiment.recipes;

/** SP leads by 0.02 below width 16 and trails by 0.02 above it; seeds shift both alike. */
function runAt(recipe: string, width: number, seed: number, asked: Experiment): RunResult {
  const run = fakeRun(asked, width, seed);
  const lead = recipe === 'SP' ? 0.02 * Math.sign(Math.log2(width / 16)) : 0;
  const finalEvalLoss = 3 + 2 / width + 0.01 * seed + lead + (recipe === 'SP' ? 1e-4 * seed : 0);
  return { ...run, id: runId({ name: recipe }, width, seed), recipe, finalEvalLoss, trainLoss: [3], steps: [1] };
}

function measured(asked = experiment, widths = [...asked.ladder.rungs, ...asked.ladder.targets]): ResultsData {
  const runs = asked.recipes.flatMap(({ name }) =>
    widths.flatMap((width) => asked.seeds.map((seed) => runAt(name, width, seed, asked))),
  );
  const sealed = asked.recipes.flatMap(({ name }) =>
    asked.ladder.targets.map((width) => ({
      ...fakeSeal(asked, width),
      recipe: name,
      actual: 3,
      verdict: 'inside' as const,
    })),
  );
  const { adapter } = fakeEngine;
  return { id: 'a', created: '2026-01-02T12:00:00.000Z', experiment: asked, adapter, runs, sealed, facts: [] };
}

const comparison: Comparison = {
  ...{ a: 'muP', b: 'SP', measured: [], notes: [], verdict: 'crossover', sentence: 'muP overtakes SP.' },
  at: [
    {
      x: 48,
      difference: -0.03,
      intervals: { '50': [-0.04, -0.02], '80': [-0.05, -0.01], '95': [-0.06, 0] },
      probability: 0.97,
    },
  ],
  band: [{ x: 8, difference: 0.02, intervals: { '50': [0, 0], '80': [-9, 9], '95': [-9, 9] }, probability: 0.1 }],
  crossover: { probability: 0.97, x: 16.04, interval: [14, 18.02] },
};

function stage(data = measured()) {
  const conducted: ConductorOptions[] = [];
  const playground = new Playground({
    ...fakeServices(fakeEngine, Infinity),
    ask: asking({ comparison: () => comparison }, fakeAsk),
    conduct(options) {
      conducted.push(options);
      return fakeConductor();
    },
  });
  playground.open(data, {}, 'own');
  const { compare: study } = playground.studies;
  return { playground, study, desk: new Desk(study), conducted };
}

async function answered(data?: ResultsData) {
  const found = stage(data);
  await expect.poll(() => found.desk.comparison).not.toBeNull();
  return found;
}

describe('the study', () => {
  it('opens in its own view, and asks about every pair and every law', () => {
    const { playground, desk, study } = stage();
    expect(playground.view).toBe('compare');
    expect(study.missing).toEqual([]);
    expect(desk.sides.map(({ scene }) => scene.request!.points.length)).toEqual([5, 5]);
    const [{ inputs: request }] = desk.pairQuestions;
    expect([request.a.name, request.b.name, request.targets]).toEqual(['muP', 'SP', [48]]);
    study.abscissa = 'nonEmbedding';
    expect(desk.pairQuestions[0].inputs.targets[0]).toBeGreaterThan(1000);
  });

  it('changes a setting in all recipes, or in the one that is chosen', () => {
    const { study } = stage();
    expect(study.edited).toEqual([0, 1]);
    study.areAllEdited = false;
    study.recipeIndex = 1;
    study.draft.set(study.edited, 'optimizer.learningRate', 0.5);
    expect(study.draft.values.recipes.map(({ optimizer }) => optimizer.learningRate)).toEqual([2 ** -3, 0.5]);
    expect(study.isStale).toBe(true);
  });

  it('keeps its seals when a rung is added, and gives them to the conductor', async () => {
    const { study, conducted } = stage();
    await study.changeLadder((draft) => draft.addWidth('rungs', 40));
    expect(study.missing.flat()).toHaveLength(6);
    await study.train();
    expect(conducted[0].sealed!.map(({ recipe, width }) => [recipe, width])).toEqual([
      ['muP', 48],
      ['SP', 48],
    ]);
  });

  it('hands out a result with its pairs', async () => {
    const { study } = stage();
    expect((await study.result()).comparisons?.map(({ sentence }) => sentence)).toEqual(['muP overtakes SP.']);
  });

  it('says why the recipes could not be compared, and draws what was measured all the same', async () => {
    const { study } = stage();
    study.bench.services.ask = asking({ comparison: () => Promise.reject(new Error('too few')) }, fakeAsk);
    const desk = new Desk(study);
    await expect.poll(() => desk.comparisonProblem).toBe('too few');
    expect(desk.differences).toHaveLength(6);
  });
});

describe('an answer over another axis', () => {
  it('is not shown in the place of the one that is asked for: its sizes are others', async () => {
    const { study, desk } = await answered();
    await expect.poll(() => desk.lawOf(desk.sides[0])).not.toBeNull();
    let answer = () => {};
    let isAsked = false;
    const late = () => {
      isAsked = true;
      return new Promise<Comparison>((resolve) => (answer = () => resolve(comparison)));
    };
    study.bench.services.ask = asking({ comparison: late }, fakeAsk);
    study.abscissa = 'total';
    expect([desk.comparison, desk.lawOf(desk.sides[0])]).toEqual([null, null]);
    await expect.poll(() => isAsked).toBe(true);
    answer();
    await expect.poll(() => desk.comparison).not.toBeNull();
  });
});

describe('while it trains', () => {
  const { rungs } = experiment.ladder;
  const without = (...gone: string[]) => {
    const data = measured(experiment, rungs);
    return { ...data, runs: data.runs.filter(({ id }) => !gone.includes(id)) };
  };
  const trained = { name: 'muP' };

  it('a rung with some seeds of one recipe is not compared, and what is found is provisional', () => {
    const { study, desk } = stage(without(runId(trained, rungs.at(-1)!, experiment.seeds[0])));
    expect(desk.pairQuestions[0].inputs.a.points).toHaveLength(rungs.length);
    expect(desk.isProvisional).toBe(false);
    fakeTraining(study.bench.training, study);
    const [{ inputs: request }] = desk.pairQuestions;
    expect([request.a, request.b].map(({ points }) => points.length)).toEqual([rungs.length - 1, rungs.length - 1]);
    expect(desk.isProvisional).toBe(true);
  });

  it('nothing is asked before a law has three whole rungs, and with all of them nothing is provisional', () => {
    const [first] = experiment.seeds;
    const early = stage(without(...rungs.slice(2).map((width) => runId(trained, width, first))));
    const late = stage(without());
    for (const { study } of [early, late]) {
      fakeTraining(study.bench.training, study);
    }
    expect(early.desk.pairQuestions).toEqual([]);
    expect(late.desk.isProvisional).toBe(false);
  });
});

describe('differences', () => {
  it('are paired by seed: what both share is no noise', () => {
    const { desk } = stage();
    const [first] = desk.differences;
    expect(first.difference).toBeCloseTo(0.02 - 2e-4, 10);
    expect(first.standardError).toBeCloseTo(1e-4 / Math.sqrt(3), 10);
    expect(desk.differences.at(-1)).toMatchObject({ width: 48, isTarget: true });
  });

  it('of recipes on other batches carry the noise of both', () => {
    const asked = structuredClone(experiment);
    asked.recipes[1].batch = 8;
    const [first] = stage(measured(asked)).desk.differences;
    expect(first.standardError).toBeGreaterThan(0.008);
  });

  it('say who was measured to lead where', () => {
    expect(leadWords(['μP', 'SP'], stage().desk.differences)).toBe(
      'As measured, μP is lower at widths 16, 24, 32 and 48; SP is lower at widths 8 and 12.',
    );
    expect(leadWords(['SP', 'μP'], [])).toMatch(/^Below zero the first is better/);
    expect([signed(-0.0123), signed(0.00123)]).toEqual(['−0.012 nats', '+0.0012 nats']);
  });

  it('are drawn around zero, an endless band cut', () => {
    const { desk } = stage();
    const { y } = differenceDomains(comparison, desk.differences, [8, 48], 'log');
    expect(y[0]).toBeLessThan(0);
    expect(y[1]).toBeGreaterThan(0);
    expect(y[1] - y[0]).toBeLessThan(0.12);
    const table = differenceTable(comparison, desk.differences);
    expect(table.rows.every((row) => row.length === table.columns.length)).toBe(true);
    expect(table.rows).toHaveLength(8);
  });
});

describe('the outcome', () => {
  it('is right where the one that was to win did', async () => {
    const { desk } = await answered();
    expect(desk.outcomes).toMatchObject([{ width: 48, isSealed: true, isRight: true }]);
    const { title, sub } = headlineOf({ ...standingOf(desk), outcomes: desk.outcomes });
    expect(title).toBe('μP overtakes SP at width 16');
    expect(sub).toContain('Trained at width 48, μP is lower by 0.020 nats, as predicted.');
  });

  it('is neither right nor wrong where nobody was to win, and one seed is told as one', async () => {
    const { desk } = await answered();
    const [a, b] = desk.pair;
    const lone = desk.differences.map((one) => ({ ...one, standardError: null }));
    for (const verdict of ['undecided', 'no difference'] as const) {
      const open = { ...desk.comparisonOf('muP', 'SP')!, verdict };
      const outcomes = outcomesOf(a, b, open, lone);
      expect(outcomes).toMatchObject([{ width: 48, isRight: null }]);
      const { sub } = headlineOf({ ...standingOf(desk), comparison: open, outcomes });
      expect(sub).toMatch(/Trained at width 48, μP is lower by 0\.020 nats, with one seed\.$/);
    }
    expect(leadWords(['μP', 'SP'], lone)).toMatch(/, as far as one seed tells\.$/);
  });

  it('is open until both are trained, and before that asks', async () => {
    const { desk } = await answered(measured(experiment, experiment.ladder.rungs));
    expect(desk.outcomes).toMatchObject([{ measured: null, isRight: null }]);
    expect(headlineOf(standingOf(desk)).sub).toMatch(/Sealed; not trained yet\.$/);
    const { title } = headlineOf({ ...standingOf(stage(measured(experiment, [])).desk), comparison: null });
    expect(title).toBe('Which is better at width 48, μP or SP?');
  });

  it('with two widths it says what is missing', async () => {
    const { desk } = await answered(measured(experiment, [8, 12]));
    expect(headlineOf(standingOf(desk))).toEqual({
      title: 'Four models trained',
      sub: 'With three widths of each recipe their laws can be compared.',
    });
  });

  it('a measured difference within its noise makes no winner', async () => {
    const { desk } = await answered();
    const [last] = desk.outcomes;
    const outcomes = [{ ...last, measured: { ...last.measured!, standardError: 1 }, isRight: null }];
    expect(headlineOf({ ...standingOf(desk), outcomes }).sub).toMatch(/within noise of each other\.$/);
  });

  it.each([
    ['a', /^μP beats SP at width 48$/],
    ['no difference', /^No difference seen between μP and SP$/],
    ['undecided', /^Undecided between μP and SP at width 48$/],
    ['refused', /cannot be compared$/],
  ] as const)('%s has a title of its own', async (verdict, title) => {
    const { desk } = await answered();
    expect(headlineOf({ ...standingOf(desk), comparison: { ...comparison, verdict } }).title).toMatch(title);
  });

  const standingOf = (desk: Desk) => ({
    ...{ sides: desk.sides, pair: desk.pair, comparison: desk.comparison, outcomes: desk.outcomes },
    ...{ abscissa: 'width' as const, isBusy: false },
  });
});

describe('the laws', () => {
  it('have a row for each rung and target of each recipe, and two diamonds for a target that was measured', () => {
    const { desk } = stage();
    const table = lawsTable(desk.sides, () => null);
    expect(table.rows).toHaveLength(12);
    expect(table.rows.every((row) => row.length === table.columns.length)).toBe(true);
    expect(targetMarks(desk.sides[1], null).map(({ isFilled }) => isFilled)).toEqual([false, true]);
  });
});

describe('common questions', () => {
  it('are pairs that differ in what they ask, can be trained, and are known again', () => {
    expect(new Set(QUESTIONS.map(({ text }) => text)).size).toBe(QUESTIONS.length);
    expect(new Set(QUESTIONS.map(({ question }) => question)).size).toBe(QUESTIONS.length);
    for (const question of QUESTIONS) {
      const recipes = pairOf(question, muP)!;
      const asked = parseExperiment({ ...experiment, recipes });
      expect(questionIn(asked.recipes)).toBe(question);
      expect(
        differingWords(asked.recipes).every((words) => words.length === 1),
        question.text,
      ).toBe(true);
    }
    expect(questionIn(experiment.recipes)?.path).toBe('parametrization');
    expect(questionIn([muP, { ...sp, steps: 3 }])).toBeNull();
  });

  it('RoPE is not offered where heads are odd', () => {
    const rope = QUESTIONS.find(({ path }) => path === 'architecture.position')!;
    expect(pairOf(rope, { ...muP, baseWidth: 18, headSize: 3 })).toBeNull();
  });

  it('a copy has a name of its own and differs in nothing', () => {
    const first = copyOf(muP, [muP]);
    const second = copyOf(first, [muP, first]);
    expect([first.name, second.name]).toEqual(['muP 2', 'muP 3']);
    expect(differingWords([muP, first])).toEqual([[], []]);
  });
});

it('the pair on show falls back to the first where one of it is gone', () => {
  expect([pairIn(3, [2, 0]), pairIn(2, [0, 2]), pairIn(4, [1, 1])]).toEqual([
    [0, 2],
    [0, 1],
    [0, 1],
  ]);
  expect([sizeWords('width', 17.84), sizeWords('nonEmbedding', 1.2e6)]).toEqual(['width 17.8', '1.2M parameters']);
});
