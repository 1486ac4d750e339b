/** Sweeps, seeds and sizes that stand in the names of runs alone. */
import { describe, expect, it, test } from 'vitest';
import { factsIn } from '../../../src/tables/name-facts.ts';
import { readTable } from '../../../src/tables/reading.ts';
import { settledTable } from './settled-table.ts';

const WIDTHS = [64, 128, 256];
const RATES = [2 ** -9, 2 ** -8, 2 ** -7];
const lossOf = (width: number, rate: number, seed = 0) => 2 + 8 / width + (Math.log2(rate) + 8) ** 2 / 20 + seed / 1000;
const table = (head: string, row: (width: number, rate: number) => string[]) =>
  `${head}\n${WIDTHS.flatMap((width) => RATES.flatMap((rate) => row(width, rate))).join('\n')}\n`;
const settingsOf = (text: string) =>
  settledTable(text).reading.measurements.map(({ size, hyperparameters, loss }) => [
    size,
    ...Object.values(hyperparameters),
    loss,
  ]);
const TRUE = WIDTHS.flatMap((width) => RATES.map((rate) => [width, rate, lossOf(width, rate)]));

describe('a sweep', () => {
  it.each<[string, (width: number, rate: number) => string]>([
    ['a-lr1.953125e-3', (_, rate) => `a-lr${rate.toExponential()}`],
    ['lr0.001953125', (_, rate) => `lr${rate}`],
    ['lr2^-9', (_, rate) => `mup-lr2^${Math.log2(rate)}`],
    ['lr=2**-9', (_, rate) => `mup, lr=2**${Math.log2(rate)}`],
    ['log2lr=-9', (_, rate) => `mup_log2lr=${Math.log2(rate)}`],
    ['lr0p001953125', (_, rate) => `exp_lr${String(rate).replace('.', 'p')}`],
    ['learning_rate: 0.001953125', (_, rate) => `adam learning_rate: ${rate}`],
    ['width64 and eta', (width, rate) => `width${width}_eta${rate}`],
    ['out/w64/lr_0.001953125/seed_1', (width, rate) => `out/w${width}/lr_${rate}/seed_1`],
    ['with its hidden layers and heads', (width, rate) => `l4-h${width / 16}-lr${rate}`],
  ])('beside widths: %s', (_, name) => {
    expect(
      settingsOf(table('run,width,loss', (width, rate) => [`"${name(width, rate)}",${width},${lossOf(width, rate)}`])),
    ).toEqual(TRUE);
  });

  it.each<[string, (width: number, rate: number) => string]>([
    ['w64_lr0.001953125_s1', (width, rate) => `w${width}_lr${rate}_s1`],
    ['mup-d64-lr2^-9', (width, rate) => `mup-d${width}-lr2^${Math.log2(rate)}`],
    ['w64lr0.001953125', (width, rate) => `w${width}lr${rate}`],
    ['d64-h4-l4-lr0.001953125', (width, rate) => `d${width}-h${width / 16}-l4-lr${rate}`],
    ['width=64 lr=0.001953125', (width, rate) => `width=${width} lr=${rate}`],
    ['n_embd64_max_lr1.953125e-3', (width, rate) => `n_embd${width}_max_lr${rate.toExponential()}`],
    ['hidden_size-64-lr-0.001953125.csv', (width, rate) => `hidden_size-${width}-lr-${rate}.csv`],
  ])('with its sizes: %s', (_, name) => {
    expect(settingsOf(table('run,loss', (width, rate) => [`"${name(width, rate)}",${lossOf(width, rate)}`]))).toEqual(
      TRUE,
    );
  });

  it('of several series, with seeds', () => {
    const text = table('run,loss', (width, rate) =>
      ['mup', 'sp'].flatMap((kind) =>
        [1, 2].map((seed) => `${kind}-d${width}-lr${rate}-s${seed},${lossOf(width, rate, seed)}`),
      ),
    );
    const { reading, series } = settledTable(text);
    expect([reading.kind, reading.swept, series.map(({ name }) => name)]).toEqual([
      'sweep',
      ['learning rate'],
      ['mup', 'sp'],
    ]);
    expect(new Set(reading.measurements.map(({ seed }) => seed))).toEqual(new Set([1, 2]));
    expect(reading.measurements).toHaveLength(36);
  });

  it('of something else than the rate', () => {
    const text = table('run,width,loss', (width, rate) => [`muon-wd${rate * 64},${width},${lossOf(width, rate)}`]);
    expect(settledTable(text).reading.swept).toEqual(['wd']);
  });
});

test('seeds are repeats, whatever a series is called', () => {
  const text = table('run,width,lr,loss', (width, rate) =>
    [1, 2].map((seed) => `mup_seed${seed},${width},${rate},${lossOf(width, rate, seed)}`),
  );
  const { reading, series } = settledTable(text);
  expect([reading.kind, series.length, new Set(reading.measurements.map(({ seed }) => seed)).size]).toEqual([
    'sweep',
    1,
    2,
  ]);
});

test('what a column tells is not taken from names, and a name that was chosen is left alone', () => {
  const text = table('run,width,lr,loss', (width, rate) => [
    `x-w${width}-lr${rate},${width},${rate},${lossOf(width, rate)}`,
  ]);
  expect(readTable(text).columns.map(({ name }) => name)).toEqual(['run', 'width', 'lr', 'loss']);
  const named = table('run,width,loss', (width, rate) => [`a-lr${rate},${width},${lossOf(width, rate)}`]);
  expect(settledTable(named, { series: 'run' }).series).toHaveLength(3);
  // A place beyond the columns of the file is one that the names gave.
  const places = readTable(named).columns.length;
  expect(readTable(named, { sweep: [places - 2] }).columns.map(({ role }) => role)).toEqual(
    readTable(named).columns.map(({ role }) => role),
  );
});

test('letters that may stand for anything are names', () => {
  for (const name of ['b1', 'T5', 'l2', 'h2', 'p3', 's1', 'gpt2', 'top5', 'v2', 'layers.0.attn'])
    expect(factsIn(name), name).toEqual([]);
  const rows = WIDTHS.flatMap((width) => ['b1', 'b2'].map((set, k) => `${set},${width},${3 + 8 / width + k / 10}`));
  expect(settledTable(`set,width,loss\n${rows.join('\n')}\n`).series.map(({ name }) => name)).toEqual(['b1', 'b2']);
});

describe('numbers without a word', () => {
  const power = (rate: number) => `2^${Math.log2(rate)}`;
  it.each<[string, string, (width: number, rate: number) => string]>([
    ['mup_64_1.953125e-3', 'run', (width, rate) => `mup_${width}_${rate.toExponential()}`],
    ['mup-64-0.001953125', 'run', (width, rate) => `mup-${width}-${rate}`],
    ['64_2^-9', 'run', (width, rate) => `${width}_${power(rate)}`],
    ['0p001953125 before 64', 'Name', (width, rate) => `exp/${String(rate).replace('.', 'p')}/${width}`],
    ['w64_0.001953125', 'run', (width, rate) => `w${width}_${rate}`],
    ['64_lr0.001953125', 'run', (width, rate) => `${width}_lr${rate}`],
    ['a day before them', 'run', (width, rate) => `2024-03-01_${width}_${rate}`],
  ])('are a width and a rate where their values can be nothing else: %s', (_, head, name) => {
    const text = table(`${head},loss`, (width, rate) => [`${name(width, rate)},${lossOf(width, rate)}`]);
    expect(settingsOf(text)).toEqual(TRUE);
    const { notes } = readTable(text);
    expect(notes.some((note) => note.includes(`as in "${name(64, RATES[0]!)}": `))).toBe(true);
  });

  it('are a rate beside a column of widths, and a width beside one of rates', () => {
    const name = (width: number, rate: number) => `exp_${width}_${rate}`;
    for (const [head, own] of [
      ['width', (width: number) => width],
      ['lr', (_: number, rate: number) => rate],
    ] as const) {
      const rows = table(`run,${head},loss`, (width, rate) => [
        `${name(width, rate)},${own(width, rate)},${lossOf(width, rate)}`,
      ]);
      expect(settingsOf(rows)).toEqual(TRUE);
    }
  });

  it('and what is left of the names are the series', () => {
    const text = table('run,loss', (width, rate) =>
      ['mup', 'sp'].map((kind) => `${kind}_${width}_${rate},${lossOf(width, rate)}`),
    );
    expect(settledTable(text).series.map(({ name }) => name)).toEqual(['mup', 'sp']);
  });

  it.each<[string, string, string]>([
    [
      'seeds or layers',
      'run,loss\nm_64_0,3.1\nm_64_1,3.2\nm_128_0,2.9\nm_128_1,2.8\nm_256_0,2.7\nm_256_1,2.6\n',
      'Column "number 2 of run" has "0" and "1" at width 64, where all that is known is equal: is it swept, a seed, or a series?',
    ],
    [
      'exponents of a rate',
      'run,loss\nm_64_-9,3.1\nm_64_-8,3.2\nm_128_-9,2.9\nm_128_-8,2.8\n',
      'Column "number 2 of run" has "-9" and "-8" at width 64, where all that is known is equal: is it swept, a seed, or a series?',
    ],
    [
      'parameters or steps',
      'run,loss\nckpt_1000,3.1\nckpt_2000,2.9\nckpt_4000,2.8\n',
      'No name says which column is the size; it may be "number 1 of run".',
    ],
    [
      'batches or widths',
      'run,loss\nr_32_64,3.1\nr_32_128,2.9\nr_64_64,2.8\nr_64_128,2.7\n',
      'No name says which column is the size; it may be "number 1 of run" or "number 2 of run".',
    ],
  ])('are asked about where they may be %s', (_, text, sentence) => {
    const { questions, sheet } = readTable(text);
    expect(questions[0]!.sentence).toBe(sentence);
    // Every answer is taken, by the place of a column and by its name.
    for (const { role, places } of questions[0]!.answers) {
      for (const wanted of [places!, places!.map((place) => sheet.header[place]!)]) {
        const read = readTable(text, { [role]: role === 'x' || role === 'tokens' ? wanted[0] : wanted });
        expect(read.questions.map((one) => one.sentence)).not.toContain(sentence);
      }
    }
  });

  it('that count the runs are left alone', () => {
    const named = table('Name,width,lr,loss', (width, rate) => [
      `lunar-sky-${Math.log2(width) * 3 + Math.log2(rate)},${width},${rate},${lossOf(width, rate)}`,
    ]);
    expect(settledTable(named).reading.columns.map(({ name }) => name)).toEqual(['Name', 'width', 'lr', 'loss']);
    expect(() => readTable('Name,loss\nlunar-sky-12,3.1\ndeep-sea-13,3.0\nhigh-tree-14,2.9\n')).toThrow(
      'The table needs two columns of numbers',
    );
  });

  it('are the widths of curves in files', () => {
    const files = WIDTHS.map((width) => ({
      name: `mup_${width}.csv`,
      text: `step,loss\n${[1, 2, 3, 4].map((k) => `${k * 100},${lossOf(width, 2 ** -8) + 1 / k}`).join('\n')}\n`,
    }));
    expect(readTable(files).measurements.map(({ size, curve }) => [size, curve!.steps.length])).toEqual(
      WIDTHS.map((width) => [width, 4]),
    );
  });
});
