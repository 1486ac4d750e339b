/** `npm run bench`: what it prints is what bench.json holds. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { BENCH_SCHEMA, type Bench } from '../../lab/bench/figures.ts';
import { benchText } from '../../lab/bench/tables.ts';
import { runCommand } from './command.ts';

const folder = mkdtempSync(join(tmpdir(), 'mup-bench-'));
afterAll(() => rmSync(folder, { recursive: true }));

const runBench = (...args: string[]) => runCommand('../lab/bench/bench', args);

test('measures the sections that were asked for, prints their tables and writes every figure of them', async () => {
  const file = join(folder, 'bench.json');
  const { code, out, err } = await runBench('--quick', '--only', 'first-load,launches,refit', '--out', file);
  expect(code, err).toBe(0);
  const bench = JSON.parse(readFileSync(file, 'utf8')) as Bench;
  expect(bench).toMatchObject({ schema: BENCH_SCHEMA, quick: true, host: { runtime: 'browser' } });
  expect(Object.keys(bench.sections)).toEqual(['launches', 'refit', 'first-load']);
  expect(out).toBe(`${benchText(bench)}\n`);
  if (bench.adapter.software) expect(out.match(/\(a software adapter\)/g)).toHaveLength(3);

  const { launches, refit } = bench.sections;
  const [row] = launches!.rows;
  expect(row.launches).toBeGreaterThan(20);
  expect(row.launches).toBe(row.byKernel.reduce((sum, kernel) => sum + kernel.launches, 0));
  // One update and one cut of the batch for each step, whatever else changes.
  expect(row.byKernel).toContainEqual({ kernel: 'adamw', launches: 1 });
  expect(row.byKernel).toContainEqual({ kernel: 'batch', launches: 1 });
  expect(row.submitsPerStep).toBeGreaterThan(0);
  expect([row.buffersPerStep, row.bindGroupsPerStep]).toEqual([0, 0]);

  expect(refit!.places.map(({ where }) => where.split(' ')[0])).toEqual(['Chromium', 'Node']);
  for (const { rows } of refit!.places) expect(rows.map(({ points }) => points)).toEqual([5, 10, 20, 50]);

  const { rows, limit } = bench.sections['first-load']!;
  const script = rows.find(({ kind }) => kind === 'JavaScript')!;
  expect(limit).toEqual({ kind: 'JavaScript', gzip: script.gzip, most: 100_000 });
  expect(script.gzip).toBeLessThan(limit.most);
  for (const { bytes, gzip, brotli } of rows) {
    expect(gzip).toBeLessThan(bytes);
    expect(brotli).toBeLessThan(gzip);
  }
});

test('what it cannot do is told in one sentence', async () => {
  const nowhere = await runBench('--out', join(folder, 'missing', 'bench.json'));
  expect(nowhere.err).toMatch(/^--out: ".*" cannot be written: its folder does not exist\.\n$/);
  expect(nowhere.code).toBe(2);
});

const hasWebgpu = (() => {
  try {
    createRequire(import.meta.url).resolve('webgpu');
    return true;
  } catch {
    return false;
  }
})();

test.skipIf(hasWebgpu)('in Node it says what it needs', async () => {
  const { code, out, err } = await runBench('--runtime', 'node', '--quick', '--only', 'refit');
  expect(err).toMatch(/\n--runtime node needs Dawn, which is not installed; run npm install --no-save webgpu\n$/);
  expect([code, out]).toEqual([1, '']);
});
