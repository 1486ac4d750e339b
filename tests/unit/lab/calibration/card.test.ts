import { expect, test } from 'vitest';
import { calibrationTable, seriesOf } from '../../../../src/ui/calibration/chart-series.ts';
import type { CalibrationSource } from '../../../../src/ui/calibration/figures.ts';
import { findingOf, readingOf } from '../../../../src/ui/calibration/reading.ts';

const coverage = (middle: number, error = 0.01) => ({
  '50': { share: middle - 0.3, error },
  '80': { share: middle, error },
  '95': { share: 0.995, error },
});
const source: CalibrationSource = {
  id: 'trained',
  ladders: 40,
  targets: 120,
  methods: [
    { id: 'ours', name: 'the playground', coverage: coverage(0.81), medianError: 0.003, width: 0.02 },
    { id: 'z', name: 'least squares, z', coverage: coverage(0.6), medianError: 0.003, width: 0.01 },
    { id: 't', name: 'least squares, t', coverage: coverage(0.78), medianError: 0.003, width: 0.02 },
    { id: 'line', name: 'no floor', coverage: coverage(0.4), medianError: 0.02, width: 0.02 },
    { id: 'last', name: 'last point', coverage: null, medianError: 0.01, width: null },
  ],
};

test('every method with intervals is a line of its own colour, shape and dash', () => {
  const series = seriesOf(source);
  expect(series.map(({ id }) => id)).toEqual(['ours', 'z', 't', 'line']);
  for (const look of ['color', 'shape', 'dash'] as const) expect(new Set(series.map((one) => one[look])).size).toBe(4);
  expect(series[0]!.marks.map(({ y }) => y)).toEqual([0.81 - 0.3, 0.81, 0.995]);
  expect(series[0]!.marks[2]!.hi).toBe(1);
});

test('marks of one level stand side by side around it', () => {
  const xs = seriesOf(source).map(({ marks }) => marks[1]!.x);
  expect(new Set(xs).size).toBe(4);
  expect(xs.reduce((sum, x) => sum + x, 0) / 4).toBeCloseTo(0.8, 12);
});

test('the table holds all methods, also the one without intervals', () => {
  const { columns, rows } = calibrationTable(source);
  expect(new Set(columns).size).toBe(columns.length);
  expect(rows.every((row) => row.length === columns.length)).toBe(true);
  expect(rows.at(-1)).toEqual(['last point', null, null, null, null, null, null, 0.01, null]);
});

test('the reading is the finding, the error, and what others held, each with its width', () => {
  expect(readingOf(source)).toBe(
    'Of 120 predictions on 40 ladders trained by this engine, the 80 % intervals, in the median 2.00 % of the loss wide, held 81 % and the 95 % ones 100 %. Half of the predictions missed by less than 0.30 % of the loss. Promising the same 80 %, the others held: least squares, z 60 % (1.00 % wide); least squares, t 78 % (2.00 % wide); no floor 40 % (2.00 % wide).',
  );
  expect(readingOf(source).startsWith(findingOf(source))).toBe(true);
});
