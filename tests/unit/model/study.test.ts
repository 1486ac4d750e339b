/** Studies: what a sweep may ask for, the runs it makes, and which of them can train together. */
import { describe, expect, test } from 'vitest';
import { parseExperiment } from '../../../src/model/experiment.ts';
import { hyperparameterOf, withOverrides } from '../../../src/model/overrides.ts';
import { cohortKey, runsAt, settingsOf } from '../../../src/model/run.ts';
import { SWEEPABLE, sweepsOf } from '../../../src/model/study.ts';
import { expectRefusal, inputOf, parsedRecipe, type Loose, type Refusal } from './experiment-inputs.ts';

const RATES = { parameter: 'optimizer.learningRate', values: [0.01, 0.02, 0.04] };
const INITS = { parameter: 'init.hidden', values: [0.5, 1, 2] };

/** A study over three rungs that is accepted as it stands. */
function studyOf(study: Loose, change: (experiment: Loose) => void = () => {}): Loose {
  return inputOf((e) => {
    e.ladder = { rungs: [8, 12, 16] };
    e.study = structuredClone(study);
    change(e);
  });
}

const TRANSFER = { kind: 'transfer', sweep: RATES };
const BASIN = { kind: 'basin', sweeps: [RATES, INITS] };
const COORDINATES = { kind: 'coordinates' };

type StudyRefusal = [what: string, study: Loose, field: string, says: RegExp, change: Refusal[3]];

const REFUSALS: StudyRefusal[] = [
  [
    'seeds that draw batches where all are measured on one',
    COORDINATES,
    'recipes[0].seedDraws',
    /a coordinate check measures every run on one batch; it must be "weights"/,
    (e) => (e.recipes[0].seedDraws = 'batches-too'),
  ],
  [
    'another kind',
    COORDINATES,
    'study.kind',
    /"prediction", "compare", "transfer", "basin" or "coordinates"/,
    (e) => (e.study.kind = 'search'),
  ],
  ['a transfer without a sweep', TRANSFER, 'study.sweep', /is missing/, (e) => delete e.study.sweep],
  [
    'a sweep of what is no hyperparameter',
    TRANSFER,
    'study.sweep.parameter',
    /must be "optimizer\.learningRate", .* or "multipliers\.unembedding"/,
    (e) => (e.study.sweep.parameter = 'optimizer.kind'),
  ],
  [
    'a sweep of two values',
    TRANSFER,
    'study.sweep.values',
    /must hold 3 to 32 numbers/,
    (e) => (e.study.sweep.values = [0.01, 0.02]),
  ],
  [
    'a sweep that does not ascend',
    TRANSFER,
    'study.sweep.values',
    /must ascend/,
    (e) => (e.study.sweep.values = [0.01, 0.04, 0.02]),
  ],
  ['a value twice', TRANSFER, 'study.sweep.values', /must ascend/, (e) => (e.study.sweep.values = [0.01, 0.01, 0.02])],
  [
    'a value that is no number',
    TRANSFER,
    'study.sweep.values[2]',
    /number from 0 to 1000/,
    (e) => (e.study.sweep.values[2] = NaN),
  ],
  [
    'a value that no recipe may have',
    TRANSFER,
    'study.sweep.values[2]',
    /a value of this sweep must be a number from 0 to 10, not 11/,
    (e) => (e.study.sweep.values[2] = 11),
  ],
  [
    "a value of a basin's second sweep that no recipe may have",
    BASIN,
    'study.sweeps[1].values[2]',
    /a value of this sweep must be a number from 0 to 10, not 50/,
    (e) => (e.study.sweeps[1].values[2] = 50),
  ],
  [
    'an unknown key of a sweep',
    TRANSFER,
    'study.sweep.from',
    /allowed here: parameter, values\./,
    (e) => (e.study.sweep.from = 0),
  ],
  ['a key of another study', COORDINATES, 'study.margin', /allowed here: kind\./, (e) => (e.study.margin = 0.1)],
  ['depths that do not ascend', TRANSFER, 'study.depths', /depths must ascend/, (e) => (e.study.depths = [4, 2])],
  ['a single depth', TRANSFER, 'study.depths', /2 to 16 numbers of layers/, (e) => (e.study.depths = [2])],
  ['a depth of none', TRANSFER, 'study.depths[0]', /1 to 64, not 0/, (e) => (e.study.depths = [0, 2])],
  [
    'depths at several widths',
    TRANSFER,
    'ladder.rungs',
    /a sweep over depths is made at one width, not at 3/,
    (e) => (e.study.depths = [1, 2]),
  ],
  ['one sweep for a basin', BASIN, 'study.sweeps', /must hold two sweeps/, (e) => e.study.sweeps.pop()],
  [
    'a basin over one parameter twice',
    BASIN,
    'study.sweeps',
    /two different parameters/,
    (e) => (e.study.sweeps[1] = e.study.sweeps[0]),
  ],
  ['a negative margin', BASIN, 'study.margin', /from 0 to 10, not -1/, (e) => (e.study.margin = -1)],
  [
    'targets where nothing is predicted',
    COORDINATES,
    'ladder.targets',
    /"coordinates" predicts nothing; make its targets rungs/,
    (e) => (e.ladder.targets = [24]),
  ],
  [
    'a single width to compare',
    BASIN,
    'ladder.rungs',
    /"basin" compares at least 2 widths/,
    (e) => (e.ladder.rungs = [8]),
  ],
  [
    'more runs than a page can keep',
    BASIN,
    'study',
    /asks for 6144 runs and 5000 are allowed/,
    (e) => {
      e.study.sweeps[0].values = Array.from({ length: 32 }, (_, i) => (i + 1) / 100);
      e.study.sweeps[1].values = Array.from({ length: 32 }, (_, i) => (i + 1) / 10);
      e.seeds = [1, 2];
    },
  ],
  [
    'a measured basin with one sweep',
    COORDINATES,
    'basin.sweeps',
    /must hold two sweeps/,
    (e) => (e.basin = { key: '{}', sweeps: [RATES], widths: [8], margin: 0.1, common: [] }),
  ],
  [
    'a measured basin with a cell that is no pair',
    COORDINATES,
    'basin.common[0][1]',
    /index must be a whole number from 0 to 31/,
    (e) => (e.basin = { key: '{}', sweeps: [RATES, INITS], widths: [8], margin: 0.1, common: [[0, 'x']] }),
  ],
  [
    'a measured basin with a cell of three',
    COORDINATES,
    'basin.common[0][2]',
    /list of pairs of indices/,
    (e) => (e.basin = { key: '{}', sweeps: [RATES, INITS], widths: [8], margin: 0.1, common: [[0, 1, 2]] }),
  ],
  [
    'a measured basin with a cell beside its grid',
    COORDINATES,
    'basin.common[1]',
    /below the 3 and 3 values/,
    (e) => (e.basin = { key: '{}', sweeps: [RATES, INITS], widths: [8], margin: 0.1, common: [[0, 2], [0, 3]] }), // prettier-ignore
  ],
];

test.each(REFUSALS)('refuses %s', (_, study, field, says, change) =>
  expectRefusal(studyOf(study, change), field, says),
);

describe('what is accepted', () => {
  test('is each study, and it stays as it is when read again', () => {
    for (const study of [TRANSFER, BASIN, COORDINATES]) {
      const once = parseExperiment(studyOf(study));
      expect(once.study).toMatchObject(study);
      expect(parseExperiment(JSON.parse(JSON.stringify(once)))).toEqual(once);
    }
    expect(parseExperiment(studyOf(BASIN)).study).toMatchObject({ margin: 0.05 });
  });

  test('is an experiment that carries the basin it was chosen from', () => {
    const basin = { key: '{}', sweeps: [RATES, INITS], widths: [8, 16], margin: 0.1, common: [[0, 2]] };
    expect(parseExperiment(inputOf((e) => (e.basin = basin))).basin).toEqual(basin);
    expect(parseExperiment(inputOf()).basin).toBeUndefined();
  });

  test('is a sweep over depths at one width', () => {
    const { study } = parseExperiment(studyOf({ ...TRANSFER, depths: [1, 2, 4] }, (e) => (e.ladder.rungs = [8])));
    expect(study).toMatchObject({ depths: [1, 2, 4] });
  });
});

describe('runs', () => {
  test('go through recipes, then depths, then swept values, then seeds, with ids fit for file names', () => {
    const experiment = parseExperiment(
      studyOf({ ...TRANSFER, depths: [1, 2] }, (e) => {
        e.ladder.rungs = [8];
        e.seeds = [1, 7];
        e.recipes.push({ ...e.recipes[0], name: 'SP', parametrization: 'sp' });
        e.study.sweep.values = [0.01, 0.02, 0.125];
      }),
    );
    const runs = runsAt(experiment, 8);
    expect(runs).toHaveLength(2 * 2 * 3 * 2);
    expect(runs.slice(0, 7).map(({ id }) => id)).toEqual([
      'mup-w8-l1-lr0.01-s1',
      'mup-w8-l1-lr0.01-s7',
      'mup-w8-l1-lr0.02-s1',
      'mup-w8-l1-lr0.02-s7',
      'mup-w8-l1-lr0.125-s1',
      'mup-w8-l1-lr0.125-s7',
      'mup-w8-l2-lr0.01-s1',
    ]);
    expect(runs.at(-1)).toMatchObject({
      id: 'sp-w8-l2-lr0.125-s7',
      seed: 7,
      recipe: { name: 'SP', layers: 2, optimizer: { learningRate: 0.125 } },
      overrides: { layers: 2, 'optimizer.learningRate': 0.125 },
    });
    expect(new Set(runs.map(({ id }) => id)).size).toBe(runs.length);
  });

  test('of a prediction have no overrides', () => {
    const experiment = parseExperiment(inputOf((e) => (e.seeds = [1, 7])));
    expect(runsAt(experiment, 12).map(({ id }) => id)).toEqual(['mup-w12-s1', 'mup-w12-s7']);
    expect(runsAt(experiment, 12)[0].recipe).toBe(experiment.recipes[0]);
  });

  test('of a basin are the grid of both sweeps', () => {
    const { study } = parseExperiment(studyOf(BASIN));
    const settings = settingsOf(study);
    expect(settings).toHaveLength(9);
    expect(settings[1]).toEqual({ 'optimizer.learningRate': 0.01, 'init.hidden': 1 });
    expect(sweepsOf(study).map(({ parameter }) => parameter)).toEqual(['optimizer.learningRate', 'init.hidden']);
  });

  test('change what is swept and nothing else, and every sweepable path is one of the recipe', () => {
    const recipe = parsedRecipe();
    const before = structuredClone(recipe);
    for (const [i, path] of SWEEPABLE.entries()) {
      const changed = withOverrides(recipe, { [path]: 0.5 + i });
      expect(hyperparameterOf(changed, path)).toBe(0.5 + i);
      expect(typeof hyperparameterOf(recipe, path), path).toBe('number');
      const back = withOverrides(changed, { [path]: hyperparameterOf(recipe, path) });
      expect(back).toEqual(before);
    }
    expect(recipe).toEqual(before);
  });

  test('leave a path that no sweep knows alone', () => {
    const recipe = parsedRecipe();
    expect(withOverrides(recipe, { 'constructor.name': 3, '__proto__.x': 1 })).toEqual(recipe);
    expect(({} as { x?: number }).x).toBeUndefined();
  });
});

describe('a cohort', () => {
  const keyOf = (changes: Parameters<typeof parsedRecipe>[0] = {}, width = 8, seed = 1) =>
    cohortKey({ recipe: parsedRecipe(changes), width, seed });

  test('takes runs whose shape, batches and kind of update agree, whatever their numbers', () => {
    const same = [
      { name: 'other' },
      { parametrization: 'sp' },
      { optimizer: { learningRate: 0.5, weightDecay: 0.1, beta1: 0.5 } },
      { init: { hidden: 2 } },
      { multipliers: { attention: 3 } },
      { schedule: { kind: 'constant' } },
      { depth: { rule: 'completep' } },
      { rules: [{ tensor: 'up', exponent: 0 }] },
      { baseWidth: 16 },
    ] as const;
    for (const changes of same)
      expect(keyOf(structuredClone(changes) as object), JSON.stringify(changes)).toBe(keyOf());
  });

  test('takes every seed, unless seeds draw their batches too', () => {
    expect(keyOf({}, 8, 2)).toBe(keyOf());
    const own = { seedDraws: 'batches-too' } as const;
    expect(keyOf(own)).not.toBe(keyOf());
    expect(keyOf(own, 8, 2)).not.toBe(keyOf(own));
    expect(keyOf({ ...own, parametrization: 'sp' }, 8, 2)).toBe(keyOf(own, 8, 2));
  });

  test('takes no others', () => {
    const different = [
      { layers: 2 },
      { headSize: 2 },
      { growth: 'head-size' },
      { context: 8 },
      { architecture: { norm: 'rmsnorm' } },
      { architecture: { tied: true } },
      { corpus: { kind: 'spectral', seed: 2 } },
      { batch: 8 },
      { steps: 30 },
      { evaluation: { sequences: 8 } },
      { optimizer: { kind: 'lion', learningRate: 0.01 } },
    ] as const;
    for (const changes of different) {
      expect(keyOf(structuredClone(changes) as object), JSON.stringify(changes)).not.toBe(keyOf());
    }
    expect(keyOf({}, 16)).not.toBe(keyOf());
    // Where heads grow, their size at a width depends on the base width.
    const grown = (baseWidth: number) => keyOf({ growth: 'head-size', baseWidth }, 16);
    expect(grown(16)).not.toBe(grown(8));
  });
});
