/**
 * A table of measurements as people have it, read: what each column is and why, what is doubtful, which rows are at fault, and the
 * measurements themselves. Never silently wrong: what cannot be settled is a question, and a question has its answers.
 */
import type { ActivationMeasurement, Measurement } from '../model/measurement.ts';
import { InputError } from '../model/parse.ts';
import { activationsIn, isCoordinateCheck } from './activations.ts';
import { isCalled, looksAt } from './columns.ts';
import { ascendsWithin, curveOf } from './curves.ts';
import { doubtfulNumbers, faultOf, rowsOf, tooLargeLosses, type Fault } from './faults.ts';
import { sheetsJoined } from './join-sheets.ts';
import { withBase, type LogarithmBase } from './meanings.ts';
import { lossesOf, measured, unfinishedRows, type WantedLoss } from './measured.ts';
import {
  chooseLoss,
  chooseSize,
  isOf,
  isSize,
  listed,
  listOf,
  ROLES,
  Roles,
  setAside,
  type ColumnName,
  type ColumnRequest,
  type Given,
  type Question,
} from './roles.ts';
import { baseQuestions } from './scales.ts';
import { settle } from './settle.ts';
import { haveLengths } from './training-length.ts';
import { counted, quoted, type NamedText, type Sheet } from './sheet.ts';
import { bareFactsOf, factsBeside, factsOf, withFacts, type FactColumns } from './told-by-names.ts';

export type TableKind = 'sizes' | 'tokens' | 'sweep' | 'grid' | 'curves' | 'activations';

export interface Reading {
  sheet: Sheet;
  kind: TableKind;
  columns: Given[];
  /** Empty where everything is settled; else the measurements below are of the first answers. */
  questions: Question[];
  /** What was done that a reader may want to know. */
  notes: string[];
  faults: Fault[];
  measurements: Measurement[];
  wanted: WantedLoss[];
  activations: ActivationMeasurement[];
  /** Names of what was swept, as the columns are called. */
  swept: string[];
}

/**
 * @param base of logarithms whose names do not say it
 * @throws InputError where there is no table, not two columns of numbers, or a column asked for does not exist; faulty rows
 *   and open questions are no errors
 */
export function readTable(
  texts: readonly NamedText[] | string,
  request: ColumnRequest = {},
  base: LogarithmBase | null = null,
): Reading {
  const sheet = sheetsJoined(typeof texts === 'string' ? [{ name: null, text: texts }] : texts);
  if (base === null) return readingOf(sheet, request);
  const header = sheet.header.map((name) => withBase(name, base));
  const isIdle = header.every((name, i) => name === sheet.header[i]);
  const said = isIdle ? [...sheet.said, 'No column holds logarithms to a base that it does not say.'] : sheet.said;
  const placeOf = (wanted: ColumnName): ColumnName =>
    typeof wanted === 'string' && sheet.header.includes(wanted) ? sheet.header.indexOf(wanted) : wanted;
  const places = Object.entries(request).map(([role, wanted]) => [
    role,
    wanted === null || wanted === undefined
      ? wanted
      : typeof wanted === 'object'
        ? wanted.map(placeOf)
        : placeOf(wanted),
  ]);
  return readingOf({ ...sheet, header, said }, Object.fromEntries(places) as ColumnRequest);
}

/** @param named places of columns whose names were read as columns already */
export function readingOf(sheet: Sheet, request: ColumnRequest = {}, named: readonly number[] = []): Reading {
  const looks = looksAt(sheet);
  // A column that was chosen may be one of those that names give.
  const isBeyond = ROLES.some((role) =>
    listOf(request[role]).some((one) =>
      typeof one === 'number' ? one >= looks.length : !looks.some(({ name }) => name === one || isCalled(name, one)),
    ),
  );
  const others = looks.filter(({ index }) => !named.includes(index));
  const withNames = (facts: FactColumns) => readingOf(withFacts(sheet, facts), request, [...named, facts.look.index]);
  if (isBeyond) {
    const free = new Roles(looks, {});
    const early =
      factsBeside(others, free) ??
      factsOf(others, free) ??
      factsOf(others, free, 'anything') ??
      bareFactsOf(others, free, 'anything');
    if (early) return withNames(early);
  }
  const roles = new Roles(looks, request);
  if (isCoordinateCheck(roles)) return coordinates(sheet, roles);
  const beside = factsBeside(others, roles);
  if (beside) return withNames(beside);
  for (const index of named) {
    if (roles.isFree(looks[index]!))
      roles.give(looks[index]!, null, 'what its names tell stands in columns of its own');
  }
  const without = sheet.isNamed || roles.of('x').length > 0 ? null : namelessQuestion(roles);
  setAside(roles);
  chooseLoss(roles);
  const isCurveForm = hasCurveForm(roles);
  chooseSize(roles, haveLengths(roles));
  if (!roles.one('x')) {
    const facts = factsOf(others, roles) ?? bareFactsOf(others, roles, isCurveForm ? 'width' : 'size');
    if (facts) return withNames(facts);
  }
  if (without) roles.questions.push(without);
  if (!roles.one('y')) return open(sheet, roles, 'y');
  if (!roles.one('x') && isCurveForm) return curvesAlone(sheet, roles);
  if (!roles.one('x')) return open(sheet, roles, 'x');
  const read = ofLosses(sheet, roles);
  const asksNames = looks.some(
    ({ index, isWords }) => isWords && read.questions.some(({ field }) => field === `columns.${index}`),
  );
  const facts = asksNames ? factsOf(others, roles, 'anything') : null;
  const bare = asksNames && !facts ? bareFactsOf(others, roles, 'anything') : null;
  // What a number in the names is can be asked with an answer that fits; what a name is, hardly.
  if (bare) return withNames(bare);
  const told = facts ? withNames(facts) : read;
  return told.questions.length === 0 ? told : read;
}

/* Questions and refusals */

/**
 * A table without a size or a loss that could be told: its columns, and the question which it is.
 * @throws InputError where there are not two columns of numbers
 */
function open(sheet: Sheet, roles: Roles, role: 'x' | 'y'): Reading {
  const numeric = roles.looks.filter(({ isNumeric }) => isNumeric);
  const none = `The table needs two columns of numbers, x and loss`;
  const blank = roles.looks.find(({ meaning, filled }) => meaning === 'loss' && filled === 0);
  if (role === 'y' && blank)
    throw new InputError('file', `Column "${blank.name}" holds no loss yet: a law needs three that were measured.`);
  const scores = role === 'y' ? roles.looks.filter((look) => isOf(look, 'metric') && look.filled > 0) : [];
  const noLoss =
    scores.length > 0
      ? ` ${quoted(scores.map(({ name }) => name))}: an accuracy, an error rate, a score or a norm is no loss.`
      : '';
  if (numeric.length < 2 && noLoss) throw new InputError('file', `${none}; it has ${listed(roles.looks)}.${noLoss}`);
  if (numeric.length < 2) throw new InputError('columns', `${none}; it has ${listed(roles.looks)}.`);
  const what = role === 'x' ? 'sizes (width, parameters, FLOPs)' : 'losses';
  const other = roles.one(role === 'x' ? 'y' : 'x');
  const question: Question = {
    field: `columns.${role}`,
    sentence: `${none}, and none is one of ${what} by its name or contents; it has ${listed(roles.looks)}.${noLoss}`,
    answers: numeric
      .filter((look) => look !== other && !scores.includes(look) && !(role === 'y' && isSize(look)))
      .map(({ index, name }) => ({ label: name, role, places: [index] })),
  };
  return {
    ...{ sheet, kind: 'sizes', columns: roles.all(), questions: [question, ...roles.questions] },
    ...{ notes: [...sheet.said], faults: [], measurements: [], wanted: [], activations: [], swept: [] },
  };
}

/** Three columns of numbers without names could be anything. */
function namelessQuestion(roles: Roles): Question | null {
  const numeric = roles.looks.filter(({ isNumeric }) => isNumeric);
  if (numeric.length <= 2) return null;
  return {
    field: 'columns.x',
    sentence: `The table has no names above its ${counted(numeric.length, 'column')} of numbers: which one is the size, and which the loss?`,
    answers: numeric
      .slice(0, -1)
      .map(({ index, name }) => ({ label: `column ${name} is the size`, role: 'x', places: [index] })),
  };
}

/* Curves */

/** Whether rows are steps of a training: an axis of steps beside a loss, rising within every run. */
function hasCurveForm(roles: Roles): boolean {
  const steps =
    roles.one('step') ??
    roles.free().find((look) => look.isNumeric && isOf(look, 'steps', 'tokens') && look.distinct > 1);
  return steps !== null && steps !== undefined;
}

function curvesAlone(sheet: Sheet, roles: Roles): Reading {
  const axes = roles.free().filter((look) => look.isNumeric && look.distinct > 1);
  const step =
    roles.one('step') ?? axes.find((look) => isOf(look, 'steps')) ?? axes.find((look) => isOf(look, 'tokens'))!;
  roles.give(step, 'step', 'its name says how far a training was');
  const [run] = roles.free().filter((look) => look.isWords && look.distinct > 1);
  if (run) roles.give(run, 'series', 'its words tell the trainings apart');
  for (const look of roles.free())
    roles.give(look, null, look.distinct <= 1 ? 'the same in all rows' : 'no part of a curve');
  const { usable, faults } = rowsOf(sheet, roles, ['step', 'y']);
  const loss = roles.one('y')!;
  const groups = new Map<string, number[]>();
  for (const i of usable.filter((at) => Number.isFinite(loss.numbers[at]!))) {
    const name = run?.cells[i] ?? '';
    const group = groups.get(name);
    if (group) group.push(i);
    else groups.set(name, [i]);
  }
  const notes = [...sheet.said];
  const measurements = [...groups].map(([name, rows]): Measurement => {
    const curve = curveOf(rows, { step, loss, lossAt: lossesOf(loss, notes) }, notes, name);
    return {
      id: name || 'curve',
      series: name || null,
      size: NaN,
      hyperparameters: {},
      seed: 0,
      tokens: null,
      loss: curve.losses.at(-1) ?? null,
      curve,
    };
  });
  const runs = measurements.length;
  notes.push(
    runs === 1
      ? 'This is the curve of one training, and one run is no ladder: a law needs the last losses of three sizes or more, each with its size beside it.'
      : `These are the curves of ${runs} trainings whose sizes the table does not tell: a law needs a size for each, in a column or in its name (w256, 125M).`,
  );
  return {
    sheet,
    kind: 'curves',
    columns: roles.all(),
    questions: roles.questions,
    notes,
    faults,
    measurements,
    wanted: [],
    activations: [],
    swept: [],
  };
}

/* Losses */

function ofLosses(sheet: Sheet, roles: Roles): Reading {
  const notes = [...sheet.said];
  const unfinished = unfinishedRows(roles, notes);
  const [size, loss] = [roles.one('x')!, roles.one('y')!];
  const usableForSettling = [...sheet.rows.keys()].filter(
    (i) => Number.isFinite(loss.numbers[i]!) && size.numbers[i]! > 0 && !unfinished.has(i),
  );
  // Where each training has a file or a column of its own, its rows are its steps, whatever else could be made of them.
  if (roles.request.step === undefined && !roles.one('step')) {
    const axis = roles.looks.filter((look) => look.isNumeric && roles.roleOf(look) === null);
    const training = roles.looks.find(({ name }) => name === 'run' || name === 'file' || name === 'training');
    // Whoever says what the tokens are means no axis of time.
    const meanings = roles.isSettled('tokens') ? (['steps'] as const) : (['steps', 'tokens', 'time'] as const);
    const steps = meanings
      .flatMap((meaning) => axis.filter((look) => isOf(look, meaning)))
      .find((look) => training && ascendsWithin(look, training));
    if (steps) roles.give(steps, 'step', 'it ascends within each training');
  }
  const { series, swept, notes: more } = settle(roles, usableForSettling);
  notes.push(...more);
  const asked = [
    ...doubtfulNumbers(sheet, roles),
    ...tooLargeLosses(roles),
    ...baseQuestions([...roles.of('x'), ...roles.of('tokens'), ...swept], roles.one('y')!),
  ];
  // A training that diverged is a finding beside others of its size; alone it is more likely a slip of the table.
  const sizes = roles.one('x')!.numbers;
  const hasOthers = swept.length > 0 || roles.one('step') !== null || new Set(sizes).size < sizes.length;
  const { usable, faults } = rowsOf(
    sheet,
    roles,
    ['x', 'y', 'error', 'seeds', 'tokens', 'step', 'sweep'],
    hasOthers,
    unfinished,
  );
  const named = roles.isSettled('series') ? roles.of('series') : [];
  const ended = usable.filter((i) => {
    const blank = named.find((look) => look.cells[i] === '');
    if (blank) faults.push(faultOf(sheet.rows[i]!.number, blank.name, '', null));
    return !blank && !unfinished.has(i);
  });
  const read = measured(sheet, roles, ended, series, swept, notes);
  return {
    sheet,
    kind:
      roles.of('tokens').length > 0
        ? 'tokens'
        : roles.one('step')
          ? 'curves'
          : swept.length === 1
            ? 'sweep'
            : swept.length > 1
              ? 'grid'
              : 'sizes',
    columns: roles.all(),
    questions: [...roles.questions, ...asked],
    notes,
    faults: faults.sort((one, other) => one.row - other.row),
    ...read,
    activations: [],
    swept: swept.map(({ name }) => name),
  };
}

/* Coordinate checks */

function coordinates(sheet: Sheet, roles: Roles): Reading {
  const needed = [roles.one('x')!, ...(roles.one('step') ? [roles.one('step')!] : [])];
  const faults: Fault[] = [];
  const usable = sheet.rows.flatMap(({ number }, i) => {
    const bad = needed.find((look) => !(look.numbers[i]! >= 0));
    if (!bad) return [i];
    faults.push(faultOf(number, bad.name, bad.cells[i]!, 'a finite number of at least 0'));
    return [];
  });
  return {
    sheet,
    kind: 'activations',
    columns: roles.all(),
    questions: roles.questions,
    notes: [...sheet.said],
    faults,
    measurements: [],
    wanted: [],
    activations: activationsIn(roles, usable),
    swept: [],
  };
}
