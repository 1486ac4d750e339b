import { expect, test } from 'vitest';
import { checksOf } from '../../../src/checks/checks.ts';
import { experimentOf, runsOf, type ExperimentParts } from './experiments.ts';

const sweep = { parameter: 'optimizer.learningRate' as const, values: [0.1, 0.2, 0.4] };
const recipes = [{}, { name: 'SP', parametrization: 'sp' as const }];

function checked(study: ExperimentParts['study']) {
  const experiment = experimentOf({ study, recipes });
  const runs = runsOf(experiment, () => 3);
  const names = (some: typeof runs) => {
    const { transfer, coordinates, basin } = checksOf(experiment, some);
    return [transfer, coordinates, basin].map((list) => list.map(({ recipe }) => recipe));
  };
  return { all: names(runs), ofSp: names(runs.filter(({ recipe }) => recipe === 'SP')), none: names([]) };
}

test('each study gets its own check, one entry for each recipe that has runs', () => {
  expect(checked({ kind: 'transfer', sweep }).all).toEqual([['muP', 'SP'], [], []]);
  expect(checked({ kind: 'coordinates' }).all).toEqual([[], ['muP', 'SP'], []]);
  const second = { parameter: 'init.hidden' as const, values: [0.5, 1, 2] };
  const basin = checked({ kind: 'basin', sweeps: [sweep, second] });
  expect(basin).toEqual({ all: [[], [], ['muP', 'SP']], ofSp: [[], [], ['SP']], none: [[], [], []] });
  expect(checked({ kind: 'prediction' }).all).toEqual([[], [], []]);
});
