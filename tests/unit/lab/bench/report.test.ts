import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import type { Bench, RefitFigures } from '../../../../lab/bench/figures.ts';
import { readBenchOptions } from '../../../../lab/bench/options.ts';
import { runBench, type Runner } from '../../../../lab/bench/report.ts';
import { benchText } from '../../../../lab/bench/tables.ts';

afterEach(() => vi.restoreAllMocks());

const time = { median: 5, lower: 4, upper: 6, samples: 9 };
const refit: RefitFigures = {
  places: [{ where: 'Node', first: 50, rows: [{ points: 10, time }], pairs: [{ seeds: 3, time }] }],
};
const runner: Runner = {
  version: 'Chromium 156',
  adapter: { vendor: 'v', architecture: 'a', description: '', features: [], software: true },
  measure: async (name) => {
    if (name === 'refit') return refit;
    throw new Error('the device was lost\n    at somewhere');
  },
};

test('a section that fails is named at the end, and the others are printed and written', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mup-report-'));
  const file = join(folder, 'bench.json');
  const print = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  const options = readBenchOptions(['--only', 'cohorts,refit', '--quick', '--out', file]);
  await expect(runBench(options, runner)).rejects.toThrow('cohorts could not be measured (the device was lost).');
  const bench = JSON.parse(readFileSync(file, 'utf8')) as Bench;
  rmSync(folder, { recursive: true });
  expect(bench.sections).toEqual({ refit });
  expect(bench.host).toMatchObject({ runtime: 'browser', version: 'Chromium 156' });
  expect(bench.host.cores).toBeGreaterThanOrEqual(1);
  expect(print.mock.calls).toEqual([[benchText(bench)]]);
});
