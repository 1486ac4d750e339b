/**
 * YAML as files of results have it: mappings and lists, by indentation or in brackets, quoted and plain values, several documents.
 * Values stay the text that they are. Anchors, tags and the like are refused.
 */
import { InputError } from '../../model/parse.ts';
import type { Sheet } from '../sheet.ts';
import { sheetOfValue } from './json.ts';

type Yaml = string | null | Yaml[] | { [name: string]: Yaml };

interface Line {
  number: number;
  indent: number;
  /** Without its indentation and its comment. */
  text: string;
}

/** Nobody nests a table deeper. */
const DEEPEST = 32;
/** Lines by which a text is taken for YAML. */
const LOOKED_AT = 200;

const END = /^(---|\.\.\.)(?=\s|$)/;
/** Behind it a text stands in lines of its own. */
const TEXT = /^[|>][-+\d]{0,2}$/;
const ITEM = /^-(?=\s|$)/;
/** A plain name holds no colon before a blank, and begins with no sign of YAML. */
const KEY =
  /^(?:("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')\s{0,20}|([^\s\-?:,[\]{}#&*!|>'"%@`](?:[^:#]|:(?!\s|$)|(?<!\s)#)*?|-(?![\s-])(?:[^:#]|:(?!\s|$))*?)):(?:\s+(.*))?$/;

/** Whether every line is one of YAML; of logs and of prose hardly one line is. */
export function isYaml(text: string): boolean {
  const lines = linesOf(text, LOOKED_AT);
  const [first] = lines;
  if (!first || lines.length < 2 || !(isEntry(first.text) || END.test(first.text))) return false;
  // A list of plain values is no table, and a column of hyphens no list.
  if (!lines.some(({ text: own }) => /[[{]/.test(own) || /:(?:\s|$)/.test(own))) return false;
  let open = 0;
  let entry = first;
  let isText = false;
  return lines.every((line) => {
    // A text below its name may hold anything.
    isText &&= line.indent > entry.indent;
    if (isText) return true;
    if (open > 0) {
      open += bracketsOf(line.text);
      return true;
    }
    if (END.test(line.text) || line.text.startsWith('%')) return true;
    const value = valueIn(line.text);
    if (value === null) return line.indent > entry.indent;
    entry = line;
    isText = TEXT.test(value);
    open = /^[[{]/.test(value) ? bracketsOf(value) : 0;
    return /^["'[{|>&*!]/.test(value) || !/:\s/.test(value);
  });
}

/** Whether it is a list whose records stand in braces, as lines of a log may seem to. */
export const isYamlOfBraces = (text: string): boolean => /^\s*-\s+\{/m.test(text.slice(0, 2000)) && isYaml(text);

/** What is behind the hyphens and the name of a line; null where it has neither. */
function valueIn(text: string): string | null {
  let rest = text;
  while (ITEM.test(rest)) rest = rest.slice(1).trim();
  const key = KEY.exec(rest);
  if (key) return key[3] ?? '';
  return rest === text ? null : rest;
}

const isEntry = (text: string): boolean => valueIn(text) !== null;

/** @throws InputError for what is not read of YAML, and where there is no table. */
export function readYaml(text: string): Sheet {
  const documents: Line[][] = [[]];
  for (const line of linesOf(text)) {
    if (line.indent === 0 && line.text.startsWith('%')) continue;
    const [end] = line.indent === 0 ? (END.exec(line.text) ?? []) : [];
    if (end === undefined) {
      documents.at(-1)!.push(line);
      continue;
    }
    const rest = line.text.slice(end.length).trim();
    documents.push(rest === '' ? [] : [{ ...line, text: rest }]);
  }
  const values = documents.filter(({ length }) => length > 0).map((lines) => new Parser(lines).document());
  const areLists = values.length > 1 && values.every((one) => Array.isArray(one));
  return sheetOfValue(withoutSplitRecords(values.length === 1 ? values[0]! : areLists ? values.flat() : values));
}

/** "- width: 64" and "- loss: 3.5" below each other are items with one name each: a record ends where a name comes again. */
function withoutSplitRecords(value: Yaml): Yaml {
  if (!Array.isArray(value) || value.length < 4) return value;
  const entries = value.map((one) => (isMapping(one) ? Object.entries(one) : []));
  const names = new Set(entries.flatMap((one) => one.map(([name]) => name)));
  if (names.size < 2 || names.size > value.length / 2 || entries.some(({ length }) => length !== 1)) return value;
  const records: { [name: string]: Yaml }[] = [];
  for (const [[name, one]] of entries as [[string, Yaml]][]) {
    const last = records.at(-1);
    if (!last || Object.hasOwn(last, name)) records.push(Object.fromEntries([[name, one]]));
    else records[records.length - 1] = { ...last, ...Object.fromEntries([[name, one]]) };
  }
  return records;
}

const isMapping = (value: Yaml): value is { [name: string]: Yaml } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Lines that hold something, without their comments. */
function linesOf(text: string, most = Infinity): Line[] {
  const lines: Line[] = [];
  const all = text.split(/\r\n|\n|\r/, most === Infinity ? undefined : 4 * most);
  for (let i = 0; i < all.length && lines.length < most; i++) {
    const bare = withoutComment(all[i]!).trimEnd();
    const own = bare.trimStart();
    if (own !== '') lines.push({ number: i + 1, indent: bare.length - own.length, text: own });
  }
  return lines;
}

/** A hash begins a comment at the start of a line or behind a blank, and not inside of quotation marks. */
function withoutComment(line: string): string {
  if (!line.includes('#')) return line;
  let quote = '';
  for (let i = 0; i < line.length; i++) {
    const letter = line[i]!;
    if (quote !== '') {
      if (letter === '\\' && quote === '"') i++;
      else if (letter === quote) quote = '';
    } else if ((letter === '"' || letter === "'") && /^$|[\s[{,:(-]/.test(line[i - 1] ?? '')) quote = letter;
    else if (letter === '#' && /^$|\s/.test(line[i - 1] ?? '') && !isNumbered(line, i)) return line.slice(0, i);
  }
  return line;
}

/** "model: #12" is a comment to a parser, and none to whoever writes it. */
const isNumbered = (line: string, at: number): boolean =>
  /\d/.test(line[at + 1] ?? '') && /[:-]\s*$/.test(line.slice(0, at));

/** By how many a text opens more brackets than it closes, those in quotation marks left out. */
function bracketsOf(text: string): number {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'/g, '');
  return (bare.match(/[[{]/g) ?? []).length - (bare.match(/[\]}]/g) ?? []).length;
}

const refused = (number: number, what: string): InputError =>
  new InputError(
    `row ${number}`,
    `Line ${number}: ${what}; of YAML mappings, lists, and quoted or plain values are read.`,
  );

class Parser {
  readonly #lines: Line[];
  #at = 0;

  constructor(lines: Line[]) {
    this.#lines = lines;
  }

  document(): Yaml {
    const value = this.#block(0, this.#lines[0]!.indent);
    const rest = this.#lines[this.#at];
    if (rest) throw refused(rest.number, `"${shortened(rest.text)}" is indented like nothing above it`);
    return value;
  }

  get #line(): Line | undefined {
    return this.#lines[this.#at];
  }

  #block(depth: number, indent: number): Yaml {
    const line = this.#line!;
    if (depth > DEEPEST) throw refused(line.number, 'it is nested too deep for a table');
    if (line.text.includes('\t') && /^\t/.test(line.text)) throw refused(line.number, 'a tab indents it');
    if (ITEM.test(line.text)) return this.#list(depth, indent);
    if (KEY.test(line.text)) return this.#mapping(depth, indent);
    this.#at++;
    return this.#value(line.text, line, indent - 1);
  }

  #list(depth: number, indent: number): Yaml[] {
    const list: Yaml[] = [];
    for (let line = this.#line; line && line.indent === indent && ITEM.test(line.text); line = this.#line) {
      const rest = line.text.slice(1).trimStart();
      if (rest === '') {
        this.#at++;
        const next = this.#line;
        list.push(next && next.indent > indent ? this.#block(depth + 1, next.indent) : null);
      } else if (ITEM.test(rest) || KEY.test(rest)) {
        // What begins behind the hyphen goes on below its first letter.
        const inner = { ...line, indent: indent + line.text.length - rest.length, text: rest };
        this.#lines[this.#at] = inner;
        list.push(this.#block(depth + 1, inner.indent));
      } else {
        this.#at++;
        list.push(this.#value(rest, line, indent));
      }
      this.#assertNotDeeper(indent);
    }
    return list;
  }

  #mapping(depth: number, indent: number): Yaml {
    const entries = new Map<string, Yaml>();
    for (let line = this.#line; line && line.indent === indent; line = this.#line) {
      const found = KEY.exec(line.text);
      if (!found) break;
      const name = found[1] === undefined ? found[2]!.trim() : unquoted(found[1]);
      if (name === '<<') throw refused(line.number, 'it takes over another mapping ("<<")');
      if (entries.has(name)) throw refused(line.number, `"${shortened(name)}" stands twice in one mapping`);
      this.#at++;
      entries.set(name, this.#entry(found[3] ?? '', line, depth, indent));
      this.#assertNotDeeper(indent);
    }
    return Object.fromEntries(entries);
  }

  #entry(rest: string, line: Line, depth: number, indent: number): Yaml {
    if (rest !== '') return this.#value(rest, line, indent);
    const next = this.#line;
    if (!next) return null;
    // A list may stand right below its name, without being indented.
    const isBelow = next.indent > indent || (next.indent === indent && ITEM.test(next.text));
    return isBelow ? this.#block(depth + 1, next.indent) : null;
  }

  #assertNotDeeper(indent: number): void {
    const next = this.#line;
    if (next && next.indent > indent)
      throw refused(next.number, `"${shortened(next.text)}" is indented like nothing above it`);
  }

  /** A value that begins in a line, and goes on in those that are indented more than its entry. */
  #value(text: string, line: Line, indent: number): Yaml {
    const sign = /^([&*!])/.exec(text)?.[1];
    const tagged = /^!!(float|int|str)\s+/.exec(text);
    if (tagged) return this.#value(text.slice(tagged[0].length), line, indent);
    if (sign !== undefined) {
      const what = { '&': 'an anchor', '*': 'an alias', '!': 'a tag' }[sign]!;
      throw refused(line.number, `it has ${what} ("${shortened(text)}")`);
    }
    if (TEXT.test(text)) return this.#further(indent).join(' ');
    if (/^[[{]/.test(text)) return this.#inBrackets(text, line);
    if (/^["']/.test(text)) return this.#inQuotes(text, line);
    const more = this.#further(indent, (next) => {
      if (isEntry(next.text)) throw refused(next.number, `"${shortened(next.text)}" is indented below a value`);
    });
    return plainValue([text, ...more].join(' '));
  }

  #further(indent: number, check: (next: Line) => void = () => undefined): string[] {
    const found: string[] = [];
    for (let next = this.#line; next && next.indent > indent; next = this.#line) {
      check(next);
      found.push(next.text);
      this.#at++;
    }
    return found;
  }

  #inBrackets(first: string, line: Line): Yaml {
    let text = first;
    for (let open = bracketsOf(first); open > 0; this.#at++) {
      const next = this.#line;
      if (!next) throw refused(line.number, 'a bracket is not closed');
      text += ` ${next.text}`;
      open += bracketsOf(next.text);
    }
    return new Flow(text, line.number).whole();
  }

  #inQuotes(first: string, line: Line): Yaml {
    let text = first;
    for (; !QUOTED.test(text); this.#at++) {
      const next = this.#line;
      if (!next) throw refused(line.number, 'a quotation mark is not closed, or something stands behind it');
      text += ` ${next.text}`;
    }
    return unquoted(text);
  }
}

const QUOTED = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')$/;
const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', '0': '\0' };

/** A text in quotation marks as what it says. */
const unquoted = (text: string): string =>
  text.startsWith("'")
    ? text.slice(1, -1).replaceAll("''", "'")
    : text
        .slice(1, -1)
        .replace(/\\(?:u([\da-fA-F]{4})|x([\da-fA-F]{2})|(.))/g, (_, long?: string, short?: string, letter?: string) =>
          letter === undefined ? String.fromCodePoint(parseInt((long ?? short)!, 16)) : (ESCAPES[letter] ?? letter),
        );

const plainValue = (text: string): string | null => {
  if (/^(~|null|Null|NULL)$/.test(text)) return null;
  return text.replace(/^([+-]?)\.(nan|inf)$/i, '$1$2');
};

const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** Lists and mappings in brackets, in one line. */
class Flow {
  readonly #text: string;
  readonly #number: number;
  #at = 0;

  constructor(text: string, number: number) {
    this.#text = text;
    this.#number = number;
  }

  whole(): Yaml {
    const value = this.#value(0);
    this.#blanks();
    if (this.#at < this.#text.length)
      throw refused(this.#number, `"${shortened(this.#text.slice(this.#at))}" stands behind a closed bracket`);
    return value;
  }

  #blanks(): string {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++;
    return this.#text[this.#at] ?? '';
  }

  #value(depth: number): Yaml {
    if (depth > DEEPEST) throw refused(this.#number, 'it is nested too deep for a table');
    const letter = this.#blanks();
    if (letter === '[')
      return this.#entries(']', depth).map(({ value, name }) =>
        name === null ? value : Object.fromEntries([[name, value]]),
      );
    if (letter === '{') {
      const entries = this.#entries('}', depth).map(({ name, value }): [string, Yaml] => {
        if (name === null) throw this.#parted(String(value));
        return [name, value];
      });
      if (new Set(entries.map(([name]) => name)).size < entries.length)
        throw refused(this.#number, 'a name stands twice in one mapping');
      return Object.fromEntries(entries);
    }
    return this.#scalar();
  }

  #entries(end: string, depth: number): { name: string | null; value: Yaml }[] {
    const found: { name: string | null; value: Yaml }[] = [];
    this.#at++;
    while (this.#blanks() !== end) {
      if (this.#at >= this.#text.length) throw refused(this.#number, 'a bracket is not closed');
      const first = this.#value(depth + 1);
      if (this.#blanks() === ':') {
        this.#at++;
        const isEmpty = [',', end].includes(this.#blanks());
        found.push({ name: String(first), value: isEmpty ? null : this.#value(depth + 1) });
      } else found.push({ name: null, value: first });
      const next = this.#blanks();
      if (next === ',') this.#at++;
      else if (next !== end)
        throw refused(this.#number, `"${shortened(this.#text)}" has brackets that do not close each other`);
    }
    this.#at++;
    return found;
  }

  #parted = (value: string): InputError =>
    refused(
      this.#number,
      `"${shortened(value)}" stands alone in brackets, where a number with a comma needs quotation marks`,
    );

  #scalar(): Yaml {
    const rest = this.#text.slice(this.#at);
    const [quoted] = /^(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')/.exec(rest) ?? [];
    if (quoted !== undefined) {
      this.#at += quoted.length;
      return unquoted(quoted);
    }
    if (/^[&*!]/.test(rest)) throw refused(this.#number, `it has an anchor, an alias or a tag ("${shortened(rest)}")`);
    const [plain = ''] = /^(?:[^,[\]{}:]|:(?![\s,[\]{}]|$))*/.exec(rest) ?? [];
    if (plain === '') throw refused(this.#number, `"${shortened(rest)}" is no value`);
    this.#at += plain.length;
    // What stands behind the comma of 1,024.
    if (/^0\d/.test(plain) && this.#text[this.#at - plain.length - 1] === ',') throw this.#parted(plain);
    return plainValue(plain.trim());
  }
}
