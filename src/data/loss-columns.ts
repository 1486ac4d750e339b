/** Which columns of a loss table hold x, the loss and the series: as asked for, else by name, else by position. */
import { InputError } from '../model/parse.ts';

export interface ColumnRequest {
  x?: string | undefined;
  y?: string | undefined;
  series?: string | undefined;
  tokens?: string | undefined;
}

export interface Column {
  index: number;
  /** The header's name, or the column's number from 1 where there is no header. */
  name: string;
}

export interface Columns {
  x: Column;
  y: Column;
  series: Column | null;
  /** Training tokens (or steps) of each row; null unless asked for. */
  tokens: Column | null;
}

/** Names, in order of preference, with everything but letters and digits taken out. */
const X_NAMES = [
  ...['x', 'width', 'dmodel', 'hiddensize', 'd', 'nonembedding', 'nonembeddingparameters', 'nonembeddingparams'],
  ...['params', 'parameters', 'nparams', 'numparams', 'n', 'total', 'size', 'modelsize', 'flops', 'compute', 'c'],
];
const Y_NAMES = [
  ...['loss', 'y', 'finalevalloss', 'finalloss', 'evalloss', 'evaluationloss', 'valloss', 'validationloss'],
  ...['testloss', 'heldoutloss', 'nll', 'crossentropy', 'trainloss'],
];
const SERIES_NAMES = ['series'];

/** @throws InputError when a column asked for does not exist, or none can be found. */
export function chooseColumns(
  header: string[],
  data: { cells: string[] }[],
  request: ColumnRequest,
  looksNumeric: (cell: string) => boolean,
): Columns {
  const all = header.map((name, index) => ({ index, name: name || String(index + 1) }));
  const asked = (option: 'x' | 'y' | 'series' | 'tokens') =>
    request[option] === undefined ? null : named(all, request[option], option);
  let x = asked('x');
  let y = asked('y');
  const tokens = asked('tokens');
  const series = asked('series') ?? byName(all, SERIES_NAMES, [x, y, tokens]);
  x ??= byName(all, X_NAMES, [y, series, tokens]);
  y ??=
    byName(all, Y_NAMES, [x, series, tokens]) ??
    all.find((one) => isLoss(one) && free(one, [x, series, tokens])) ??
    null;
  // Half will do: a bad cell shall be complained of by its row, not make its column invisible.
  const isNumeric = ({ index }: Column) => {
    const cells = data.map(({ cells }) => cells[index] ?? '').filter((cell) => cell !== '');
    return cells.length > 0 && cells.filter(looksNumeric).length >= cells.length / 2;
  };
  x ??= all.find((one) => isNumeric(one) && free(one, [y, series, tokens])) ?? null;
  y ??= all.find((one) => isNumeric(one) && free(one, [x, series, tokens])) ?? null;
  if (!x || !y) {
    throw new InputError(
      'file',
      `The table needs two columns of numbers, x and loss; it has ${listed(all)}. Name them with --x and --y.`,
    );
  }
  for (const [option, other] of [
    ['y', y],
    ['series', series],
    ['tokens', tokens],
  ] as const) {
    if (other?.index === x.index) throw new InputError(`--${option}`, `--${option}: column "${x.name}" is already x.`);
  }
  if (series?.index === y.index) throw new InputError('--series', `--series: column "${y.name}" is already the loss.`);
  for (const [other, is] of [
    [y, 'the loss'],
    [series, 'the series'],
  ] as const) {
    if (tokens && other?.index === tokens.index) {
      throw new InputError('--tokens', `--tokens: column "${tokens.name}" is already ${is}.`);
    }
  }
  return { x, y, series, tokens };
}

const LENGTH_NAMES = ['tokens', 'trainingtokens', 'ntokens', 'numtokens', 'step', 'steps', 'trainingsteps'];

/** A column that, by its name, says how long each row was trained, where none was asked for. */
export function lengthColumn(header: string[], { x, y, series, tokens }: Columns): Column | null {
  if (tokens) return null;
  const all = header.map((name, index) => ({ index, name: name || String(index + 1) }));
  return byName(all, LENGTH_NAMES, [x, y, series]);
}

function named(all: Column[], wanted: string, option: string): Column {
  const exact = all.filter(({ name }) => name === wanted);
  const found = exact.length ? exact : all.filter(({ name }) => plain(name) === plain(wanted) && plain(wanted) !== '');
  if (found.length === 1) return found[0]!;
  const problem = found.length
    ? `there are ${found.length} columns named "${wanted}"`
    : `there is no column "${wanted}"`;
  throw new InputError(`--${option}`, `--${option}: ${problem}; the table has ${listed(all)}.`);
}

function byName(all: Column[], names: string[], taken: (Column | null)[]): Column | null {
  for (const name of names) {
    const found = all.find((one) => plain(one.name) === name && free(one, taken));
    if (found) return found;
  }
  return null;
}

const plain = (name: string) => name.toLowerCase().replace(/[^a-z0-9]/g, '');
const isLoss = ({ name }: Column) => plain(name).includes('loss');
const free = (column: Column, taken: (Column | null)[]) => taken.every((one) => one?.index !== column.index);
const listed = (all: Column[]) =>
  all.length === 1 ? `one column: ${all[0]!.name}` : `the columns ${all.map(({ name }) => name).join(', ')}`;
