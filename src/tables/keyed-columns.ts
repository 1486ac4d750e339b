/** Columns of losses whose names hold two keys or more: "mup 128", "width=128, lr=0.01", "SP w64 seed 1". */
import type { ColumnLook } from './columns.ts';
import { axisOf } from './axes.ts';
import { meaningOf, sideOf, wordsOf, type Meaning } from './meanings.ts';

export interface Keyed {
  index: number;
  /** By the axis which a word beside each number names. */
  named: Map<string, string>;
  /** Numbers without a word. */
  bare: string[];
  /** What is left of the name: whose it is. */
  rest: string;
  side: 'held-out' | 'training' | null;
}

const NUMBER = '(?:(?:2|10)(?:\\^|\\*\\*)[-−]?\\d+|\\d+(?:[.,]\\d+)?(?:e[+-]?\\d+)?)[kKmMbBgGtT]?';
const PART = new RegExp(
  `(?:(?<![\\p{L}\\d.])(\\p{L}[\\p{L}_]*?)(\\s?[=:]\\s?-?|[\\s_-]?))?(?<![\\d.])(${NUMBER})(?![\\d.])(?:[\\s_-]?(\\p{L}+)(?![\\p{L}]|[\\s_]?[=:_-]?\\s?-?\\d))?`,
  'giu',
);
/** Words that say nothing of whose a column is. */
const FILL =
  /^(loss|losses|nll|ce|final|eval|evaluation|val|valid|validation|test|train|training|mean|avg|at|for|of|the|with|and|on)$/i;
/** Least number that stands close behind a word that is no axis: "mup64", but "gpt2" and "beta1" are one word. */
const LEAST_JOINED = 16;

/** Words joined by underscores, apart but for those that are one axis: "sp_w" and "val loss d_model". */
const apart = (joined: string): string => {
  const words = joined.split('_');
  const from = words.findIndex((_, k) => axisOf(words.slice(k).join('_')) !== null);
  return from < 0 ? words.join(' ') : [...words.slice(0, from), words.slice(from).join('_')].join(' ');
};

/** @returns null for a name without a number of its own, or with two for the same */
export function keysIn(name: string, index: number): Keyed | null {
  const text = name
    .replace(/[()[\]{}'"`]/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/\blog_?2\s*(lr|eta|learning[ _]rate)\b/gi, 'log2lr')
    .replace(/\p{L}+(?:_\p{L}+)+/gu, apart);
  const named = new Map<string, string>();
  const bare: string[] = [];
  let isTwice = false;
  const rest = text.replace(
    PART,
    (whole: string, before: string | undefined, between: string | undefined, number: string, behind?: string) => {
      const axis = before === undefined ? null : axisOf(before);
      const unit = axis === null && behind !== undefined && behind.length > 1 ? axisOf(behind) : null;
      if (before !== undefined && between === '' && axis === null && !(parseFloat(number) >= LEAST_JOINED))
        return whole;
      const known = axis ?? unit;
      if (known === null) bare.push(number);
      else if (named.has(known)) isTwice = true;
      else named.set(known, /[=:]\s?-$/.test(between ?? '') ? `-${number}` : number);
      return ` ${axis === null ? (before ?? '') : ''} ${unit === null ? (behind ?? '') : ''} `;
    },
  );
  const words = rest
    .split(/[^\p{L}\p{N}.#+&*-]+|(?<=\s)-|-(?=\s)/u)
    .map((word) => word.replace(/^[-.]+|[-.]+$/g, ''))
    .filter((word) => word !== '' && !FILL.test(word));
  if (isTwice || named.size + bare.length === 0 || /\d\s?%/.test(name)) return null;
  return { index, named, bare, rest: words.join(' '), side: sideOf(name) };
}

/** What is measured beside a loss, or follows from it, is no loss of another key. */
const OTHERS: ReadonlySet<Meaning> = new Set<Meaning>([
  'spread',
  'error',
  'auxiliary',
  'prediction',
  'time',
  'metric',
  'seeds',
  'moment',
  'state',
  'difference',
]);

/** The columns that have the same keys, more than one, and each its own values of them; null where there are none such. */
export function keyedColumns(looks: readonly ColumnLook[], isValue: (look: ColumnLook) => boolean): Keyed[] | null {
  const groups = new Map<string, Keyed[]>();
  for (const look of looks) {
    const own = meaningOf(look.name);
    const keys = (own === null || !OTHERS.has(own)) && isValue(look) ? keysIn(look.name, look.index) : null;
    if (!keys) continue;
    const signature = [...[...keys.named.keys()].sort(), keys.bare.length].join('|');
    groups.set(signature, [...(groups.get(signature) ?? []), keys]);
  }
  const [largest] = [...groups.values()].sort((one, other) => other.length - one.length);
  if (!largest || largest.length < 2) return null;
  const heldOut = largest.filter(({ side }) => side === 'held-out');
  const group = heldOut.length > 0 ? heldOut : largest;
  const rests = new Set(group.map(({ rest }) => rest));
  const count = group[0]!.named.size + group[0]!.bare.length;
  if (count + Number(rests.size > 1) < 2 && (rests.has('') || wordsOf([...rests][0]!).length > 3)) return null;
  const places = new Set(group.map(({ named, bare, rest }) => [...[...named].sort().flat(), ...bare, rest].join('\0')));
  return places.size === group.length ? group : null;
}
