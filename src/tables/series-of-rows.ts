/** Whose each row is: the columns whose words tell experiments apart, and the names that they give. */
import { alike, alikeIn, alikeInAll, determines, joined, type Alike } from './alike-rows.ts';
import type { ColumnLook } from './columns.ts';
import { isSwitch, type Meaning } from './meanings.ts';
import type { Roles } from './roles.ts';
import { quoted } from './sheet.ts';

/** Sizes that make a ladder. */
const LADDER = 3;

/** @returns the name of each row's series; null where there is only one */
export function chooseSeries(roles: Roles, rows: readonly number[]): (string | null)[] {
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
  const sizes = alikeIn(roles.one('x')!);
  const several = rows.some((i) => sizes[i] !== sizes[rows[0]!]);
  const found = roles.free().filter((look) => {
    if (look.meaning === 'series') return true;
    const isTold = look.isWords || (isSwitch(look.name) && look.distinct === 2) || isMixed(look);
    if (!isTold || !mayTellSeries(look)) return false;
    const cells = rows.map((i) => look.cells[i]!);
    const names = new Set(cells);
    if (names.size < 2 || areOfRuns(cells) || (look.distinct < 2 && !partsEverySize(look, sizes, rows))) return false;
    if (!several) return true;
    const named = alike(look.cells);
    // A name that stands at one size only is a label of that size or of a run.
    if (determines(named, sizes, rows)) return false;
    // Where no size has two of the names, they may be labels of groups of sizes; ladders of their own are longer.
    return (
      !determines(sizes, named, rows) ||
      [...names].every(
        (name) => new Set(rows.filter((i) => look.cells[i] === name).map((i) => sizes[i])).size >= LADDER,
      )
    );
  });
  const kept: ColumnLook[] = [];
  for (const look of found.sort(
    (one, other) =>
      Number(other.meaning === 'series') - Number(one.meaning === 'series') ||
      one.distinct - other.distinct ||
      one.index - other.index,
  )) {
    const [first, ...more] = kept.map(({ cells }) => alike(cells));
    if (first && determines(alikeInAll(first, ...more), alike(look.cells), rows)) {
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
          determines(alike(finer.cells), alike(look.cells), rows),
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
function partsEverySize({ cells }: ColumnLook, sizes: Alike, rows: readonly number[]): boolean {
  const surplus = new Map<number, number>();
  for (const i of rows) surplus.set(sizes[i]!, (surplus.get(sizes[i]!) ?? 0) + (cells[i] === '' ? -1 : 1));
  return [...surplus.values()].every((one) => one === 0);
}

/** Words among numbers: "7B" beside "adam". */
const isMixed = (look: ColumnLook): boolean => !look.isNumeric && look.filled > 0;

/** Of these numbers are told, so that words under such a name are of something else: "param" above "sp" and "mup". */
const WORDLESS: ReadonlySet<Meaning> = new Set<Meaning>([
  'size',
  'width',
  'parameters',
  'layers',
  'compute',
  'rate',
  'setting',
]);

const mayTellSeries = (look: ColumnLook): boolean =>
  look.meaning === null ||
  ((look.isWords || look.meaning === 'size') && WORDLESS.has(look.meaning)) ||
  look.meaning === 'identity' ||
  look.meaning === 'module' ||
  isSwitch(look.name) ||
  look.meaning === 'index';
