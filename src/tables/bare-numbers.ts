/**
 * Numbers without a word in the names of runs, "mup_128_1e-3". Each place of a number is a column; it is called a width or a learning
 * rate where its numbers can hardly be anything else, and by its place where they can, so that what it is will be asked.
 */
import { marksOf, numberIn } from './cell-numbers.ts';
import { extremesOf, oddPart, type ColumnLook } from './columns.ts';
import type { Meaning } from './meanings.ts';
import { factsCut, matchesOf, tidied, type NameFact } from './name-facts.ts';

const NONE = new Set<never>();
const PLAIN = marksOf(NONE, NONE, true);
const NUMBER =
  /(?<![A-Za-z\d.^+])(?:(?<=[_ ,/])-)?(?:2(?:\^|\*\*)-?\d+|\d+(?:[.p]\d+)?(?:e[+-]?\d+)?)(?![A-Za-z\d.^])/g;

export interface BareNumbers {
  /** By the place of the row. */
  facts: NameFact[][];
  letters: { letter: string; meaning: NameFact['meaning'] }[];
  /** What is left of a name. */
  stemOf(name: string): string;
}

/** Share of the names that must have as many numbers as the others. */
const MOST = 0.9;

const SIZES: ReadonlySet<Meaning> = new Set<Meaning>(['width', 'parameters', 'layers', 'size', 'compute']);

/**
 * @param looks all columns: what one of them says, the names need not
 * @param known what words in the names tell already
 * @returns null where the names hold no numbers, or none that come back or could be sizes
 */
export function bareNumbersIn(
  look: ColumnLook,
  looks: readonly ColumnLook[],
  known: readonly NameFact['meaning'][] = [],
): BareNumbers | null {
  const names = [...new Set(look.cells.filter((cell) => cell !== ''))];
  const found = new Map(names.map((name) => [name, numbersOf(name)]));
  const count = Math.max(0, ...[...found.values()].map((all) => all.length));
  const areAlike = [...found.values()].filter((all) => all.length === count).length >= MOST * names.length;
  if (count === 0 || names.length < 2 || !areAlike) return null;
  const valueAt = (name: string, place: number) => {
    const all = found.get(name);
    return all?.length === count ? all[place]! : NaN;
  };
  const isTold = (place: number) =>
    looks.some(
      (other) =>
        other.isNumeric &&
        look.cells.every((name, i) => {
          const value = valueAt(name, place);
          return Number.isNaN(value) || value === other.numbers[i];
        }),
    );
  const slots = Array.from({ length: count }, (_, place): Slot => {
    const values = names.map((name) => valueAt(name, place)).filter((value) => !Number.isNaN(value));
    return { place, values, distinct: new Set(values).size };
  });
  const differing = slots.filter(({ distinct }) => distinct > 1);
  const told = differing.filter(({ place }) => isTold(place));
  const telling = differing.filter((slot) => !told.includes(slot));
  const has = (...meanings: Meaning[]) =>
    known.some((one) => meanings.includes(one)) ||
    looks.some(
      (other) => other.isNumeric && other.meaning !== null && meanings.includes(other.meaning) && other.distinct > 1,
    );
  const widths = has(...SIZES) ? [] : telling.filter(areWidths);
  const rates = has('rate') ? [] : telling.filter(areRates);
  const letters = telling.flatMap((slot): (BareNumbers['letters'][number] & { place: number })[] => {
    const { place } = slot;
    const letter = `number ${place + 1} of ${look.name}`;
    if (widths.length === 1 && widths[0] === slot) return [{ letter, meaning: 'width', place }];
    if (rates.length === 1 && rates[0] === slot) return [{ letter, meaning: 'rate', place }];
    return comesBack(slot) || couldBeSizes(slot) ? [{ letter, meaning: 'setting', place }] : [];
  });
  if (letters.length === 0) return null;
  const taken = new Set([...letters, ...told].map(({ place }) => place));
  return {
    facts: look.cells.map((name) =>
      letters.flatMap(({ place, letter, meaning }) => {
        const value = valueAt(name, place);
        return Number.isNaN(value) ? [] : [{ letter, meaning, value }];
      }),
    ),
    letters,
    stemOf: (name) => {
      let place = 0;
      const rest = factsCut(name).replace(NUMBER, (number) => (taken.has(place++) ? '' : number));
      return tidied(rest);
    },
  };
}

/** Whether a column was made of numbers that no word names. */
export const isBareNumber = ({ name }: { name: string }): boolean => /^number \d+ of /.test(name);

interface Slot {
  place: number;
  /** One a name. */
  values: number[];
  distinct: number;
}

const numbersOf = (name: string): number[] =>
  matchesOf(NUMBER, factsCut(name)).map(([number]) => numberIn(number.replace('p', '.'), PLAIN));

/** A number that each name has for itself numbers the runs, or is a date. */
const comesBack = ({ values, distinct }: Slot): boolean => distinct < values.length;

/** 48, 64, 96 and 1280: powers of two, or a few of them. Steps of checkpoints (1000, 2000) and counts (124, 355) are none. */
function areWidths({ values }: Slot): boolean {
  const [least, most] = extremesOf(values);
  return (
    least >= 16 &&
    most <= 65536 &&
    most >= 1.5 * least &&
    values.every((value) => value % 8 === 0 && oddPart(value) <= 15)
  );
}

/** Small fractions that come back in several names, as of a sweep. */
const areRates = (slot: Slot): boolean =>
  slot.distinct <= slot.values.length / 2 && slot.values.every((value) => value > 0 && value <= 0.1);

function couldBeSizes({ values }: Slot): boolean {
  const [least, most] = extremesOf(values);
  // Runs that are numbered, and dates.
  const sorted = [...values].sort((p, q) => p - q);
  const isNumbering = sorted.every((value, i) => i === 0 || value === sorted[i - 1]! + 1);
  return least >= 16 && most >= 1.5 * least && !isNumbering && values.every(Number.isInteger);
}
