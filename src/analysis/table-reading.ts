/** A text of measurements, read apart from the page, which may be typed in meanwhile: what is shown of it, and what its checks say. */
import { InputError } from '../model/parse.ts';
import { faultsInWords } from '../tables/faults.ts';
import { laddersIn, type LossSeries } from '../tables/ladders.ts';
import { widthDoublings, type LogarithmBase } from '../tables/meanings.ts';
import { readTable, type Reading } from '../tables/reading.ts';
import type { ColumnRequest } from '../tables/roles.ts';
import { tableChecks, type TableChecks } from './table-checks.ts';

export interface TableSource {
  name: string;
  text: string;
  /** What each column was chosen for; what is left out is found. */
  columns: ColumnRequest;
  /** Of logarithms whose names do not say it; null while nobody has said it. */
  base: LogarithmBase | null;
}

/** Rows as they stand in the file, of which the page shows so many. */
const SHOWN_ROWS = 4;
/** What a page can hold; the command line takes any number. */
const MOST_ROWS = 200_000;
const MOST_TRAININGS = 10_000;

/** A reading as the page shows it: of its rows the first, and of a coordinate check nothing but what follows from it. */
type ShownReading = Omit<Reading, 'activations' | 'faults'>;

export interface TableReading {
  /** Null where not even the columns can be told. */
  table: ShownReading | null;
  /** Rows of the table, of which the first are in its sheet. */
  rows: number;
  /** Empty while the table leaves a question open: nothing is fitted then. */
  ladders: LossSeries[];
  /** What is wrong or open, in one sentence. */
  problem: { field: string; message: string } | null;
}

export function tableReading(source: TableSource): TableReading {
  try {
    const reading = readingOf(source);
    const { faults, sheet, questions } = reading;
    const rows = sheet.rows.length;
    const shown = shownOf(reading);
    const [question] = questions;
    if (question) {
      const { field, sentence: message } = question;
      return { table: shown, rows, ladders: [], problem: { field, message } };
    }
    const [fault] = faults;
    const problem = fault ? { field: `row ${fault.row}`, message: faultsInWords(faults) } : null;
    return { table: shown, rows, ladders: laddersIn(reading), problem };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const { field, message } = error;
    return { table: null, rows: 0, ladders: [], problem: { field, message } };
  }
}

const shownOf = ({ activations: _, faults: __, sheet, ...reading }: Reading): ShownReading => ({
  ...reading,
  sheet: { ...sheet, rows: sheet.rows.slice(0, SHOWN_ROWS) },
});

/** What the table says beside the law of its ladders. @throws InputError where it cannot be read */
export function checksOfTable(source: TableSource): TableChecks {
  const reading = readingOf(source);
  const over = sizeNameOf(reading);
  const { measurements, activations, swept } = reading;
  return tableChecks({ measurements, activations, swept, over, widthDoublings: widthDoublings(over) });
}

/** What the sizes of a table are called. */
export function sizeNameOf({ columns, sheet }: Pick<ShownReading, 'columns' | 'sheet'>): string {
  const found = columns.find(({ role }) => role === 'x');
  return found && sheet.isNamed ? found.name : 'x';
}

/** What was read last: its checks are asked next, and reading takes the longest. */
let latest: { key: string; reading: Reading } | null = null;

function readingOf({ name, text, columns, base }: TableSource): Reading {
  const key = JSON.stringify([name, columns, base, text]);
  if (latest?.key === key) return latest.reading;
  const reading = readTable([{ name: name || null, text }], columns, base);
  for (const [count, most, noun] of [
    [reading.sheet.rows.length, MOST_ROWS, 'rows'],
    [reading.measurements.length, MOST_TRAININGS, 'trainings'],
  ] as const) {
    if (count <= most) continue;
    throw new InputError(
      'file',
      `The table has ${count.toLocaleString('en')} ${noun}, more than the ${most.toLocaleString('en')} that fit on a page; npm run fit takes any number.`,
    );
  }
  latest = { key, reading };
  return reading;
}
