/** Tables of losses, and the fits that this page writes of them. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { laddersIn } from '../../../src/tables/ladders.ts';
import { readTable } from '../../../src/tables/reading.ts';
import { openFitFile } from '../../../src/ui/law/fit-export.ts';
import { door } from './door.ts';
import { scribbled, spoilt } from './inputs.ts';

const cell = fc.oneof(
  fc.double({ min: 0.01, max: 1e6, noNaN: true }).map(String),
  fc.integer({ min: 1, max: 4096 }).map(String),
  fc.constantFrom(
    '',
    'nan',
    '1.3B',
    '1,024',
    '1.024',
    '"a;b"',
    '"',
    'adam',
    'inf',
    '-3',
    '# x',
    '=1+1',
    '1e999',
    '__proto__',
  ),
);
const header = fc.constantFrom(
  'width',
  'loss',
  'tokens',
  'seed',
  'series',
  'x',
  'std',
  'lr',
  '',
  '__proto__',
  'constructor',
  'toString',
);
const tables = fc
  .tuple(
    fc.constantFrom(',', ';', '\t', '|', ' '),
    fc.constantFrom('\n', '\r\n', '\r'),
    fc.array(header, { minLength: 1, maxLength: 6 }),
    fc.array(fc.array(cell, { minLength: 1, maxLength: 6 }), { maxLength: 12 }),
  )
  .map(([delimiter, end, names, rows]) => [names, ...rows].map((row) => row.join(delimiter)).join(end));

/** The same in the source of a page, in a wiki, as YAML, and as names with their values. */
const marked = fc
  .tuple(
    fc.constantFrom('html', 'wiki', 'list', 'lists', 'braces', 'blocks'),
    fc.uniqueArray(header, { minLength: 1, maxLength: 6 }),
    fc.array(fc.array(cell, { minLength: 6, maxLength: 6 }), { maxLength: 12 }),
    fc.constantFrom('', ' rowspan=2', ' colspan="3"', ' rowspan=0', ' colspan=999999 rowspan="9999"'),
    fc.constantFrom(': ', ' = '),
  )
  .map(([form, names, rows, span, sign]) => {
    const own = rows.map((row) => names.map((name, i) => [name, row[i]!] as const));
    if (form === 'html') {
      const line = (cells: readonly string[]) => `<tr>${cells.map((one) => `<td${span}>${one}</td>`).join('')}</tr>`;
      return `<table>${[names, ...rows].map(line).join('')}</table>`;
    }
    if (form === 'wiki')
      return `{|\n! ${names.join(' !! ')}\n${rows.map((row) => `|-\n|${span} | ${row.join(' || ')}\n`).join('')}|}`;
    if (form === 'list') return own.map((one) => `- ${one.map((pair) => pair.join(': ')).join('\n  ')}\n`).join('');
    if (form === 'lists')
      return names.map((name, i) => `${name}: [${rows.map((row) => row[i]).join(', ')}]\n`).join('');
    if (form === 'braces') return own.map((one) => `- {${one.map((pair) => pair.join(': ')).join(', ')}}\n`).join('');
    return own.map((one) => one.map((pair) => pair.join(sign)).join('\n')).join('\n\n');
  });

door(
  'table',
  fc.oneof(tables, scribbled(tables), marked, scribbled(marked), fc.string({ unit: 'binary' })),
  (text) => {
    for (const { points, targets } of laddersIn(readTable(text))) {
      for (const { x, loss } of points)
        expect([x > 0, loss > 0, Number.isFinite(x * loss)]).toEqual([true, true, true]);
      for (const x of targets) expect(x).toBeGreaterThan(0);
    }
  },
  { begins: /^\S/ },
);

const fit = {
  schema: 'mup-playground/fit@1',
  fits: [
    {
      ...{ series: null, x: 'width', y: 'loss', status: 'converged', notes: [] },
      points: [8, 16, 32].map((x) => ({ x, loss: 3 + 1 / x })),
      leastSquares: { a: 1, b: 1, c: 3, sse: 0 },
      predictions: [{ x: 64, loss: 3.1, intervals: { '50': [3, 3.2], '80': [3, 3.2], '95': [3, 3.2] } }],
      backtest: [],
    },
  ],
};
const fits = spoilt([fit]);

door('fit file', fc.oneof(fits, scribbled(fits)), (text) => void openFitFile(text, 'f.json'), {
  begins: /^f\.json (is not JSON|cannot be used: \S)/,
});

test('one line of words is refused as what it is', () => {
  expect(() => readTable('lr std std')).toThrow('The table has no rows of numbers, only a header.');
});
