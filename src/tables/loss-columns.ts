/** Which columns of a loss table hold x, the loss, the series and what is known of the noise: as asked for, else by name, else by what stands in them. */
import { InputError } from '../model/parse.ts';

/** What a column can be. */
export const ROLES = ['x', 'y', 'series', 'error', 'seeds', 'tokens'] as const;
export type Role = (typeof ROLES)[number];

/** A column by name, or by place from 0; null where a role that may be missing shall be. */
export type ColumnRequest = { [role in Role]?: string | number | null | undefined };

export interface Column {
  index: number;
  /** The header's name, or the column's number from 1 where there is no header. */
  name: string;
}

export interface Columns {
  x: Column;
  y: Column;
  series: Column | null;
  /** Standard error of the loss. */
  error: Column | null;
  /** Number of runs whose mean the loss is. */
  seeds: Column | null;
  /** Training tokens (or steps) of each row; null unless asked for. */
  tokens: Column | null;
}

/** Names, in order of preference, with everything but letters and digits taken out. */
const NAMES: Record<Role, string[]> = {
  x: [
    ...['x', 'width', 'dmodel', 'hiddensize', 'nonembedding', 'nonembeddingparameters', 'nonembeddingparams'],
    ...['params', 'parameters', 'nparams', 'numparams', 'n', 'total', 'size', 'modelsize'],
    ...['flops', 'compute', 'c', 'd'],
  ],
  y: [
    ...['loss', 'y', 'finalevalloss', 'finalloss', 'evalloss', 'evaluationloss', 'valloss', 'validationloss'],
    ...['testloss', 'heldoutloss', 'nll', 'crossentropy', 'trainloss'],
  ],
  series: ['series'],
  error: [
    'standarderror',
    'stderror',
    'stderr',
    'sem',
    'losssem',
    'lossstderr',
    'lossstandarderror',
    'finalevalstandarderror',
  ],
  seeds: ['seeds', 'nseeds', 'numseeds', 'nruns', 'replicates'],
  tokens: [],
};

const NOUNS: Record<Role, string> = {
  x: 'x',
  y: 'the loss',
  series: 'the series',
  error: 'the standard error',
  seeds: 'the number of seeds',
  tokens: 'the tokens',
};

/** @throws InputError when a column asked for does not exist, or none can be found. */
export function chooseColumns(
  header: string[],
  data: { cells: string[] }[],
  request: ColumnRequest,
  looksNumeric: (cell: string) => boolean,
): Columns {
  const all = header.map((name, index) => ({ index, name: name || String(index + 1) }));
  const found: Partial<Record<Role, Column>> = {};
  const free = (column: Column) => Object.values(found).every((one) => one.index !== column.index);
  // Half will do: a bad cell shall be complained of by its row, not make its column invisible.
  const isNumeric = ({ index }: Column) => {
    const cells = data.map(({ cells }) => cells[index] ?? '').filter((cell) => cell !== '');
    return cells.length > 0 && cells.filter(looksNumeric).length >= cells.length / 2;
  };
  const take = (role: Role, column: Column | undefined) => {
    if (column) found[role] ??= column;
  };
  for (const role of ROLES) {
    const wanted = request[role];
    if (wanted === undefined || wanted === null) continue;
    const column = named(all, wanted, role);
    const [other] = ROLES.filter((one) => found[one]?.index === column.index);
    if (other) {
      throw new InputError(
        `columns.${role}`,
        `Column "${column.name}" is already ${NOUNS[other]} and cannot be ${NOUNS[role]} too.`,
      );
    }
    found[role] = column;
  }
  for (const role of ['series', 'x', 'error', 'seeds', 'y'] as const) {
    if (request[role] !== null) take(role, byName(all, NAMES[role], free));
  }
  take('y', found.y ?? all.find((one) => isLoss(one) && free(one)));
  take('x', found.x ?? all.find((one) => isNumeric(one) && free(one)));
  take('y', found.y ?? all.find((one) => isNumeric(one) && free(one)));
  if (request.series === undefined && !found.series) {
    const worded = all.filter((one) => free(one) && isOfWords(one, data, looksNumeric));
    // Of two such columns neither is the obvious one.
    if (worded.length === 1) take('series', worded[0]);
  }
  const { x, y, series = null, error = null, seeds = null, tokens = null } = found;
  if (x && y) return { x, y, series, error, seeds, tokens };
  throw new InputError('columns', `The table needs two columns of numbers, x and loss; it has ${listed(all)}.`);
}

/** Whether every row has a word there, and the words come back often enough to name series rather than rows. */
function isOfWords({ index }: Column, data: { cells: string[] }[], looksNumeric: (cell: string) => boolean): boolean {
  const cells = data.map(({ cells }) => cells[index] ?? '');
  if (cells.some((cell) => cell === '' || looksNumeric(cell))) return false;
  return new Set(cells).size <= cells.length / 2;
}

/** D is the field's letter for tokens, beside N for parameters. */
const LENGTH_NAMES = ['tokens', 'trainingtokens', 'ntokens', 'numtokens', 'step', 'steps', 'trainingsteps', 'd'];

/** A column that, by its name, says how long each row was trained, where none was asked for. */
export function lengthColumn(header: string[], columns: Columns): Column | null {
  if (columns.tokens) return null;
  const taken = Object.values(columns).map((column: Column | null) => column?.index);
  const all = header.map((name, index) => ({ index, name: name || String(index + 1) }));
  return byName(all, LENGTH_NAMES, ({ index }) => !taken.includes(index)) ?? null;
}

function named(all: Column[], wanted: string | number, role: Role): Column {
  const found = typeof wanted === 'number' ? all.filter(({ index }) => index === wanted) : calledAs(all, wanted);
  if (found.length === 1) return found[0]!;
  const problem = found.length
    ? `There are ${found.length} columns named "${wanted}"`
    : `There is no column ${typeof wanted === 'number' ? wanted + 1 : `"${wanted}"`}`;
  throw new InputError(`columns.${role}`, `${problem}; the table has ${listed(all)}.`);
}

function calledAs(all: Column[], wanted: string): Column[] {
  const exact = all.filter(({ name }) => name === wanted);
  return exact.length ? exact : all.filter(({ name }) => plain(name) === plain(wanted) && plain(wanted) !== '');
}

function byName(all: Column[], names: string[], free: (column: Column) => boolean): Column | undefined {
  for (const name of names) {
    const found = all.find((one) => plain(one.name) === name && free(one));
    if (found) return found;
  }
  return undefined;
}

const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');
const isLoss = ({ name }: Column) => plain(name).includes('loss');
const listed = (all: Column[]) =>
  all.length === 1 ? `one column: ${all[0]!.name}` : `the columns ${all.map(({ name }) => name).join(', ')}`;
