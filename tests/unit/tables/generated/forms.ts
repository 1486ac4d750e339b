/** A drawn table written as a text of some form. */
import type { Cell, Drawn } from './drawn.ts';
import { headLines, rowsOf, writtenCell, type Hand } from './hand.ts';
import { MARKED } from './marked-forms.ts';
import type { Random } from './random.ts';

export interface Written {
  form: string;
  bytes: Uint8Array;
  text: string;
}

const FORMS = [
  'commas',
  'commas',
  'semicolons',
  'tabs',
  'bars',
  'spaces',
  'markdown',
  'records',
  'columns',
  'lines',
  'by row',
  'split',
  'table',
  'lists',
  ...Object.keys(MARKED),
];

export function writeDrawn(drawn: Drawn, random: Random): Written {
  // Names of a panel hold blanks, which nobody lines up with blanks.
  const form = random.pick(drawn.kind === 'panel' ? FORMS.filter((one) => one !== 'spaces') : FORMS);
  const text = (TEXTS[form] ?? delimited(form))(drawn, random);
  const bytes = encoded(text, random);
  return { form, text, bytes };
}

type Writer = (drawn: Drawn, random: Random) => string;

const DELIMITERS: Record<string, string> = { commas: ',', semicolons: ';', tabs: '\t', bars: '|', spaces: '  ' };

const delimited =
  (form: string): Writer =>
  (drawn, random) => {
    const mark = DELIMITERS[form]!;
    const isSpaced = form === 'spaces';
    const isComma = (form === 'semicolons' || form === 'tabs') && random.chance(0.5);
    const hand: Hand = {
      decimal: isComma ? ',' : '.',
      thousands:
        isSpaced || !random.chance(0.25)
          ? null
          : random.pick(isComma ? ['.', ' ', '\u202f', "'"] : [',', '_', "'", ' ']),
      hasSuffixes: random.chance(0.15),
    };
    const isQuotedAll = !isSpaced && random.chance(0.2);
    const quote = (cell: string) =>
      isQuotedAll ||
      cell.includes(mark) ||
      cell.includes('"') ||
      (isSpaced && /\s|^$/.test(cell)) ||
      cell.startsWith('#')
        ? `"${cell.replaceAll('"', '""')}"`
        : cell;
    // A table of several spaces cannot hold blanks in its cells.
    const bare = (cell: string) => (isSpaced ? cell.replace(/\s+/g, '_') || '-' : quote(cell));
    const end = random.pick(['\n', '\r\n']);
    const names = drawn.columns.map(({ name }) => name);
    const heads = (isSpaced ? [names] : headLines(drawn, random)).map((head) => head.map(bare).join(mark));
    const header = heads.join(end);
    const lines = rowsOf(drawn).map((cells) =>
      cells.map((cell, k) => bare(writtenCell(cell, drawn.columns[k]!, hand))).join(mark),
    );
    const sep = form === 'semicolons' && random.chance(0.1) ? [`sep=${mark}`] : [];
    const above = random.chance(0.1) && !isQuotedAll ? ['# exported by a script'] : [];
    const commented = isSpaced && random.chance(0.3) ? `# ${header}` : header;
    return [...sep, ...above, commented, ...lines].join(end) + (random.chance(0.9) ? end : '');
  };

const TEXTS: Record<string, Writer> = {
  ...MARKED,
  markdown: (drawn, random) => {
    const isOuter = random.chance(0.7);
    const line = (cells: string[]) => (isOuter ? `| ${cells.join(' | ')} |` : cells.join(' | '));
    const escape = (cell: string) => cell.replaceAll('|', '\\|');
    const hand: Hand = { decimal: '.', thousands: random.chance(0.2) ? ',' : null, hasSuffixes: random.chance(0.3) };
    const isBold = random.chance(0.3);
    const rows = rowsOf(drawn).map((cells) =>
      line(cells.map((cell, k) => {
        const text = escape(writtenCell(cell, drawn.columns[k]!, hand));
        return isBold && drawn.columns[k]!.purpose === 'loss' && text !== '' && random.chance(0.2) ? `**${text}**` : text;
      })),
    ); // prettier-ignore
    const dashes = drawn.columns.map(() => random.pick(['---', ':--', '--:', ':-:']));
    const before = random.chance(0.3) ? 'Here is what we measured:\n\n' : '';
    const [head, ...more] = headLines(drawn, random).map((names) => line(names.map(escape)));
    return `${before}${[head, line(dashes), ...more, ...rows].join('\n')}\n`;
  },
  records: (drawn, random) => {
    const list = recordsOf(drawn);
    return JSON.stringify(random.chance(0.3) ? { name: 'runs', runs: list } : list, null, random.pick([0, 2]));
  },
  columns: (drawn) =>
    JSON.stringify(Object.fromEntries(drawn.columns.map(({ name, cells }) => [name, cells.map(jsonCell)]))),
  lines: (drawn) =>
    recordsOf(drawn)
      .map((one) => JSON.stringify(one))
      .join('\n'),
  'by row': (drawn, random) => {
    const list = recordsOf(drawn);
    if (random.chance(0.5)) return JSON.stringify(Object.fromEntries(list.map((one, i) => [String(i), one])));
    return JSON.stringify(
      Object.fromEntries(
        drawn.columns.map(({ name, cells }) => [
          name,
          Object.fromEntries(cells.map((cell, i) => [String(i), jsonCell(cell)])),
        ]),
      ),
    );
  },
  split: (drawn) =>
    JSON.stringify({
      columns: drawn.columns.map(({ name }) => name),
      index: rowsOf(drawn).map((_, i) => i),
      data: rowsOf(drawn).map((row) => row.map(jsonCell)),
    }),
  table: (drawn) =>
    JSON.stringify({
      schema: { fields: drawn.columns.map(({ name }) => ({ name, type: 'number' })), pandas_version: '1.4.0' },
      data: recordsOf(drawn),
    }),
  lists: (drawn) =>
    JSON.stringify([drawn.columns.map(({ name }) => name), ...rowsOf(drawn).map((row) => row.map(jsonCell))]),
};

const jsonCell = (cell: Cell) => (cell === '' ? null : cell);
const recordsOf = (drawn: Drawn) =>
  rowsOf(drawn).map((row) =>
    Object.fromEntries(drawn.columns.map(({ name }, k) => [name || 'index', jsonCell(row[k]!)])),
  );

function encoded(text: string, random: Random): Uint8Array {
  const kind = random.whole(0, 9);
  if (kind === 0)
    return new Uint8Array([
      0xff,
      0xfe,
      ...new Uint8Array(Uint16Array.from(text, (letter) => letter.charCodeAt(0)).buffer),
    ]);
  const bytes = new TextEncoder().encode(text);
  return kind < 3 ? new Uint8Array([0xef, 0xbb, 0xbf, ...bytes]) : bytes;
}
