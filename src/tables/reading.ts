/**
 * A table of measurements as people have it, read: what each column is and why, what is doubtful, which rows are at fault, and the
 * measurements themselves. Never silently wrong: what cannot be settled is a question, and a question has its answers.
 */
import type { ActivationMeasurement, Measurement } from '../model/measurement.ts';
import { InputError } from '../model/parse.ts';
import { activationsIn, isCoordinateCheck } from './activations.ts';
import { isDoubtful, readingsOf, saysDiverged, saysNothing } from './cell-numbers.ts';
import { looksAt, type ColumnLook } from './columns.ts';
import { factsIn, withoutFacts, type NameFact } from './name-facts.ts';
import { sheetsJoined } from './join-sheets.ts';
import {
  chooseLoss,
  chooseSize,
  isOf,
  listed,
  listOf,
  ROLES,
  Roles,
  setAside,
  type ColumnRequest,
  type Given,
  type Question,
} from './roles.ts';
import { haveLengths, settle } from './settle.ts';
import { seedNumbers } from './seed-numbers.ts';
import { counted, padded, type NamedText, type Row, type Sheet } from './sheet.ts';
import { logBaseOf, unitOf } from './meanings.ts';

export type TableKind = 'sizes' | 'tokens' | 'sweep' | 'grid' | 'curves' | 'activations';

/** A cell that cannot be what its column is. */
export interface Fault {
  row: number;
  column: string;
  sentence: string;
}

/** A size whose loss is not known yet. */
export interface WantedLoss {
  series: string | null;
  size: number;
  tokens: number | null;
}

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
 * @throws InputError where there is no table, not two columns of numbers, or a column asked for does not exist; faulty rows
 *   and open questions are no errors
 */
export function readTable(texts: readonly NamedText[] | string, request: ColumnRequest = {}): Reading {
  return readingOf(sheetsJoined(typeof texts === 'string' ? [{ name: null, text: texts }] : texts), request);
}

export function readingOf(sheet: Sheet, request: ColumnRequest = {}, hasFacts = false): Reading {
  const looks = looksAt(sheet);
  // A column that was chosen may be one of those that names give.
  const isBeyond = ROLES.some((role) =>
    listOf(request[role]).some((one) => typeof one === 'number' && one >= looks.length),
  );
  const early = isBeyond && !hasFacts ? factsOf(looks, new Roles(looks, {})) : null;
  if (early) return readingOf(withFacts(sheet, early), request, true);
  const roles = new Roles(looks, request);
  if (isCoordinateCheck(roles)) return coordinates(sheet, roles);
  const without = sheet.isNamed || roles.of('x').length > 0 ? null : namelessQuestion(roles);
  setAside(roles);
  chooseLoss(roles);
  const isCurveForm = hasCurveForm(roles);
  chooseSize(roles, haveLengths(roles));
  if (!roles.one('x') && !hasFacts) {
    const facts = factsOf(looks, roles);
    if (facts) return readingOf(withFacts(sheet, facts), request, true);
  }
  if (without) roles.questions.push(without);
  if (!roles.one('y')) return open(sheet, roles, 'y');
  if (!roles.one('x') && isCurveForm) return curvesAlone(sheet, roles);
  if (!roles.one('x')) return open(sheet, roles, 'x');
  return ofLosses(sheet, roles, isCurveForm);
}

/* What names say of runs */

interface FactColumns {
  look: ColumnLook;
  facts: NameFact[][];
  letters: { letter: string; meaning: NameFact['meaning'] }[];
}

/** Names of runs that tell sizes, where no column does. */
function factsOf(looks: readonly ColumnLook[], roles: Roles): FactColumns | null {
  for (const look of looks) {
    if (look.isNumeric || look.filled === 0 || roles.roleOf(look) === 'y') continue;
    const facts = look.cells.map(factsIn);
    const sized = facts.filter((all) =>
      all.some(({ meaning }) => meaning === 'width' || meaning === 'parameters'),
    ).length;
    if (sized < look.filled / 2) continue;
    const letters = [...new Map(facts.flat().map(({ letter, meaning }) => [letter, { letter, meaning }])).values()];
    return { look, facts, letters };
  }
  return null;
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

function withFacts(sheet: Sheet, { look, facts, letters }: FactColumns): Sheet {
  const taken = letters.filter(({ letter, meaning }, i) => {
    const isNew = !sheet.header.some((name) => name === (FACT_NAMES[meaning] || letter));
    return (
      isNew &&
      letters.findIndex((one) => one.meaning === meaning && (meaning !== 'setting' || one.letter === letter)) === i
    );
  });
  const names = taken.map(({ letter, meaning }) => FACT_NAMES[meaning] || letter);
  const header = [...sheet.header, ...names, `${look.name}, without numbers`];
  const rows = sheet.rows.map((row, i): Row => ({
    number: row.number,
    cells: [
      ...padded(row.cells, sheet.header.length),
      ...taken.map(({ letter }) => {
        const fact = facts[i]!.find((one) => one.letter === letter);
        return fact ? String(fact.value) : '';
      }),
      withoutFacts(look.cells[i]!),
    ],
  }));
  return {
    header,
    isNamed: true,
    rows,
    said: [
      ...sheet.said,
      `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} read from the names in "${look.name}".`,
    ],
  };
}

/* Questions and refusals */

/**
 * A table without a size or a loss that could be told: its columns, and the question which it is.
 * @throws InputError where there are not two columns of numbers
 */
function open(sheet: Sheet, roles: Roles, role: 'x' | 'y'): Reading {
  const numeric = roles.looks.filter(({ isNumeric }) => isNumeric);
  const none = `The table needs two columns of numbers, x and loss`;
  if (numeric.length < 2) throw new InputError('columns', `${none}; it has ${listed(roles.looks)}.`);
  const what = role === 'x' ? 'sizes (width, parameters, FLOPs)' : 'losses';
  const other = roles.one(role === 'x' ? 'y' : 'x');
  const question: Question = {
    field: `columns.${role}`,
    sentence: `${none}, and none is one of ${what} by its name or contents; it has ${listed(roles.looks)}.`,
    answers: numeric
      .filter((look) => look !== other)
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
    roles.free().find((look) => look.isNumeric && isOf(look, 'steps', 'tokens') && look.distinct > 3);
  return steps !== null && steps !== undefined;
}

function curvesAlone(sheet: Sheet, roles: Roles): Reading {
  const step = roles.one('step') ?? roles.free().find((look) => look.isNumeric && isOf(look, 'steps', 'tokens'))!;
  roles.give(step, 'step', 'its name says how far a training was');
  const [run] = roles.free().filter((look) => look.isWords && look.distinct > 1);
  if (run) roles.give(run, 'series', 'its words tell the trainings apart');
  for (const look of roles.free())
    roles.give(look, null, look.distinct <= 1 ? 'the same in all rows' : 'no part of a curve');
  const { usable, faults } = rowsOf(sheet, roles, ['step', 'y']);
  const loss = roles.one('y')!;
  const groups = new Map<string, number[]>();
  for (const i of usable.filter((i) => Number.isFinite(loss.numbers[i]!))) {
    const name = run?.cells[i] ?? '';
    groups.set(name, [...(groups.get(name) ?? []), i]);
  }
  const notes = [...sheet.said];
  const measurements = [...groups].map(([name, rows]): Measurement => {
    const curve = curveOf(rows, step, loss, notes, name);
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

/** Ascending; where a step stands twice, as after a resumed training, the later row counts. */
function curveOf(
  rows: readonly number[],
  step: ColumnLook,
  loss: ColumnLook,
  notes: string[],
  name: string,
): { steps: number[]; losses: number[] } {
  const at = new Map<number, number>();
  for (const i of rows) at.set(step.numbers[i]!, loss.numbers[i]!);
  const steps = [...at.keys()].sort((p, q) => p - q);
  const twice = rows.length - steps.length;
  if (twice > 0)
    notes.push(
      `${name ? `${name}: ` : ''}${counted(twice, 'step')} ${twice === 1 ? 'stands' : 'stand'} twice, as after a resumed training; the later row counts.`,
    );
  return { steps, losses: steps.map((one) => at.get(one)!) };
}

/* Losses */

/** Whether a column ascends through the rows of each training, and most of these have several. */
function ascendsWithin(steps: ColumnLook, training: ColumnLook): boolean {
  const known = new Map<string, { last: number; rows: number }>();
  for (const [i, step] of steps.numbers.entries()) {
    const name = training.cells[i]!;
    const before = known.get(name);
    // A resumed training may log a step again.
    if (before && step < before.last) return false;
    known.set(name, { last: step, rows: (before?.rows ?? 0) + 1 });
  }
  const all = [...known.values()];
  return all.filter(({ rows }) => rows > 1).length > all.length / 2;
}

function ofLosses(sheet: Sheet, roles: Roles, isCurveForm: boolean): Reading {
  const notes = [...sheet.said];
  const usableForSettling = sheet.rows.flatMap((_, i) =>
    Number.isFinite(roles.one('y')!.numbers[i]!) && roles.one('x')!.numbers[i]! > 0 ? [i] : [],
  );
  // Where each training has a file or a column of its own, its rows are its steps, whatever else could be made of them.
  if (isCurveForm && roles.request.tokens === undefined && !roles.one('step')) {
    const steps = roles.free().find((look) => look.isNumeric && isOf(look, 'steps', 'tokens'));
    const training = roles.looks.find(({ name }) => name === 'run' || name === 'file');
    if (steps && training && ascendsWithin(steps, training))
      roles.give(steps, 'step', 'it ascends within each training');
  }
  const { series, swept, notes: more } = settle(roles, usableForSettling);
  notes.push(...more);
  const asked = doubtfulNumbers(sheet, roles);
  // A training that diverged is a finding beside others of its size; alone it is more likely a slip of the table.
  const sizes = roles.one('x')!.numbers;
  const hasOthers = swept.length > 0 || roles.one('step') !== null || new Set(sizes).size < sizes.length;
  const { usable, faults } = rowsOf(sheet, roles, ['x', 'y', 'error', 'seeds', 'tokens', 'step'], hasOthers);
  const chosen = roles.of('series').length > 0 && roles.isSettled('series');
  if (chosen) {
    for (const i of usable) {
      const blank = roles.of('series').find((look) => look.cells[i] === '');
      if (blank)
        faults.push({
          row: sheet.rows[i]!.number,
          column: blank.name,
          sentence: `Row ${sheet.rows[i]!.number}, column "${blank.name}": no series is named.`,
        });
    }
  }
  const read = measured(sheet, roles, usable, series, swept, notes);
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

function measured(
  sheet: Sheet,
  roles: Roles,
  usable: readonly number[],
  series: readonly (string | null)[],
  swept: readonly ColumnLook[],
  notes: string[],
): Pick<Reading, 'measurements' | 'wanted'> {
  const [x, loss, error, seeds, tokens, step] = [
    roles.one('x')!,
    roles.one('y')!,
    roles.one('error'),
    roles.one('seeds'),
    roles.one('tokens'),
    roles.one('step'),
  ];
  const seedOf = seedNumbers(roles.of('seed'), sheet.rows.length);
  const repeats = new Map<string, number>();
  const units = tokens ? { size: unitFactor(x, notes), tokens: unitFactor(tokens, notes) } : { size: 1, tokens: 1 };
  if (tokens && isOf(tokens, 'steps')) {
    notes.push(
      `"${tokens.name}" counts steps: where FLOPs are told as 6 N D, D is in these, and they are to be multiplied with the tokens of a step.`,
    );
  }
  const isPerplexity = loss.meaning === 'perplexity';
  if (isPerplexity) notes.push(`The losses are the natural logarithms of "${loss.name}".`);
  const lossAt = (i: number) => (isPerplexity ? Math.log(loss.numbers[i]!) : loss.numbers[i]!);
  const base = swept.map(({ name }) => logBaseOf(name));
  const measurements: Measurement[] = [];
  const wanted: WantedLoss[] = [];
  const seen = new Set<string>();
  const curves = new Map<string, { first: Measurement; rows: number[] }>();
  const ended = usable.filter((i) => !isUnfinished(roles, i, notes));
  for (const i of ended) {
    const size = x.numbers[i]! * units.size;
    const trained = tokens ? tokens.numbers[i]! * units.tokens : null;
    if (saysNothing(loss.cells[i]!)) {
      wanted.push({ series: series[i]!, size, tokens: trained });
      continue;
    }
    const hyperparameters = Object.fromEntries(
      swept
        .map((look, k) => [look.name, base[k] ? base[k]! ** look.numbers[i]! : look.numbers[i]!] as const)
        .filter(([, value]) => !Number.isNaN(value)),
    );
    const measurement: Measurement = {
      id: `row ${sheet.rows[i]!.number}`,
      series: series[i]!,
      size,
      hyperparameters,
      seed: seedOf[i]!,
      tokens: trained,
      loss: Number.isFinite(loss.numbers[i]!) ? lossAt(i) : null,
      ...(error && error.numbers[i]! >= 0 ? { standardError: error.numbers[i]! } : {}),
      ...(seeds && seeds.numbers[i]! >= 1 ? { seeds: seeds.numbers[i]! } : {}),
    };
    if (step) {
      const key = JSON.stringify([measurement.series, size, hyperparameters, measurement.seed]);
      const curve = curves.get(key);
      if (curve) curve.rows.push(i);
      else curves.set(key, { first: measurement, rows: [i] });
      continue;
    }
    // Rows that are equal in everything that is known are one row, written twice.
    const key = JSON.stringify(
      sheet.rows[i]!.cells.filter(
        (_, at) => roles.looks[at]?.meaning !== 'index' && roles.looks[at]?.meaning !== 'identity',
      ),
    );
    if (seen.has(key)) continue;
    seen.add(key);
    // Repeats that nothing tells apart are counted.
    const place = JSON.stringify([measurement.series, size, hyperparameters, measurement.tokens, measurement.seed]);
    const before = repeats.get(place) ?? 0;
    repeats.set(place, before + 1);
    measurements.push(before === 0 ? measurement : { ...measurement, seed: measurement.seed + before * REPEAT });
  }
  if (step) measurements.push(...ofCurves([...curves.values()], step, loss, notes));
  return { measurements, wanted };
}

/** Numbers beyond which a unit in the name is that of some other writing: "tokens (B)" above 2000000000. */
const LARGEST_IN_UNIT = 1e6;

/** Of both size and tokens the unit counts: a budget is their product. */
function unitFactor({ name, numbers }: ColumnLook, notes: string[]): number {
  const power = unitOf(name);
  if (power === 0 || numbers.some((value) => value > LARGEST_IN_UNIT)) return 1;
  notes.push(`"${name}" is read as so many times 10^${power}.`);
  return 10 ** power;
}

/** Between a seed and the next repeat of it: more than any seed, so that none is taken for another. */
const REPEAT = 2 ** 33;

const ENDED_BADLY =
  /^(crashed|failed|failure|killed|cancelled|canceled|preempted|aborted|running|pending|queued|error|oom|unfinished)$/i;

/** Where a column says how a run ended, what did not end well has no final loss. */
function isUnfinished(roles: Roles, i: number, notes: string[]): boolean {
  const state = roles.looks.find(
    (look) => isOf(look, 'state') && roles.roleOf(look) === null && ENDED_BADLY.test(look.cells[i]!),
  );
  if (!state || saysNothing(roles.one('y')!.cells[i]!)) return false;
  const sentence = `Rows whose "${state.name}" is ${state.cells[i]} are left out: their losses are not those of finished trainings.`;
  if (!notes.includes(sentence)) notes.push(sentence);
  return true;
}

/** Each with its losses on the way, and the loss at the last step that all have. */
function ofCurves(
  curves: readonly { first: Measurement; rows: number[] }[],
  step: ColumnLook,
  loss: ColumnLook,
  notes: string[],
): Measurement[] {
  const all = curves.map(({ first, rows }) => ({
    first,
    curve: curveOf(
      rows.filter((i) => Number.isFinite(loss.numbers[i]!)),
      step,
      loss,
      notes,
      [first.series, first.size].filter((one) => one !== null).join(' '),
    ),
  }));
  const ends = all.flatMap(({ curve }) => curve.steps.at(-1) ?? []);
  const common = Math.min(...ends);
  const isEqual = ends.every((end) => end <= common * 1.01);
  notes.push(
    isEqual
      ? `The losses are those at the last step, ${common}, of each of ${counted(all.length, 'training')}.`
      : `The trainings end at different steps; the losses are those at ${common} steps, the last that all have.`,
  );
  return all.map(({ first, curve }) => {
    const end = curve.steps.findLastIndex((one) => one <= common * 1.01);
    return { ...first, loss: end < 0 ? null : curve.losses[end]!, curve };
  });
}

/* Faults */

const ALLOWED: Partial<Record<Given['role'] & string, { isRight(value: number): boolean; what: string }>> = {
  x: { isRight: (value) => value > 0, what: 'a finite number above 0' },
  y: { isRight: (value) => value > 0, what: 'a finite number above 0, or empty to have it predicted' },
  error: { isRight: (value) => value >= 0, what: 'a finite number of at least 0, or empty' },
  seeds: { isRight: (value) => value >= 1 && Number.isInteger(value), what: 'a whole number of at least 1, or empty' },
  tokens: { isRight: (value) => value > 0, what: 'a finite number above 0' },
  step: { isRight: (value) => value >= 0, what: 'a finite number of at least 0' },
};

/** Rows that can be read, by their places, and what is wrong with the others. */
function rowsOf(
  sheet: Sheet,
  roles: Roles,
  needed: readonly ('x' | 'y' | 'error' | 'seeds' | 'tokens' | 'step')[],
  mayDiverge = true,
): { usable: number[]; faults: Fault[] } {
  const faults: Fault[] = [];
  const columns = needed.flatMap((role) => roles.of(role).map((look) => ({ role, look })));
  const usable = sheet.rows.flatMap(({ number }, i) => {
    for (const { role, look } of columns) {
      const cell = look.cells[i]!;
      const { isRight, what } = ALLOWED[role]!;
      const mayBeEmpty = role === 'y' || role === 'error' || role === 'seeds';
      if (mayBeEmpty && (saysNothing(cell) || (role === 'y' && mayDiverge && saysDiverged(cell)))) continue;
      const value = look.numbers[i]!;
      if (Number.isFinite(value) && isRight(value)) continue;
      faults.push({ row: number, column: look.name, sentence: wrong(cell, number, look.name, what) });
      return [];
    }
    return [i];
  });
  return { usable, faults };
}

function wrong(cell: string, row: number, column: string, allowed: string): string {
  const found = cell === '' ? 'empty' : `"${cell.length > 40 ? `${cell.slice(0, 40)}…` : cell}"`;
  return `Row ${row}, column "${column}": must be ${allowed}, not ${found}.`;
}

/** 1,024 may be a thousand and a bit or one and a bit, and nothing in its column or in the table tells. */
function doubtfulNumbers(sheet: Sheet, roles: Roles): Question[] {
  const needed = (['x', 'tokens', 'seeds', 'y', 'error', 'step', 'sweep'] as const).flatMap((role) => roles.of(role));
  for (const look of needed) {
    const i = look.cells.findIndex((cell) => {
      const mark = isDoubtful(cell);
      return mark !== null && look.marks[mark] === 'ask';
    });
    if (i < 0) continue;
    const cell = look.cells[i]!;
    const { whole, decimal } = readingsOf(cell);
    const small = /^[1-9]\d{0,2}\.\d{3}$/.test(String(decimal)) ? `${decimal}0` : String(decimal);
    const { number } = sheet.rows[i]!;
    return [
      {
        field: `row ${number}`,
        sentence: `Row ${number}, column "${look.name}": "${cell}" may mean ${whole} or ${decimal}; write ${whole} or ${small}.`,
        answers: [],
      },
    ];
  }
  return [];
}

/** The faults as one sentence: the first, and how many more rows there are. */
export function faultsInWords(faults: readonly Fault[]): string {
  const [first, ...more] = faults;
  if (!first) return '';
  return more.length === 0
    ? first.sentence
    : `${first.sentence} ${more.length} more ${more.length === 1 ? 'row is' : 'rows are'} faulty, too.`;
}

/* Coordinate checks */

function coordinates(sheet: Sheet, roles: Roles): Reading {
  const needed = [roles.one('x')!, ...(roles.one('step') ? [roles.one('step')!] : [])];
  const faults: Fault[] = [];
  const usable = sheet.rows.flatMap(({ number }, i) => {
    const bad = needed.find((look) => !(look.numbers[i]! >= 0));
    if (!bad) return [i];
    faults.push({
      row: number,
      column: bad.name,
      sentence: wrong(bad.cells[i]!, number, bad.name, 'a finite number of at least 0'),
    });
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
