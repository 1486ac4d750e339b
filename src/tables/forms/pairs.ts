/**
 * Names with their values, "width: 64" or "width = 64", a line each: a block of them for each training, parted by blank lines, rules or
 * headings, or by a name that comes again; or all of a training in one line.
 */
import { InputError } from '../../model/parse.ts';
import { numberIn, marksOf } from '../cell-numbers.ts';
import { counted, type Sheet } from '../sheet.ts';
import { sheetOfRecords } from './json.ts';

type Pair = readonly [name: string, value: string];

/** Lines by which a text is taken for pairs. */
const LOOKED_AT = 400;
/** Characters of a line beyond which it is none. */
const LONGEST = 2000;

const PAIR = /^(?:[-*•]\s+)?([\p{L}_"'][^:=\t,;|]{0,80}?)(?:\s?(:=|=|->|=>|→)\s?|\s?:(?=\s|$))(.*)$/u;
/** What parts blocks, with what it may call the next one: "---", "[run-1]", "## run 1", "=== run 1 ===". */
const RULE = /^(?:[-=*_~#+]{3,}|\.{3})$/;
const HEADING = /^(?:\[\[?\s*([^[\]]+?)\s*\]\]?|#{1,6}\s+(.+?)|[-=*_~]{2,}\s*(.+?)\s*[-=*_~]{2,})$/;

interface Line {
  number: number;
  indent: number;
  kind: 'pair' | 'blank' | 'rule' | 'heading' | 'other';
  name: string;
  value: string;
  isAssigned: boolean;
  /** Behind a hash: a heading, or a remark in the middle of a block. */
  isRemark: boolean;
}

/** One training, or what is told of all. */
interface Block {
  heading: string | null;
  pairs: Pair[];
}

const lineOf = (raw: string, i: number): Line => {
  const trimmed = raw.trim();
  const text = trimmed.length > LONGEST ? trimmed : trimmed.replace(/\*\*([\p{L}_][^*]*)\*\*/u, '$1');
  const line = {
    number: i + 1,
    indent: raw.length - raw.trimStart().length,
    name: '',
    value: '',
    isAssigned: false,
    isRemark: text.startsWith('#'),
  };
  if (text === '') return { ...line, kind: 'blank' };
  if (text.length > LONGEST) return { ...line, kind: 'other' };
  if (RULE.test(text)) return { ...line, kind: 'rule' };
  const heading = HEADING.exec(text);
  const title = heading?.[1] ?? heading?.[2] ?? heading?.[3];
  if (title !== undefined)
    return { ...line, kind: 'heading', name: title.replace(/:$/, '').replace(/\.(?=\p{L})/gu, ' ') };
  const pair = PAIR.exec(text);
  if (!pair) return { ...line, kind: 'other', name: text };
  return {
    ...line,
    kind: 'pair',
    name: bare(pair[1]!).replace(/[.\s]{2,}$/, ''),
    value: valueOf(pair[3]!),
    isAssigned: pair[2] !== undefined,
  };
};

/** Words alone, above pairs or what underlines them and below nothing, are a heading. */
const linesOf = (text: string, most?: number): Line[] =>
  text
    .split(/\r\n|\n|\r/, most)
    .map(lineOf)
    .map((line, i, all) => {
      const [before, behind] = [all[i - 1]?.kind ?? 'blank', all[i + 1]?.kind ?? 'blank'];
      const isTitle =
        line.kind === 'other' && line.name.length <= LONGEST_TITLE && /^[^,;|\t]*\p{L}[^,;|\t]*$/u.test(line.name);
      return isTitle && /blank|rule/.test(before) && /pair|rule/.test(behind)
        ? { ...line, kind: 'heading' as const }
        : line;
    });
const LONGEST_TITLE = 60;
/** Lines that are no pairs, for each that is one, beyond which a text is something else. */
const MOST_OTHERS = 0.2;

/** Without quotation marks and emphasis around it. */
const bare = (text: string): string =>
  text
    .trim()
    .replace(/^(["'`]|\*\*|__)(.*)\1$/, '$2')
    .trim();

/** Without a comment behind it, the comma before the next pair, and quotation marks; what YAML writes for nothing is nothing. */
const valueOf = (text: string): string => {
  const value = text
    .replace(/(?:^#(?=\s)|\s#(?!\d)).*$/, '')
    .trim()
    .replace(/[,;]$/, '');
  return /^(~|null)$/i.test(value) ? '' : bare(value);
};

/** Whether it is in pairs, and these are no YAML: a name comes again in what would be one mapping, or stands before an equals sign. */
export function isPairs(text: string): boolean {
  const [first, second] = text
    .trimStart()
    .split(/[\r\n]+/, 2)
    .map((line) => lineOf(line, 0));
  const isHeading = first!.kind === 'other' && /pair|rule/.test(second?.kind ?? '');
  if (first!.kind === 'other' && !isHeading) return isPairsInLines(text);
  const lines = linesOf(text, LOOKED_AT);
  const pairs = lines.filter(({ kind }) => kind === 'pair');
  // Of a line among many that is none it is said which one it is.
  const others = lines.filter(({ kind }) => kind === 'other').length;
  if (pairs.length < 2 || others > pairs.length * MOST_OTHERS) return isPairsInLines(text);
  const isRepeated = new Set(pairs.map(({ name }) => name)).size < pairs.length;
  // Rows of names that hold a pair, with their losses behind a comma or blanks.
  if (isRepeated && pairs.every(({ value }) => ROW.test(value))) return isPairsInLines(text);
  const areAssigned = pairs.every(({ isAssigned }) => isAssigned);
  // What is indented below a name without a value, or behind a hyphen, is YAML.
  const isNested =
    pairs.some(({ indent }) => indent !== pairs[0]!.indent) &&
    (pairs.some(({ value }) => value === '') || /^\s*-\s/m.test(text));
  if (!areAssigned && isNested) return false;
  const record = Object.fromEntries(pairs.map(({ name, value }) => [name, value]));
  if (pairs.some(({ value }) => /^[[{]/.test(value))) return areAssigned && listsIn(record) !== null;
  if (pairs.some(({ value }) => SEVERAL.test(value))) return isPairsInLines(text);
  return areAssigned || Object.keys(record).length < pairs.length || listsIn(record) !== null;
}

const ROW = /[;|\t]|,.*\.|\..*,|^\S*[^\s,]\s+["'\d]/;
/** A value that holds a pair itself. */
const SEVERAL = /[\p{L}_]\s?(=|:\s)/u;

/** @throws InputError where names stand without values, or there is no table. */
export function readPairs(text: string): Sheet {
  if (isPairsInLines(text)) return readPairsInLines(text);
  const { blocks, said } = blocksOf(linesOf(text));
  const names = new Set(blocks.map(({ heading }) => heading));
  const areNamed = blocks.length > 1 && names.size === blocks.length && !names.has(null);
  const records = blocks.map(({ heading, pairs }) => ({
    ...(areNamed ? { run: heading! } : {}),
    ...Object.fromEntries(pairs),
  }));
  const [only] = records;
  const lists = records.length === 1 ? listsIn(only!) : null;
  if (lists) return sheetOfRecords({ records: lists, said: ['Each list is read as a column.'] });
  return sheetOfRecords({
    records,
    said: [
      ...said,
      ...(records.length > 1
        ? [`${counted(records.length, 'block')} of names and values are read as a row each.`]
        : []),
    ],
  });
}

function blocksOf(lines: readonly Line[]): { blocks: Block[]; said: string[] } {
  const parts: (Block & { isApart: boolean })[] = [];
  let [isNext, isApart] = [true, true];
  let heading: string | null = null;
  for (const line of lines) {
    if (line.kind === 'other')
      throw new InputError(
        `row ${line.number}`,
        `Line ${line.number}: "${line.name.slice(0, 40)}" is no name with a value, as the other lines are ("width: 64").`,
      );
    const isTitle =
      line.kind === 'heading' ||
      (line.kind === 'pair' && line.value === '' && (isNext || heading === null) && isTitleOnly(line, lines));
    if (line.kind !== 'pair' || isTitle) {
      isNext = true;
      if (line.kind !== 'blank' && !line.isRemark) isApart = true;
      if (isTitle) heading = line.name;
      continue;
    }
    const last = parts.at(-1);
    if (!last || isNext || last.pairs.some(([name]) => name === line.name)) {
      parts.push({ heading, pairs: [], isApart: isApart || (last !== undefined && !isNext) });
      [isNext, isApart] = [false, false];
      heading = null;
    }
    parts.at(-1)!.pairs.push([line.name, line.value]);
  }
  return joinedParts(parts);
}

/** "Run 1:" above the pairs of a run is no pair: that name stands once, and its line before others. */
const isTitleOnly = ({ name, number }: Line, lines: readonly Line[]): boolean =>
  lines[number]?.kind === 'pair' && lines.filter((line) => line.name === name).length === 1;

/** Blank lines may also part what is told of one training, or what is told of all of them from the first. */
function joinedParts(parts: readonly (Block & { isApart: boolean })[]): { blocks: Block[]; said: string[] } {
  const shares = (one: Block, other: Block) => {
    const names = new Set(one.pairs.map(([name]) => name));
    return other.pairs.some(([name]) => names.has(name));
  };
  const [first, second, ...others] = parts;
  if (!first || !second) return { blocks: [...parts], said: [] };
  const rest = [second, ...others];
  if (rest.length > 1 && rest.every((one) => !shares(first, one)) && rest.every((one) => shares(second, one))) {
    const blocks = rest.map(({ heading, pairs }) => ({ heading, pairs: [...first.pairs, ...pairs] }));
    return { blocks, said: ['What stands above the first block counts for all of them.'] };
  }
  const blocks: Block[] = [];
  for (const { heading, pairs, isApart } of parts) {
    const last = blocks.at(-1);
    if (last && !isApart && !shares(last, { heading, pairs })) last.pairs.push(...pairs);
    else blocks.push({ heading, pairs: [...pairs] });
  }
  return { blocks, said: [] };
}

const NONE = new Set<never>();
const LOOSE = marksOf(NONE, NONE, true);
const isNumber = (text: string): boolean => !Number.isNaN(numberIn(text, LOOSE));

/** "losses: 3.5, 3.3, 3.1": values that are as many numbers each become columns; null where they are not. */
function listsIn(record: Record<string, string>): Record<string, string>[] | null {
  const parted = Object.entries(record).map(([name, value]) => ({
    name,
    parts: value.replace(/^\[\s*(.*?)[\s,]*\]$/, '$1').split(/\s*;\s*|,\s+|\s+/),
  }));
  const lists = parted.filter(({ parts }) => parts.length > 2 && parts.every(isNumber));
  const [first] = lists;
  if (lists.length < 2 || lists.some(({ parts }) => parts.length !== first!.parts.length)) return null;
  return first!.parts.map((_, i) => ({
    ...record,
    ...Object.fromEntries(lists.map(({ name, parts }) => [name, parts[i]!])),
  }));
}

/* A training in each line */

/** Before a name, and behind what stands before it. */
const BETWEEN = /\s*[,;|]\s+|\s*[|;]\s*|\t+|\s+(?=[\p{L}_][\w./-]{0,40}\s?(?:=|:\s))/u;
const PART = /^([\p{L}_][^=:,;|]{0,60}?)\s?(?:=|:)\s*(.*)$/u;

/** The pairs of a line, behind the name of a run perhaps; null where it is not made of them. */
function pairsOf(written: string): Pair[] | null {
  if (written.length > LONGEST) return null;
  const line = written.replace(/^\w*\((.*)\),?$/, '$1');
  const titled = /^([^=,;|]{1,60}?):\s+(?=[\p{L}_][\w./ -]{0,40}?\s?[=:])/u.exec(line);
  const rest = titled ? line.slice(titled[0].length) : line;
  const parts = rest.split(BETWEEN).filter((part) => part !== '');
  const pairs = parts.map((part): Pair | null => {
    const found = PART.exec(part);
    return found ? [bare(found[1]!), valueOf(found[2]!)] : null;
  });
  if (pairs.length < 2 || pairs.includes(null)) return null;
  const own = pairs as Pair[];
  return new Set(own.map(([name]) => name)).size < own.length
    ? null
    : [...(titled ? [['run', bare(titled[1]!)] as const] : []), ...own];
}

const rowsIn = (text: string, most?: number): string[] =>
  text
    .split(/\r\n|\n|\r/, most)
    .map((line) => line.trim().replace(/^[-*•]\s+/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'));

function isPairsInLines(text: string): boolean {
  const lines = rowsIn(text, LOOKED_AT);
  if (lines.length < 2) return false;
  const [first] = lines.slice(0, 1).map(pairsOf);
  if (!first) return false;
  const names = new Set(first.map(([name]) => name));
  return lines.every((line) => pairsOf(line)?.some(([name]) => names.has(name)) === true);
}

function readPairsInLines(text: string): Sheet {
  const lines = rowsIn(text);
  const records = lines.map((line, i) => {
    const pairs = pairsOf(line);
    if (!pairs)
      throw new InputError(
        `row ${i + 1}`,
        `Row ${i + 1}: "${line.slice(0, 40)}" is not in pairs of names and values, as the other lines are ("width=64 loss=3.5").`,
      );
    return Object.fromEntries(pairs);
  });
  return sheetOfRecords({
    records,
    said: [`${counted(records.length, 'line')} of names and values are read as a row each.`],
  });
}
