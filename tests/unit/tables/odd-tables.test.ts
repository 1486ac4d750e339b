/** Tables as programs draw them and people paste them: corners without a name, rules and boxes, several below each other. */
import { describe, expect, it } from 'vitest';
import { laddersIn } from '../../../src/tables/ladders.ts';
import { readTable } from '../../../src/tables/reading.ts';
import { columnsBy, settledTable } from './settled-table.ts';

const lines = (...rows: readonly (string | readonly (string | number)[])[]) =>
  `${rows.map((row) => (typeof row === 'string' ? row : row.join(','))).join('\n')}\n`;

/** Each series with its points. */
const laddersOf = (text: string) =>
  settledTable(text).series.map(({ name, points }) => [name, ...points.map(({ x, loss }) => `${x}: ${loss}`)]);
const questionOf = (text: string) => readTable(text).questions[0]!;

describe('a pivot whose corner is empty', () => {
  const rates: (string | number)[][] = [
    ['0.001', 3.51, 3.4, 3.31],
    ['0.003', 3.42, 3.31, 3.22],
    ['0.01', 3.49, 3.38, 3.29],
  ];
  const best = [[null, '64: 3.42', '128: 3.31', '256: 3.22']];

  it('has widths across and rates down, or the other way', () => {
    expect(laddersOf(lines(['', 64, 128, 256], ...rates))).toEqual(best);
    const turned = [0, 1, 2].map((k) => [[64, 128, 256][k]!, ...rates.map((row) => row[k + 1]!)]);
    expect(laddersOf(lines(['', '0.001', '0.003', '0.01'], ...turned))).toEqual(best);
    const markdown = `|  | 64 | 128 | 256 |\n|---|---|---|---|\n${rates.map((row) => `| ${row.join(' | ')} |`).join('\n')}\n`;
    expect(laddersOf(markdown)).toEqual(best);
  });

  it('has series across or down', () => {
    const both = [
      ['SP', '64: 3.5', '128: 3.4', '256: 3.3'],
      ['muP', '64: 3.4', '128: 3.2', '256: 3.1'],
    ];
    expect(laddersOf(lines(['', 'SP', 'muP'], [64, 3.5, 3.4], [128, 3.4, 3.2], [256, 3.3, 3.1]))).toEqual(both);
    expect(laddersOf(lines(['', 64, 128, 256], ['SP', 3.5, 3.4, 3.3], ['muP', 3.4, 3.2, 3.1]))).toEqual(both);
  });

  it('has parameters down where no width is as large, and logarithms of rates whose base is asked for', () => {
    const sizes = lines(['', '1B', '2B'], ['10M', 3.9, 3.7], ['40M', 3.5, 3.3], ['160M', 3.2, 3]);
    expect(columnsBy(readTable(sizes))).toMatchObject({ x: 'parameters' });
    const logarithms = lines(['', 64, 128], [-9, 3.5, 3.4], [-8, 3.4, 3.3], [-7, 3.5, 3.35]);
    expect(questionOf(logarithms).sentence).toContain('"log learning rate" holds logarithms');
  });

  it('has budgets across where no training has as many tokens', () => {
    const text = lines(['N', '1e18', '1e19'], ['1e7', 3.9, 3.7], ['3e7', 3.5, 3.3], ['1e8', 3.6, 3.2]);
    expect(readTable(text).notes.join(' ')).toContain('"tokens" is compute budget / (6·N)');
  });

  it('has depths down or across, which are asked about by what they may be', () => {
    const depths = [
      [2, 3.9, 3.6, 3.3],
      [4, 3.8, 3.5, 3.2],
      [8, 3.7, 3.4, 3.1],
    ];
    const series = [2, 4, 8].map((depth, k) => [
      String(depth),
      ...[64, 128, 256].map((x, i) => `${x}: ${depths[k]![i + 1]!}`),
    ]);
    const asked = (corner: string) => {
      const text = lines([corner, 64, 128, 256], ...depths);
      const { sentence, answers } = questionOf(text);
      const answer = answers.find(({ role }) => role === 'series')!;
      const points = settledTable(text, { series: answer.places! }).series;
      expect(points.map((one) => [one.name, ...one.points.map(({ x, loss }) => `${x}: ${loss}`)])).toEqual(series);
      return sentence;
    };
    expect(asked('')).toMatch(
      /^The numbers down the side have no name that says what they are, "2" and "4" at width 64/,
    );
    for (const corner of ['layers', 'depth \\ width'])
      expect(asked(corner)).toContain('is each of them a series of its own, or does the best one count?');
    const across = lines(['', 2, 4, 8], ...[64, 128, 256].map((x, i) => [x, ...depths.map((row) => row[i + 1]!)]));
    expect(questionOf(across).sentence).toMatch(/^The numbers across the top have no name.*"2" and "4" at width 64/);
    // Whole numbers are no rates, even where they are small.
    expect(questionOf(lines(['', 64, 128, 256], [1, 3.9, 3.6, 3.3], [2, 3.8, 3.5, 3.2])).sentence).toContain(
      'numbers down the side',
    );
    expect(questionOf(lines(['', 'w64', 'w128', 'w256'], ...depths)).sentence).toContain('numbers down the side');
    expect(laddersOf(lines(['', 'SP', 'muP'], [2, 3.9, 3.6], [4, 3.8, 3.5], [8, 3.7, 3.4]))[1]).toEqual([
      'muP',
      '2: 3.6',
      '4: 3.5',
      '8: 3.4',
    ]);
  });

  it('has modules down', () => {
    const text = lines(
      ['', 64, 128, 256],
      ['embed', 0.8, 0.81, 0.8],
      ['attn.0', 0.7, 0.7, 0.7],
      ['logits', 0.5, 0.3, 0.2],
    );
    expect(readTable(text).activations.slice(0, 2)).toMatchObject([
      { module: 'embed', width: 64, value: 0.8 },
      { module: 'embed', width: 128, value: 0.81 },
    ]);
  });

  it('is no row number, and columns without names are no widths', () => {
    const numbered = readTable(lines(['', 'width', 'loss'], [3, 64, 3.5], [7, 128, 3.3], [12, 256, 3.1]));
    expect(columnsBy(numbered)).toEqual({ x: 'width', y: 'loss' });
    const unnamed = lines(
      ['task', 'metric', '', 'value', ''],
      ['a', 'acc', 0.4, 0.61, 0.01],
      ['b', 'acc', 0.5, 0.7, 0.02],
    );
    expect(readTable(unnamed).columns.map(({ name }) => name)).toEqual(['task', 'metric', '3', 'value', '5']);
  });

  it('may have activations below widths that are no rates', () => {
    const text = lines(
      ['module', 64, 128, 256],
      ['norm.0', 0.1, 0.1, 0.1],
      ['mlp.0', 0.5, 0.5, 0.5],
      ['logits', 0.8, 0.8, 0.8],
    );
    expect(readTable(text)).toMatchObject({ kind: 'activations', activations: { length: 9 } });
  });
});

describe('a table that is drawn', () => {
  const three = [[null, '64: 3.52', '128: 3.28', '256: 3.11']];
  it.each([
    ['org-mode', '#+CAPTION: a\n| width | loss |\n|-------+------|\n| 64 | 3.52 |\n|-------+------|\n| 128 | 3.28 |\n| 256 | 3.11 |\n|-------+------|\n#+TBLFM: $1=1\n'],
    ['org-mode with a rule above', '|---+---|\n| width | loss |\n|---+---|\n| 64 | 3.52 |\n| 128 | 3.28 |\n| 256 | 3.11 |\n'],
    ['rich', '┏━━━━━━━┳━━━━━━┓\n┃ width ┃ loss ┃\n┡━━━━━━━╇━━━━━━┩\n│ 64    │ 3.52 │\n│ 128   │ 3.28 │\n│ 256   │ 3.11 │\n└───────┴──────┘\n'],
    ['double lines', '╔═══════╦══════╗\n║ width ║ loss ║\n╠═══════╬══════╣\n║ 64    ║ 3.52 ║\n║ 128   ║ 3.28 ║\n║ 256   ║ 3.11 ║\n╚═══════╩══════╝\n'],
    ['polars', 'shape: (3, 2)\n┌───────┬──────┐\n│ width ┆ loss │\n│ ---   ┆ ---  │\n│ i64   ┆ f64  │\n╞═══════╪══════╡\n│ 64    ┆ 3.52 │\n│ 128   ┆ 3.28 │\n│ 256   ┆ 3.11 │\n└───────┴──────┘\n'],
    ['duckdb', '┌───────┬────────┐\n│ width │  loss  │\n│ int64 │ double │\n├───────┼────────┤\n│    64 │   3.52 │\n│   128 │   3.28 │\n│   256 │   3.11 │\n└───────┴────────┘\n'],
    ['a wiki', '|| width || loss ||\n| 64 | 3.52 |\n| 128 | 3.28 |\n| 256 | 3.11 |\n'],
    ['siunitx', 'width & loss \\\\ \\hline\n\\num{64} & \\cellcolor{gray!20}3.52 \\\\\n\\num{128} & 3.28 \\\\\n\\num{256} & \\textcolor{red}{3.11} \\\\\n'],
  ])('has rules and bars that are no cells: %s', (_, text) => {
    expect(laddersOf(text)).toEqual(three);
    expect(columnsBy(readTable(text))).toEqual({ x: 'width', y: 'loss' });
  }); // prettier-ignore

  it('may have colours of a terminal between its letters', () => {
    const line = (step: number, loss: string) =>
      `[rank0]:2024-08-01 - root - INFO - \u001b[31mstep: ${step}  \u001b[32mloss: ${loss}  \u001b[33mmemory: 40.1GiB(42.1%)\u001b[39m`;
    const { measurements } = readTable([line(1, '12.23'), line(10, '10.05'), line(20, '8.05')].join('\n'));
    expect(measurements[0]!.curve).toEqual({ steps: [1, 10, 20], losses: [12.23, 10.05, 8.05] });
  });
});

describe('what Python prints or is given', () => {
  const three = [[null, '64: 3.5', '128: 3.3', '256: 3.1']];
  it.each([
    ['lists under names', 'widths = [64, 128, 256]\nlosses = [3.5, 3.3, 3.1]  # final\n'],
    ['arrays over several lines', 'widths = np.array([64, 128, 256])\nval_losses = [\n  3.5,\n  3.3,\n  3.1,\n]\n'],
    ['a dictionary with numbers for names', '{64: 3.5, 128: 3.3, 256: 3.1}\n'],
    ['dictionaries below numbers', "{64: {'loss': 3.5}, 128: {'loss': 3.3}, 256: {'loss': 3.1}}\n"],
  ])('is a table: %s', (_, text) => expect(laddersOf(text)).toEqual(three));
});

describe('lines that are no rows', () => {
  it('units and types below the names', () => {
    const text = lines(['params', 'tokens', 'loss'], ['M', 'B', 'nats'], [10, 1, 3.9], [40, 1, 3.5], [160, 1, 3.2]);
    const { reading } = settledTable(text);
    expect(reading.sheet.header).toEqual(['params (M)', 'tokens (B)', 'loss (nats)']);
    expect(reading.faults).toEqual([]);
  });

  it('the middle that pandas leaves out, which is told', () => {
    const text =
      '    width  loss\n0      64  3.52\n..    ...   ...\n7     128  3.28\n8     256  3.11\n\n[9 rows x 2 columns]\n';
    const { reading } = settledTable(text);
    expect(reading.measurements).toHaveLength(3);
    expect(reading.notes.join(' ')).toContain('printed without its middle');
  });

  it('words alone above the rows of their group', () => {
    const rows = (kind: number) => [64, 128, 256].map((width) => [width, 0.001, 3 + kind / 10 + 8 / width]);
    const text = lines(['width', 'lr', 'loss'], ['SP', '', ''], ...rows(1), ['muP', '', ''], ...rows(0));
    expect(laddersOf(text).map(([name, ...points]) => [name, points.length])).toEqual([
      ['SP', 3],
      ['muP', 3],
    ]);
  });
});

describe('several tables in one text', () => {
  it('are none where comments with commas, or rows left out by a mark, stand above one', () => {
    const text = [
      '# Losses of a ladder, read off a figure, by hand:',
      '# somebody et al., data.csv, at a commit.',
      '# The worst are left out.',
      'width,loss',
      '# 32,4.1',
      '64,3.9',
      '128,3.7',
      '256,3.5',
    ].join('\n');
    expect(laddersOf(text)[0]).toEqual([null, '64: 3.9', '128: 3.7', '256: 3.5']);
  });

  const rows = (more: number) => [64, 128, 256].map((width) => [width, 3 + more + 8 / width]);

  it('are a series each where their columns are the same, by the titles above them', () => {
    const text = lines(
      'Run 1 (muP)',
      '',
      ['width', 'loss'],
      ...rows(0),
      '',
      'Run 2 (SP)',
      ['width', 'loss'],
      ...rows(0.1),
    );
    expect(laddersOf(text).map(([name, ...points]) => [name, points.length])).toEqual([
      ['Run 1 (muP)', 3],
      ['Run 2 (SP)', 3],
    ]);
  });

  it('are refused in a sentence where they are not', () => {
    const text = lines(['width', 'loss'], ...rows(0), '', ['depth', 'loss', 'time'], [2, 3.1, 7], [4, 3, 9]);
    expect(() => readTable(text)).toThrow('The text holds 2 tables with other columns, from lines 1, 6 on');
  });

  it('are one where a blank line parts rows', () => {
    const [first, ...others] = rows(0);
    expect(laddersOf(lines(['width', 'loss'], first!, '', ...others))[0]).toHaveLength(4);
  });
});

describe('what tells nothing apart', () => {
  it('a date is no series, and hides no sweep', () => {
    const text = lines(
      ['Start Time', 'width', 'lr', 'loss'],
      ...[64, 128, 256].flatMap((width) =>
        [0.001, 0.002, 0.004].map((lr, i) => [`2024-05-0${i + 1} 12:00:00`, width, lr, 3 + 8 / width + i / 10]),
      ),
    );
    expect(settledTable(text).reading).toMatchObject({ kind: 'sweep', swept: ['lr'] });
  });

  it('a difference of two losses is neither a loss nor a series', () => {
    const series = lines(
      ['N', 'AdamW', 'Muon', 'Δ'],
      ['10M', 3.9, 3.85, 0.05],
      ['40M', 3.5, 3.44, 0.06],
      ['160M', 3.2, 3.13, 0.07],
    );
    expect(laddersOf(series).map(([name]) => name)).toEqual(['AdamW', 'Muon']);
    const sides = lines(
      ['d_model', 'train', 'val', 'gap'],
      [64, 3.4, 3.52, 0.12],
      [128, 3.1, 3.28, 0.18],
      [256, 2.9, 3.11, 0.21],
    );
    expect(columnsBy(readTable(sides))).toEqual({ x: 'd_model', y: 'val' });
    expect(readTable(sides).questions).toEqual([]);
  });

  it('a listing that repeats another with fewer decimals counts once; seeds that only meet do not', () => {
    const twice = lines(
      ['width', 'seed', 'loss'],
      [64, 0, '3.5213'],
      [128, 0, '3.2841'],
      [256, 0, '3.1102'],
      [64, 0, '3.52'],
      [128, 0, '3.28'],
      [256, 0, '3.11'],
    );
    const { series, reading } = settledTable(twice);
    expect(series[0]!.points.map(({ loss }) => loss)).toEqual([3.5213, 3.2841, 3.1102]);
    expect(reading.notes.join(' ')).toContain('3 rows say again, rounded, what another row says');
    const seeds = lines(
      ['width', 'loss'],
      [64, '3.52'],
      [64, '3.5213'],
      [128, '3.28'],
      [128, '3.2741'],
      [256, '3.11'],
      [256, '3.1207'],
    );
    expect(settledTable(seeds).series[0]!.points).toHaveLength(6);
  });

  it('words under a name of numbers are series', () => {
    const text = lines(
      ['param', 'width', 'loss'],
      ...['sp', 'mup'].flatMap((kind, k) => [64, 128, 256].map((width) => [kind, width, 3 + 8 / width - k / 10])),
    );
    expect(laddersOf(text).map(([name]) => name)).toEqual(['sp', 'mup']);
  });
});

describe('what is no loss, or may be another', () => {
  it('numbers larger than any loss are asked about, a perplexity is not', () => {
    const text = lines(['params', 'nll_sum'], [1e7, 39000], [4e7, 35000], [16e7, 32000]);
    expect(questionOf(text)).toMatchObject({
      sentence: expect.stringContaining('no loss is above 25 nats per token') as string,
      answers: [{ role: 'y', places: [1] }],
    });
    expect(readTable(text, { y: 'nll_sum' }).questions).toEqual([]);
    expect(readTable(text.replace('nll_sum', 'ppl')).questions).toEqual([]);
  });

  it('of several perplexities it is asked which', () => {
    const text = lines(['params', 'wikitext ppl', 'c4 ppl'], ['70M', 41, 30], ['160M', 31, 25], ['410M', 23, 19]);
    expect(questionOf(text).answers.map(({ label }) => label)).toEqual(['wikitext ppl', 'c4 ppl']);
    const held = lines(['params', 'train ppl', 'val ppl'], ['70M', 41, 45], ['160M', 31, 35], ['410M', 23, 29]);
    expect(columnsBy(readTable(held))).toEqual({ x: 'params', y: 'val ppl' });
  });

  it('bits per byte are a loss before a perplexity', () => {
    const text = lines(
      ['params', 'wikitext word_perplexity', 'wikitext bits_per_byte'],
      ['70M', 41, 1.21],
      ['160M', 31, 1.08],
      ['410M', 23, 0.96],
    );
    expect(columnsBy(readTable(text))).toEqual({ x: 'params', y: 'wikitext bits_per_byte' });
  });

  it('an error rate and an accuracy are refused, and so is a column that is empty yet', () => {
    expect(
      questionOf(lines(['params', 'error rate (%)'], ['10M', 31.2], ['40M', 26.1], ['160M', 20.5])).sentence,
    ).toContain('an error rate, a score or a norm is no loss');
    expect(questionOf(lines(['params', 'accuracy'], ['10M', '31.2%'], ['40M', '36 %'])).sentence).toContain(
      '"accuracy": an accuracy',
    );
    expect(() => readTable(lines(['width', 'loss'], [64, ''], [128, '']))).toThrow('Column "loss" holds no loss yet');
  });
});

describe('lengths, FLOPs and logarithms', () => {
  const joint = lines(
    ['params', 'tokens', 'loss'],
    ...[1e7, 3e7, 1e8].flatMap((n) => [1e9, 3e9].map((d) => [n, d, 2 + 50 / n ** 0.3 + 50 / d ** 0.3])),
  );

  it('lengths that nobody wants are asked about no more', () => {
    const { questions, notes } = readTable(joint, { tokens: null });
    expect(questions).toEqual([]);
    expect(notes.join(' ')).toContain('which the law leaves out of account');
    expect(readTable(joint.replace('tokens', 'D').replace('params', 'N'), { tokens: null }).questions).toEqual([]);
  });

  it('FLOPs are no parameters: these follow from them and the tokens, or no law of both is offered', () => {
    const rows = [1e18, 3e18, 1e19].flatMap((c) => [1e9, 2e9, 4e9].map((d) => [c, d, 2 + 1e17 / c + 1e8 / d]));
    const { reading } = settledTable(lines(['flops', 'tokens', 'loss'], ...rows), { tokens: 'tokens' });
    expect(columnsBy(reading)).toMatchObject({ x: 'parameters', tokens: 'tokens' });
    expect(reading.measurements[0]!.size).toBeCloseTo(1e18 / 6e9, -2);
    const small = lines(['pf-days', 'tokens', 'loss'], ...rows.map(([c, d, loss]) => [c! / 1e20, d!, loss!]));
    const labels = questionOf(small.replace('pf-days', 'flops')).answers.map(({ label }) => label);
    expect(labels).toEqual(expect.not.arrayContaining(['a law of both']));
  });

  it('a sweep that nobody wants is asked about, and not offered again', () => {
    const text = lines(
      ['width', 'lr', 'loss'],
      ...[64, 128].flatMap((width) => [0.1, 0.2].map((lr) => [width, lr, 3 + lr + 8 / width])),
    );
    const { answers } = readTable(text, { sweep: null }).questions[0]!;
    expect(answers.map(({ role }) => role)).toEqual(['seed', 'series', 'tokens', 'none']);
    expect(readTable(text, { none: 'lr' }).questions).toEqual([]);
  });

  it('the base of a logarithm can be told', () => {
    const text = lines(['width', 'log(loss)'], [64, 0.5], [128, 0.45], [256, 0.4]);
    expect(questionOf(text).bases).toEqual(['10', '2', 'e']);
    const [ladder] = laddersIn(readTable(text, { y: 'log(loss)' }, '10'));
    expect(ladder!.points.map(({ loss }) => loss)).toEqual([0.5, 0.45, 0.4].map((one) => 10 ** one));
    expect(readTable(text.replace('log(loss)', 'loss'), {}, '10').notes.join(' ')).toContain(
      'No column holds logarithms',
    );
  });

  it('rates in units of a base rate, and percents, are swept', () => {
    for (const [name, cells] of [
      ['lr multiplier', ['0.5', '1', '2']],
      ['lr (%)', ['50%', '100%', '200%']],
    ] as const) {
      const text = lines(
        ['width', name, 'loss'],
        ...[64, 128, 256].flatMap((width) => cells.map((cell, i) => [width, cell, 3 + i / 10 + 8 / width])),
      );
      expect(settledTable(text).reading.kind).toBe('sweep');
    }
    const widths = lines(['width', 'loss'], ['0.5x', 3.7], ['1x', 3.5], ['2x', 3.3], ['4x', 3.1]);
    expect(laddersOf(widths)[0]).toEqual([null, '0.5: 3.7', '1: 3.5', '2: 3.3', '4: 3.1']);
  });
});
