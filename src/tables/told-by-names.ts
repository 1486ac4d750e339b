/** Columns that the names of runs tell: sizes, rates, seeds. */
import { bareNumbersIn, isBareNumber } from './bare-numbers.ts';
import type { ColumnLook } from './columns.ts';
import type { Meaning } from './meanings.ts';
import { factsIn, withoutFacts, type NameFact } from './name-facts.ts';
import type { Roles } from './roles.ts';
import { padded, type Row, type Sheet } from './sheet.ts';

export interface FactColumns {
  look: ColumnLook;
  facts: NameFact[][];
  letters: { letter: string; meaning: NameFact['meaning'] }[];
  /** What is left of a name. */
  stemOf(name: string): string;
}

/** The numbers that no word names, beside what words tell. */
function withBareNumbers(
  { look, facts, letters }: Omit<FactColumns, 'stemOf'>,
  looks: readonly ColumnLook[],
): FactColumns {
  const more = bareNumbersIn(
    look,
    looks,
    letters.map(({ meaning }) => meaning),
  );
  if (!more) return { look, facts, letters, stemOf: withoutFacts };
  return {
    look,
    facts: facts.map((own, i) => [...own, ...more.facts[i]!]),
    letters: [...letters, ...more.letters],
    stemOf: more.stemOf,
  };
}

/**
 * Names of runs that hold nothing but numbers, of which one may be the size.
 * @param wanted "width": only where one is a width beyond doubt
 */
export function bareFactsOf(
  looks: readonly ColumnLook[],
  roles: Roles,
  wanted: 'width' | 'size' | 'anything',
): FactColumns | null {
  for (const look of looks) {
    const isName = look.meaning === null || NAMES.has(look.meaning);
    if (!isName || !look.isWords || roles.roleOf(look) === 'y') continue;
    const found = bareNumbersIn(look, looks);
    if (!found) continue;
    const meanings = found.letters.map(({ meaning }) => meaning);
    if (wanted === 'anything' || meanings.includes('width') || (wanted === 'size' && meanings.includes('setting')))
      return { look, ...found };
  }
  return null;
}

/** Names of runs that tell sizes, where no column does, or anything at all, where nothing else tells rows apart. */
export function factsOf(
  looks: readonly ColumnLook[],
  roles: Roles,
  wanted: 'sizes' | 'anything' = 'sizes',
): FactColumns | null {
  for (const look of looks) {
    if (look.isNumeric || look.filled === 0 || roles.roleOf(look) === 'y') continue;
    // Along a curve one name stands in many rows.
    const known = new Map([...new Set(look.cells)].map((cell) => [cell, factsIn(cell)]));
    const facts = look.cells.map((cell) => known.get(cell)!);
    const sized = facts.filter((all) =>
      all.some(({ meaning }) => wanted === 'anything' || meaning === 'width' || meaning === 'parameters'),
    ).length;
    if (sized < look.filled / 2) continue;
    return withBareNumbers({ look, facts, letters: lettersOf(known.values()) }, looks);
  }
  return null;
}

/** What the names tell, each once. */
function lettersOf(names: Iterable<readonly NameFact[]>): FactColumns['letters'] {
  const letters = new Map<string, FactColumns['letters'][number]>();
  for (const facts of names) for (const { letter, meaning } of facts) letters.set(letter, { letter, meaning });
  return [...letters.values()];
}

/** Share of the names that must tell a thing for it to be a column. */
const MOST = 0.9;
/** Names that show whether the others are worth the reading. */
const SAMPLE = 50;
const NAMES: ReadonlySet<Meaning> = new Set<Meaning>(['series', 'identity', 'index']);
const SIZES: ReadonlySet<NameFact['meaning'] | Meaning> = new Set([
  'width',
  'parameters',
  'layers',
  'size',
  'compute',
] as const);

/** What names of runs tell and no column does: a sweep or seeds that stand in names alone. */
export function factsBeside(looks: readonly ColumnLook[], roles: Roles): FactColumns | null {
  for (const look of looks) {
    const isName = look.meaning === null || NAMES.has(look.meaning);
    if (look.isNumeric || look.filled === 0 || !isName || roles.roleOf(look) !== null) continue;
    const distinct = [...new Set(look.cells)];
    const first = distinct.slice(0, SAMPLE);
    if (first.filter((cell) => factsIn(cell).length > 0).length < first.length / 2) continue;
    const known = new Map(distinct.map((cell) => [cell, factsIn(cell)]));
    const facts = look.cells.map((cell) => known.get(cell)!);
    const all = lettersOf(known.values());
    const told = all
      .map((one) => ({
        ...one,
        values: facts.map((own) => own.find(({ letter }) => letter === one.letter)?.value ?? NaN),
      }))
      .filter(
        ({ meaning, values }) =>
          values.filter((value) => !Number.isNaN(value)).length >= MOST * look.filled &&
          !isTold(meaning, values, looks),
      );
    const letters = told.map(({ letter, meaning }) => ({ letter, meaning }));
    // What is the same in all names tells nothing by itself.
    if (told.some(({ values }) => values.some((value) => !Object.is(value, values[0]))))
      return withBareNumbers({ look, facts, letters }, looks);
  }
  return null;
}

/** Whether a column says the same, or what is of that kind. */
function isTold(meaning: NameFact['meaning'], values: readonly number[], looks: readonly ColumnLook[]): boolean {
  return looks.some((look) => {
    if (!look.isNumeric) return false;
    const isOfKind = SIZES.has(meaning)
      ? look.meaning !== null && SIZES.has(look.meaning) && look.distinct > 1
      : meaning !== 'setting' && look.meaning === meaning;
    return isOfKind || values.every((value, i) => Number.isNaN(value) || value === look.numbers[i]);
  });
}

const FACT_NAMES: Record<NameFact['meaning'], string> = {
  width: 'width',
  parameters: 'parameters',
  tokens: 'tokens',
  layers: 'layers',
  steps: 'steps',
  rate: 'learning rate',
  seed: 'seed',
  setting: '',
};

export function withFacts(sheet: Sheet, { look, facts, letters, stemOf }: FactColumns): Sheet {
  const taken = letters.filter(({ letter, meaning }, i) => {
    const isNew = !sheet.header.some((name) => name === (FACT_NAMES[meaning] || letter));
    return (
      isNew &&
      letters.findIndex((one) => one.meaning === meaning && (meaning !== 'setting' || one.letter === letter)) === i
    );
  });
  const names = taken.map(({ letter, meaning }) => FACT_NAMES[meaning] || letter);
  // A number without a word is shown in a name, for whoever reads it otherwise.
  const isBare = taken.some(({ letter }) => isBareNumber({ name: letter }));
  const first = facts.findIndex((own) => taken.every(({ letter }) => own.some((one) => one.letter === letter)));
  const shown = taken.map(
    ({ letter }, k) => `${names[k]} ${facts[first]?.find((one) => one.letter === letter)?.value ?? ''}`,
  );
  const example = isBare && first >= 0 ? `, as in "${look.cells[first]}": ${shown.join(', ')}` : '';
  const header = [...sheet.header, ...names, `${look.name}, without numbers`];
  const bare = new Map([...new Set(look.cells)].map((cell) => [cell, stemOf(cell)]));
  const rows = sheet.rows.map((row, i): Row => ({
    number: row.number,
    cells: [
      ...padded(row.cells, sheet.header.length),
      ...taken.map(({ letter }) => {
        const fact = facts[i]!.find((one) => one.letter === letter);
        return fact ? String(fact.value) : '';
      }),
      bare.get(look.cells[i]!)!,
    ],
  }));
  return {
    header,
    isNamed: true,
    rows,
    said: [
      ...sheet.said,
      `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} read from the names in "${look.name}"${example}.`,
    ],
  };
}
