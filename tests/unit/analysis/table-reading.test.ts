import { describe, expect, it } from 'vitest';
import { checksOfTable, tableReading } from '../../../src/analysis/table-reading.ts';
import { laddersIn } from '../../../src/tables/ladders.ts';
import { readTable } from '../../../src/tables/reading.ts';

const source = (text: string, columns = {}) => ({ name: '', text, columns, base: null });
const SWEEP = [
  'width,lr,loss',
  ...[64, 128, 256].flatMap((width) =>
    [1, 2, 4, 8, 16].map((rate) => `${width},${rate / 1000},${2 + 5 / width + 0.05 * Math.log2(rate / 4) ** 2}`),
  ),
].join('\n');

describe('the reading of a table for the page', () => {
  it('is that of the reader, with the first of its rows', () => {
    const whole = readTable([{ name: null, text: SWEEP }]);
    const { table, rows, ladders, problem } = tableReading(source(SWEEP));
    expect(rows).toBe(15);
    expect(table!.sheet.rows).toEqual(whole.sheet.rows.slice(0, 4));
    expect({ ...table, sheet: null }).toEqual({ ...whole, sheet: null, activations: undefined, faults: undefined });
    expect(ladders).toEqual(laddersIn(whole));
    expect(problem).toBeNull();
  });

  it('tells a question, faulty rows and what is no table in one sentence', () => {
    const open = tableReading(source('a,b,c\n1,10,4\n2,20,3.5\n4,40,3.2\n8,80,3.1\n'));
    expect(open.problem!.message).toMatch(/^No name says which column is the size/);
    expect(open.ladders).toEqual([]);
    const faulty = tableReading(source('width,loss\n16,4\nx,3.5\n64,3.2\n128,3\n'));
    expect(faulty.problem).toEqual({
      field: 'row 3',
      message: 'Row 3, column "width": must be a finite number above 0, not "x".',
    });
    expect(faulty.ladders[0]!.points.map(({ x }) => x)).toEqual([16, 64, 128]);
    expect(tableReading(source('words alone'))).toMatchObject({ table: null, problem: { field: 'file' } });
  });

  it('refuses more trainings than a page can hold', () => {
    const rows = Array.from({ length: 10_001 }, (_, i) => `${i + 8},${3 + 1 / (i + 8)}`);
    expect(tableReading(source(`width,loss\n${rows.join('\n')}`)).problem!.message).toMatch(
      /^The table has 10,001 trainings, more than the 10,000 that fit on a page/,
    );
  });

  it('gives checks, of whichever table was read before', () => {
    expect(checksOfTable(source(SWEEP)).transfer).toMatchObject([{ parameter: 'lr', over: 'width' }]);
    tableReading(source('width,loss\n16,4\n32,3.5\n64,3.2\n'));
    expect(checksOfTable(source(SWEEP)).transfer).toMatchObject([{ parameter: 'lr', verdict: 'transfers' }]);
  });
});
