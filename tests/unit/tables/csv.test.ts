import fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvText } from '../../../src/tables/csv.ts';
import { looksAt } from '../../../src/tables/columns.ts';
import { readSheet } from '../../../src/tables/read-sheet.ts';
import { settledTable } from './settled-table.ts';

test('a text that a spreadsheet would run begins with an apostrophe; a number stays one', () => {
  const row = ['=1+1', '+cmd', '-x', '@sum', '\tx', '\rx', '＝1', '-0.12', -0.12, 1e-7, 'a=b', null];
  expect(csvText([row])).toBe(`'=1+1,'+cmd,'-x,'@sum,"'\tx","'\rx",'＝1,-0.12,-0.12,1e-7,a=b,\r\n`);
});

test('nor does a text begin a cell in the middle, where a spreadsheet splits at semicolons', () => {
  expect(csvText([[8, 'a;=1+1;b']])).toBe(`8,"a;'=1+1;b"\r\n`);
});

/** Without blanks around it, which no reader of tables keeps. */
const name = fc
  .oneof(fc.string({ maxLength: 8 }), fc.string({ unit: fc.constantFrom(...`=+-@#'",;|\t\r\na1 `), maxLength: 6 }))
  .map((text) => text.trim());

test('what we write we read again, whatever the names are', () => {
  const finite = fc.double({ noNaN: true, noDefaultInfinity: true });
  fc.assert(
    fc.property(name, fc.array(fc.tuple(name, finite), { minLength: 1, maxLength: 4 }), (column, rows) => {
      const head = ['recipe', `loss of ${column}`.trim()];
      const sheet = readSheet(csvText([head, ...rows]));
      const { header } = sheet;
      const [texts, numbers] = looksAt(sheet);
      expect(header).toEqual(head);
      expect(texts!.cells.map((text, i) => [text, numbers!.numbers[i]])).toEqual(
        rows.map(([text, number]) => [text, number === 0 ? 0 : number]),
      );
    }),
    { numRuns: 300 },
  );
});

test('a guarded text is a table’s series by its own name', () => {
  const text = csvText([
    ['series', 'width', 'loss'],
    ['=evil()', 8, 4],
    ['#2', 16, 3.5],
  ]);
  expect(settledTable(text).series.map(({ name }) => name)).toEqual(['=evil()', '#2']);
});
