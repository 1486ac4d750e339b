import { describe, expect, it } from 'vitest';
import { readSheet } from '../../../src/tables/read-sheet.ts';
import { readTable } from '../../../src/tables/reading.ts';
import { columnsBy, settledTable } from './settled-table.ts';

const TWO = 'optimizer,width,loss\nadam,16,4\nadam,32,3.5\nsgd,16,4.4\nsgd,32,4\n';

describe('a column of words', () => {
  it('is the series where none is found by name', () => {
    const { columns, series } = settledTable(TWO);
    expect(columns.series).toBe('optimizer');
    expect(series.map(({ name, points }) => [name, points.length])).toEqual([
      ['adam', 2],
      ['sgd', 2],
    ]);
  });

  it.each([
    ['none is wanted', TWO, { series: null }],
    ['most rows have their own', 'run,width,loss\na,16,4\nb,32,3.5\nb,64,3.2\n', {}],
    ['each stands at one size', 'run,width,loss\na,16,4\na,16,4.1\nb,32,3.5\nb,32,3.4\n', {}],
    ['it is the same in all rows', 'a,b,width,loss\nu,v,16,4\nu,v,32,3.5\n', {}],
  ])('is not where %s', (_, text, request) => {
    expect(settledTable(text, request).columns.series).toBeUndefined();
  });

  it('with a gap or a number in it still tells series apart', () => {
    const names = (text: string) => settledTable(text).series.map(({ name }) => name);
    expect(names(TWO.replace('sgd,32', ',32'))).toEqual(['adam', 'sgd', 'no optimizer']);
    expect(names(TWO.replace('sgd,32', '7B,32'))).toEqual(['adam', 'sgd', '7B']);
  });

  it('of two that both tell rows apart names them together, and one that follows from the other not at all', () => {
    const rows = ['a', 'b'].flatMap((source) =>
      ['u', 'v'].flatMap((data) => [16, 32].map((x) => `${source},${data},${source}!,${x},${4 - x / 100}`)),
    );
    const { series, reading } = settledTable(`source,data,alias,width,loss\n${rows.join('\n')}\n`);
    expect(series.map(({ name }) => name)).toEqual(['a, u', 'a, v', 'b, u', 'b, v']);
    expect(reading.columns[2]).toMatchObject({ role: null, reason: 'goes with "source" and "data"' });
  });

  it('gives way to one called series', () => {
    const { columns, series } = settledTable('kind,series,width,loss\nu,1,16,4\nu,2,32,3.5\n');
    expect([columns.series, ...series.map(({ name }) => name)]).toEqual(['series', '1', '2']);
  });
});

describe('numbers', () => {
  const xOf = (cell: string, delimiter = ';') => settledTable(`x${delimiter}loss\n${cell}${delimiter}3\n`);
  it.each([
    ['"1,000,000"', 1e6],
    ['"12,345,678.5"', 12345678.5],
    ['1.3B', 1.3e9],
    ['0.07G', 7e7],
    ['125M', 125e6],
    ['8k', 8000],
    ['8K', 8000],
    ['24 m', 24e6],
    ['70m', 70e6],
    ['1.4 bn', 1.4e9],
    ["410'000'000", 41e7],
    ['160 000 000', 16e7],
    ['1_000_000_000', 1e9],
    ['10^9', 1e9],
    ['6×10⁹', 6e9],
    ['2^20', 2 ** 20],
    ['**1.5e6**', 1.5e6],
    ['2T', 2e12],
    ['1,000,000M', 1e12],
    ['1,3B', 1.3e9],
  ])('%s is read exactly', (cell, value) => {
    expect(xOf(cell).series[0]!.points[0]!.x).toBe(value);
  });

  it('with groups stand in a quoted cell between commas', () => {
    expect(xOf('"1,000,000"', ',').series[0]!.points[0]!.x).toBe(1e6);
    expect(() => xOf('"1,000"', ',')).toThrow('"1,000" may mean 1000 or 1;');
  });

  it.each(['1e3k', 'k', '.k', '1,00,000', '1000,000,000', '1,000,00'])('%s is none', (cell) => {
    expect(() => xOf(cell)).toThrow('must be a finite number above 0');
  });

  it('with a suffix can stand for losses and tokens, too', () => {
    const { series } = settledTable('params,tokens,loss\n1M,1B,0.003k\n', { tokens: 'tokens' });
    expect(series[0]!.points).toEqual([{ x: 1e6, tokens: 1e9, loss: 3 }]);
  });
});

describe('what could be read in two ways', () => {
  const GERMAN = ['width;loss', '512;3,1', '1.024;2,9', '2.048;2,8', ''].join('\n');
  const asTabs = (...lines: string[]) => lines.map((line) => `${line.replaceAll(' ', '\t')}\n`).join('');
  const xs = (text: string, request = {}) => settledTable(text, request).series[0]!.points.map(({ x }) => x);

  it.each([
    ['losses have decimal dots', '256\t3\n1,024\t2.5\n2,048\t2.4\n', [256, 1024, 2048]],
    ['losses have decimal commas', GERMAN, [512, 1024, 2048]],
    [
      'losses of three decimals do',
      GERMAN.replace('3,1', '3,101').replace('2,9', '2,902').replace('2,8', '2,803'),
      [512, 1024, 2048],
    ],
    ['nothing but dots stands beside decimal commas', GERMAN.replace('512;3,1\n', ''), [1024, 2048]],
    ['the commas are quoted', 'width,loss\n512,"3,1"\n1.024,"2,9"\n', [512, 1024]],
    ['another of the column has a decimal mark', asTabs('width loss', '512.5 3.1', '1,024 2.9'), [512.5, 1024]],
    ['a suffix follows', asTabs('params loss', '512M 3.1', '1,024M 2.9'), [512e6, 1024e6]],
  ])('is thousands where %s', (_, text, sizes) => {
    expect(xs(text)).toEqual(sizes);
  });

  it.each([
    ['sizes beside losses with the same mark', 'width;loss\n1,024;3\n2,048;2,5\n', 2, '1,024', '1.024'],
    ['sizes beside whole losses', 'width;loss\n1,024;3\n2,048;2\n', 2, '1,024', '1.024'],
  ])('is asked about: %s', (_, text, row, cell, small) => {
    const whole = cell.replace(',', '');
    expect(() => settledTable(text)).toThrow(new RegExp(`^Row ${row}, .*"${cell}" may mean ${whole} or ${small};`));
  });

  it('is asked about among seeds, and where both marks are decimal marks', () => {
    expect(() => settledTable(asTabs('width loss seeds', '9 3 4', '16 2 1,000'))).toThrow(
      'column "seeds": "1,000" may mean 1000 or 1;',
    );
    expect(() => settledTable('width;loss\n512.5;3,1\n8,53;2,9\n1,024;2,8\n')).toThrow(
      '"1,024" may mean 1024 or 1.024; write 1024 or 1.0240.',
    );
  });

  it('dots are decimal marks where no comma is', () => {
    const { points } = settledTable('1.024;3.097\n2.048;2.991\n').series[0]!;
    expect(points.map(({ x, loss }) => [x, loss])).toEqual([
      [1.024, 3.097],
      [2.048, 2.991],
    ]);
  });

  it('losses of three decimals are read behind either mark, and between commas where others show it', () => {
    const lossesOf = (text: string) => settledTable(text).series[0]!.points.map(({ loss }) => loss);
    expect(lossesOf('8;3,918\n16;3,605\n')).toEqual([3.918, 3.605]);
    expect(lossesOf('x,loss\n256,"3,4422"\n512,"3,243"\n')).toEqual([3.4422, 3.243]);
  });

  it('decimal commas of any other kind are read as ever', () => {
    const { series } = settledTable('8,53;3,918\n21,56;3,605\n39,125;3,443\n');
    expect(series[0]!.points.map(({ x, loss }) => [x, loss])).toEqual([
      [8.53, 3.918],
      [21.56, 3.605],
      [39.125, 3.443],
    ]);
  });

  it('n and d are parameters and tokens: along a ladder of both a law of n, and else one d or a law of both', () => {
    const ladder = 'n,d,loss\n1e6,2e7,4\n2e6,4e7,3.5\n4e6,8e7,3.2\n';
    expect(settledTable(ladder).reading.notes[0]).toMatch(
      /^"d" grows with "n" \(d = 20·n\): the law is along this ladder/,
    );
    const text = ladder.replace('8e7', '1e7');
    expect(() => settledTable(text)).toThrow(/^Column "d" has 2e7 and 4e7: a law over x alone/);
    expect(settledTable(text, { tokens: 'd' }).series[0]!.points[0]).toEqual({ x: 1e6, tokens: 2e7, loss: 4 });
    expect(settledTable(text, { tokens: null }).reading.notes[0]).toMatch(
      /which the law leaves out of account, as asked for/,
    );
  });
});

describe('a faulty row', () => {
  it('is told, and how many more there are', () => {
    const first = 'Row 2, column "loss": must be a finite number above 0, or empty to have it predicted, not "four".';
    const text = (...losses: string[]) => `width,loss\n${losses.map((loss, i) => `${16 + i},${loss}`).join('\n')}\n`;
    const message = (...losses: string[]) => {
      try {
        settledTable(text(...losses));
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    };
    expect(message('four', '3.5', '3', '2.9')).toBe(first);
    expect(message('four', '3.5', '3', 'no')).toBe(`${first} 1 more row is faulty, too: 5.`);
    expect(message('four', '3.5', '3', '2', '-1', '0')).toBe(`${first} 2 more rows are faulty, too: 6, 7.`);
    expect(message('four', ...Array.from({ length: 13 }, () => '0'), ...Array.from({ length: 14 }, () => '3'))).toBe(
      `${first} 13 more rows are faulty, too: 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14 and further ones.`,
    );
  });

  it('leaves the columns and the other rows to be told', () => {
    const reading = readTable('width,seed,loss\n16,1,4\n32x,1,3.5\n64,1,3.2\n');
    expect(columnsBy(reading)).toMatchObject({ x: 'width', y: 'loss', seed: 'seed' });
    expect(reading.measurements.map(({ size }) => size)).toEqual([16, 64]);
    expect(reading.faults).toMatchObject([{ row: 3, column: 'width' }]);
  });
});

it.each(['\ufeff# of one run; others follow\n', '  # of one run; others follow\n'])(
  'the comment %j has no part in what the delimiter is',
  (comment) => {
    expect(settledTable(`${comment}width,loss\n16,4.5\n`).series[0]!.points).toEqual([{ x: 16, loss: 4.5 }]);
  },
);

it('a table says whether its columns have names', () => {
  expect(readSheet('width,loss\n16,4\n').isNamed).toBe(true);
  expect(readSheet('16,4\n32,3.5\n')).toMatchObject({ isNamed: false, header: ['1', '2'] });
});

it('names in brackets may head columns, and what begins like JSON and is none says so', () => {
  expect(readSheet('[width],[loss]\n16,4\n').header).toEqual(['[width]', '[loss]']);
  expect(readSheet('{n};{loss}\n16;4\n').header).toEqual(['{n}', '{loss}']);
  for (const text of ['{width: sixteen}', '\n{ "width": [16,', '[-1,\n2'])
    expect(() => readSheet(text), text).toThrow('begins like JSON and is none');
  for (const text of ['[4.0, 3.9]', '[]', '{}', '[true]'])
    expect(() => readSheet(text), text).toThrow('The file holds no table');
});

describe('a few steps of each training', () => {
  const table = (name: string, steps: readonly number[], widths = [64, 128, 256], seeds = [0, 1]) =>
    [
      `width,seed,${name},loss`,
      ...widths.flatMap((width) =>
        seeds.flatMap((seed) =>
          steps.map((step) => `${width},${seed},${step},${2 + 6 / width + 30 / (step + 10) + seed / 100}`),
        ),
      ),
    ].join('\n');

  it.each([
    ...['step', 'Step', 'it', 'iter', 'iteration', 'update', 'epoch', 'Schritt', 'global_step', 'train/step', '步'].map(
      (name) => [name, [100, 200, 300, 400]] as const,
    ),
    ['iter', [1, 100, 200, 300]],
    ['step', [0, 100, 1000]],
    ['tokens', [0, 1e6, 2e6]],
    ['n_steps', [0, 500]],
  ] as const)('called %s at %j are its curve', (name, steps) => {
    const { kind, questions, measurements, columns } = readTable(table(name, steps));
    expect({ kind, questions, role: columns[2]!.role }).toEqual({ kind: 'curves', questions: [], role: 'step' });
    expect(measurements).toHaveLength(6);
    expect(measurements[0]!.curve!.steps).toEqual(steps);
  });

  it('are its curve where one training ended early, and where repeats have no number', () => {
    const short = table('step', [100, 200, 300, 400]).split('\n').slice(0, -1).join('\n');
    expect(readTable(short)).toMatchObject({ kind: 'curves', questions: [] });
    const twice = readTable(table('step', [100, 200, 300, 400]).replace(/^(\w+),\w+,/gm, '$1,'));
    expect(twice).toMatchObject({ kind: 'curves', questions: [] });
    expect(twice.measurements).toHaveLength(6);
  });

  it.each([
    // Lengths of training are chosen by their ratio, and there may be two.
    ['step', [1000, 4000, 16000], 'step'],
    ['iter', [1000, 2000], 'step'],
    ['steps', [100, 200, 300, 400], 'tokens'],
    ['tokens', [1e6, 2e6, 3e6, 4e6], 'tokens'],
  ] as const)('called %s at %j may be trainings of several lengths, and which is asked', (name, steps, first) => {
    const [question] = readTable(table(name, steps)).questions;
    expect(question!.sentence).toBe(
      `Column "${name}" has ${steps[0]} and ${steps[1]}: a law over x alone needs losses after equal training. Are its rows points on the curves of trainings, or trainings of several lengths?`,
    );
    expect(question!.answers[0]!.role).toBe(first);
    expect(new Set(question!.answers.map(({ role }) => role))).toEqual(new Set(['step', 'tokens']));
  });

  it('and a size whose losses are all empty is wanted, while one that was not looked at everywhere is not', () => {
    const gaps = table('step', [100, 200, 300, 400]).replace(/^(64,0,200),.*$/m, '$1,');
    const { wanted, questions } = readTable(`${gaps}\n512,0,300,\n512,0,400,\n1024,0,400,\n`);
    expect([questions, wanted.map(({ size }) => size)]).toEqual([[], [512, 1024]]);
  });

  it('are not counted by the time of a last update', () => {
    const rows = [64, 128, 256].flatMap((width) =>
      [0, 1].map((k) => `${width},${1709370000 + k * 500 + width},${3 + k / 9 - width / 999}`),
    );
    const { questions, columns } = readTable(`width,last_update,loss\n${rows.join('\n')}\n`);
    expect(columns[1]!.role).toBeNull();
    expect(questions.map(({ field }) => field)).not.toContain('tokens');
  });

  it('are none where each training has its own', () => {
    const rows = [64, 128, 256].flatMap((width, w) =>
      [1, 2, 3, 4].map(
        (rate, r) => `${width},${rate / 1000},${1000 * (1 + ((w + 2 * r) % 5))},${3 + rate / 9 - w / 8}`,
      ),
    );
    expect(readTable(`width,lr,step,loss\n${rows.join('\n')}`).kind).not.toBe('curves');
  });
});
