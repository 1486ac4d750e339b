/** The rows of a settled table as measurements. */
import type { Measurement } from '../model/measurement.ts';
import { alike, alikeIn, alikeInAll, groupsOf, type Alike } from './alike-rows.ts';
import { saysNothing, saysUnfinished } from './cell-numbers.ts';
import type { ColumnLook } from './columns.ts';
import { ofCurves, type CurveRows, REPEAT } from './curves.ts';
import { lossLogarithmOf } from './meanings.ts';
import type { Reading } from './reading.ts';
import { isOf, type Roles } from './roles.ts';
import { scaleOf } from './scales.ts';
import { seedNumbers } from './seed-numbers.ts';
import { counted, quoted, type Sheet } from './sheet.ts';

/** A size whose loss is not known yet. */
export interface WantedLoss {
  series: string | null;
  size: number;
  tokens: number | null;
}

export function measured(
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
  const repeats = new Map<number, number>();
  const sizeOf = scaleOf(x, tokens !== null, notes);
  const tokensOf = tokens && scaleOf(tokens, true, notes);
  if (tokens && isOf(tokens, 'steps')) {
    notes.push(
      `"${tokens.name}" counts steps: where FLOPs are told as 6 N D, D is in these, and they are to be multiplied with the tokens of a step.`,
    );
  }
  const lossAt = lossesOf(loss, notes);
  // An error of a logarithm, or of the loss itself? Nothing tells.
  const isLogarithm = lossLogarithmOf(loss.name)?.base != null;
  if (isLogarithm && error)
    notes.push(`"${error.name}" stands beside logarithms of losses and is left out of account.`);
  const valueOf = swept.map((look) => scaleOf(look, false, notes));
  const measurements: Measurement[] = [];
  const wanted: WantedLoss[] = [];
  // Repeats that nothing tells apart are counted.
  const place = alikeInAll(alike(series), ...[x, tokens, ...swept].map((look) => look && alikeIn(look)), alike(seedOf));
  const seen = new Map<number, number[]>();
  const curves = new Map<number, CurveRows>();
  const diverged = roles.looks.find(
    ({ name, isNumeric }) => /^(seeds?|runs?|trainings?) diverged$/i.test(name) && isNumeric,
  );
  // Columns of yes and no that say that the training of a row diverged.
  const switches = roles.looks.filter(({ name }) => /^(is|has)?_?diverged$/i.test(name.trim()));
  let copies = 0;
  const known = roles.looks.filter(
    (look) => roles.roleOf(look) !== null || !isOf(look, 'index', 'identity', 'prediction', 'spread'),
  );
  const again = step
    ? new Set<number>()
    : saidAgain(usable, loss, alikeInAll(alikeIn(x), ...known.map((look) => (look === loss ? null : alikeIn(look)))));
  if (again.size > 0) {
    notes.push(
      `${counted(again.size, 'row')} ${again.size === 1 ? 'says' : 'say'} again, rounded, what another row says, and ${again.size === 1 ? 'counts' : 'count'} for nothing.`,
    );
  }
  const equal = alikeInAll(alikeIn(x), ...known.map(alikeIn));
  for (const i of usable) {
    if (again.has(i)) continue;
    const size = sizeOf(x.numbers[i]!);
    const trained = tokensOf ? tokensOf(tokens.numbers[i]!) : null;
    const lost = diverged?.numbers[i] || (switches.some(({ cells }) => SAYS_YES.test(cells[i]!)) ? 1 : 0);
    if (saysNothing(loss.cells[i]!) && !(lost > 0)) {
      wanted.push({ series: series[i]!, size, tokens: trained });
      continue;
    }
    const setting = swept.map((look, k) => valueOf[k]!(look.numbers[i]!));
    const hyperparameters: Record<string, number> = {};
    for (const [k, value] of setting.entries()) if (!Number.isNaN(value)) hyperparameters[swept[k]!.name] = value;
    const measurement: Measurement = {
      id: `row ${sheet.rows[i]!.number}`,
      series: series[i]!,
      size,
      hyperparameters,
      seed: seedOf[i]!,
      tokens: trained,
      loss: Number.isFinite(loss.numbers[i]!) ? lossAt(i) : null,
      ...(error && !isLogarithm && error.numbers[i]! >= 0 ? { standardError: error.numbers[i]! } : {}),
      ...(seeds && seeds.numbers[i]! >= 1 ? { seeds: seeds.numbers[i]! } : {}),
    };
    if (step) {
      const curve = curves.get(place[i]!);
      if (curve) curve.rows.push(i);
      else curves.set(place[i]!, { first: measurement, rows: [i] });
      continue;
    }
    // Rows that are equal in everything that is known, as it is written, are one row that stands twice.
    const twins = seen.get(equal[i]!) ?? [];
    if (twins.some((k) => known.every(({ cells }) => cells[k] === cells[i]))) {
      copies++;
      continue;
    }
    seen.set(equal[i]!, [...twins, i]);
    const { id, seed, tokens: length } = measurement;
    for (let k = 0; k < lost; k++) {
      measurements.push({
        id,
        series: series[i]!,
        size,
        hyperparameters,
        seed: seed + (k + 1) * LOST,
        tokens: length,
        loss: null,
      });
    }
    if (saysNothing(loss.cells[i]!)) continue;
    const before = repeats.get(place[i]!) ?? 0;
    repeats.set(place[i]!, before + 1);
    measurements.push(before === 0 ? measurement : { ...measurement, seed: measurement.seed + before * REPEAT });
  }
  if (copies > 0)
    notes.push(
      copies === 1 ? 'One row stands twice and counts once.' : `${copies} rows stand more than once and count once.`,
    );
  if (step) {
    // Along a curve an empty loss was not looked at; of a size without any it is wanted.
    const placeOf = (one: WantedLoss) => [one.series, one.size, one.tokens].join('\0');
    const places = new Set([...curves.values()].map(({ first }) => placeOf(first)));
    for (const [i, cell] of loss.cells.entries()) {
      const one = {
        series: series[i]!,
        size: sizeOf(x.numbers[i]!),
        tokens: tokensOf ? tokensOf(tokens.numbers[i]!) : null,
      };
      if (!saysNothing(cell) || !(one.size > 0) || Number.isNaN(one.tokens) || places.has(placeOf(one))) continue;
      places.add(placeOf(one));
      wanted.push(one);
    }
  }
  if (step) measurements.push(...ofCurves([...curves.values()], { step, loss, lossAt }, notes, tokens !== null));
  return { measurements, wanted };
}

/** Fewer decimals than these are as likely those of another loss. */
const LEAST_DECIMALS = 2;
/** More decimals than a number holds. */
const MOST_DECIMALS = 17;

/**
 * Rows that are equal to another one but for a loss with fewer decimals, which is the other's rounded: the same training in another
 * list. Two seeds may meet so by chance, but not most of all settings that have several rows.
 */
function saidAgain(rows: readonly number[], loss: ColumnLook, key: Alike): Set<number> {
  const groups = groupsOf(rows, key).filter((group) => group.length > 1);
  const decimals = (i: number) => /[.,](\d+)$/.exec(loss.cells[i]!)?.[1]!.length ?? 0;
  const found = groups.map((group) => {
    const lengths = new Map(group.map((i) => [i, decimals(i)]));
    const tellable = [...new Set(lengths.values())].filter((few) => few >= LEAST_DECIMALS && few <= MOST_DECIMALS);
    return tellable.flatMap((few) => {
      const finer = group.filter((i) => lengths.get(i)! > few).map((i) => loss.numbers[i]!.toFixed(few));
      if (finer.length === 0) return [];
      const rounded = new Set(finer);
      return group.filter((i) => lengths.get(i) === few && rounded.has(loss.numbers[i]!.toFixed(few)));
    });
  });
  const isList = found.filter((all) => all.length > 0).length > groups.length / 2 && groups.length > 1;
  return new Set(isList ? found.flat() : []);
}

/** The losses of rows in nats. */
export function lossesOf({ name, meaning, numbers }: ColumnLook, notes: string[]): (row: number) => number {
  const log = lossLogarithmOf(name);
  if (log?.base) {
    const { base, letter } = log;
    const told = `"${name}" holds logarithms of losses and is read as ${letter}^(${name}).`;
    if (!notes.includes(told)) notes.push(told);
    return (row) => base ** numbers[row]!;
  }
  if (meaning !== 'perplexity') return (row) => numbers[row]!;
  const said = `The losses are the natural logarithms of "${name}".`;
  if (!notes.includes(said)) notes.push(said);
  return (row) => Math.log(numbers[row]!);
}

const SAYS_YES = /^(true|yes|1|x|ja|oui)$/i;

/** Between a seed and those of the same setting that diverged. */
const LOST = 2 ** 44;

const isUnfinished = (cell: string): boolean => saysUnfinished(cell) || /^(running|pending|queued)$/i.test(cell);

/** Rows that a column says did not end well, by their places: they have no final loss. */
export function unfinishedRows(roles: Roles, notes: string[]): Set<number> {
  const loss = roles.one('y')!;
  const states = roles.looks.filter((look) => isOf(look, 'state') && roles.roleOf(look) === null);
  const rows = new Set<number>();
  for (const { name, cells } of states) {
    const words = new Set<string>();
    for (const [i, cell] of cells.entries()) {
      if (!isUnfinished(cell) || saysNothing(loss.cells[i]!)) continue;
      rows.add(i);
      words.add(cell);
    }
    if (words.size > 0)
      notes.push(
        `Rows whose "${name}" is ${[...words].join(' or ')} are left out: their losses are not those of finished trainings.`,
      );
  }
  const words = loss.cells.flatMap((cell, i) => (saysUnfinished(cell) ? [{ cell, i }] : []));
  for (const { i } of words) rows.add(i);
  if (words.length > 0) {
    const cells = [...new Set(words.map(({ cell }) => cell))];
    notes.push(
      `${counted(words.length, 'row')} whose "${loss.name}" says ${quoted(cells, 'or')} ${words.length === 1 ? 'is' : 'are'} left out: that training came to no end.`,
    );
  }
  return rows;
}
