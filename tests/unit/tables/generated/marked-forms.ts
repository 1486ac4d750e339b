/** Drawn tables in the source of a page, in a wiki, as YAML, and as names with their values. */
import type { Drawn } from './drawn.ts';
import { headLines, rowsOf, writtenCell, type Hand } from './hand.ts';
import type { Random } from './random.ts';

type Writer = (drawn: Drawn, random: Random) => string;

function handOf(random: Random): Hand {
  const isComma = random.chance(0.3);
  return {
    decimal: isComma ? ',' : '.',
    thousands: random.chance(0.2) ? random.pick(isComma ? ['.', ' ', '\u202f'] : [',', ' ']) : null,
    hasSuffixes: random.chance(0.2),
  };
}

const cellsOf = (drawn: Drawn, hand: Hand): string[][] =>
  rowsOf(drawn).map((cells) => cells.map((cell, k) => writtenCell(cell, drawn.columns[k]!, hand)));

interface Spanning {
  text: string;
  columns: number;
  rows: number;
}

/** Lines of the header, the upper one with what spans. */
function headsOf(drawn: Drawn, random: Random): Spanning[][] {
  const [top, bottom] = headLines(drawn, random) as [string[], string[] | undefined];
  const single = (text: string): Spanning => ({ text, columns: 1, rows: 1 });
  if (!bottom) return [top.map(single)];
  const upper = top.slice(1).reduce<Spanning[]>((all, text) => {
    const last = all.at(-1);
    if (last && (text === '' || text === last.text)) last.columns++;
    else all.push(single(text));
    return all;
  }, []);
  const corner = top[0]! || bottom[0]!;
  const isTall = random.chance(0.5);
  return isTall
    ? [[{ text: corner, columns: 1, rows: 2 }, ...upper], bottom.slice(1).map(single)]
    : [[single(top[0]!), ...upper], bottom.map(single)];
}

/** Cells of rows; the first of each as often as it comes below itself, where that is drawn. */
function bodyOf(drawn: Drawn, random: Random): Spanning[][] {
  const cells = cellsOf(drawn, handOf(random));
  const isMerged = random.chance(0.3);
  return cells.map((row, i) =>
    row.flatMap((text, k): Spanning[] => {
      if (!isMerged || k > 0) return [{ text, columns: 1, rows: 1 }];
      if (i > 0 && cells[i - 1]![0] === text) return [];
      const end = cells.findIndex((other, at) => at > i && other[0] !== text);
      return [{ text, columns: 1, rows: (end < 0 ? cells.length : end) - i }];
    }),
  );
}

const html: Writer = (drawn, random) => {
  const [isUntidy, hasSections, hasRowHeads, isBold] = [0.2, 0.6, 0.2, 0.2].map((one) => random.chance(one));
  const head = random.pick(['th', 'th', 'td']);
  const escaped = (text: string) => {
    const safe = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('μ', '&mu;');
    return random.chance(0.1) ? safe.replaceAll(' ', '&nbsp;') : safe;
  };
  const cell = (tag: string, { text, columns, rows }: Spanning) => {
    const spans = `${columns > 1 ? ` colspan="${columns}"` : ''}${rows > 1 ? ` rowspan=${rows}` : ''}`;
    const style = random.chance(0.1) ? ' style="text-align: right" class=num' : '';
    const inside = isBold && text !== '' && random.chance(0.1) ? `<b>${escaped(text)}</b>` : escaped(text);
    return `<${tag}${spans}${style}>${inside}${isUntidy ? '' : `</${tag}>`}`;
  };
  const line = (cells: string[]) => `<tr>${cells.join(random.pick(['', '\n  ']))}${isUntidy ? '\n' : '</tr>\n'}`;
  const heads = headsOf(drawn, random).map((cells) => line(cells.map((one) => cell(head, one))));
  const body = bodyOf(drawn, random).map((cells) =>
    line(cells.map((one, k) => cell(k === 0 && hasRowHeads ? 'th' : 'td', one))),
  );
  const caption = random.chance(0.2) ? '<caption>Final losses of <i>all</i> runs</caption>\n' : '';
  const inner = hasSections
    ? `<thead>${heads.join('')}</thead><tbody>${body.join('')}</tbody>`
    : [...heads, ...body].join('');
  const table = `<table border="1">${caption}${inner}</table>\n`;
  return random.chance(0.3)
    ? `<!DOCTYPE html>\n<html><body><h1>Runs</h1><p>See below.</p>\n${table}<p>The end.</p></body></html>`
    : table;
};

const wiki: Writer = (drawn, random) => {
  const isBelow = random.chance(0.3);
  const safe = (text: string) => text.replaceAll('|', '&#124;').replaceAll('<', '&lt;').replaceAll('{{', '&#123;{');
  const cell = ({ text, columns, rows }: Spanning) => {
    const spans = [
      ...(columns > 1 ? [`colspan="${columns}"`] : []),
      ...(rows > 1 ? [`rowspan=${rows}`] : []),
      ...(random.chance(0.1) ? ['style="text-align:right"'] : []),
    ];
    return ` ${spans.length > 0 ? `${spans.join(' ')} | ` : ''}${random.chance(0.05) && text !== '' ? `'''${safe(text)}'''` : safe(text)}`;
  };
  const line = (sign: string, cells: Spanning[]) =>
    `|-\n${isBelow ? cells.map((one) => `${sign}${cell(one)}`).join('\n') : `${sign}${cells.map(cell).join(sign === '!' ? ' !!' : ' ||')}`}\n`;
  const heads = headsOf(drawn, random).map((cells) => line('!', cells));
  const body = bodyOf(drawn, random).map((cells) => line('|', cells));
  const caption = random.chance(0.3) ? "|+ ''Final'' losses\n" : '';
  return `{| class="wikitable sortable"\n${caption}${[...heads, ...body].join('')}|}\n`;
};

/** A name or a text as YAML has it. */
function scalar(text: string, random: Random): string {
  const isPlain = /^[\p{L}\p{N}_.+/(-][\p{L}\p{N}_.+/()'’ \u202f-]*$/u.test(text) && !/^(-|~|null)$|^- /.test(text);
  if (isPlain && !random.chance(0.1)) return text;
  return text.includes("'") || random.chance(0.7) ? JSON.stringify(text) : `'${text}'`;
}

/** A comma within brackets parts values. */
const inBrackets = (text: string, random: Random) => (text.includes(',') ? JSON.stringify(text) : scalar(text, random));

/** Names of the columns, of which a mapping has each once. */
const namesOf = (drawn: Drawn) => drawn.columns.map(({ name }) => name || 'index');

const value = (text: string, write: (text: string, random: Random) => string, random: Random) =>
  text === '' ? random.pick(['null', '~', '""']) : write(text, random);

const yamlRecords: Writer = (drawn, random) => {
  const names = namesOf(drawn);
  const kind = random.pick(['list', 'list', 'braces', 'documents', 'by name']);
  const isUnder = kind !== 'documents' && kind !== 'by name' && random.chance(0.3);
  const pad = isUnder ? random.pick(['', '  ']) : '';
  const records = cellsOf(drawn, handOf(random)).map((cells, i) => {
    if (kind === 'braces')
      return `${pad}- {${cells.map((cell, k) => `${inBrackets(names[k]!, random)}: ${value(cell, inBrackets, random)}`).join(', ')}}\n`;
    const entries = cells.map((cell, k) => `${scalar(names[k]!, random)}: ${value(cell, scalar, random)}`);
    if (kind === 'documents') return `---\n${entries.join('\n')}\n`;
    if (kind === 'by name') return `run_${i}x:\n${entries.map((entry) => `  ${entry}\n`).join('')}`;
    return `${pad}- ${entries.join(`\n${pad}  `)}\n`;
  });
  const above = random.chance(0.2) ? '# written by a script\n' : '';
  return `${above}${isUnder ? 'name: all of May\nruns:\n' : ''}${records.join(random.pick(['', '', '\n']))}`;
};

const yamlColumns: Writer = (drawn, random) => {
  const names = namesOf(drawn);
  const rows = cellsOf(drawn, handOf(random));
  const isBelow = random.chance(0.5);
  return names
    .map((name, k) => {
      const cells = rows.map((row) => row[k]!);
      return isBelow
        ? `${scalar(name, random)}:\n${cells.map((cell) => `- ${value(cell, scalar, random)}\n`).join('')}`
        : `${scalar(name, random)}: [${cells.map((cell) => value(cell, inBrackets, random)).join(', ')}]\n`;
    })
    .join('');
};

/** Blocks are of trainings; whoever has widths across the top makes none of them. */
const blocks: Writer = (drawn, random) => {
  const names = namesOf(drawn);
  const areNames = names.every((name) => /^\p{L}[\p{L}\p{N}_./ ()'-]*$/u.test(name));
  if (!areNames || /across|panel/.test(drawn.kind)) return html(drawn, random);
  const sign = random.pick([': ', ': ', ' = ', '=']);
  const between = random.pick(['\n', '\n', '---\n', '', '[run NR]\n', '## NR\n']);
  return cellsOf(drawn, handOf(random))
    .map((cells, i) => {
      const pairs = cells.map((cell, k) => `${names[k]!}${sign}${cell}`.trimEnd());
      return `${between.replace('NR', `r${i}`)}${pairs.join('\n')}\n`;
    })
    .join('');
};

export const MARKED: Record<string, Writer> = {
  html,
  wiki,
  'YAML of records': yamlRecords,
  'YAML of columns': yamlColumns,
  blocks,
};
