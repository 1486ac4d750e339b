/** A table that leaves nothing open, as most tests need it: what is open or at fault is thrown. */
import { laddersIn } from '../../../src/tables/ladders.ts';
import { faultsInWords } from '../../../src/tables/faults.ts';
import { readTable, type Reading } from '../../../src/tables/reading.ts';
import type { ColumnRequest, Role } from '../../../src/tables/roles.ts';

export function settledTable(text: string, request: ColumnRequest = {}) {
  const reading = readTable(text, request);
  const [question] = reading.questions;
  if (question) throw new Error(question.sentence);
  if (reading.faults.length > 0) throw new Error(faultsInWords(reading.faults));
  return { reading, series: laddersIn(reading), columns: columnsBy(reading) };
}

/** Names of the columns by their roles; the first of those that share one. */
export const columnsBy = ({ columns }: Pick<Reading, 'columns'>): Partial<Record<Role, string>> =>
  Object.fromEntries(columns.flatMap(({ role, name }) => (role ? [[role, name]] : [])).reverse());
