/** Tables of MediaWiki: rows between "|-", cells behind bars and exclamation marks, with attributes, links and templates in them. */
import type { Sheet } from '../sheet.ts';
import { attributeIn, textOfHtml } from './html.ts';
import { sheetOfSpans, spanOf, type SpanCell, type SpanTable } from './spans.ts';

const BEGIN = /^[ \t]{0,20}:*[ \t]{0,20}\{\|/m;
const ROW = /^[ \t]*\|-+[ \t]*(?:$|[a-z]+[ \t]*=)/im;

/** Also rows that were copied without the lines around them. */
export const isMediaWiki = (text: string): boolean =>
  BEGIN.test(text)
    ? /^[ \t]*[|!](?![}])/m.test(text.slice(BEGIN.exec(text)!.index + 2))
    : ROW.test(text) &&
      text.split('\n').every((line) => /^\s*($|[|!])/.test(line)) &&
      !/^[ \t]*\|-+[ \t]*\|/m.test(text);

/** @throws InputError where no table holds numbers, or several have other columns. */
export function readMediaWiki(source: string): Sheet {
  const text = source
    .replace(/<!--[\s\S]*?(?:-->|$)/g, '')
    .replace(/<ref(?:\s[^>]*)?\/>/gi, '')
    .replace(/<ref(?:\s[^>]*)?>[\s\S]*?<\/ref>/gi, '');
  const tables: SpanTable[] = [];
  const open: { table: SpanTable; cell: { attributes: string; text: string; isHead: boolean } | null }[] = [];
  let around = 0;
  let above = '';
  const endCell = () => {
    const last = open.at(-1);
    if (!last?.cell) return;
    const { attributes, text: written, isHead } = last.cell;
    if (last.table.lines.length === 0) last.table.lines.push([]);
    const cell: SpanCell = {
      text: plainCell(written),
      isHead,
      rows: spanOf(attributeIn(attributes, 'rowspan')),
      columns: spanOf(attributeIn(attributes, 'colspan')),
    };
    last.table.lines.at(-1)!.push(cell);
    last.cell = null;
  };
  const begin = () => {
    const table: SpanTable = { title: open.length === 0 ? above : '', lines: [] };
    tables.push(table);
    open.push({ table, cell: null });
    above = '';
  };
  if (!BEGIN.test(text)) begin();
  for (const raw of text.split(/\r\n|\n|\r/)) {
    const line = raw.trim();
    const last = open.at(-1);
    if (/^:*\s*\{\|/.test(line)) {
      endCell();
      begin();
    } else if (!last) {
      if (line === '') continue;
      around++;
      above = plainCell(line.replace(/^[=;:*#]+|[=:]+$/g, ''));
    } else if (line.startsWith('|}')) {
      endCell();
      open.pop();
    } else if (line.startsWith('|-')) {
      endCell();
      last.table.lines.push([]);
    } else if (line.startsWith('|+')) {
      endCell();
      last.table.title = plainCell(withAttributes(line.slice(2)).text);
    } else if (/^[|!]/.test(line)) {
      const isHead = line.startsWith('!');
      for (const part of partsOf(line.slice(1), isHead)) {
        endCell();
        last.cell = { ...withAttributes(part), isHead };
      }
    } else if (last.cell) last.cell.text += `\n${line}`;
  }
  while (open.length > 0) {
    endCell();
    open.pop();
  }
  return sheetOfSpans(tables, around);
}

/** The cells of a line; bars inside of links and templates part none. */
function partsOf(line: string, isHead: boolean): string[] {
  const parts: string[] = [''];
  let depth = 0;
  for (let i = 0; i < line.length; i++) {
    const two = line.slice(i, i + 2);
    if (two === '{{' || two === '[[') depth++;
    else if ((two === '}}' || two === ']]') && depth > 0) depth--;
    else if (depth === 0 && (two === '||' || (isHead && two === '!!'))) {
      parts.push('');
      i++;
      continue;
    } else {
      parts[parts.length - 1] += line[i]!;
      continue;
    }
    parts[parts.length - 1] += two;
    i++;
  }
  return parts;
}

const ATTRIBUTES =
  /^\s*((?:[a-z][\w:-]*\s*(?:=\s*(?:"[^"|]*"|'[^'|]*'|[^\s|"'=]+))?\s+)*[a-z][\w:-]*\s*=\s*(?:"[^"|]*"|'[^'|]*'|[^\s|"'=]+)\s*)\|(?!\|)/i;

function withAttributes(part: string): { attributes: string; text: string } {
  const found = ATTRIBUTES.exec(part.slice(0, 1000));
  return found ? { attributes: found[1]!, text: part.slice(found[0].length) } : { attributes: '', text: part };
}

/** Templates that show their first argument, or their last, or nothing. */
const FIRST =
  /^(?:abbr|tooltip|nowrap|nobr|small|smaller|big|center|left|right|math|mvar|formatnum|nts|number table sorting|val|gaps|bold|strong|code|var|yes|no|good|bad|partial|okay|maybe|dunno|n\/a|na|tbd|unknown)$/i;
const LAST = /^(?:sort|align|color|font color|background color|bg|lang|sortname)$/i;
const NOTHING =
  /^(?:efn|efn-.*|refn|ref|sfn|sfnp|cite .*|cn|citation needed|note|notetag|ref label|hs|hidden sort key|ntsh|sort key|anchor|clear|dagger|double-dagger|†|‡)$/i;

function plainCell(source: string): string {
  let text = source;
  // Templates stand in each other: the innermost first.
  for (let before = ''; before !== text;) {
    before = text;
    text = text.replace(
      /\{\{([^{}]*)\}\}/g,
      (whole, inside: string) => shown(inside) ?? whole.replace('{{', '{\u200b{').replace('}}', '}\u200b}'),
    );
  }
  const plain = text
    .replaceAll('\u200b', '')
    .replace(/\[\[(?:[^[\]|]*\|)?([^[\]|]*)\]\]/g, '$1')
    .replace(/\[(?:https?:)?\/\/\S+\s+([^\]]*)\]/g, '$1')
    .replace(/'{2,5}/g, '')
    .replace(/<\/?nowiki\s*\/?>/gi, '')
    .replace(/<math(?:\s[^>]*)?>([\s\S]*?)<\/math>/gi, ' $$$1$$ ');
  return textOfHtml(plain);
}

/** What a template shows; null for one that is not known, which stays as it is written. */
function shown(inside: string): string | null {
  const [written = '', ...parts] = inside.split('|').map((part) => part.trim());
  const [name = '', ...behind] = written.split(':');
  const own = name.trim().replaceAll('_', ' ');
  const values = [
    ...(behind.length > 0 ? [behind.join(':').trim()] : []),
    ...parts.filter((part) => !/^[a-z]\w*\s*=/i.test(part)).map((part) => part.replace(/^\d\s*=\s*/, '')),
  ];
  const named = (one: string) => new RegExp(`^${one}\\s*=\\s*`, 'i');
  const of = (one: string) => parts.find((part) => named(one).test(part))?.replace(named(one), '');
  if (/^(?:val|gaps)$/i.test(own)) {
    if (/^gaps$/i.test(own)) return values.join('');
    const power = of('e');
    // Of two errors one is above, and the other below.
    const error =
      values[1] === undefined
        ? ''
        : values[2] === undefined || values[2].replace(/^[-−]/, '') === values[1].replace(/^\+/, '')
          ? ` ± ${values[1].replace(/^\+/, '')}`
          : ` +${values[1]} -${values[2]}`;
    const scaled = values[0] === undefined ? `10^${power ?? ''}` : `${values[0]}e${power}`;
    return `${power === undefined ? (values[0] ?? '') : scaled}${error}`;
  }
  if (/^(?:e|10\^|x10\^)$/i.test(own)) return `e${values[0] ?? ''}`;
  if (own === '±' || /^(?:pm|plusminus)$/i.test(own)) return ` ± ${values[0] ?? ''}`;
  if (/^sup$/i.test(own)) return `<sup>${values.at(-1) ?? ''}</sup>`;
  if (/^sub$/i.test(own)) return `<sub>${values.at(-1) ?? ''}</sub>`;
  if (/^(?:spaces|nbsp|thinsp|snd|spaced ndash|br)$/i.test(own)) return ' ';
  if (own === '!') return '|';
  if (/^(?:=|minus|plus)$/.test(own)) return { '=': '=', minus: '−', plus: '+' }[own]!;
  if (/^(?:mu|μ)$/i.test(own)) return 'μ';
  if (NOTHING.test(own)) return '';
  if (LAST.test(own)) return values.at(-1) ?? '';
  return FIRST.test(own) ? (values[0] ?? own) : null;
}
