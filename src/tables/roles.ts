/** What each column of a table is for: as asked for, else by its name, else by what stands in it; each guess with its reason. */
import { InputError } from '../model/parse.ts';
import { isBareNumber } from './bare-numbers.ts';
import {
  extremesOf,
  isCalled,
  countsRows,
  looksLikeLosses,
  looksLikeSizes,
  type Column,
  type ColumnLook,
} from './columns.ts';
import { lossNamed, plain, sideOf, type LogarithmBase, type Meaning } from './meanings.ts';
import { quoted } from './sheet.ts';

/** What a column can be. */
export const ROLES = [
  'x',
  'y',
  'series',
  'error',
  'seeds',
  'tokens',
  'seed',
  'sweep',
  'step',
  'module',
  'none',
] as const;
export type Role = (typeof ROLES)[number];
/** Roles that several columns can have together. */
export const SHARED_ROLES = ['series', 'sweep', 'seed', 'none'] as const;

export type ColumnName = string | number;
/** A column by name, or by place from 0 (one beyond the table counts for nothing), or several of them; null where a role that may be missing shall be. */
export type ColumnRequest = { [role in Role]?: ColumnName | readonly ColumnName[] | null | undefined };

/** One answer to a question: what to ask for then. */
export interface Answer {
  label: string;
  role: Role;
  /** Places of the columns; null for none. */
  places: number[] | null;
}

/** What a table leaves open. */
export interface Question {
  field: string;
  sentence: string;
  answers: Answer[];
  /** Where the base of logarithms settles it, and no role of a column does. */
  bases?: readonly LogarithmBase[];
}

export interface Given extends Column {
  role: Role | null;
  /** Why, in words. */
  reason: string;
  isAsked: boolean;
}

export const NOUNS: Record<Role, string> = {
  x: 'x',
  y: 'the loss',
  series: 'the series',
  error: 'the standard error',
  seeds: 'the number of seeds',
  tokens: 'the tokens',
  seed: 'the seed',
  sweep: 'a swept hyperparameter',
  step: 'the step of a curve',
  module: 'the module',
  none: 'left out',
};

export class Roles {
  readonly looks: readonly ColumnLook[];
  readonly request: ColumnRequest;
  readonly #given = new Map<number, Given>();
  readonly questions: Question[] = [];
  /** Places of lengths of training that somebody wants left out of account. */
  readonly unwantedLengths = new Set<number>();

  /** @throws InputError when a column asked for does not exist, or is asked for twice. */
  constructor(looks: readonly ColumnLook[], request: ColumnRequest) {
    this.looks = looks;
    this.request = request;
    for (const role of ROLES) {
      // After an edit a place may lie beyond the table.
      for (const wanted of listOf(request[role]).filter((one) => typeof one === 'string' || one < looks.length)) {
        const look = this.#named(wanted, role);
        const other = this.#given.get(look.index);
        if (other?.role && other.role !== role) {
          throw new InputError(
            `columns.${role}`,
            `Column "${look.name}" is already ${NOUNS[other.role]} and cannot be ${NOUNS[role]} too.`,
          );
        }
        this.give(look, role, 'as chosen', true);
      }
    }
  }

  give({ index, name }: Column, role: Role | null, reason: string, isAsked = false): void {
    this.#given.set(index, { index, name, role, reason, isAsked });
  }

  /** Whether a role was asked for, or asked not to be. */
  isSettled = (role: Role): boolean => this.request[role] !== undefined;
  isFree = ({ index }: Column): boolean => !this.#given.has(index);
  free = (): ColumnLook[] => this.looks.filter(this.isFree);
  of = (role: Role): ColumnLook[] => this.looks.filter(({ index }) => this.#given.get(index)?.role === role);
  one = (role: Role): ColumnLook | null => this.of(role)[0] ?? null;
  roleOf = ({ index }: Column): Role | null => this.#given.get(index)?.role ?? null;

  /** Every column in the order of the table. */
  all(): Given[] {
    return this.looks.map(
      ({ index, name }) =>
        this.#given.get(index) ?? { index, name, role: null, reason: 'no part of it', isAsked: false },
    );
  }

  #named(wanted: ColumnName, role: Role): ColumnLook {
    const found =
      typeof wanted === 'number' ? this.looks.filter(({ index }) => index === wanted) : this.#called(wanted);
    if (found.length === 1) return found[0]!;
    const problem = found.length
      ? `There are ${found.length} columns named "${wanted}"`
      : `There is no column ${typeof wanted === 'number' ? wanted + 1 : `"${wanted}"`}`;
    throw new InputError(`columns.${role}`, `${problem}; the table has ${listed(this.looks)}.`);
  }

  #called(wanted: string): ColumnLook[] {
    const exact = this.looks.filter(({ name }) => name === wanted);
    return exact.length ? exact : this.looks.filter(({ name }) => isCalled(name, wanted));
  }
}

export const listOf = (wanted: ColumnRequest[Role]): readonly ColumnName[] =>
  wanted === undefined || wanted === null ? [] : typeof wanted === 'object' ? wanted : [wanted];

export const listed = (all: readonly Column[]): string =>
  all.length === 1 ? `one column: ${all[0]!.name}` : `the columns ${all.map(({ name }) => name).join(', ')}`;

export const isOf = (look: ColumnLook, ...meanings: Meaning[]): boolean =>
  look.meaning !== null && meanings.includes(look.meaning);

/** What is no part of a law whatever stands in it: told by its name, or by counting the rows. */
export function setAside(roles: Roles): void {
  const REASONS: Partial<Record<Meaning, string>> = {
    index: 'its name is that of a row number',
    time: 'a time, a date or a speed is no size and no loss',
    machine: 'where it ran',
    state: 'the state of a row tells no experiments apart',
    heads: 'a detail of the shape',
    budget: 'a budget is shared by models of many sizes and is no size',
    spread:
      'a spread or an extreme of losses is no loss, and a spread no standard error: choose it to have it taken as one',
    auxiliary: 'an auxiliary loss is not the loss of the language model',
    prediction: 'what somebody predicted was not measured',
    moment: 'when a training was at its best, or was looked at, is not how long it was',
    ratio: 'follows from tokens and parameters',
    metric: 'a score, an error rate or a norm is no loss',
    difference: 'it is the difference of two other columns',
  };
  for (const look of roles.free()) {
    const reason = look.meaning && REASONS[look.meaning];
    if (reason) roles.give(look, null, reason);
    else if (look.filled === 0) roles.give(look, null, 'it is empty');
    else if (
      look.meaning === null &&
      /^\d+$/.test(look.name) &&
      look.index === 0 &&
      countsRows(look) &&
      roles.looks.length > 2
    ) {
      roles.give(look, null, 'it counts the rows');
    }
  }
}

/** Gives the loss its role, and the other losses none; where names and contents leave it open, asks too. */
export function chooseLoss(roles: Roles): void {
  if (roles.of('y').length > 0) {
    for (const look of roles.free()) if (look.meaning === 'loss') roles.give(look, null, 'another loss was chosen');
    return;
  }
  const named = roles.free().filter((look) => look.meaning === 'loss' && look.filled > 0);
  const best = bestOf(named);
  askWhich(roles, 'losses', best);
  const [loss] = best;
  if (loss) {
    const beside = named.filter((one) => one !== loss);
    roles.give(
      loss,
      'y',
      beside.length > 0 ? `its name says so, before ${quoted(beside.map(({ name }) => name))}` : 'its name says so',
    );
    for (const other of beside) roles.give(other, null, `"${loss.name}" is the loss`);
    return;
  }
  const letter = roles
    .free()
    .find(
      (look) =>
        look.isNumeric &&
        ['y', 'value', 'l', 'metric', 'result', 'score'].includes(plain(look.name)) &&
        (plain(look.name) !== 'l' || looksLikeLosses(look)),
    );
  if (letter)
    return roles.give(
      letter,
      'y',
      plain(letter.name) === 'value'
        ? 'its name says a value, and nothing else is one'
        : `"${letter.name}" stands for the loss`,
    );
  const perplexities = bestOf(roles.free().filter((look) => look.meaning === 'perplexity' && look.filled > 0));
  if (perplexities.length > 0) {
    askWhich(roles, 'perplexities', perplexities);
    return roles.give(perplexities[0]!, 'y', 'a perplexity, whose logarithm is the loss');
  }
  const plausible = roles.free().filter((look) => look.meaning === null && looksLikeLosses(look));
  const heldOut = plausible.filter(({ name }) => sideOf(name) === 'held-out');
  if (heldOut.length === 1) return roles.give(heldOut[0]!, 'y', 'its name says held-out data, and its numbers losses');
  if (plausible.length === 1) return roles.give(plausible[0]!, 'y', 'its numbers are those of losses');
  if (roles.looks.length === 2 && roles.free().length > 0) {
    const other =
      plausible.at(-1) ??
      roles
        .free()
        .filter((look) => look.isNumeric && !isSize(look) && !looksLikeSizes(look))
        .at(-1) ??
      roles
        .free()
        .filter((look) => look.isNumeric && !isSize(look))
        .at(-1);
    if (other)
      roles.give(
        other,
        'y',
        plausible.length > 0 ? 'its numbers are those of losses, and it is the second' : 'it stands beside the size',
      );
    return;
  }
  if (plausible.length > 1) {
    roles.give(plausible.at(-1)!, 'y', 'its numbers are those of losses');
    roles.questions.push(whichQuestion('y', 'loss', plausible));
  }
}

/** Those that come first by what their names say. */
function bestOf(looks: readonly ColumnLook[]): ColumnLook[] {
  const ranked = looks.map((look) => ({ look, rank: rankOf(look) }));
  const top = Math.max(...ranked.map(({ rank }) => rank));
  return ranked.filter(({ rank }) => rank === top).map(({ look }) => look);
}

function askWhich(roles: Roles, what: string, best: readonly ColumnLook[]): void {
  if (best.length < 2 || best.every(({ cells }) => isSameCells(cells, best[0]!.cells))) return;
  roles.questions.push({
    field: 'columns.y',
    sentence: `The table has several ${what}, ${quoted(best.map(({ name }) => name))}: which one is meant?`,
    answers: best.map(({ index, name }) => ({ label: name, role: 'y', places: [index] })),
  });
}

/** Where several columns could be one thing by their numbers, and none says so by its name. */
const whichQuestion = (role: 'x' | 'y', what: string, plausible: readonly ColumnLook[]): Question => ({
  field: `columns.${role}`,
  sentence: `No name says which column is the ${what}; it may be ${quoted(
    plausible.map(({ name }) => name),
    'or',
  )}.`,
  answers: plausible.map(({ index, name }) => ({ label: name, role, places: [index] })),
});

const isSameCells = (one: readonly string[], other: readonly string[]) => one.every((cell, i) => cell === other[i]);

/** Bits of a byte or a letter: beside nats of a token another unit of the same. */
const isPerByte = (name: string): boolean => /bpb|bpc|bits_?per|per_?byte/i.test(name);

/** Held-out losses before the one without a word, and that before those of training; of losses of parts the mean of all. */
function rankOf({ name }: ColumnLook): number {
  const { isHeldOut, isTraining, which } = lossNamed(name.replace(/ \(\d+\)$/, '')) ?? {
    isHeldOut: sideOf(name) === 'held-out',
    isTraining: sideOf(name) === 'training',
    which: [],
  };
  const part = which.length === 0 ? 1 : /macro/i.test(name) ? 0.5 : 0;
  const isBest = /best/i.test(name);
  return (isHeldOut ? 4 : isTraining ? 0 : 2) + part - (isPerByte(name) || isBest ? 0.5 : 0);
}

/** Sizes by the order in which they are taken for x. */
const SIZE_MEANINGS: Meaning[] = ['size', 'width', 'parameters', 'compute', 'layers'];

/** Whether a column's name says a size, which is never the loss. */
export const isSize = (look: ColumnLook): boolean => isOf(look, ...SIZE_MEANINGS);

/** @param hasLengths whether trainings differ in length: x are parameters then, as in every law of both */
export function chooseSize(roles: Roles, hasLengths: boolean): void {
  const sized = roles.free().filter((look) => look.filled > 0 && isOf(look, ...SIZE_MEANINGS));
  // A column of sizes that are none is at fault, and no reason to take another for the size.
  const named = sized.some(({ isNumeric }) => isNumeric) ? sized.filter(({ isNumeric }) => isNumeric) : sized;
  const letters = roles
    .free()
    .filter((look) => look.meaning === null && look.isNumeric && isWidthLetter(look, roles.looks));
  const candidates = [...named, ...letters];
  if (roles.of('x').length === 0) {
    const varying = candidates.filter(({ distinct }) => distinct > 1);
    const order = hasLengths ? (['size', 'parameters', 'width', 'compute', 'layers'] as Meaning[]) : SIZE_MEANINGS;
    const rank = (look: ColumnLook) =>
      order.indexOf(look.meaning ?? 'width') +
      (isNonEmbedding(look.name) ? -0.5 : /size/i.test(look.name) ? 0.25 : 0) +
      // Models of one width and several depths are told apart by their parameters.
      (look.meaning === 'width' && varying.some((other) => isFiner(other, look)) ? order.length : 0);
    const [size] = (varying.length > 0 ? varying : candidates).sort((one, other) => rank(one) - rank(other));
    if (size) roles.give(size, 'x', SIZE_REASONS[size.meaning ?? 'width']!);
    else sizeByContents(roles);
  }
  const size = roles.one('x');
  for (const look of candidates.filter(roles.isFree)) {
    if (look.distinct <= 1) roles.give(look, null, 'the same in all rows');
    else if (size) roles.give(look, null, `another measure of the size, beside "${size.name}"`);
  }
}

/** Whether models that are equal in one measure of the size have clearly different parameters. */
function isFiner(parameters: ColumnLook, width: ColumnLook): boolean {
  if (parameters.meaning !== 'parameters') return false;
  const known = new Map<number, number>();
  return parameters.numbers.some((value, i) => {
    const before = known.get(width.numbers[i]!);
    known.set(width.numbers[i]!, value);
    return before !== undefined && Math.abs(value - before) > 0.05 * before;
  });
}

const SIZE_REASONS: Partial<Record<Meaning, string>> = {
  size: 'its name says x',
  width: 'its name says a width',
  parameters: 'its name says parameters',
  compute: 'its name says compute, and nothing says width or parameters',
  layers: 'its name says layers, and nothing else says a size',
};

const isNonEmbedding = (name: string) => /non_?-? ?emb/i.test(name);

/** d beside layers or parameters that grow faster is a width; beside N alone it is the field's letter for tokens. */
function isWidthLetter(look: ColumnLook, all: readonly ColumnLook[]): boolean {
  return plain(look.name) === 'd' && isWidthD(look, all);
}

export function isWidthD(look: ColumnLook, all: readonly ColumnLook[]): boolean {
  const parameters = all.find(({ meaning }) => meaning === 'parameters');
  const layers = all.some((one) => one.meaning === 'layers' || (plain(one.name) === 'l' && one.isInteger));
  const known = look.numbers.filter((value) => value > 0);
  const areWidths = look.isInteger && known.length > 0 && extremesOf(known)[1] <= 65536;
  if (!areWidths) return false;
  if (!parameters) return layers || look.numbers.every((value) => Number.isNaN(value) || value <= 65536);
  return look.numbers.every((value, i) => Number.isNaN(value) || !(value * value > 4 * parameters.numbers[i]!));
}

function sizeByContents(roles: Roles): void {
  const free = roles.free().filter((look) => look.meaning === null && look.isNumeric && !countsRows(look));
  const plausible = free.filter(looksLikeSizes);
  const isSure = plausible.length === 1 && !isBareNumber(plausible[0]!);
  if (isSure) return roles.give(plausible[0]!, 'x', 'its numbers are those of sizes');
  if (plausible.length > 0) {
    roles.give(plausible[0]!, 'x', 'its numbers are those of sizes');
    roles.questions.push(whichQuestion('x', 'size', plausible));
    return;
  }
  // Two columns, one of them the loss: there is nothing else that the other could be.
  if (roles.looks.length === 2 && free.length === 1 && free[0]!.numbers.every((value) => !(value <= 0))) {
    roles.give(free[0]!, 'x', 'it stands beside the loss');
  }
}
