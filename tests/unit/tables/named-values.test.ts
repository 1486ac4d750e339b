/** YAML, and names with their values in lines and blocks: what each of them is read as, and what is not read. */
import { describe, expect, it } from 'vitest';
import { readSheet } from '../../../src/tables/read-sheet.ts';
import { readTable } from '../../../src/tables/reading.ts';
import { settledTable } from './settled-table.ts';

/** Each series with its points. */
const laddersOf = (text: string) =>
  settledTable(text).series.map(({ name, points }) => [name, ...points.map(({ x, loss }) => `${x}: ${loss}`)]);
const three = [[null, '64: 3.5', '128: 3.3', '256: 3.1']];
const both = [
  ['SP', '64: 3.5', '128: 3.4', '256: 3.3'],
  ['muP', '64: 3.4', '128: 3.2', '256: 3.1'],
];
const lines = (...all: string[]) => `${all.join('\n')}\n`;

describe('YAML', () => {
  it.each([
    [
      'a list of mappings',
      lines('- width: 64', '  loss: 3.5', '- width: 128', '  loss: 3.3', '- width: 256', '  loss: 3.1'),
    ],
    [
      'a list under a key, beside settings, with comments',
      lines(
        '# sweep of May',
        'name: ladder',
        'batch_size: 32  # sequences',
        'runs:',
        '  - width: 64',
        '    loss: 3.5',
        '',
        '  - loss: 3.3 # after a restart',
        '    width: 128',
        '  -',
        '    width: 256',
        '    loss: 3.1',
      ),
    ],
    [
      'a list that is not indented below its key',
      lines('runs:', '- width: 64', '  loss: 3.5', '- width: 128', '  loss: 3.3', '- width: 256', '  loss: 3.1'),
    ],
    ['a mapping of lists in brackets', lines('width: [64, 128, 256]', 'loss: [3.5, 3.3, 3.1]')],
    [
      'a mapping of lists with hyphens',
      lines('width:', '  - 64', '  - 128', '  - 256', 'loss:', '  - 3.5', '  - 3.3', '  - 3.1'),
    ],
    [
      'a mapping of lists, hyphens not indented, brackets over lines',
      lines('width:', '- 64', '- 128', '- 256', 'loss: [', '  3.5, 3.3,', '  3.1,', ']'),
    ],
    ['a mapping of mappings by width', lines('64:', '  loss: 3.5', '128:', '  loss: 3.3', '256:', '  loss: 3.1')],
    [
      'a mapping of mappings by run',
      lines(
        'w64:',
        '    width: 64',
        '    loss: 3.5',
        'w128:',
        '    width: 128',
        '    loss: 3.3',
        'w256: {width: 256, loss: 3.1}',
      ),
    ],
    [
      'records in braces',
      lines('- {width: 64, loss: 3.5}', '- {width: 128, loss: 3.3}', '- { "width": 256, \'loss\': 3.1 }'),
    ],
    [
      'records in braces with steps, which are no log',
      lines(
        '- {step: 100, loss: 3.5, width: 64}',
        '- {step: 100, loss: 3.3, width: 128}',
        '- {step: 100, loss: 3.1, width: 256}',
      ),
    ],
    [
      'several documents',
      lines(
        '---',
        'config:',
        '  width: 64',
        'loss: 3.5',
        '---',
        'config: {width: 128}',
        'loss: 3.3',
        '...',
        '--- # the last',
        'config:',
        '  width: 256',
        'loss: 3.1',
      ),
    ],
    ['lists of lists', lines('- [width, loss]', '- [64, 3.5]', '- [128, 3.3]', '- - 256', '  - 3.1')],
    [
      'nested settings and quotes',
      lines(
        'runs:',
        '  - model: {width: 64, layers: 4}',
        '    eval: {"loss": "3.5"}',
        "  - {'model': {width: 128, layers: 4}, eval: {loss: 3.3}}",
        '  - model:',
        '      width: 256',
        '      layers: 4',
        '    eval:',
        '      loss: 3.1',
      ),
    ],
    [
      'decimal commas and units',
      lines(
        '- Breite: 64 dims',
        '  Verlust: 3,5',
        '- Breite: 128 dims',
        '  Verlust: 3,3',
        '- Breite: 256 dims',
        '  Verlust: 3,1',
      ),
    ],
    [
      'texts that go on, and what was not set',
      lines(
        '- width: 64',
        '  loss: 3.5',
        '  notes: it was ended',
        '    and begun again',
        '- width: 128',
        '  loss: 3.3',
        '  notes: |',
        '    one: two',
        '    three',
        '- width: 256',
        '  loss: !!float 3.1',
        '  notes: ~',
      ),
    ],
    [
      'an item for each name',
      lines('- width: 64', '- loss: 3.5', '- width: 128', '- loss: 3.3', '- width: 256', '- loss: 3.1'),
    ],
    ['numbers under a name each', lines('loss:', '  64: 3.5', '  128: 3.3', '  256: 3.1')],
    [
      'Windows line ends',
      '- width: 64\r\n  loss: 3.5\r\n- width: 128\r\n  loss: 3.3\r\n- width: 256\r\n  loss: 3.1\r\n',
    ],
    ['values that are as many numbers each', lines('widths: 64, 128, 256', 'losses: 3.5, 3.3, 3.1')],
  ])('%s', (_, text) => {
    expect(laddersOf(text)).toEqual(three);
  });

  it.each([
    [
      'lists of records by name',
      lines(
        'SP:',
        '  - {width: 64, loss: 3.5}',
        '  - {width: 128, loss: 3.4}',
        '  - {width: 256, loss: 3.3}',
        'muP:',
        '  - {width: 64, loss: 3.4}',
        '  - {width: 128, loss: 3.2}',
        '  - {width: 256, loss: 3.1}',
      ),
    ],
    [
      'mappings in mappings',
      lines(
        'SP:',
        '  64: {loss: 3.5}',
        '  128: {loss: 3.4}',
        '  256: {loss: 3.3}',
        'muP:',
        '  64: {loss: 3.4}',
        '  128: {loss: 3.2}',
        '  256: {loss: 3.1}',
      ),
    ],
    [
      'losses by width by name',
      lines('SP:', '  64: 3.5', '  128: 3.4', '  256: 3.3', 'muP:', '  64: 3.4', '  128: 3.2', '  256: 3.1'),
    ],
    ['columns by name', lines('width: [64, 128, 256]', 'SP: [3.5, 3.4, 3.3]', 'muP: [3.4, 3.2, 3.1]')],
  ])('%s', (_, text) => {
    expect(laddersOf(text)).toEqual(both);
  });

  it('has errors, sizes with letters, and trainings that went wrong', () => {
    const text = lines(
      '- params: 10M',
      '  loss: 3.5 ± 0.02',
      '- params: 40M',
      '  loss: 3.3(2)',
      '- params: 160M',
      '  loss: .nan',
      '- params: 1e9',
      '  loss:',
    );
    expect(readSheet(text).rows.map(({ cells }) => cells)).toEqual([
      ['10M', '3.5 ± 0.02'],
      ['40M', '3.3(2)'],
      ['160M', 'nan'],
      ['1e9', ''],
    ]);
  });

  it.each([
    [
      'what a logger keeps of settings, with a description each',
      lines(
        ...[64, 128, 256].map(
          (width, i) =>
            `run-${i}:\n  config:\n    width: {desc: null, value: ${width}}\n    lr: {desc: null, value: 0.01}\n  summary: {loss: ${[3.5, 3.3, 3.1][i]}, _step: 999}`,
        ),
      ),
    ],
    [
      'records by name beside a date',
      lines(
        'runs:',
        '  a: {width: 64, loss: 3.5}',
        '  b: {width: 128, loss: 3.3}',
        '  c: {width: 256, loss: 3.1}',
        'date: 2024-05-01',
      ),
    ],
    [
      'means and spreads in lists below a name',
      lines('width: [64, 128, 256]', 'loss:', '  mean: [3.5, 3.3, 3.1]', '  std: [0.1, 0.1, 0.2]'),
    ],
    [
      'a name that says what the numbers below it are',
      lines(
        'width:',
        '  64: {val: 3.5, time: 7}',
        '  128: {val: 3.3, time: 8}',
        '  256: {val: 3.1, time: 9}',
      ).replaceAll('val', 'val_loss'),
    ],
    [
      'no quotation marks around names, as JavaScript has it',
      lines('{width: 64, loss: 3.5}', '{width: 128, loss: 3.3}', '{width: 256, loss: 3.1}'),
    ],
  ])('%s', (_, text) => {
    expect(laddersOf(text)).toEqual(three);
  });

  it('has rates above losses by width, in two ways', () => {
    const best = ['64: 3.5', '128: 3.3', '256: 3.1'];
    const losses = [
      '{64: 3.52, 128: 3.33, 256: 3.15}',
      '{64: 3.5, 128: 3.3, 256: 3.1}',
      '{64: 3.55, 128: 3.36, 256: 3.2}',
    ];
    const rates = ['0.001', '0.003', '0.01'];
    const nested = lines('lr:', ...rates.map((rate, i) => `  ${rate}: ${losses[i]!}`));
    const listed = lines('sweep:', ...rates.map((rate, i) => `  - lr: ${rate}\n    results: ${losses[i]!}`));
    for (const text of [nested, listed]) expect(laddersOf(text), text).toEqual([[null, ...best]]);
  });

  it('has losses of several seeds as lists, by width', () => {
    const text = lines(
      'mup:',
      '  64: [3.5, 3.51]',
      '  128: [3.3, 3.31]',
      'sp:',
      '  64: [3.6, 3.61]',
      '  128: [3.5, 3.51]',
    );
    expect(laddersOf(text)).toEqual([
      ['mup', '64: 3.5', '64: 3.51', '128: 3.3', '128: 3.31'],
      ['sp', '64: 3.6', '64: 3.61', '128: 3.5', '128: 3.51'],
    ]);
  });

  it('has curves as lists', () => {
    const text = lines(
      '- width: 64',
      '  steps: [100, 200, 300]',
      '  losses: [4, 3.7, 3.5]',
      '- width: 128',
      '  steps: [100, 200, 300]',
      '  losses: [3.9, 3.5, 3.3]',
    );
    expect(readTable(text).measurements.map(({ size, curve }) => [size, curve!.losses.at(-1)])).toEqual([
      [64, 3.5],
      [128, 3.3],
    ]);
  });

  it.each([
    [
      'an anchor',
      lines('base: &base', '  width: 64', 'a:', '  <<: *base', '  loss: 3'),
      'Line 1: it has an anchor ("&base")',
    ],
    ['a tag', lines('- width: 64', '  loss: !!python/object/apply:numpy.scalar [3]'), 'Line 2: it has a tag'],
    [
      'a name that stands twice',
      lines('- a:', '    width: 64', '    width: 65'),
      'Line 3: "width" stands twice in one mapping',
    ],
    [
      'an indentation of its own',
      lines('- width: 64', '    loss: 3.5'),
      'Line 2: "loss: 3.5" is indented below a value',
    ],
    ['an open bracket', lines('width: [64, 128', 'loss: [3, 2]', 'a: 1'), 'bracket'],
    ['lists that are not of the same length', lines('width: [64, 128]', 'loss: [3,5, 3,3]'), 'holds no table'],
    [
      'a comma inside of a number',
      lines('- {width: 1,024, loss: 3.5}', '- {width: 2,048, loss: 3.3}'),
      '"024" stands alone in brackets',
    ],
    ['no table', lines('a:', '  b:', '    - c'), 'needs two columns of numbers'],
  ])('that has %s is refused in a sentence', (_, text, words) => {
    expect(() => readTable(text)).toThrow(words);
  });
});

describe('names with their values', () => {
  it.each([
    ['in blocks', lines('width: 64', 'loss: 3.5', '', 'width: 128', 'loss: 3.3', '', '', 'width: 256', 'loss: 3.1')],
    [
      'with equals signs',
      lines('width = 64', 'loss = 3.5', '', 'width=128', 'loss=3.3', '', 'width =256', 'loss = 3.1'),
    ],
    [
      'with rules between them',
      lines('width: 64', 'loss: 3.5', '---', 'width: 128', 'loss: 3.3', '---', 'loss: 3.1', 'width: 256'),
    ],
    [
      'with nothing between them',
      lines('width: 64', 'loss: 3.5', 'width: 128', 'loss: 3.3', 'width: 256', 'loss: 3.1'),
    ],
    [
      'with headings in brackets',
      lines(
        '[run-a]',
        'width = 64',
        'loss = 3.5',
        '[run-b]',
        'width = 128',
        'loss = 3.3',
        '[run-c]',
        'width = 256',
        'loss = 3.1  # the best',
      ),
    ],
    [
      'as TOML',
      lines(
        'title = "ladder"',
        '',
        '[[runs]]',
        'width = 64',
        'loss = 3.5',
        '',
        '[[runs]]',
        'width = 128',
        'loss = 3.3',
        '',
        '[[runs]]',
        'width = 256',
        'loss = 3.1',
      ),
    ],
    [
      'with headings in other signs',
      lines(
        '=== run a ===',
        'width: 64',
        'loss: 3.5',
        '',
        '=== run b ===',
        'width: 128',
        'loss: 3.3',
        '=== run c ===',
        'width: 256',
        'loss: 3.1',
      ),
    ],
    [
      'with headings that are names',
      lines(
        'Run 1:',
        'width: 64',
        'loss: 3.5',
        '',
        'Run 2:',
        'width: 128',
        'loss: 3.3',
        '',
        'Run 3:',
        'width: 256',
        'loss: 3.1',
      ),
    ],
    [
      'with bullets and emphasis',
      lines(
        '## First',
        '* **width**: 64',
        '* **loss**: 3.5',
        '',
        '## Second',
        '* **width**: 128',
        '* **loss**: 3.3',
        '',
        '## Third',
        '* **width**: 256',
        '* **loss**: 3.1',
      ),
    ],
    [
      'with a blank line inside of each',
      lines('width: 64', '', 'loss: 3.5', '', 'width: 128', '', 'loss: 3.3', '', 'width: 256', '', 'loss: 3.1'),
    ],
    [
      'below what counts for all',
      lines(
        'layers: 4',
        'steps: 1000',
        '',
        'width: 64',
        'loss: 3.5',
        '',
        'width: 128',
        'loss: 3.3',
        '',
        'width: 256',
        'loss: 3.1',
      ),
    ],
    [
      'with a remark in the middle',
      lines(
        'width: 64',
        '# after a restart',
        'loss: 3.5',
        '',
        'width: 128',
        'loss: 3.3',
        '',
        'width: 256',
        'loss: 3.1',
      ),
    ],
    [
      'with decimal commas, units and quotes',
      lines(
        'Breite: 64 dims',
        'Verlust: "3,5"',
        '',
        'Breite: 128 dims',
        'Verlust: 3,3',
        '',
        'Breite: 256 dims',
        'Verlust: 3,1;',
      ),
    ],
    [
      'with blanks that line them up',
      lines(
        '  width   : 64',
        '  loss    : 3.5',
        '',
        '  width   : 128',
        '  loss    : 3.3',
        '',
        '  width   : 256',
        '  loss    : 3.1',
      ),
    ],
    [
      'with arrows',
      lines('width -> 64', 'loss -> 3.5', '', 'width -> 128', 'loss -> 3.3', '', 'width -> 256', 'loss -> 3.1'),
    ],
    [
      'a training in each line',
      lines('width=64 lr=0.01 loss=3.5', 'width=128 lr=0.01 loss=3.3', 'width=256 lr=0.01 loss=3.1'),
    ],
    [
      'a training in each line, with commas and a name',
      lines('run-a: width: 64, loss: 3.5', 'run-b: width: 128, loss: 3.3', 'run-c: width: 256, loss: 3.1'),
    ],
    [
      'a training in each line, in another order',
      lines('- width = 64; loss = 3.5', '- loss = 3.3; width = 128', '- width = 256; loss = 3.1'),
    ],
    ['values that are as many numbers each', lines('width = 64 128 256', 'loss = 3.5 3.3 3.1', 'layers = 4')],
  ])('%s', (_, text) => {
    expect(laddersOf(text)).toEqual(three);
  });

  it('have a series each, and one without a loss is predicted', () => {
    const block = (series: string, width: number, loss: string) =>
      lines(`series: ${series}`, `width: ${width}`, `loss: ${loss}`, '');
    const text = [
      ...['SP', 'muP'].flatMap((series, k) =>
        [64, 128, 256].map((width, i) =>
          block(
            series,
            width,
            String(
              [
                [3.5, 3.4, 3.3],
                [3.4, 3.2, 3.1],
              ][k]![i],
            ),
          ),
        ),
      ),
      lines('series: muP', 'width: 512'),
    ].join('');
    expect(laddersOf(text)).toEqual(both);
    expect(settledTable(text).series[1]!.targets).toEqual([512]);
  });

  it('keep errors and losses that went wrong as they are', () => {
    const text = lines(
      'params = 10M',
      'loss = 3.5 ± 0.02',
      '',
      'params = 40M',
      'loss = diverged',
      '',
      'params = 0.16B',
      'loss = 3.1(2)',
    );
    expect(readSheet(text).rows.map(({ cells }) => cells)).toEqual([
      ['10M', '3.5 ± 0.02'],
      ['40M', 'diverged'],
      ['0.16B', '3.1(2)'],
    ]);
  });

  it.each(['~', 'null', 'NULL', ''])('without a value, as "%s", say nothing', (nothing) => {
    const text =
      lines('---', 'width: 64', `act: ${nothing}`, 'loss: 3.5', '---', 'width: 128', 'act: null', 'loss: 3.3') +
      lines('---', 'width: 256', 'act: ~', 'loss: 3.1');
    expect(laddersOf(text)).toEqual(three);
  });

  it('beside a line that is none are refused in a sentence', () => {
    const block = (width: number) => lines(`width: ${width}`, 'loss: 3', '');
    const text = `${Array.from({ length: 200 }, (_, i) => block(64 + i)).join('')}and so on\n`;
    expect(() => readTable(text)).toThrow('Line 601: "and so on" is no name with a value');
  });
});
