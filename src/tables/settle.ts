/**
 * Settles what a table leaves open once size and loss are known: whose a row is, how long it was trained, what was swept, what
 * only repeats. Where all that is known of two rows is equal and their losses are not, something must tell them apart, or it is
 * asked about.
 */
import { saysNothing } from './cell-numbers.ts';
import { determines, extremesOf, type ColumnLook } from './columns.ts';
import { isSwitch, lastOf, plain, withoutUnit } from './meanings.ts';
import { factsIn, withoutFacts } from './name-facts.ts';
import { isOf, isWidthD, type Question, type Roles } from './roles.ts';
import { quoted } from './sheet.ts';

/** Trainings whose lengths differ by less than this share are of the same length: most often by part of a batch. */
const SAME_LENGTH = 0.01;
/** Sizes that make a ladder. */
const LADDER = 3;
/** Rows of one training from which its losses are a curve rather than a few evaluations. */
const CURVE = 8;

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
    if (found[0]) roles.give(found[0], meaning, 'its name says so');
  }
  const series = chooseSeries(roles, rows);
  const base = (i: number) => `${series[i]}\n${at(roles.one('x'), i)}`;
  const length = chooseLength(roles, rows, series, base, notes);
  const step = roles.one('step');
  // Along a curve a schedule changes the rate, which sweeps nothing.
  const withLength = (i: number) => `${base(i)}\n${at(length, i)}\n${at(step, i)}`;
  const swept = chooseSwept(roles, rows, withLength);
  const whole = (i: number) =>
    [withLength(i), ...swept.map((look) => at(look, i)), ...roles.of('seed').map((look) => at(look, i))].join('\n');
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

/** A cell as what it is compared by. */
function at(look: ColumnLook | null, i: number): string {
  if (!look) return '';
  const value = look.numbers[i]!;
  return Number.isNaN(value) ? look.cells[i]! : String(value);
}

const joined = (parts: (string | null)[]): string | null =>
  parts.filter((part) => part !== null && part !== '').join(', ') || null;

/** Rows with the same key, by their places. */
function groupsOf(rows: readonly number[], key: (i: number) => string): number[][] {
  const groups = new Map<string, number[]>();
  for (const i of rows) {
    const group = groups.get(key(i));
    if (group) group.push(i);
    else groups.set(key(i), [i]);
  }
  return [...groups.values()];
}

const varies = (look: ColumnLook, group: readonly number[]): boolean =>
  group.some((i) => at(look, i) !== at(look, group[0]!));

/** The same, where a gap may be anything. */
function differs(look: ColumnLook, group: readonly number[]): boolean {
  return varies(
    look,
    group.filter((i) => !saysNothing(look.cells[i]!)),
  );
}

/* Series */

function chooseSeries(roles: Roles, rows: readonly number[]): (string | null)[] {
  const { series: wanted } = roles.request;
  const looks = wanted === undefined ? seriesFound(roles, rows) : roles.of('series');
  return roles.looks[0]!.cells.map((_, i) =>
    joined(
      looks.map((look) => {
        const cell = look.cells[i]!;
        if (cell === '' && wanted === undefined) return `no ${look.name}`;
        // A bare number would name nothing.
        return look.isNumeric && wanted === undefined && look.meaning !== 'series' ? `${look.name} ${cell}` : cell;
      }),
    ),
  );
}

function seriesFound(roles: Roles, rows: readonly number[]): ColumnLook[] {
  const x = roles.one('x');
  const sizes = rows.map((i) => at(x, i));
  const several = new Set(sizes).size > 1;
  const found = roles.free().filter((look) => {
    if (look.meaning === 'series') return true;
    const isTold = look.isWords || (isSwitch(look.name) && look.distinct === 2) || isMixed(look);
    if (!isTold || !mayTellSeries(look)) return false;
    const cells = rows.map((i) => look.cells[i]!);
    const names = new Set(cells);
    if (names.size < 2 || areOfRuns(cells) || (look.distinct < 2 && !partsEverySize(cells, sizes))) return false;
    if (!several) return true;
    // A name that stands at one size only is a label of that size or of a run.
    if (determines(cells, sizes)) return false;
    // Where no size has two of the names, they may be labels of groups of sizes; ladders of their own are longer.
    return (
      !determines(sizes, cells) ||
      [...names].every((name) => new Set(sizes.filter((_, k) => cells[k] === name)).size >= LADDER)
    );
  });
  const kept: ColumnLook[] = [];
  for (const look of found.sort(
    (one, other) =>
      Number(other.meaning === 'series') - Number(one.meaning === 'series') ||
      one.distinct - other.distinct ||
      one.index - other.index,
  )) {
    const combined = rows.map((i) => kept.map((one) => one.cells[i]).join('\n'));
    if (
      kept.length > 0 &&
      determines(
        combined,
        rows.map((i) => look.cells[i]!),
      )
    ) {
      roles.give(look, null, `goes with ${quoted(kept.map(({ name }) => name))}`);
      continue;
    }
    kept.push(look);
  }
  // What a finer column tells alone needs no coarser one beside it.
  const needed = kept.filter(
    (look, k) =>
      look.meaning === 'series' ||
      !kept.some(
        (finer, f) =>
          f !== k &&
          finer.distinct >= look.distinct &&
          f > k &&
          determines(
            rows.map((i) => finer.cells[i]!),
            rows.map((i) => look.cells[i]!),
          ),
      ),
  );
  for (const look of kept) {
    if (needed.includes(look))
      roles.give(
        look,
        'series',
        look.meaning === 'series' ? 'its name says so' : 'its words come back at several sizes',
      );
    else roles.give(look, null, `goes with ${quoted(needed.map(({ name }) => name))}`);
  }
  return needed.sort((one, other) => one.index - other.index);
}

/** Whether most rows have a name of their own: those of runs, and no series. */
function areOfRuns(cells: readonly string[]): boolean {
  const counts = new Map<string, number>();
  for (const cell of cells) if (cell !== '') counts.set(cell, (counts.get(cell) ?? 0) + 1);
  const own = [...counts.values()].filter((count) => count === 1).length;
  const filled = cells.filter((cell) => cell !== '').length;
  return cells.length > 2 && own > 0.6 * filled;
}

/** Whether one word and none stand equally often at each size, as "muon" beside an empty cell does: a gap here and there does not. */
function partsEverySize(cells: readonly string[], sizes: readonly string[]): boolean {
  const surplus = new Map<string, number>();
  sizes.forEach((size, k) => surplus.set(size, (surplus.get(size) ?? 0) + (cells[k] === '' ? -1 : 1)));
  return [...surplus.values()].every((one) => one === 0);
}

/** Words among numbers: "7B" beside "adam". */
const isMixed = (look: ColumnLook): boolean => !look.isNumeric && look.filled > 0;

const mayTellSeries = (look: ColumnLook): boolean =>
  look.meaning === null ||
  look.meaning === 'identity' ||
  look.meaning === 'module' ||
  look.meaning === 'size' ||
  isSwitch(look.name) ||
  look.meaning === 'index';

/* Length of training */

function lengthsAmong(roles: Roles): ColumnLook[] {
  const named = roles.free().filter((look) => look.isNumeric && isOf(look, 'tokens', 'steps'));
  const letters = roles
    .free()
    .filter(
      (look) =>
        look.isNumeric &&
        ((look.name.trim().toLowerCase() === 'd' && !isWidthD(look, roles.looks)) ||
          look.name.trim().toLowerCase() === 't'),
    );
  const order = (look: ColumnLook) => (look.meaning === 'steps' ? 1 : 0);
  return [...named, ...letters].sort((one, other) => order(one) - order(other));
}

/** Whether trainings differ in length, by what a column says. */
export const haveLengths = (roles: Roles): boolean =>
  roles.of('tokens').length > 0 ||
  (roles.request.tokens === undefined &&
    roles.request.step === undefined &&
    lengthsAmong(roles).some(
      (look) =>
        !isOneLength(
          look,
          look.cells.map((_, i) => i),
        ),
    ));

function isOneLength(look: ColumnLook, rows: readonly number[]): boolean {
  const known = rows.map((i) => look.numbers[i]!).filter((value) => !Number.isNaN(value));
  if (known.length === 0) return true;
  const [least, most] = extremesOf(known);
  return most - least <= SAME_LENGTH * most;
}

/** @returns the column by which trainings of one size are told apart, where that is wanted; null else */
function chooseLength(
  roles: Roles,
  rows: readonly number[],
  series: readonly (string | null)[],
  base: (i: number) => string,
  notes: string[],
): ColumnLook | null {
  const step = roles.one('step');
  const chosen = roles.one('tokens');
  const candidates = lengthsAmong(roles);
  // Of one size at one step two trainings are told apart by how long they were to be.
  const together = step && !chosen ? groupsOf(rows, (i) => `${base(i)}\n${at(step, i)}`) : [];
  const own = candidates.filter((look) => together.some((group) => !isOneLength(look, group)));
  for (const look of candidates) {
    if (chosen || (step && !own.includes(look)))
      roles.give(look, null, `the length of training is told by "${(chosen ?? step)!.name}"`);
  }
  if (chosen) return chosen;
  if (step && own.length === 0) return null;
  const ladders = groupsOf(rows, (i) => String(series[i]));
  const differing = (step ? own : candidates).filter((look) => ladders.some((ladder) => !isOneLength(look, ladder)));
  for (const look of step ? own : candidates) {
    if (differing.includes(look)) continue;
    const isEqual = isOneLength(look, rows);
    const isExact = look.distinct <= 1;
    roles.give(
      look,
      null,
      isExact
        ? 'the same in all rows'
        : isEqual
          ? 'the same in all rows but for less than 1 %'
          : 'the same in each series',
    );
  }
  const axis = step ? undefined : differing.find((look) => isCurveAxis(look, rows, base));
  if (axis) {
    roles.give(axis, 'step', 'its name says a step, and every training has many');
    for (const look of differing) if (look !== axis) roles.give(look, null, `goes with "${axis.name}"`);
    return null;
  }
  const [length, ...others] = differing;
  if (!length) return null;
  for (const look of others) roles.give(look, null, `the length of training is told by "${length.name}"`);
  if (roles.request.tokens === null) {
    roles.give(length, null, 'left out of account, as chosen');
    notes.push(
      `The losses are of trainings of different lengths ("${length.name}"), which the law leaves out of account, as asked for.`,
    );
    return null;
  }
  const growth = ladders.map((ladder) => growthOf(roles.one('x')!, length, ladder));
  if (growth.every((one) => one !== null)) {
    roles.give(length, null, 'grows with the size along the ladder');
    notes.push(
      alongLadder(
        roles.one('x')!,
        length,
        growth.flatMap((one) => one ?? []),
      ),
    );
    return null;
  }
  roles.give(length, null, 'the lengths of training differ: to be settled');
  roles.questions.push(lengthQuestion(length, rows, base, step !== null));
  return null;
}

const AXES = new Set('step steps globalstep iter iteration epoch update schritt 步数'.split(' '));

/** Whether rows are steps of trainings, rather than trainings of several lengths: by a name that says one step, and many of them. */
function isCurveAxis(look: ColumnLook, rows: readonly number[], base: (i: number) => string): boolean {
  if (!AXES.has(plain(lastOf(withoutUnit(look.name))))) return false;
  const steps = groupsOf(rows, base).map((group) => new Set(group.map((i) => at(look, i))).size);
  return steps.filter((count) => count >= CURVE).length > steps.length / 2;
}

/** The power with which the length grows with the size, and the ratio where it is one; null where it does not grow so. */
function growthOf(
  x: ColumnLook,
  length: ColumnLook,
  ladder: readonly number[],
): { power: number; ratio: number }[] | null {
  const groups = groupsOf(ladder, (i) => at(x, i)).filter(([i]) => x.numbers[i!]! > 0);
  if (groups.length === 1) return isOneLength(length, groups[0]!) ? [] : null;
  if (groups.some((group) => !isOneLength(length, group))) return null;
  const points = groups
    .map(([i]) => ({ u: Math.log(x.numbers[i!]!), v: Math.log(length.numbers[i!]!) }))
    .sort((p, q) => p.u - q.u);
  if (points.some(({ u, v }) => !Number.isFinite(u + v))) return null;
  // Each size a longer training than the one before, along one straight line: nobody gets there by chance.
  if (points.some(({ v }, k) => k > 0 && v <= points[k - 1]!.v)) return null;
  const mean = (of: 'u' | 'v') => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [u0, v0] = [mean('u'), mean('v')];
  const power =
    points.reduce((sum, { u, v }) => sum + (u - u0) * (v - v0), 0) /
    points.reduce((sum, { u }) => sum + (u - u0) ** 2, 0);
  const off = Math.max(...points.map(({ u, v }) => Math.abs(v - v0 - power * (u - u0))));
  return off < 0.25 ? [{ power, ratio: Math.exp(v0 - u0) }] : null;
}

function alongLadder(x: ColumnLook, length: ColumnLook, growth: { power: number; ratio: number }[]): string {
  const { power, ratio } = growth[0] ?? { power: 1, ratio: 1 };
  const how =
    Math.abs(power - 1) < 0.03
      ? `${length.name} = ${Number(ratio.toPrecision(3))}·${x.name}`
      : `about as ${x.name}^${Number(power.toPrecision(2))}`;
  return `"${length.name}" grows with "${x.name}" (${how}): the law is along this ladder, and predicts sizes that are trained as long as it goes on.`;
}

function lengthQuestion(
  length: ColumnLook,
  rows: readonly number[],
  base: (i: number) => string,
  isCurve: boolean,
): Question {
  const [first, second] = [...new Set(rows.map((i) => length.cells[i]!))];
  const [, longest] = extremesOf(groupsOf(rows, base).map((group) => group.length));
  const both = { label: 'a law of both', role: 'tokens' as const, places: [length.index] };
  const curves = { label: 'curves: the last loss of each', role: 'step' as const, places: [length.index] };
  const answers = isCurve ? [both] : longest >= CURVE ? [curves, both] : longest > 1 ? [both, curves] : [both];
  return {
    field: 'tokens',
    sentence: `Column "${length.name}" has ${first} and ${second}: a law over x alone needs losses after equal training. Keep the rows of one value, or make it the column of tokens, to fit both.`,
    answers: [...answers, { label: 'leave it out of account', role: 'tokens', places: null }],
  };
}

/* Sweeps */

function chooseSwept(roles: Roles, rows: readonly number[], key: (i: number) => string): ColumnLook[] {
  const chosen = roles.of('sweep');
  const settings = roles.free().filter((look) => isOf(look, 'rate', 'setting') && look.isNumeric);
  const swept = [...chosen];
  // A setting that follows from another, as a final rate does from the peak, is no second one.
  for (const look of settings.sort((one, other) => order(one) - order(other))) {
    const groups = groupsOf(rows, (i) => [key(i), ...swept.map((one) => at(one, i))].join('\n'));
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
  'index',
  'error',
  'seeds',
  'state',
  'machine',
  'activation',
  'metric',
] as const;

/** @returns stems of run names that tell series apart, where nothing else does */
function leaveNothingOpen(
  roles: Roles,
  rows: readonly number[],
  key: (i: number) => string,
  notes: string[],
): string[] | null {
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
  const asked = roles.questions.some(({ field }) => field === 'tokens');
  // Who wants no series has what words tell apart taken together.
  const isLeft = (look: ColumnLook) => roles.request.series === null && look.isWords;
  const culprits = open.filter(
    (look) =>
      !isLeft(look) &&
      apart.some((group) => differs(look, group)) &&
      !(asked && isOf(look, 'tokens', 'steps', 'budget', 'ratio', 'compute')),
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
    const stems = stemsOf(names[0]!, rows, roles.one('x'));
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
        apart.find((group) => differs(look, group))!,
        rest.length > 0 ? rest : names,
      ),
    );
  return null;
}

const isNameOf = (look: ColumnLook, rows: readonly number[]): boolean =>
  (look.isWords || look.meaning === 'identity') && new Set(rows.map((i) => look.cells[i]!)).size > rows.length / 2;

function stemsOf(look: ColumnLook, rows: readonly number[], x: ColumnLook | null): string[] | null {
  const stems = look.cells.map((cell) => (factsIn(cell).length > 0 ? withoutFacts(cell) : ''));
  if (rows.some((i) => stems[i] === '')) return null;
  const own = rows.map((i) => stems[i]!);
  const isTold =
    new Set(own).size > 1 &&
    new Set(own).size < rows.length &&
    !determines(
      own,
      rows.map((i) => at(x, i)),
    );
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
  return {
    field: `columns.${look.index}`,
    sentence: `Column "${look.name}" has ${show(first)} and ${show(second)}${where}, where all that is known is equal${more}: is it swept, a seed, or a series?`,
    answers: [
      ...(numeric ? [{ label: 'swept: the best of each size', role: 'sweep' as const, places: index }] : []),
      { label: 'seeds: their mean', role: 'seed' as const, places: index },
      {
        label: 'series: each on its own',
        role: 'series' as const,
        places: [...roles.of('series').map((one) => one.index), look.index],
      },
      ...(numeric ? [{ label: 'the length of training', role: 'tokens' as const, places: index }] : []),
    ],
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
