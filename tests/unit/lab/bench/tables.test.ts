import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import type { Bench } from '../../../../lab/bench/figures.ts';
import { markdownTable } from '../../../../lab/bench/markdown.ts';
import { benchText, placeText, significant, spreadText } from '../../../../lab/bench/tables.ts';

/** As Node has it: what the page's state is tested by would take the one for browsers, which knows no Markdown. */
const { format } = createRequire(import.meta.url)('prettier') as typeof import('prettier');

const spread = (median: number) => ({ median, lower: median * 0.9, upper: median * 1.1, samples: 9 });

const bench: Bench = {
  schema: 'mup-playground/bench@1',
  created: '2026-11-25T18:38:32.424Z',
  quick: true,
  host: { runtime: 'browser', version: 'Chromium 156', platform: 'linux x64', processor: 'EPYC', cores: 2 },
  adapter: { vendor: 'google', architecture: 'swiftshader', description: '', features: [], software: true },
  sections: {
    'first-step': {
      widths: [64, 96],
      firstVisit: { first: 1688.4, next: 901 },
      laterVisits: { first: spread(1331), next: spread(827) },
    },
    steps: {
      rows: [
        {
          ...{ contender: 'ours', version: '0.1.0', width: 64, reads: 'every step', step: spread(120.5) },
          ...{ tokensPerSecond: 4249, gigaflops: 3.145, shareOfRoof: 0.42, note: null },
        },
        {
          ...{ contender: 'slow', version: '1.2.3', width: 64, reads: 'every ten', step: spread(3000) },
          ...{ tokensPerSecond: 171, gigaflops: 0.126, shareOfRoof: null, note: 'three repetitions' },
        },
      ],
      refusals: [{ contender: 'other', version: '0.1', reason: 'this adapter lacks shader-f16' }],
      comparison: [{ width: 64, ours: 120.5, peer: 'slow', theirs: 3000, ratio: 24.9 }],
    },
    cohorts: {
      rows: [
        { width: 64, runs: 1, together: 1, step: spread(100), runStepsPerSecond: 10, ratio: spread(1) },
        { width: 64, runs: 16, together: 8, step: spread(500), runStepsPerSecond: 16, ratio: spread(1.6) },
      ],
      skipped: [{ width: 64, runs: 32, reason: 'a step would take more than 10 s' }],
    },
    matmul: {
      roof: spread(8),
      copy: spread(5),
      rows: [
        {
          ...{ use: 'mlp.up, width 64', shape: 'A·B 512x256x64, 1 at once', variant: 'quads', isChosen: true },
          ...{ gigaflops: spread(4.2), shareOfRoof: 0.525 },
        },
      ],
    },
    launches: {
      rows: [
        {
          ...{ width: 64, runs: 1, launches: 79, submitsPerStep: 0.0625, buffersPerStep: 0, bindGroupsPerStep: 0 },
          byKernel: [
            { kernel: 'matmul', launches: 26 },
            { kernel: 'adamw', launches: 1 },
          ],
        },
      ],
    },
    kernels: {
      columns: [
        {
          width: 64,
          runs: 1,
          rows: [
            { kernel: 'matrix products', launches: 26, time: spread(60) },
            { kernel: 'adamw', launches: 1, time: spread(20) },
          ],
        },
      ],
    },
    cost: {
      axes: [
        {
          axis: 'width',
          slope: 0.853,
          rows: [{ value: 64, gigaflop: 0.379, step: spread(363), gigaflops: 1.04 }],
        },
      ],
    },
    idle: {
      steps: 20,
      rows: [
        {
          ...{ experiment: 'first-light', isReady: true, cohorts: 8, seconds: spread(31.4) },
          ...{ between: spread(0.0234), sealing: spread(0.01) },
        },
      ],
    },
    refit: {
      places: [
        {
          where: 'Node 20',
          first: 58.9,
          rows: [{ points: 10, time: spread(9.27) }],
          pairs: [{ seeds: 3, time: spread(41.5) }],
        },
      ],
    },
    'long-tasks': {
      ...{ preset: 'smoke', firstLoss: 663, training: 43_512, longestByProcessor: 14.4 },
      longTasks: { count: 0, longest: null },
      frames: { gap: spread(16.7), longest: 33.4, over50: 0 },
    },
    'first-load': {
      rows: [{ kind: 'JavaScript', files: 12, bytes: 260_611, gzip: 97_467, brotli: 86_068 }],
      limit: { kind: 'JavaScript', gzip: 97_467, most: 100_000 },
    },
  },
};

describe('the tables of the bench', () => {
  const text = benchText(bench);

  test('are what prettier would make of them, so that they can stand in the docs as printed', async () => {
    expect(await format(`${text}\n`, { parser: 'markdown', printWidth: 120 })).toBe(`${text}\n`);
  });

  test('stand one for each section, in order, under the adapter and what it is', () => {
    const headings = text.match(/^## .*/gm);
    expect(headings).toHaveLength(11);
    expect(headings![0]).toBe('## Time to the first loss');
    expect(headings!.at(-1)).toBe('## First load');
    expect(text.match(/google swiftshader \(a software adapter\), Chromium 156/g)).toHaveLength(11);
    expect(benchText({ ...bench, sections: { refit: bench.sections.refit } }).match(/^## .*/gm)).toEqual([
      '## A full refit',
    ]);
  });

  test('hold the figures', () => {
    expect(text).toContain('| 64    |   16 |         8 |     500 (450 to 550) |');
    expect(text).toContain('1.60x (1.44 to 1.76)');
    expect(text).toContain('- width 64, 32 runs: left out, a step would take more than 10 s');
    expect(text).toContain('- other 0.1 did not run: this adapter lacks shader-f16');
    expect(text).toContain('- slow, width 64: three repetitions');
    expect(text).toContain('2.34 (2.11 to 2.57)');
    expect(text).toContain('The time grows as the operations to the power 0.85.');
    expect(text).toContain('JavaScript: 97,467 bytes by gzip, under the limit of 100,000.');
  });

  test('say so where a limit is not kept', () => {
    const limit = { kind: 'JavaScript' as const, gzip: 100_001, most: 100_000 };
    const over = { ...bench, sections: { 'first-load': { rows: [], limit } } };
    expect(benchText(over)).toContain('100,001 bytes by gzip, over the limit of 100,000.');
  });

  test('name a GPU by its description where it has one', () => {
    const adapter = { ...bench.adapter, description: 'NVIDIA H100', software: false };
    expect(placeText({ ...bench, adapter, quick: false })).toBe(
      'NVIDIA H100 (a hardware adapter), Chromium 156, linux x64, EPYC, 2 cores; 2026-11-25.',
    );
  });
});

test('numbers have three significant digits, and no exponent', () => {
  const texts = [0, 0.01234, 0.9996, 9.996, 12.34, 99.96, 999.4, 999.6, 1234.5].map(significant);
  expect(texts).toEqual(['0', '0.0123', '1.00', '10.0', '12.3', '100', '999', '1,000', '1,235']);
  expect(spreadText({ median: 2, lower: 2, upper: 2, samples: 1 })).toBe('2.00');
});

test('a table aligns words to the left and numbers to the right', () => {
  expect(
    markdownTable(
      ['Name', 'x'],
      [
        ['a', '10'],
        ['longer', '2'],
      ],
    ),
  ).toBe(['| Name   |   x |', '| ------ | --: |', '| a      |  10 |', '| longer |   2 |'].join('\n'));
  expect(markdownTable(['x', 'Name'], [['10', 'a']], [1])).toBe('|   x | Name |\n| --: | ---- |\n|  10 | a    |');
});
