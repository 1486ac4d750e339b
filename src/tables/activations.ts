/** A coordinate check as a table: the size of an activation for each module, width and step, in whatever columns it stands. */
import type { ActivationMeasurement } from '../model/measurement.ts';
import type { ColumnLook } from './columns.ts';
import { isSwitch, plain } from './meanings.ts';
import { isOf, type Roles } from './roles.ts';
import { seedNumbers } from './seed-numbers.ts';

const VALUES = [
  'l1',
  'meanabs',
  'absmean',
  'l1norm',
  'abs',
  'coordsize',
  'coord',
  'activation',
  'activations',
  'rms',
  'rmsnorm',
  'l2',
  'norm',
  'value',
];

/** Gives the roles of a coordinate check where a table is one; returns whether it is. */
export function isCoordinateCheck(roles: Roles): boolean {
  const module =
    roles.one('module') ??
    roles.free().find((look) => look.meaning === 'module' && look.isWords) ??
    roles
      .free()
      .find(
        (look) =>
          look.isWords &&
          ['layer', 'layers', 'name', 'param', 'parameter', 'weight', 'block'].includes(plain(look.name)) &&
          look.distinct > 1,
      );
  const width = roles.one('x') ?? roles.free().find((look) => isOf(look, 'width') && look.isNumeric);
  if (!module || !width) return false;
  const value = roles.one('y') ?? bestValue(roles, module);
  if (!value || (module.meaning !== 'module' && !roles.one('module') && value.meaning !== 'activation')) return false;
  const give = (look: ColumnLook, role: 'module' | 'x' | 'y' | 'step' | 'seed', reason: string) => {
    if (roles.isFree(look)) roles.give(look, role, reason);
  };
  give(module, 'module', 'its words name the parts of a model');
  give(width, 'x', 'its name says a width');
  give(value, 'y', 'its name says the size of an activation');
  const step = roles.free().find((look) => look.isNumeric && (look.meaning === 'steps' || plain(look.name) === 't'));
  if (step) roles.give(step, 'step', 'its name says a step');
  const seed = roles.free().find((look) => look.meaning === 'seed');
  if (seed) roles.give(seed, 'seed', 'its name says so');
  for (const look of roles.free()) {
    if (
      look.meaning === 'series' ||
      (look.isWords && look.meaning !== 'state' && look.distinct > 1 && look.distinct <= 12 && comesBack(look, width))
    ) {
      roles.give(look, 'series', 'its words come back at several widths');
    } else if (look.distinct <= 1) roles.give(look, null, 'the same in all rows');
  }
  const place = [module, width, value, ...(step ? [step] : []), ...(seed ? [seed] : []), ...roles.of('series')].filter(
    (look) => look !== value,
  );
  for (const look of roles.free()) {
    if (look.isNumeric && tellsApart(look, place) && !isOutcome(look)) settleNumbers(roles, look);
    else roles.give(look, null, 'no part of a coordinate check');
  }
  return true;
}

/** What is measured beside an activation, or counts what is averaged, tells no trainings apart. */
const isOutcome = (look: ColumnLook): boolean =>
  isOf(look, 'activation', 'spread', 'error', 'loss', 'auxiliary', 'prediction', 'time', 'index', 'state', 'seeds') ||
  /(^|_|\b)(idx|index|batch_?(idx|id|no|nr|index)?|std|var|mean|min|max|median)$/i.test(look.name);

/** Whether a column has several values where all else that is known is equal. */
function tellsApart(look: ColumnLook, place: readonly ColumnLook[]): boolean {
  const known = new Map<string, string>();
  return look.cells.some((cell, i) => {
    const key = place.map(({ cells }) => cells[i]).join('\n');
    const before = known.get(key);
    known.set(key, cell);
    return before !== undefined && before !== cell;
  });
}

/** Series that a chart can hold. */
const MOST_SERIES = 12;

/** A setting or a switch tells trainings apart; of other numbers it is asked. */
function settleNumbers(roles: Roles, look: ColumnLook): void {
  const isTold = isOf(look, 'rate', 'setting', 'layers', 'parameters', 'series') || isSwitch(look.name);
  if (isTold && look.distinct <= MOST_SERIES) {
    roles.give(look, 'series', 'its values differ where all else is equal');
    return;
  }
  roles.give(look, null, 'it differs where all else is equal: to be settled');
  roles.questions.push({
    field: `columns.${look.index}`,
    sentence: `Column "${look.name}" has several values at one width, module and step: does it tell trainings apart, or repeats of one?`,
    answers: [
      {
        label: 'series: each on its own',
        role: 'series',
        places: [...roles.of('series').map(({ index }) => index), look.index],
      },
      { label: 'seeds: their mean', role: 'seed', places: [look.index] },
      { label: 'it counts for nothing', role: 'none', places: [look.index] },
    ],
  });
}

/** Whether every word stands at several widths: the name of a run of one width does not. */
function comesBack(look: ColumnLook, width: ColumnLook): boolean {
  const widths = new Map<string, Set<number>>();
  look.cells.forEach((cell, i) => widths.set(cell, (widths.get(cell) ?? new Set()).add(width.numbers[i]!)));
  return [...widths.values()].every((all) => all.size > 1);
}

function bestValue(roles: Roles, module: ColumnLook): ColumnLook | undefined {
  const free = roles.free().filter((look) => look.isNumeric && look !== module);
  const named = free.filter((look) => look.meaning === 'activation' || VALUES.includes(plain(look.name)));
  return named.sort((one, other) => place(one) - place(other))[0];
}

const place = (look: ColumnLook): number => (VALUES.indexOf(plain(look.name)) + VALUES.length) % VALUES.length;

/** @param rows places of the rows that can be read */
export function activationsIn(roles: Roles, rows: readonly number[]): ActivationMeasurement[] {
  const [module, width, value, step, seed] = [
    roles.one('module')!,
    roles.one('x')!,
    roles.one('y')!,
    roles.one('step'),
    roles.one('seed'),
  ];
  const series = roles.of('series');
  const seeds = seedNumbers(seed ? [seed] : [], value.cells.length);
  return rows.map((i) => ({
    series:
      series
        .map((look) =>
          look.isNumeric && look.meaning !== 'series' ? `${look.name} ${look.cells[i]!}` : look.cells[i]!,
        )
        .join(', ') || null,
    width: width.numbers[i]!,
    module: module.cells[i]!,
    step: step ? step.numbers[i]! : 0,
    seed: seeds[i]!,
    value: Number.isFinite(value.numbers[i]!) ? value.numbers[i]! : null,
  }));
}
