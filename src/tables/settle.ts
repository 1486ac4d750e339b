/**
 * Settles what a table leaves open once size and loss are known: whose a row is, how long it was trained, what was swept, what
 * only repeats. Where all that is known of two rows is equal and their losses are not, something must tell them apart, or it is
 * asked about.
 */
import { alike, alikeIn, alikeInAll, determines, differs, groupsOf, joined, varies, type Alike } from './alike-rows.ts';
import { ACROSS, DOWN } from './axes.ts';
import { saysNothing } from './cell-numbers.ts';
import { extremesOf, type ColumnLook } from './columns.ts';
import { factsIn, withoutFacts } from './name-facts.ts';
import { isOf, isSize, type Answer, type Question, type Roles } from './roles.ts';
import { chooseSeries } from './series-of-rows.ts';
import { quoted } from './sheet.ts';
import { chooseLength } from './training-length.ts';

export interface Settled {
  /** Name of the series of each row; null where there is only one. */
  series: (string | null)[];
  /** What was swept, the finest grid first. */
  swept: ColumnLook[];
  /** What was said about it on the way. */
  notes: string[];
}

/** @param rows places of the rows that have a size and a loss */
export function settle(roles: Roles, rows: readonly number[]): Settled {
  const notes: string[] = [];
  for (const meaning of ['error', 'seeds', 'seed'] as const) {
    if (roles.isSettled(meaning)) continue;
    const found = roles.free().filter((look) => look.meaning === meaning && (meaning === 'seed' || look.isNumeric));
    // No loss is the mean of no seeds.
    const isNumber = meaning === 'seeds' && found[0]?.numbers.some((value) => value === 0);
    if (isNumber) roles.give(found[0]!, 'seed', 'its name says seeds, and one of them is 0: they are numbers of seeds');
    else if (found[0]) roles.give(found[0], meaning, 'its name says so');
  }
  const series = chooseSeries(roles, rows);
  const base = alikeInAll(alike(series), alikeIn(roles.one('x')!));
  const length = chooseLength(roles, rows, series, base, notes);
  const step = roles.one('step');
  // Along a curve a schedule changes the rate, which sweeps nothing.
  const withLength = alikeInAll(base, length && alikeIn(length), step && alikeIn(step));
  const swept = chooseSwept(roles, rows, withLength);
  const whole = alikeInAll(withLength, ...[...swept, ...roles.of('seed')].map(alikeIn));
  const stems = leaveNothingOpen(roles, rows, whole, notes);
  for (const look of roles.free()) {
    roles.give(
      look,
      null,
      look.distinct <= 1 ? 'the same in all rows' : 'no part of it: it goes with what is known already',
    );
  }
  return { series: stems ? series.map((name, i) => joined([name, stems[i]!])) : series, swept, notes };
}

/* Sweeps */

function chooseSwept(roles: Roles, rows: readonly number[], key: Alike): ColumnLook[] {
  const chosen = roles.of('sweep');
  if (roles.request.sweep === null) return [];
  const settings = roles.free().filter((look) => isOf(look, 'rate', 'setting') && look.isNumeric);
  const swept = [...chosen];
  // A setting that follows from another, as a final rate does from the peak, is no second one.
  for (const look of settings.sort((one, other) => order(one) - order(other))) {
    const groups = groupsOf(rows, alikeInAll(key, ...swept.map(alikeIn)));
    if (groups.some((group) => differs(look, group))) {
      roles.give(look, 'sweep', 'a hyperparameter whose values differ where all else is equal');
      swept.push(look);
    }
  }
  return swept;
}

const order = (look: ColumnLook) => (look.meaning === 'rate' ? 0 : 1);

/* What is left */

const OUTCOMES = [
  'loss',
  'perplexity',
  'spread',
  'auxiliary',
  'prediction',
  'time',
  'moment',
  'index',
  'error',
  'seeds',
  'state',
  'machine',
  'activation',
  'metric',
  'difference',
] as const;

/** @returns stems of run names that tell series apart, where nothing else does */
function leaveNothingOpen(roles: Roles, rows: readonly number[], key: Alike, notes: string[]): string[] | null {
  const groups = groupsOf(rows, key).filter((group) => group.length > 1);
  const loss = roles.one('y')!;
  const apart = groups.filter((group) => varies(loss, group));
  const settled = new Set(roles.of('none').map(({ index }) => index));
  const open = roles.looks.filter(
    (look) =>
      !settled.has(look.index) &&
      (roles.isFree(look) || roles.roleOf(look) === null) &&
      !isOf(look, ...OUTCOMES) &&
      look.filled > 0,
  );
  // Lengths are asked about apart from this, or somebody wants none of them.
  const asked = roles.questions.some(({ field }) => field === 'tokens');
  const areLengthsTold = asked || roles.request.tokens === null;
  const isLength = (look: ColumnLook) =>
    isOf(look, 'tokens', 'steps', 'budget', 'ratio', 'compute') || roles.unwantedLengths.has(look.index);
  // Who wants no series has what words tell apart taken together.
  const isLeft = (look: ColumnLook) => roles.request.series === null && look.isWords;
  const culprits = open.filter(
    (look) =>
      !isLeft(look) &&
      (apart.some((group) => differs(look, group)) || partsByGaps(look, apart)) &&
      !(areLengthsTold && isLength(look)),
  );
  if (asked) return null;
  if (culprits.length === 0) {
    tellRepeats(groups, loss, notes);
    const length = unnamedLength(roles, rows);
    if (length) roles.questions.push(unnamedQuestion(length));
    return null;
  }
  const names = culprits.filter((look) => isNameOf(look, rows));
  if (names.length === culprits.length) {
    const stems = stemsOf(names[0]!, rows, roles.one('x')!);
    if (stems) {
      roles.give(names[0]!, 'series', 'its names, without the sizes in them, come back at several sizes');
      return stems;
    }
    if (!names.some((look) => sayMore(look, rows, apart))) {
      for (const look of names) roles.give(look, null, 'a name of its own in each row tells no experiments apart');
      tellRepeats(groups, loss, notes);
      return null;
    }
  }
  const rest = culprits.filter((look) => !names.includes(look));
  for (const look of rest.length > 0 ? rest.slice(0, 1) : names.slice(0, 1))
    roles.questions.push(
      openQuestion(
        roles,
        look,
        apart.find((group) => differs(look, group)) ?? apart[0]!,
        rest.length > 0 ? rest : names,
      ),
    );
  return null;
}

/**
 * Whether a setting stands in some rows of every group and in others not, as loggers leave what was not set empty: a gap here and
 * there tells nothing, one in each group tells the rows apart.
 */
const partsByGaps = (look: ColumnLook, apart: readonly number[][]): boolean =>
  isOf(look, 'rate', 'setting') &&
  apart.length > 1 &&
  apart.every((group) => {
    const gaps = group.filter((i) => saysNothing(look.cells[i]!)).length;
    return gaps > 0 && gaps < group.length;
  });

const isNameOf = (look: ColumnLook, rows: readonly number[]): boolean =>
  (look.isWords || look.meaning === 'identity') && new Set(rows.map((i) => look.cells[i]!)).size > rows.length / 2;

function stemsOf(look: ColumnLook, rows: readonly number[], x: ColumnLook): string[] | null {
  const stems = look.cells.map((cell) => (factsIn(cell).length > 0 ? withoutFacts(cell) : ''));
  if (rows.some((i) => stems[i] === '')) return null;
  const own = rows.map((i) => stems[i]!);
  const isTold =
    new Set(own).size > 1 && new Set(own).size < rows.length && !determines(alike(stems), alikeIn(x), rows);
  return isTold ? stems : null;
}

/** Whether words that come back in several names part rows that are else alike: "adam-small" and "muon-small" do, "lunar-sky-3" does not. */
function sayMore(look: ColumnLook, rows: readonly number[], apart: readonly number[][]): boolean {
  const words = (i: number) => look.cells[i]!.toLowerCase().split(/[^\p{L}\p{N}.]+|(?<=\p{L})(?=\p{N})/u);
  const counts = new Map<string, number>();
  for (const i of rows) for (const word of new Set(words(i))) counts.set(word, (counts.get(word) ?? 0) + 1);
  const telling = (i: number) =>
    words(i)
      .filter((word) => counts.get(word)! > 1 && !/^\d+$/.test(word))
      .join(' ');
  return apart.some((group) => new Set(group.map(telling)).size > 1);
}

/** A count of something without a name that is known, which is not one of the size: what else but training could it be? */
function unnamedLength(roles: Roles, rows: readonly number[]): ColumnLook | null {
  const isTold = roles.isSettled('tokens') || roles.isSettled('step') || roles.of('step').length > 0;
  if (isTold || roles.looks.some((look) => isOf(look, 'tokens', 'steps') && look.filled > 0)) return null;
  const x = roles.one('x')!;
  const counts = roles.free().filter((look) => {
    if (look.meaning !== null || !look.isNumeric || !look.isInteger) return false;
    const known = rows.map((i) => look.numbers[i]!);
    const [least, most] = extremesOf(known);
    return least > 0 && most >= LEAST_COUNT && most >= 1.5 * least && !goesWith(look, x, rows);
  });
  return counts[0] ?? null;
}

/** Below it whole numbers are as likely anything else. */
const LEAST_COUNT = 100;

/** Whether a column rises or falls along the sizes. */
function goesWith(look: ColumnLook, x: ColumnLook, rows: readonly number[]): boolean {
  const sorted = [...rows].sort((i, k) => x.numbers[i]! - x.numbers[k]!);
  const steps = sorted.slice(1).map((i, k) => look.numbers[i]! - look.numbers[sorted[k]!]!);
  return steps.every((step) => step >= 0) || steps.every((step) => step <= 0);
}

function unnamedQuestion({ index, name, cells }: ColumnLook): Question {
  const [first, second] = [...new Set(cells.filter((cell) => cell !== ''))];
  return {
    field: `columns.${index}`,
    sentence: `Column "${name}" has ${first} and ${second}, and its name does not say what of: is it the length of training?`,
    answers: [
      { label: 'the length of training: a law of both', role: 'tokens', places: [index] },
      { label: 'leave it out of account', role: 'none', places: [index] },
    ],
  };
}

function openQuestion(roles: Roles, look: ColumnLook, group: readonly number[], all: readonly ColumnLook[]): Question {
  const [first, second] = [...new Set(group.map((i) => look.cells[i]!))];
  const x = roles.one('x');
  const where = x ? ` at ${x.name} ${x.cells[group[0]!]}` : '';
  const more = all.length > 1 ? ` (and so do ${quoted(all.slice(1).map(({ name }) => name))})` : '';
  const show = (cell: string | undefined) => (cell === undefined || saysNothing(cell) ? 'nothing' : `"${cell}"`);
  const numeric = look.isNumeric;
  const index = [look.index];
  if (isSize(look)) return shapeQuestion(roles, look, `${show(first)} and ${show(second)}${where}`);
  const isNameless = look.name === ACROSS || look.name === DOWN;
  const about = isNameless
    ? `The ${look.name} have no name that says what they are, ${show(first)} and ${show(second)}${where}`
    : `Column "${look.name}" has ${show(first)} and ${show(second)}${where}, where all that is known is equal`;
  const ask = isNameless
    ? `are they swept, seeds, or series? A corner such as "layers \\ width" tells it, too.`
    : 'is it swept, a seed, or a series?';
  return {
    field: `columns.${look.index}`,
    sentence: `${about}${more}: ${ask}`,
    answers: [
      ...(numeric && roles.request.sweep !== null
        ? [{ label: 'swept: the best of each size', role: 'sweep' as const, places: index }]
        : []),
      { label: 'seeds: their mean', role: 'seed' as const, places: index },
      {
        label: 'series: each on its own',
        role: 'series' as const,
        places: [...roles.of('series').map((one) => one.index), look.index],
      },
      ...(numeric ? [{ label: 'the length of training', role: 'tokens' as const, places: index }] : []),
      ...(roles.request.sweep === null
        ? [{ label: 'it counts for nothing', role: 'none' as const, places: index }]
        : []),
    ],
  };
}

/** Models of one size that differ in another measure of it, such as their depth, are no repeats. */
function shapeQuestion(roles: Roles, { index, name }: ColumnLook, shown: string): Question {
  const series = [...roles.of('series').map((one) => one.index), index];
  const others: Answer[] =
    roles.request.sweep === null
      ? [{ label: 'it counts for nothing', role: 'none', places: [index] }]
      : [{ label: 'swept: the best of each size', role: 'sweep', places: [index] }];
  return {
    field: `columns.${index}`,
    sentence: `Column "${name}" has ${shown}, where all that is known is equal: is each of them a series of its own, or does the best one count?`,
    answers: [{ label: 'series: each on its own', role: 'series', places: series }, ...others],
  };
}

function tellRepeats(groups: readonly number[][], loss: ColumnLook, notes: string[]): void {
  const pooled = groups.filter((group) => varies(loss, group)).length;
  if (pooled > 0) {
    notes.push(
      `${pooled === 1 ? 'One setting has' : `${pooled} settings have`} several losses that nothing in the table tells apart: taken as repeats of the same training.`,
    );
  }
}
