/**
 * A basin that was measured, carried by an experiment whose recipe was chosen from it, and what is to be said of a recipe that
 * does not lie in it. Yao & Wang (2023, arXiv 2304.06875) find that losses follow one law across widths only near a basin that
 * the widths share: elsewhere a fit to small widths may say nothing of large ones.
 */
import type { BasinCheck } from '../model/check-results.ts';
import { hyperparameterOf } from '../model/overrides.ts';
import type { Recipe } from '../model/recipe.ts';
import type { MeasuredBasin, Sweep } from '../model/study.ts';
import { placeOnGrid, type GridPlace } from './grid-place.ts';
import { listed, nats, PARAMETER_NAMES, valueWriter } from './wording.ts';

/**
 * The recipe that a basin belongs to, as JSON of its fields by path, in order: everything that can move a basin. Left out are
 * the name, the swept values and how it is evaluated.
 */
export function basinKey(recipe: Recipe, sweeps: readonly Pick<Sweep, 'parameter'>[]): string {
  const swept = new Set<string>(sweeps.map(({ parameter }) => parameter));
  const fields = fieldsOf(recipe).filter(
    ([path]) => !swept.has(path) && path !== 'name' && !path.startsWith('evaluation.'),
  );
  return JSON.stringify(Object.fromEntries(fields.sort(([a], [b]) => (a < b ? -1 : 1))));
}

/** Paths and values of all fields, those of a list counted from 0. */
function fieldsOf(value: unknown, path = ''): [string, unknown][] {
  if (value === null || typeof value !== 'object') return [[path, value]];
  return Object.entries(value).flatMap(([key, one]) => fieldsOf(one, path ? `${path}.${key}` : key));
}

/** @param recipe the one that was checked */
export function measuredBasin(check: BasinCheck, recipe: Recipe): MeasuredBasin {
  const sweeps = check.parameters.map((parameter, p) => ({ parameter, values: [...check.values[p]] }));
  return {
    key: basinKey(recipe, sweeps),
    sweeps,
    widths: check.maps.map(({ width }) => width),
    margin: check.margin,
    common: check.common.map(([i, j]) => [i, j]),
  };
}

/**
 * One sentence for a recipe that does not lie in the common basin; null for one that does: its nearest setting on the grid, up to
 * half a grid step beyond the ends, is good at all widths.
 */
export function basinNote(recipe: Recipe, basin: MeasuredBasin): string | null {
  const { sweeps, common, widths, margin } = basin;
  const measured = `widths ${listed(widths.map(String))}`;
  const different = differences(basinKey(recipe, sweeps), basin.key);
  if (different.length > 0) {
    return `The basin was measured on another recipe (${listed(different)} ${different.length === 1 ? 'differs' : 'differ'}), so nothing is known of a basin that widths of this one share, and only near such a basin do losses follow one law.`;
  }
  if (common.length === 0) {
    return `The ${measured} have no common basin: no setting that was measured is within ${nats(margin)} of the best at each of them, and without one losses of small widths need not predict those of large ones.`;
  }
  const places = sweeps.map(({ parameter, values }) => placeOnGrid(values, hyperparameterOf(recipe, parameter)));
  const isAt = (index: number, s: number) => places[s].isOnGrid && places[s].index === index;
  if (common.some((cell) => cell.every(isAt))) return null;
  const here = sweeps.map(
    ({ parameter, values }) =>
      `${PARAMETER_NAMES[parameter]} ${valueWriter(values)(hyperparameterOf(recipe, parameter))}`,
  );
  return `This recipe (${here.join(', ')}) lies outside the basin common to ${measured}, which is where losses are known to follow one law: set the ${remedy(basin, places)}.`;
}

/** More fields than this are counted, not named. */
const MOST_NAMED = 4;

/** Fields, as `optimizer.kind`, in which two keys differ. */
function differences(key: string, other: string): string[] {
  const [a, b] = [key, other].map(parseKey);
  if (!a || !b) return ['its key'];
  const paths = [...new Set([...Object.keys(a), ...Object.keys(b)])].sort();
  const changed = paths.filter((path) => a[path] !== b[path]);
  const fields = [...new Set(changed.map((path) => path.replace(/\.\d+(\..*)?$/, '')))];
  if (fields.length <= MOST_NAMED) return fields;
  return [...fields.slice(0, MOST_NAMED - 1), `${fields.length - MOST_NAMED + 1} more fields`];
}

/** A key may come from a link or a file: what is no list of fields is equal to none. */
function parseKey(key: string): Record<string, unknown> | null {
  try {
    const parsed: unknown = JSON.parse(key);
    return typeof parsed === 'object' ? (parsed as Record<string, unknown> | null) : null;
  } catch {
    return null;
  }
}

/** What one of the two swept hyperparameters would have to be; where neither alone will do, the nearest setting in the basin. */
function remedy({ sweeps, common }: MeasuredBasin, places: readonly GridPlace[]): string {
  const ways = sweeps.flatMap((sweep, s) => {
    const other = places[1 - s];
    const reachable = other.isOnGrid ? common.filter((cell) => cell[1 - s] === other.index) : [];
    return reachable.length > 0
      ? [
          indicesWords(
            sweep,
            reachable.map((cell) => cell[s]),
          ),
        ]
      : [];
  });
  if (ways.length > 0) return ways.join(', or the ');
  const distance = (cell: readonly number[]) => Math.hypot(...cell.map((index, s) => index - places[s].index));
  const nearest = common.reduce((best, cell) => (distance(cell) < distance(best) ? cell : best));
  return sweeps.map((sweep, s) => indicesWords(sweep, [nearest[s]])).join(' and the ');
}

/** "learning rate between 2^-5 and 2^-3" for values that follow one another on the grid, else one by one. */
function indicesWords({ parameter, values }: Sweep, indices: readonly number[]): string {
  const sorted = [...indices].sort((a, b) => a - b);
  const words = sorted.map((index) => valueWriter(values)(values[index]));
  const isRange = sorted.length > 1 && sorted[sorted.length - 1] - sorted[0] === sorted.length - 1;
  const where = isRange ? `between ${words[0]} and ${words[words.length - 1]}` : `to ${words.join(' or ')}`;
  return `${PARAMETER_NAMES[parameter]} ${where}`;
}
