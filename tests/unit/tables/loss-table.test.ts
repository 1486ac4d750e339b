import { describe, expect, it } from 'vitest';
import { lengthColumn } from '../../../src/tables/loss-columns.ts';
import { columnsIn, parseLossTable, readCells } from '../../../src/tables/loss-table.ts';

const TWO = 'optimizer,width,loss\nadam,16,4\nadam,32,3.5\nsgd,16,4.4\nsgd,32,4\n';

describe('a column of words', () => {
  it('is the series where none is found by name', () => {
    const { columns, series } = parseLossTable(TWO);
    expect(columns.series).toEqual({ index: 0, name: 'optimizer' });
    expect(series.map(({ name, points }) => [name, points.length])).toEqual([
      ['adam', 2],
      ['sgd', 2],
    ]);
  });

  it.each([
    ['none is wanted', TWO, { series: null }],
    ['most rows have their own', 'run,width,loss\na,16,4\nb,32,3.5\nb,64,3.2\n', {}],
    ['a row has none', TWO.replace('sgd,32', ',32'), {}],
    ['a row has a number', TWO.replace('sgd,32', '7B,32'), {}],
    ['there are two of them', 'a,b,width,loss\nu,v,16,4\nu,v,32,3.5\n', {}],
  ])('is not where %s', (_, text, request) => {
    expect(parseLossTable(text, request).columns.series).toBeNull();
  });

  it('gives way to one called series', () => {
    const { columns } = parseLossTable('kind,series,width,loss\nu,1,16,4\nu,2,32,3.5\n');
    expect(columns.series!.name).toBe('series');
  });
});

describe('numbers', () => {
  const xOf = (cell: string, delimiter = ';') => parseLossTable(`x${delimiter}loss\n${cell}${delimiter}3\n`);
  it.each([
    ['"1,000,000"', 1e6],
    ['"12,345,678.5"', 12345678.5],
    ['1.3B', 1.3e9],
    ['0.07G', 7e7],
    ['125M', 125e6],
    ['8k', 8000],
    ['8K', 8000],
    ['2T', 2e12],
    ['1,000,000M', 1e12],
    ['1,3B', 1.3e9],
  ])('%s is read exactly', (cell, value) => {
    expect(xOf(cell).series[0]!.points[0]!.x).toBe(value);
  });

  it('with groups stand in a quoted cell between commas', () => {
    expect(xOf('"1,000,000"', ',').series[0]!.points[0]!.x).toBe(1e6);
    expect(() => xOf('"1,000"', ',')).toThrow('not "1,000"');
  });

  it.each(['24 m', '24m', '24 M', '1e3k', 'k', '.k', '1,00,000', '1000,000,000', '1,000,00'])('%s is none', (cell) => {
    expect(() => xOf(cell)).toThrow('must be a finite number above 0');
  });

  it('with a suffix can stand for losses and tokens, too', () => {
    const { series } = parseLossTable('params,tokens,loss\n1M,1B,0.003k\n', { tokens: 'tokens' });
    expect(series[0]!.points).toEqual([{ x: 1e6, tokens: 1e9, loss: 3 }]);
  });
});

describe('what could be read in two ways is asked about', () => {
  it.each([
    ['sizes with one group of thousands, beside whole ones', '256\t3\n1,024\t2.5\n2,048\t2.4\n', 2, '1,024', '1.024'],
    ['all with one group', 'width;loss\n1,024;3\n2,048;2,5\n', 2, '1,024', '1.024'],
  ])('%s', (_, text, row, cell, small) => {
    const whole = cell.replace(',', '');
    expect(() => parseLossTable(text)).toThrow(new RegExp(`^Row ${row}, .*"${cell}" may mean ${whole} or ${small};`));
  });

  const GERMAN = ['width;loss', '512;3,1', '1.024;2,9', '2.048;2,8', ''].join('\n');
  const asTabs = (...lines: string[]) => lines.map((line) => `${line.replaceAll(' ', '\t')}\n`).join('');

  it.each([
    ['tokens', asTabs('params tokens loss', '9 512 3', '9 1,024 2.9'), { tokens: 'tokens' }, 'tokens', '1,024'],
    ['seeds', asTabs('width loss seeds', '9 3 4', '16 2 1,000'), {}, 'seeds', '1,000'],
    ['x beside one that is not whole', asTabs('width loss', '512.5 3.1', '1,024 2.9'), {}, 'width', '1,024'],
    ['x with a suffix', asTabs('params loss', '512M 3.1', '1,024M 2.9'), {}, 'params', '1,024M'],
    ['losses behind both marks', asTabs('width loss', '16 512.5', '32 1,024'), {}, 'loss', '1,024'],
    ['dots beside decimal commas', GERMAN, {}, 'width', '1.024'],
    ['nothing but dots beside decimal commas', GERMAN.replace('512;3,1\n', ''), {}, 'width', '1.024'],
    ['dots beside quoted decimal commas', 'width,loss\n512,"3,1"\n1.024,"2,9"\n', {}, 'width', '1.024'],
  ])('%s', (_, text, request, column, cell) => {
    const asked = new RegExp(`column "${column}": "${cell}" may mean \\d+ or [\\d.]+; write \\d+ or [\\d.]+\\.$`);
    expect(() => parseLossTable(text, request)).toThrow(asked);
  });

  it('and either answer is taken', () => {
    expect(() => parseLossTable(GERMAN)).toThrow(/^Row 3, .* write 1024 or 1\.0240\.$/);
    const xs = (thousands: string[]) =>
      parseLossTable(thousands.reduce((text, x) => text.replace(/\d\.\d{3};/, `${x};`), GERMAN)).series[0]!.points;
    expect(xs(['1024', '2048']).map(({ x }) => x)).toEqual([512, 1024, 2048]);
    expect(xs(['1.0240', '2.0480']).map(({ x }) => x)).toEqual([512, 1.024, 2.048]);
  });

  it('dots are decimal marks where no comma is', () => {
    const { points } = parseLossTable('1.024;3.097\n2.048;2.991\n').series[0]!;
    expect(points.map(({ x, loss }) => [x, loss])).toEqual([
      [1.024, 3.097],
      [2.048, 2.991],
    ]);
  });

  it('losses of three decimals are read behind either mark, and between commas where others show it', () => {
    const lossesOf = (text: string) => parseLossTable(text).series[0]!.points.map(({ loss }) => loss);
    expect(lossesOf('8;3,918\n16;3,605\n')).toEqual([3.918, 3.605]);
    expect(lossesOf('x,loss\n256,"3,4422"\n512,"3,243"\n')).toEqual([3.4422, 3.243]);
  });

  it('decimal commas of any other kind are read as ever', () => {
    const { series } = parseLossTable('8,53;3,918\n21,56;3,605\n39,125;3,443\n');
    expect(series[0]!.points.map(({ x, loss }) => [x, loss])).toEqual([
      [8.53, 3.918],
      [21.56, 3.605],
      [39.125, 3.443],
    ]);
  });

  it('n and d are parameters and tokens: a law over n alone needs one d', () => {
    const text = 'n,d,loss\n1e6,2e7,4\n2e6,4e7,3.5\n4e6,8e7,3.2\n';
    expect(() => parseLossTable(text)).toThrow(/^Column "d" has 2e7 and 4e7: a law over x alone/);
    expect(parseLossTable(text, { tokens: 'd' }).series[0]!.points[0]).toEqual({ x: 1e6, tokens: 2e7, loss: 4 });
  });
});

describe('a faulty row', () => {
  it('is told, and how many more there are', () => {
    const first = 'Row 2, column "loss": must be a finite number above 0, or empty to have it predicted, not "four".';
    const text = (...losses: string[]) => `width,loss\n${losses.map((loss, i) => `${16 + i},${loss}`).join('\n')}\n`;
    const message = (...losses: string[]) => {
      try {
        parseLossTable(text(...losses));
      } catch (error) {
        return (error as Error).message;
      }
      return '';
    };
    expect(message('four', '3.5', '3', '2.9')).toBe(first);
    expect(message('four', '3.5', '3', 'no')).toBe(`${first} 1 more row is faulty, too.`);
    expect(message('four', '3.5', '3', '2', '-1', '0')).toBe(`${first} 2 more rows are faulty, too.`);
    expect(message('four', ...Array.from({ length: 13 }, () => '0'), ...Array.from({ length: 14 }, () => '3'))).toBe(
      `${first} 13 more rows are faulty, too.`,
    );
  });

  it('leaves the columns to be told', () => {
    const cells = readCells('width,steps,loss\n16,100,4\n32x,200,3.5\n');
    const columns = columnsIn(cells);
    expect([columns.x.name, columns.y.name]).toEqual(['width', 'loss']);
    expect(lengthColumn(cells.header, columns)).toEqual({ index: 1, name: 'steps' });
  });
});

it.each(['\ufeff# of one run; others follow\n', '  # of one run; others follow\n'])(
  'the comment %j has no part in what the delimiter is',
  (comment) => {
    expect(parseLossTable(`${comment}width,loss\n16,4.5\n`).series[0]!.points).toEqual([{ x: 16, loss: 4.5 }]);
  },
);

it('a table says whether its columns have names', () => {
  expect(readCells('width,loss\n16,4\n').isNamed).toBe(true);
  expect(readCells('16,4\n32,3.5\n')).toMatchObject({ isNamed: false, header: ['1', '2'] });
});

it('JSON is called so, however small or loosely written; names in brackets may head columns', () => {
  const written = ['[4.0, 3.9]', '[]', '{width: 16}', '[{"width": 16}]', '\n{ "width": [16,', '[true]', '[-1,\n2'];
  for (const text of written) expect(() => readCells(text), text).toThrow('The file is JSON; it needs to be a table');
  expect(readCells('[width],[loss]\n16,4\n').header).toEqual(['[width]', '[loss]']);
  expect(readCells('{n};{loss}\n16;4\n').header).toEqual(['{n}', '{loss}']);
});
