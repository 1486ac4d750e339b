/** Tables in the source of a web page, however tidy it is: rows and cells by their tags, and what a cell says without them. */
import { InputError } from '../../model/parse.ts';
import type { Sheet } from '../sheet.ts';
import { plainTex } from './latex.ts';
import { isMarkdown } from './markdown.ts';
import { sheetOfSpans, spanOf, type SpanCell, type SpanTable } from './spans.ts';

const TABLE = /<table[\s>]/i;
const ROW = /<t[rdh][\s>]/i;
const BEGIN = /^\s*(?:<[!?a-z][^>]*>\s*)*<(?:table|thead|tbody|tr|html|body|div)[\s>]/i;

/** Whether it begins as the source of a page does, or has the rows of a table somewhere. */
export const isHtml = (text: string): boolean => ROW.test(text) && (TABLE.test(text) || BEGIN.test(text));

/** @throws InputError where no table holds numbers, or several have other columns. */
export function readHtml(text: string): Sheet {
  const { tables, around } = tablesIn(text);
  return sheetOfSpans(tables, around);
}

/** What a piece of a page says, in one line. */
export function textOfHtml(source: string): string {
  if (!/[<&]/.test(source)) return squeezed(source);
  const words = new Words();
  for (const token of tokensOf(source)) {
    if (typeof token === 'string') words.add(token);
    else words.tag(token);
  }
  return words.whole();
}

interface Tag {
  name: string;
  isEnd: boolean;
  /** Whether nothing stands inside of it. */
  isVoid: boolean;
  attributes: string;
}

const VOID = new Set('area base br col embed hr img input link meta source track wbr'.split(' '));
/** What a browser shows nothing of, up to its end. */
const UNSEEN = new Set('script style template noscript svg select annotation annotation-xml title head'.split(' '));

/** Texts and tags in their order. */
function* tokensOf(source: string): Generator<string | Tag> {
  const tag = /<!--[\s\S]*?(?:-->|$)|<(\/?)([a-z][\w:-]*)((?:[^<>"']|"[^"]*"|'[^']*')*)>|<[!?][^<>]*>/gi;
  let from = 0;
  for (const found of source.matchAll(tag)) {
    if (found.index > from) yield source.slice(from, found.index);
    from = found.index + found[0].length;
    const [, slash, written, attributes = ''] = found;
    if (written === undefined) continue;
    const name = written.toLowerCase().replace(/^(?:math|m|mml|html):/, '');
    yield { name, isEnd: slash === '/', isVoid: VOID.has(name) || attributes.endsWith('/'), attributes };
  }
  if (from < source.length) yield source.slice(from);
}

export function attributeIn(attributes: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(attributes);
  return found?.[1] ?? found?.[2] ?? found?.[3];
}

const isHidden = ({ name, attributes }: Tag): boolean =>
  UNSEEN.has(name) ||
  /(?:^|\s)hidden(?:[\s=]|$)/i.test(attributes) ||
  /display\s*:\s*none/i.test(attributes) ||
  attributeIn(attributes, 'aria-hidden') === 'true';

/** A table whose rows are still being read. */
interface Open {
  table: SpanTable;
  cell: { words: Words; isHead: boolean; rows: number; columns: number } | null;
  caption: Words | null;
}

function tablesIn(source: string): { tables: SpanTable[]; around: number } {
  const tables: SpanTable[] = [];
  const open: Open[] = [];
  let outside = new Words();
  let beside = '';
  let above = '';
  let around = 0;
  const endCell = (one: Open) => {
    if (!one.cell) return;
    const { words, ...cell } = one.cell;
    one.table.lines.at(-1)!.push({ ...cell, text: words.whole() } satisfies SpanCell);
    one.cell = null;
  };
  const endText = () => {
    const text = outside.whole();
    outside = new Words();
    if (text === '') return;
    [above, around] = [text, around + 1];
  };
  const begin = () => {
    endText();
    for (const one of open) one.table.isLayout = true;
    const table: SpanTable = { title: open.length === 0 ? above.replace(/:$/, '') : '', lines: [] };
    tables.push(table);
    open.push({ table, cell: null, caption: null });
    above = '';
  };
  for (const token of tokensOf(source)) {
    let last = open.at(-1);
    if (typeof token === 'string') {
      if (!last) beside += token;
      (last ? (last.cell?.words ?? last.caption) : outside)?.add(token);
      continue;
    }
    const { name, isEnd, attributes } = token;
    if (name === 'table' && !isEnd) begin();
    else if (name === 'table') {
      if (last) endCell(last);
      open.pop();
    } else if (/^(?:tr|td|th|thead|tbody|tfoot|caption)$/.test(name)) {
      if (!last) {
        if (isEnd) continue;
        // Rows that were copied without their table.
        begin();
        last = open.at(-1)!;
      }
      if (last.caption) last.table.title = last.caption.whole() || last.table.title;
      last.caption = null;
      endCell(last);
      if (isEnd) continue;
      if (name === 'caption') last.caption = new Words();
      else if (name === 'tr') last.table.lines.push([]);
      else if (name === 'td' || name === 'th') {
        if (last.table.lines.length === 0) last.table.lines.push([]);
        last.cell = {
          words: new Words(),
          isHead: name === 'th',
          rows: spanOf(attributeIn(attributes, 'rowspan')),
          columns: spanOf(attributeIn(attributes, 'colspan')),
        };
        if (isHidden(token)) last.cell.words.hide();
      }
    } else if (last) (last.cell?.words ?? last.caption)?.tag(token);
    else {
      if (BLOCK.test(name)) endText();
      outside.tag(token);
    }
  }
  for (const one of open) endCell(one);
  endText();
  if (isMarkdown(beside))
    throw new InputError('file', 'The text holds tables of HTML and of Markdown: take one at a time.');
  return { tables, around };
}

const BLOCK = /^(?:p|div|h[1-6]|ul|ol|li|pre|section|article|header|footer|figure|figcaption|br|hr|body|main|nav)$/;

/** Collects what a cell says. */
class Words {
  #text = '';
  /** Elements that are open, each with where its own text begins and how many it holds. */
  readonly #open: { name: string; from: number; children: number; isHidden: boolean; attributes: string }[] = [];
  #isHidden = false;

  hide(): void {
    this.#isHidden = true;
  }

  get #isSeen(): boolean {
    return !this.#isHidden && this.#open.every((one) => !one.isHidden);
  }

  add(text: string): void {
    if (this.#isSeen) this.#text += withoutEntities(text);
  }

  tag(tag: Tag): void {
    const { name, isEnd, isVoid, attributes } = tag;
    if (isEnd) return this.#end(name);
    const parent = this.#open.at(-1);
    if (parent) {
      parent.children++;
      const sign = parent.children === 2 ? BETWEEN.get(parent.name) : undefined;
      if (sign !== undefined && this.#isSeen) this.#text += sign;
    }
    if (BLOCK.test(name)) this.#text += ' ';
    if (!isVoid) this.#open.push({ name, from: this.#text.length, children: 0, isHidden: isHidden(tag), attributes });
  }

  #end(name: string): void {
    const at = this.#open.findLastIndex((one) => one.name === name);
    if (at < 0) return;
    for (const { name: own, from, attributes } of this.#open.splice(at).reverse()) {
      const inside = this.#text.slice(from).trim();
      const before = this.#text.slice(0, from);
      if (own === 'sup') this.#text = before + raised(inside, before, attributes);
      else if (own === 'sub') this.#text = before + lowered(inside, before);
      else if (/^(?:s|del|strike)$/.test(own)) this.#text = `${before}${STRUCK}${inside}${STRUCK}`;
    }
    if (BLOCK.test(name)) this.#text += ' ';
  }

  whole(): string {
    while (this.#open.length > 0) this.#end(this.#open.at(-1)!.name);
    // Of what was struck out and what was written instead the latter counts.
    const without = squeezed(this.#text.replace(STRUCK_OUT, ' '));
    const text = without === '' ? squeezed(this.#text.replaceAll(STRUCK, '')) : without;
    const [, value, up, down] = /^(.*\d) ?\+ ?([\d.,]+) ?[-−–] ?([\d.,]+)$/.exec(text) ?? [];
    const even = up !== undefined && up === down ? `${value} ± ${up}` : text;
    return /\\\(|\$[^$]+\$/.test(even) ? plainTex(even.replace(/\\[()]/g, '')) : even;
  }
}

const STRUCK = '\u2063';
const STRUCK_OUT = /\u2063[^\u2063]*\u2063/g;
/** Between the two parts of what mathematics writes above, below or over each other. */
const BETWEEN = new Map([
  ['msup', '^'],
  ['msub', '_'],
  ['mfrac', '/'],
]);

const squeezed = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** A power, an error or the mark of a footnote. */
function raised(text: string, before: string, attributes: string): string {
  if (text === '' || /reference|footnote|cite/i.test(attributes) || /^\[.*\]$/.test(text)) return '';
  if (/^±/.test(text)) return ` ${text}`;
  if (/^[-+−][\d.,]+$/.test(text) && /\d\s*$/.test(before) && !/(?:^|[^\d.,])(?:10|2)\s*$/.test(before))
    return ` ${text}`;
  if (/^[-+−]?\d+$/.test(text)) {
    if (/(?:^|[^\d.,])(?:10|2)\s*$/.test(before)) return `^${text}`;
    // Nobody squares a loss, nor a word.
    return /\d[.,]\d+\s*$|\p{L}{3}\s*$/u.test(before) ? '' : `^${text}`;
  }
  // Marks of footnotes.
  return /^(?:[a-z*†‡§¶#✝]|[*†‡§¶#✝\s,]+|[a-z](?:,\s?[a-z])+)$/i.test(text) ? '' : `^${text}`;
}

/** An index or an error. */
function lowered(text: string, before: string): string {
  if (text === '') return '';
  if (/^[±+\-−]/.test(text)) return ` ${text}`;
  if (/\d\s*$/.test(before) && /^\(?\d*[.,]\d+\)?$/.test(text)) return ` (${text.replace(/[()]/g, '')})`;
  return /log\s*$/i.test(before) ? text : /[\p{L}\d]\s*$/u.test(before) ? `_${text}` : text;
}

const ENTITIES = new Map(Object.entries({
  ...{ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ', ensp: ' ', emsp: ' ', thinsp: ' ', numsp: ' ', puncsp: ' ', hairsp: ' ', shy: '', zwnj: '', zwj: '' },
  ...{ plusmn: '±', pm: '±', minus: '−', times: '×', middot: '·', sdot: '⋅', divide: '÷', frasl: '/', infin: '∞', approx: '≈', asymp: '≈', sim: '~', le: '≤', ge: '≥', ne: '≠' },
  ...{ ndash: '–', mdash: '—', hyphen: '-', dash: '-', hellip: '…', bull: '•', dagger: '†', Dagger: '‡', sect: '§', para: '¶', ast: '*', num: '#', percnt: '%', lowbar: '_', comma: ',', period: '.', sol: '/', bsol: '\\', colon: ':', semi: ';', equals: '=', plus: '+', lpar: '(', rpar: ')', lsqb: '[', rsqb: ']', verbar: '|', vert: '|' },
  ...{ mu: 'μ', micro: 'µ', eta: 'η', alpha: 'α', beta: 'β', gamma: 'γ', sigma: 'σ', lambda: 'λ', theta: 'θ', epsilon: 'ε', tau: 'τ', omega: 'ω', Delta: 'Δ', ell: 'ℓ' },
  ...{ sup1: '¹', sup2: '²', sup3: '³', deg: '°', larr: '←', rarr: '→', uarr: '↑', darr: '↓', lsquo: '‘', rsquo: '’', ldquo: '“', rdquo: '”', laquo: '«', raquo: '»', euro: '€' },
  ...{ auml: 'ä', ouml: 'ö', uuml: 'ü', Auml: 'Ä', Ouml: 'Ö', Uuml: 'Ü', szlig: 'ß', eacute: 'é', egrave: 'è', agrave: 'à', ccedil: 'ç', ntilde: 'ñ', oacute: 'ó', iacute: 'í', aacute: 'á' },
})); // prettier-ignore

const LARGEST = 0x10ffff;

const withoutEntities = (text: string): string =>
  text.includes('&')
    ? text.replace(
        /&(?:#(\d{1,7})|#x([\da-f]{1,6})|([a-z]\w{1,9}));?/gi,
        (whole, decimal?: string, hex?: string, name?: string) => {
          if (name !== undefined) return ENTITIES.get(name) ?? whole;
          const code = decimal === undefined ? parseInt(hex!, 16) : Number(decimal);
          return code > 0 && code <= LARGEST ? String.fromCodePoint(code) : whole;
        },
      )
    : text;
