/** Cells that hold a number and the word of what it counts, "128 dims", "12.3 M params" and "width 128", as numbers of that. */
import { marksOf, numberIn, saysDiverged, saysNothing, saysUnfinished } from './cell-numbers.ts';
import { knownMeaning, meaningOf, plain, type Meaning } from './meanings.ts';
import { quoted, type Sheet } from './sheet.ts';

const NONE = new Set<never>();
const LOOSE = marksOf(NONE, NONE, true);

/** The number first, and behind it one word, or two such as "non-embedding params". */
const COUNTED =
  /^(.*\d[.,]?(?:\s?[kmbgt]|\s(?:million|billion|trillion|thousand|mio\.?|mrd\.?|bn))?)[\s-]?(%|\p{L}[\p{L}-]*(?:[ /-]\p{L}+)?)\.?$/iu;
/** The word first: "width 128", "d_model=128", "lr: 0.01". */
const NAMED = /^(\p{L}[\p{L}_-]{0,30}?)(\s?[=: _-]?\s?)(-?\d.*)$/u;
const UNITS: ReadonlySet<Meaning> = new Set<Meaning>(['width', 'parameters', 'compute', 'layers', 'tokens', 'steps']);
/** Words that count something, and stand in no name of a column. */
const WORDS = new Map<string, string>([
  ...['dims', 'dimensions', 'wide', 'd'].map((word) => [word, 'width'] as const),
  ...['deep', 'l'].map((word) => [word, 'layers'] as const),
  ...['param', 'parms', 'weights'].map((word) => [word, 'params'] as const),
  ...['toks', 'tok'].map((word) => [word, 'tokens'] as const),
  ...['its', 'it'].map((word) => [word, 'steps'] as const),
  ...[
    'x',
    '%',
    'nats',
    'nat',
    'nats/token',
    'nats/tok',
    'bits',
    'bpb',
    'bpc',
    's',
    'sec',
    'secs',
    'seconds',
    'min',
    'mins',
    'h',
    'hr',
    'hrs',
    'hours',
  ].map((word) => [word, ''] as const),
]);

/** What is counted, by its word; null for a word that counts nothing. */
function countedBy(word: string): string | null {
  const known = WORDS.get(word.toLowerCase());
  if (known !== undefined) return known;
  const meaning = word.length > 2 ? meaningOf(word) : null;
  return meaning !== null && UNITS.has(meaning) ? word : null;
}

const LETTERS = new Map([
  ['w', 'width'],
  ['d', 'width'],
  ['h', 'width'],
  ['s', 'seed'],
]);

/** What a word before a number names; a letter is a word only where something parts it from the number. */
function namedBy(word: string, between: string): string | null {
  const letter = LETTERS.get(word);
  if (letter !== undefined) return between === '' ? null : letter;
  const meaning = word.length > 1 ? knownMeaning(word) : null;
  return meaning !== null && (UNITS.has(meaning) || meaning === 'rate' || meaning === 'seed') ? word : null;
}

function partsOf(cell: string): { number: string; counts: string } | null {
  if (cell.length > 80 || cell === '') return null;
  const [, before, between, behind] = NAMED.exec(cell) ?? [];
  if (before !== undefined) {
    const named = namedBy(before, between!);
    return named === null || Number.isNaN(numberIn(behind!, LOOSE)) ? null : { number: behind!, counts: named };
  }
  const [, number, word] = COUNTED.exec(cell) ?? [];
  const counts = word === undefined ? null : countedBy(word);
  return counts === null || Number.isNaN(numberIn(number!, LOOSE)) ? null : { number: number!, counts };
}

export function unitsApart(sheet: Sheet): Sheet {
  const found = sheet.header.flatMap((name, index) => {
    const cells = sheet.rows.map((row) => row.cells[index] ?? '');
    const isFilled = (cell: string) => !saysNothing(cell) && !saysDiverged(cell) && !saysUnfinished(cell);
    // Most columns are told by their first cells.
    const first: string[] = [];
    for (let i = 0; i < cells.length && first.length < 4; i++) if (isFilled(cells[i]!)) first.push(cells[i]!);
    if (!first.some((cell) => partsOf(cell) !== null)) return [];
    const filled = cells.filter(isFilled);
    const parts = filled.map(partsOf);
    const counts = new Set(parts.flatMap((one) => (one ? [plain(one.counts)] : [])));
    const isOne = counts.size === 1 && parts.filter((one) => one !== null).length > filled.length / 2;
    if (!isOne) return [];
    const own = parts.find((one) => one !== null)!.counts;
    // Beside a column of the same it is the name of a run.
    const isTold = sheet.header.some((other, i) => i !== index && sheet.isNamed && meaningOf(other) === meaningOf(own));
    return isTold && own !== '' && meaningOf(name) !== meaningOf(own) ? [] : [{ index, name, counts: own }];
  });
  if (found.length === 0) return sheet;
  const places = new Set(found.map(({ index }) => index));
  const rows = sheet.rows.map(({ number, cells }) => ({
    number,
    cells: cells.map((cell, i) => (places.has(i) ? (partsOf(cell)?.number ?? cell) : cell)),
  }));
  const header = sheet.header.map((name, index) => {
    const unit = found.find((one) => one.index === index);
    if (!unit || unit.counts === '' || meaningOf(name) === meaningOf(unit.counts)) return name;
    return sheet.isNamed ? `${name} (${unit.counts})` : name;
  });
  return {
    ...sheet,
    header,
    rows,
    said: [
      ...sheet.said,
      `In ${quoted(found.map(({ name }) => name))} a word beside each number tells what it counts.`,
    ],
  };
}
