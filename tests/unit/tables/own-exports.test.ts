/** What the charts of the playground export as CSV comes back as what it was. */
import { expect, it, test } from 'vitest';
import type { Table } from '../../../src/ui/chart/table.ts';
import { basinTable } from '../../../src/ui/basin/table.ts';
import { calibrationTable } from '../../../src/ui/calibration/chart-series.ts';
import { coordinatesTable } from '../../../src/ui/coordinates/table.ts';
import { differenceTable } from '../../../src/ui/compare/difference-marks.ts';
import { curveColumns } from '../../../src/ui/predict/curve-lines.ts';
import { scalingTable } from '../../../src/ui/law/scaling-marks.ts';
import { lossesTable } from '../../../src/ui/law/table-scene.ts';
import { transferTable } from '../../../src/ui/transfer/table.ts';
import { csvText } from '../../../src/tables/csv.ts';
import { laddersIn } from '../../../src/tables/ladders.ts';
import { readTable } from '../../../src/tables/reading.ts';

/** As it is saved: with a byte order mark, and with a column that says where recorded numbers come from. */
const back = ({ columns, rows }: Table, isRecorded = false) =>
  readTable(
    `\ufeff${csvText(isRecorded ? [[...columns, 'source'], ...rows.map((row) => [...row, 'recorded example'])] : [columns, ...rows])}`,
  );

/** A scene as far as its table looks at it. */
const sceneFor = <T>(part: object): T => part as T;
type SceneOf<F extends (...args: never[]) => unknown> = Parameters<F>[0];

it.each([false, true])('losses over size, with what is left out and what is predicted (recorded: %s)', (isRecorded) => {
  const scene = sceneFor<SceneOf<typeof lossesTable>>({
    rungs: [64, 128, 256].map((x, i) => ({ x, loss: 4 - i / 5, standardError: 0.01, isIn: i > 0 })),
    targets: [
      { x: 512, sealed: null, known: 3.5, forecast: null },
      { x: 1024, sealed: null, known: null, forecast: null },
    ],
  });
  const reading = back(lossesTable(scene, null), isRecorded);
  expect([reading.questions, reading.faults]).toEqual([[], []]);
  const [ladder, ...others] = laddersIn(reading);
  expect(others).toEqual([]);
  expect(ladder!.points.map(({ x, loss }) => [x, loss])).toEqual([[64, 4], [128, 3.8], [256, 3.6], [512, 3.5]]); // prettier-ignore
  expect(ladder!.targets).toEqual([1024]);
});

test('a ladder trained here, with its targets', () => {
  const scene = sceneFor<SceneOf<typeof scalingTable>>({
    rungs: [16, 32, 64].map((width, i) => ({
      width,
      x: width ** 2 * 12,
      loss: 4 - i / 5,
      standardError: 0.01,
      isIn: true,
    })),
    targets: [{ width: 256, x: 256 ** 2 * 12, sealed: null }],
  });
  const reading = back(scalingTable(scene, null));
  expect(reading.columns.flatMap(({ role, name }) => (role ? [[role, name]] : []))).toEqual([['x', 'x'], ['y', 'loss'], ['error', 'standard error']]); // prettier-ignore
  expect([reading.measurements.length, reading.wanted.length]).toEqual([3, 1]);
});

test('a sweep: each recipe apart, what diverged as such, and settings some of whose seeds did', () => {
  const points = (lost: number) => [
    { value: 0.01, loss: 4.1, standardError: 0.01, done: 2, diverged: 0 },
    { value: 0.02, loss: 4, standardError: 0.01, done: 2, diverged: 0 },
    { value: 0.04, loss: lost === 2 ? null : 4.2, standardError: null, done: 2 - lost, diverged: lost },
  ];
  const curves = [16, 32, 64].map((at, i) => ({
    at,
    points: points(i),
    minimum: { grid: 0.02, value: 0.021, lo: 0.018, hi: 0.025 },
  }));
  const scene = sceneFor<SceneOf<typeof transferTable>>({
    panels: ['SP', 'muP'].map((recipe) => ({ recipe, curves })),
    over: 'width',
    parameter: 'optimizer.learningRate',
  });
  const reading = back(transferTable(scene));
  expect([reading.kind, reading.questions, reading.faults, reading.wanted, reading.swept]).toEqual([
    'sweep',
    [],
    [],
    [],
    ['optimizer.learningRate'],
  ]);
  const of = (series: string, size: number) =>
    reading.measurements
      .filter((one) => one.series === series && one.size === size)
      .map(({ hyperparameters, loss }) => [hyperparameters['optimizer.learningRate'], loss]);
  expect(of('SP', 16)).toEqual([[0.01, 4.1], [0.02, 4], [0.04, 4.2]]); // prettier-ignore
  expect(of('muP', 32)).toEqual([[0.01, 4.1], [0.02, 4], [0.04, null], [0.04, 4.2]]); // prettier-ignore
  expect(of('SP', 64)).toEqual([[0.01, 4.1], [0.02, 4], [0.04, null], [0.04, null]]); // prettier-ignore
});

test('a basin: two hyperparameters, and what lies in it tells no series apart', () => {
  const cells = [0, 1].flatMap((i) =>
    [0, 1, 2].map((j) => ({
      i,
      j,
      loss: i + j === 3 ? null : 4 + (i + j) / 20,
      excess: (i + j) / 20,
      diverged: i + j === 3 ? 1 : 0,
    })),
  );
  const scene = sceneFor<SceneOf<typeof basinTable>>({
    rows: [{ recipe: 'muP', maps: [16, 32].map((width) => ({ width, map: { cells, basin: [[0, 0], [0, 1]] } })), common: [[0, 0]] }], // prettier-ignore
    parameters: ['optimizer.learningRate', 'optimizer.weightDecay'],
    values: [[0.01, 0.02], [0, 0.1, 0.2]], // prettier-ignore
    over: 'width',
  });
  const reading = back(basinTable(scene));
  expect([reading.kind, reading.questions, reading.faults]).toEqual(['grid', [], []]);
  expect(reading.swept).toEqual(['optimizer.learningRate', 'optimizer.weightDecay']);
  expect([reading.measurements.length, reading.measurements.filter(({ loss }) => loss === null).length]).toEqual([
    12, 2,
  ]);
  expect(new Set(reading.measurements.map(({ series }) => series)).size).toBe(1);
});

test('a coordinate check: every module, width and step', () => {
  const check = { recipe: 'muP', widths: [16, 32, 64], steps: [0, 1], modules: ['embedding', 'logits'].map((name, k) => ({ name, values: [[0.1, 0.2, 0.3], [0.4, 0.5, k ? null : 0.6]], slopes: [0, 0], slopeErrors: [0.1, null], verdict: 'flat' })) }; // prettier-ignore
  const reading = back(
    coordinatesTable(sceneFor<SceneOf<typeof coordinatesTable>>([check, { ...check, recipe: 'SP' }])),
  );
  expect([reading.kind, reading.questions, reading.faults]).toEqual(['activations', [], []]);
  expect(reading.activations).toHaveLength(2 * 11);
  expect(reading.activations[4]).toEqual({
    series: 'muP',
    width: 32,
    module: 'embedding',
    step: 1,
    seed: 0,
    value: 0.5,
  });
});

test('curves: the last loss of each width, whatever of their steps is shown, and the width that was predicted', () => {
  for (const every of [1, 3]) {
    const line = (width: number) => ({
      width,
      every,
      raw: Array.from({ length: 12 }, (_, i) => [1 + every * i, 5 - width / 50 - i / 10]),
    });
    const { step, loss } = curveColumns(sceneFor<SceneOf<typeof curveColumns>>([line(16), line(32)]), 2);
    const rows = [16, 32].flatMap((width) =>
      line(width).raw.map(([at, value]) => [width, at!, value!, value!, null, null, null]),
    );
    const ghost = [64, 5, null, null, 3.9, 3.8, 4];
    const reading = back({
      columns: ['width', step, loss, 'smoothed', 'predicted', '80 % from', '80 % to'],
      rows: [...rows, ghost],
    });
    expect([reading.kind, reading.questions, reading.faults]).toEqual(['curves', [], []]);
    expect(reading.wanted.map(({ size }) => size)).toEqual([64]);
    expect(reading.measurements.map(({ size, curve }) => [size, curve!.steps.length])).toEqual([[16, 12], [32, 12]]); // prettier-ignore
  }
});

test('differences and shares are no losses: nothing is made of them unasked', () => {
  const comparison = { at: [{ x: 4e5, difference: -0.03, intervals: { 50: [-0.04, -0.02], 80: [-0.05, -0.01], 95: [-0.06, 0] }, probability: 0.9 }], band: [] }; // prettier-ignore
  const measured = [16, 32, 64].map((width) => ({
    width,
    x: width ** 2,
    difference: -0.01 - width / 1000,
    standardError: 0.001,
    isTarget: false,
  }));
  const difference = back(
    differenceTable(sceneFor<SceneOf<typeof differenceTable>>(comparison), sceneFor<never>(measured)),
  );
  expect(difference.questions[0]!.field).toBe('columns.y');
  const methods = ['a', 'b', 'c'].map((name, i) => ({ name, coverage: Object.fromEntries([50, 80, 95].map((level) => [level, { share: level / 100 - i / 50, error: 0.01 }])), medianError: 0.1 + i / 9, width: 1.5 + i })); // prettier-ignore
  expect(
    back(calibrationTable(sceneFor<SceneOf<typeof calibrationTable>>({ methods }))).questions.length,
  ).toBeGreaterThan(0);
});

test('what was predicted before and then measured counts once for each size', () => {
  const columns = ['rungs fitted', 'width', 'predicted', '80 % low', '80 % high', 'measured'];
  const rows = [[3, 64, 3.6, 3.5, 3.7, 3.61], [3, 128, 3.4, 3.3, 3.5, 3.42], [4, 128, 3.41, 3.35, 3.45, 3.42]]; // prettier-ignore
  const reading = back({ columns, rows });
  expect(reading.measurements.map(({ size, loss }) => [size, loss])).toEqual([[64, 3.61], [128, 3.42]]); // prettier-ignore
});
