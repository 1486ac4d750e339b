/** Pivot tables whose columns are told by two keys, in one line of the header or in several, and cells that were merged. */
import { describe, expect, it, test } from 'vitest';
import { readTable } from '../../../src/tables/reading.ts';
import { settledTable } from './settled-table.ts';

type Cell = string | number;
const KINDS = ['SP', 'muP'];
const WIDTHS = [64, 128, 256];
const RATES = [0.001, 0.002, 0.004];
const lossOf = (kind: string, width: number, rate: number) =>
  Number((2.0013 + 8 / width + Math.abs(Math.log2(rate / 0.002)) * 0.07 + (kind === 'SP' ? 0.11 : 0)).toFixed(4));

const csv = (rows: readonly (readonly Cell[])[], mark = ',') => `${rows.map((row) => row.join(mark)).join('\n')}\n`;
const markdown = ([head, ...rows]: readonly (readonly Cell[])[]) => {
  const line = (cells: readonly Cell[]) => `| ${cells.join(' | ')} |`;
  return `${[line(head!), `|${'---|'.repeat(head!.length)}`, ...rows.map(line)].join('\n')}\n`;
};
/** Tabs, as a spreadsheet copies, with the decimal commas of its country. */
const german = (rows: readonly (readonly Cell[])[]) => csv(rows, '\t').replaceAll('.', ',');
const latex = (rows: readonly (readonly Cell[])[]) =>
  `\\begin{tabular}{lrrrrrr}\n\\toprule\n${rows.map((row) => `${row.join(' & ')} \\\\`).join('\n')}\n\\bottomrule\n\\end{tabular}\n`;

/** Every training of the table: its series, width, rate and loss. */
const trainings = (text: string) =>
  settledTable(text)
    .reading.measurements.map(({ series, size, hyperparameters, loss }) =>
      [series?.toLowerCase().replace('μ', 'mu') ?? null, size, ...Object.values(hyperparameters), loss].join(' '),
    )
    .sort();
const of = (kinds: readonly (string | null)[]) =>
  kinds.flatMap((kind) => WIDTHS.flatMap((width) => RATES.map((rate) => [kind?.toLowerCase() ?? null, width, rate, lossOf(kind ?? 'muP', width, rate)].join(' ')))).sort(); // prettier-ignore

const byRate = RATES.map((rate) => [
  rate,
  ...KINDS.flatMap((kind) => WIDTHS.map((width) => lossOf(kind, width, rate))),
]);
const byWidth = WIDTHS.map((width) => [
  width,
  ...KINDS.flatMap((kind) => RATES.map((rate) => lossOf(kind, width, rate))),
]);

describe('two keys in the name of each column', () => {
  it.each<[string, (kind: string, width: number) => string]>([
    ['SP 64', (kind, width) => `${kind} ${width}`],
    ['sp_w64', (kind, width) => `${kind}_w${width}`],
    ['width=64 SP', (kind, width) => `width=${width} ${kind}`],
    ['SP-64', (kind, width) => `${kind}-${width}`],
    ['64 (SP)', (kind, width) => `${width} (${kind})`],
    ['SP/64', (kind, width) => `${kind}/${width}`],
    ['SP64', (kind, width) => `${kind}${width}`],
    ['SP @ 64', (kind, width) => `${kind} @ ${width}`],
    ['SP (d=64)', (kind, width) => `${kind} (d=${width})`],
    ['64-dim SP', (kind, width) => `${width}-dim ${kind}`],
    ['val_loss_SP_64', (kind, width) => `val_loss_${kind}_${width}`],
    ['SP d_model=64 loss', (kind, width) => `${kind} d_model=${width} loss`],
    ["('SP'; 64), as programs print pairs", (kind, width) => `('${kind}'; ${width})`],
  ])('%s, rows by rate', (_, name) => {
    const head = ['lr', ...KINDS.flatMap((kind) => WIDTHS.map((width) => name(kind, width)))];
    expect(trainings(csv([head, ...byRate]))).toEqual(of(KINDS));
    expect(trainings(markdown([head, ...byRate]))).toEqual(of(KINDS));
  });

  it.each<[string, (kind: string, rate: number) => string]>([
    ['SP lr=0.001', (kind, rate) => `${kind} lr=${rate}`],
    ['SP 0.001', (kind, rate) => `${kind} ${rate}`],
    ['lr0.001_SP', (kind, rate) => `lr${rate}_${kind}`],
    ['SP, lr 1e-3', (kind, rate) => `"${kind}, lr ${rate.toExponential()}"`],
    ['learning_rate: 0.001 (SP)', (kind, rate) => `learning_rate: ${rate} (${kind})`],
  ])('%s, rows by width', (_, name) => {
    const head = ['width', ...KINDS.flatMap((kind) => RATES.map((rate) => name(kind, rate)))];
    expect(trainings(csv([head, ...byWidth]))).toEqual(of(KINDS));
  });

  it.each<[string, (width: number, rate: number) => string]>([
    ['w64 lr0.001', (width, rate) => `w${width} lr${rate}`],
    ['64/0.001', (width, rate) => `${width}/${rate}`],
    ['width=64, lr=0.001', (width, rate) => `"width=${width}, lr=${rate}"`],
    ['lr0.001_d_model64', (width, rate) => `lr${rate}_d_model${width}`],
    ['(64; 0.001)', (width, rate) => `(${width}; ${rate})`],
  ])('%s, rows by series', (_, name) => {
    const pairs = WIDTHS.flatMap((width) => RATES.map((rate) => ({ width, rate })));
    const head = ['model', ...pairs.map(({ width, rate }) => name(width, rate))];
    const rows = KINDS.map((kind) => [kind, ...pairs.map(({ width, rate }) => lossOf(kind, width, rate))]);
    expect(trainings(csv([head, ...rows]))).toEqual(of(KINDS));
  });

  it('of one series', () => {
    const head = ['lr', ...WIDTHS.map((width) => `muP ${width}`)];
    expect(
      trainings(csv([head, ...RATES.map((rate) => [rate, ...WIDTHS.map((width) => lossOf('muP', width, rate))])])),
    ).toEqual(of([null]));
  });

  it('beside a size and a rate that run down, series run across', () => {
    const rows = WIDTHS.flatMap((width) =>
      RATES.map((rate) => [width, rate, ...KINDS.map((kind) => lossOf(kind, width, rate))]),
    );
    expect(trainings(csv([['width', 'lr', ...KINDS], ...rows]))).toEqual(of(KINDS));
    const powers = WIDTHS.flatMap((width) =>
      [-9, -8, -7].map((power) => [width, power, ...KINDS.map((kind) => lossOf(kind, width, 2 ** power))]),
    );
    const { reading } = settledTable(csv([['width', 'log2(lr)', ...KINDS], ...powers]));
    expect([reading.kind, reading.swept, reading.measurements.length]).toEqual(['sweep', ['log2(lr)'], 18]);
    expect(reading.measurements[0]!.hyperparameters).toEqual({ 'log2(lr)': 2 ** -9 });
  });

  it('errors beside the losses take no part', () => {
    const head = ['lr', ...KINDS.flatMap((kind) => WIDTHS.map((width) => `${kind} ${width}`))];
    const rows = byRate.map(([rate, ...losses]) => [rate!, ...losses.map((loss) => `${loss} ± 0.02`)]);
    expect(trainings(csv([head, ...rows]))).toEqual(of(KINDS));
  });

  it('training losses beside held-out ones take no part', () => {
    const head = [
      'lr',
      ...KINDS.flatMap((kind) => WIDTHS.flatMap((width) => [`${kind} ${width} train`, `${kind} ${width} val`])),
    ];
    const rows = byRate.map(([rate, ...losses]) => [
      rate!,
      ...losses.flatMap((loss) => [Number((loss - 0.2).toFixed(4)), loss]),
    ]);
    expect(trainings(csv([head, ...rows]))).toEqual(of(KINDS));
  });
});

describe('a header of several lines', () => {
  const tops = (names: readonly Cell[], count: number) =>
    names.flatMap((name) => [name, ...Array<Cell>(count - 1).fill('')]);
  const inTurns = RATES.map((rate) => [
    rate,
    ...WIDTHS.flatMap((width) => KINDS.map((kind) => lossOf(kind, width, rate))),
  ]);
  const tables: [string, Cell[][]][] = [
    ['series span widths', [['', ...tops(KINDS, 3)], ['lr', ...WIDTHS, ...WIDTHS], ...byRate]],
    ['the rows are named above', [['lr', ...tops(KINDS, 3)], ['', ...WIDTHS, ...WIDTHS], ...byRate]],
    ['what spans is repeated', [['', 'SP', 'SP', 'SP', 'muP', 'muP', 'muP'], ['lr', ...WIDTHS, ...WIDTHS], ...byRate]],
    ['widths span series', [['width', ...tops(WIDTHS, 2)], ['lr', ...WIDTHS.flatMap(() => KINDS)], ...inTurns]],
    ['widths span series, without a name', [['', ...tops(WIDTHS, 2)], ['lr', ...WIDTHS.flatMap(() => KINDS)], ...inTurns]],
    ['named widths span series', [['', ...tops(WIDTHS.map((width) => `width=${width}`), 2)], ['lr', ...WIDTHS.flatMap(() => KINDS)], ...inTurns]],
    ['series span rates', [['', ...tops(KINDS, 3)], ['width', ...RATES, ...RATES], ...byWidth]],
    ['as pandas writes them, with a line for the rows', [['series', 'SP', 'SP', 'SP', 'muP', 'muP', 'muP'], ['width', ...WIDTHS, ...WIDTHS], ['lr', '', '', '', '', '', ''], ...byRate]],
    ['a title above', [['All trainings', '', '', '', '', '', ''], ['', ...tops(KINDS, 3)], ['lr', ...WIDTHS, ...WIDTHS], ...byRate]],
  ]; // prettier-ignore

  it.each(tables)('%s', (_, rows) => {
    expect(trainings(csv(rows))).toEqual(of(KINDS));
    expect(trainings(csv(rows, ';'))).toEqual(of(KINDS));
    expect(trainings(markdown(rows))).toEqual(of(KINDS));
    expect(trainings(german(rows))).toEqual(of(KINDS));
    expect(trainings(latex(rows))).toEqual(of(KINDS));
  });

  it('of LaTeX says how many columns it spans', () => {
    const head =
      '& \\multicolumn{3}{c}{SP} & \\multicolumn{3}{c}{$\\mu$P} \\\\\n\\cmidrule(lr){2-4} \\cmidrule(lr){5-7}\n';
    expect(
      trainings(latex([['lr', ...WIDTHS, ...WIDTHS], ...byRate]).replace('\\toprule\n', `\\toprule\n${head}`)),
    ).toEqual(of(KINDS));
  });

  it('may say what is measured', () => {
    const rows = RATES.map((rate) => [rate, ...WIDTHS.map((width) => lossOf('muP', width, rate))]);
    for (const head of [
      [
        ['', 'Validation loss', '', ''],
        ['lr', ...WIDTHS],
      ],
      [
        ['', 'loss', 'loss', 'loss'],
        ['width', ...WIDTHS],
        ['lr', '', '', ''],
      ],
      [
        ['width', ...WIDTHS],
        ['lr', '', '', ''],
      ],
    ])
      expect(trainings(csv([...head, ...rows]))).toEqual(of([null]));
  });

  it('tells held-out losses from those of training', () => {
    const rows = WIDTHS.map((width) => [width, 2.5 - width / 1e4, 3 + 8 / width, 2.4 - width / 1e4, 2.9 + 8 / width]);
    const { series } = settledTable(
      csv([['width', 'SP', '', 'muP', ''], ['', 'train', 'val', 'train', 'val'], ...rows]),
    );
    expect(series.map(({ name, points }) => [name, points[0]!.loss])).toEqual([['SP', 3.125], ['muP', 3.025]]); // prettier-ignore
  });

  it('puts tables that stand side by side below each other', () => {
    const rows = WIDTHS.flatMap((width) =>
      RATES.map((rate) => KINDS.flatMap((kind) => [width, rate, lossOf(kind, width, rate)])),
    );
    expect(trainings(csv([tops(KINDS, 3), ['width', 'lr', 'loss', 'width', 'lr', 'loss'], ...rows]))).toEqual(
      of(KINDS),
    );
    const beside = WIDTHS.map((width) => [width, ...KINDS.flatMap((kind) => [lossOf(kind, width, 0.002), 60])]);
    const { series } = settledTable(
      csv([['width', ...tops(KINDS, 2)], ['', 'loss', 'minutes', 'loss', 'minutes'], ...beside]),
    );
    expect(series.map(({ name, points }) => [name, points.length])).toEqual([['SP', 3], ['muP', 3]]); // prettier-ignore
  });

  it('is none where a row of the table looks like one', () => {
    expect(readTable('model,width,loss\ntiny,64,3.1\nsmall,128,2.9\nbase,256,2.8\n').measurements).toHaveLength(3);
    expect(readTable('layer,width,l1 (t=1),l1 (t=5)\nattn,64,0.3,0.3\nmlp,64,0.4,0.6\n').activations).toHaveLength(4);
    expect(readTable('width,loss,loss\n64,3.1,3.1\n128,2.9,2.9\n256,2.8,2.8\n').sheet.rows).toHaveLength(3);
  });
});

describe('cells that were merged downwards', () => {
  const groups = KINDS.flatMap((kind) =>
    RATES.map((rate, i) => [i === 0 ? kind : '', rate, ...WIDTHS.map((width) => lossOf(kind, width, rate))]),
  );
  it.each<[string, string]>([
    ['Markdown', markdown([['model', 'lr', ...WIDTHS], ...groups])],
    ['a spreadsheet', german([['model', 'lr', ...WIDTHS], ...groups])],
    ['LaTeX', latex([['model', 'lr', ...WIDTHS], ...groups.map(([kind, ...rest]) => [kind === '' ? '' : `\\multirow{3}{*}{${kind}}`, ...rest])])],
    ['long', csv([['model', 'lr', 'width', 'loss'], ...KINDS.flatMap((kind) => RATES.flatMap((rate, r) => WIDTHS.map((width, w) => [r + w === 0 ? kind : '', w === 0 ? rate : '', width, lossOf(kind, width, rate)])))])],
    ['sizes too', csv([['model', 'width', 'lr', 'loss'], ...KINDS.flatMap((kind) => WIDTHS.flatMap((width, w) => RATES.map((rate, r) => [r + w === 0 ? kind : '', r === 0 ? width : '', rate, lossOf(kind, width, rate)])))])],
  ])('%s', (_, text) => expect(trainings(text)).toEqual(of(KINDS))); // prettier-ignore

  test('a gap in a column of words is none', () => {
    const rows = WIDTHS.flatMap((width) => [
      ['', width, 3 + 8 / width],
      ['muon', width, 2.9 + 8 / width],
    ]);
    expect(settledTable(csv([['optimizer', 'width', 'loss'], ...rows])).series.map(({ name }) => name)).toEqual([
      'no optimizer',
      'muon',
    ]);
    const notes = WIDTHS.map((width, i) => [width, 3 + 8 / width, i === 0 ? 'restarted' : '']);
    expect(readTable(csv([['width', 'loss', 'notes'], ...notes])).notes).toEqual([]);
  });
});

test('recipes that are called by a size are series', () => {
  const rows = [1e7, 4e7, 16e7].map((n) => [n, 4 - Math.log10(n) / 5, 4.1 - Math.log10(n) / 5]);
  expect(settledTable(csv([['params', '7B recipe', '70B recipe'], ...rows])).series.map(({ name }) => name)).toEqual([
    '7B recipe',
    '70B recipe',
  ]);
});

test('a corner may name both axes, or be the path of one', () => {
  const rows = WIDTHS.map((width) => [width, ...RATES.map((rate) => lossOf('muP', width, rate))]);
  for (const corner of ['config/d_model', 'width \\ lr', 'width/lr', 'model.width', 'width by lr', 'config/width'])
    expect(trainings(csv([[corner, ...RATES], ...rows])), corner).toEqual(of([null]));
});
