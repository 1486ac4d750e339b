/** How long each row was trained: equal for all, along a ladder, a column of tokens, the steps of curves, or a question. */
import { alike, alikeIn, alikeInAll, groupsOf, type Alike } from './alike-rows.ts';
import { extremesOf, type ColumnLook } from './columns.ts';
import { lastOf, plain, withoutUnit } from './meanings.ts';
import { isOf, isWidthD, type Question, type Roles } from './roles.ts';

/** Trainings whose lengths differ by less than this share are of the same length: most often by part of a batch. */
const SAME_LENGTH = 0.01;
/** Rows of one training from which its losses are a curve rather than a few evaluations. */
const CURVE = 8;
/** Steps from which that is told where trainings stand at the same ones. */
const FEW = 3;

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
export function chooseLength(
  roles: Roles,
  rows: readonly number[],
  series: readonly (string | null)[],
  base: Alike,
  notes: string[],
): ColumnLook | null {
  const step = roles.one('step');
  const chosen = roles.one('tokens');
  const candidates = lengthsAmong(roles);
  // Of one size at one step two trainings are told apart by how long they were to be.
  const together = step && !chosen ? groupsOf(rows, alikeInAll(base, alikeIn(step))) : [];
  const own = candidates.filter((look) => together.some((group) => !isOneLength(look, group)));
  for (const look of candidates) {
    if (chosen || (step && !own.includes(look)))
      roles.give(look, null, `the length of training is told by "${(chosen ?? step)!.name}"`);
  }
  if (chosen) return chosen;
  if (step && own.length === 0) return null;
  const ladders = groupsOf(rows, alike(series));
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
  const seeds = roles.of('seed');
  const training = alikeInAll(base, ...seeds.map(alikeIn));
  const axis = step ? undefined : differing.find((look) => isCurveAxis(look, rows, base, training));
  if (axis) {
    roles.give(axis, 'step', axisReason(axis, rows, base));
    for (const look of differing) if (look !== axis) roles.give(look, null, `goes with "${axis.name}"`);
    return null;
  }
  const [length, ...others] = differing;
  if (!length) return null;
  for (const look of others) roles.give(look, null, `the length of training is told by "${length.name}"`);
  if (roles.request.tokens === null) {
    roles.give(length, null, 'left out of account, as chosen');
    roles.unwantedLengths.add(length.index);
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
  roles.questions.push(lengthQuestion(roles.one('x')!, length, rows, training, step !== null));
  return null;
}

const AXES = new Set(
  'step globalstep it iter iteration epoch update schritt étape etape paso passo шаг эпоха 步 步数 轮次'.split(' '),
);
const isAxisName = (look: ColumnLook): boolean => AXES.has(plain(lastOf(withoutUnit(look.name))));

/**
 * Whether rows are steps of trainings, rather than trainings of several lengths: a name that says one step, and many of them or the
 * same few in all trainings, evenly apart; or a step of 0 in each, which is no training's length.
 */
function isCurveAxis(look: ColumnLook, rows: readonly number[], base: Alike, training: Alike): boolean {
  if (isAxisName(look) || plain(lastOf(withoutUnit(look.name))) === 'steps') {
    if (haveMany(look, groupsOf(rows, base))) return true;
  }
  const groups = groupsOf(rows, training);
  const steps = sharedSteps(look, groups);
  if (steps.length > 1 && steps[0] === 0) return true;
  return isAxisName(look) && steps.length >= FEW && areEven(steps);
}

const haveMany = (look: ColumnLook, groups: readonly number[][]): boolean =>
  groups.filter((group) => stepsOf(look, group).length >= CURVE).length > groups.length / 2;

const stepsOf = (look: ColumnLook, group: readonly number[]): number[] =>
  [...new Set(group.map((i) => look.numbers[i]!))].sort((p, q) => p - q);

/** The steps of all trainings, where most stand at each of them equally often and none elsewhere; else none. */
function sharedSteps(look: ColumnLook, groups: readonly number[][]): number[] {
  const steps = stepsOf(look, groups.flat());
  const isWhole = (group: readonly number[]) => {
    const each = groupsOf(group, alikeIn(look)).map(({ length }) => length);
    return each.length === steps.length && each.every((count) => count === each[0]);
  };
  return groups.length > 1 && groups.filter(isWhole).length > groups.length / 2 ? steps : [];
}

/** 100, 200, 300 and 1, 100, 200: lengths of training are chosen by their ratio. */
function areEven(steps: readonly number[]): boolean {
  const apart = steps.slice(2).map((step, i) => step - steps[i + 1]!);
  const [first, whole] = [steps[1]! - steps[0]!, apart[0]!];
  const isNear = (one: number, other: number) => Math.abs(one - other) <= SAME_LENGTH * other;
  return apart.every((one) => isNear(one, whole)) && (isNear(first, whole) || isNear(steps[1]!, whole));
}

function axisReason(axis: ColumnLook, rows: readonly number[], base: Alike): string {
  if (haveMany(axis, groupsOf(rows, base))) return 'its name says a step, and every training has many';
  return rows.some((i) => axis.numbers[i] === 0)
    ? 'the trainings have the same ones, and no training is 0 long'
    : 'its name says a step, and the trainings have the same ones';
}

/** The power with which the length grows with the size, and the ratio where it is one; null where it does not grow so. */
function growthOf(
  x: ColumnLook,
  length: ColumnLook,
  ladder: readonly number[],
): { power: number; ratio: number }[] | null {
  const groups = groupsOf(ladder, alikeIn(x)).filter(([i]) => x.numbers[i!]! > 0);
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
  x: ColumnLook,
  length: ColumnLook,
  rows: readonly number[],
  training: Alike,
  isCurve: boolean,
): Question {
  const [first, second] = [...new Set(rows.map((i) => length.cells[i]!))];
  const [, longest] = extremesOf(groupsOf(rows, training).map((group) => stepsOf(length, group).length));
  const both = { label: 'a law of both', role: 'tokens' as const, places: [length.index] };
  const curves = { label: 'curves: the last loss of each', role: 'step' as const, places: [length.index] };
  const ofBoth = isOf(x, 'compute') ? [] : [both];
  const answers = isCurve
    ? ofBoth
    : longest >= CURVE || (longest > 1 && isAxisName(length))
      ? [curves, ...ofBoth]
      : longest > 1
        ? [...ofBoth, curves]
        : ofBoth;
  const which = answers.includes(curves)
    ? 'Are its rows points on the curves of trainings, or trainings of several lengths?'
    : ofBoth.length > 0
      ? 'Keep the rows of one value, or make it the column of tokens, to fit both.'
      : 'Keep the rows of one value, or give the parameters beside it, to fit both: FLOPs are no size of a model.';
  return {
    field: 'tokens',
    sentence: `Column "${length.name}" has ${first} and ${second}: a law over x alone needs losses after equal training. ${which}`,
    answers: [...answers, { label: 'leave it out of account', role: 'tokens', places: null }],
  };
}
