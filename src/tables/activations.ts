/** A coordinate check as a table: the size of an activation for each module, width and step, in whatever columns it stands. */
import type { ActivationMeasurement } from '../model/measurement.ts';
import type { ColumnLook } from './columns.ts';
import { plain } from './meanings.ts';
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
    } else roles.give(look, null, look.distinct <= 1 ? 'the same in all rows' : 'no part of a coordinate check');
  }
  return true;
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
    series: series.map((look) => look.cells[i]!).join(', ') || null,
    width: width.numbers[i]!,
    module: module.cells[i]!,
    step: step ? step.numbers[i]! : 0,
    seed: seeds[i]!,
    value: Number.isFinite(value.numbers[i]!) ? value.numbers[i]! : null,
  }));
}
