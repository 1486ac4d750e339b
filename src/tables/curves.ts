/** Rows that are steps of trainings: each training's losses on the way, and the last that all have. */
import type { Measurement } from '../model/measurement.ts';
import { saysDiverged } from './cell-numbers.ts';
import type { ColumnLook } from './columns.ts';
import { counted } from './sheet.ts';

/** Between a seed and the next repeat of it: more than any seed, so that none is taken for another. */
export const REPEAT = 2 ** 33;

/** Whether a column ascends through the rows of each training, and most of these have several. */
export function ascendsWithin(steps: ColumnLook, training: ColumnLook): boolean {
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

/** One training's rows, by their places. */
export interface CurveRows {
  first: Measurement;
  rows: number[];
}

/** What the rows of trainings are read by. */
export interface CurveColumns {
  step: ColumnLook;
  loss: ColumnLook;
  /** In nats, of a row. */
  lossAt(row: number): number;
}

/** Ascending; where a step stands twice, as after a resumed training, the later row counts. */
export function curveOf(
  rows: readonly number[],
  { step, loss, lossAt }: CurveColumns,
  notes: string[],
  name: string,
): { steps: number[]; losses: number[] } {
  const known = rows.filter((i) => Number.isFinite(loss.numbers[i]!));
  const at = new Map(known.map((i) => [step.numbers[i]!, lossAt(i)]));
  const steps = [...at.keys()].sort((p, q) => p - q);
  const twice = known.length - steps.length;
  if (twice > 0) {
    notes.push(
      `${name ? `${name}: ` : ''}${counted(twice, 'step')} ${twice === 1 ? 'stands' : 'stand'} twice, as after a resumed training; the later row counts.`,
    );
  }
  return { steps, losses: steps.map((one) => at.get(one)!) };
}

/**
 * Each with its losses on the way, and the loss at the last step that all have; at its own last where lengths of training are told.
 * Null for one whose last row says that it diverged.
 */
export function ofCurves(
  curves: readonly CurveRows[],
  columns: CurveColumns,
  notes: string[],
  haveOwnLengths: boolean,
): Measurement[] {
  const { step, loss } = columns;
  const each = curves.flatMap((one) => repeatsIn(one, step, notes));
  const all = each.map(({ first, rows }) => {
    const name = [first.series, first.size].filter((one) => one !== null).join(' ');
    const last = rows.reduce((latest, i) => (step.numbers[i]! >= step.numbers[latest]! ? i : latest));
    return { first, curve: curveOf(rows, columns, notes, name), isLost: saysDiverged(loss.cells[last]!) };
  });
  const ends = all.flatMap(({ curve, isLost }) => (isLost ? [] : (curve.steps.at(-1) ?? [])));
  const common = commonStep(all.flatMap(({ curve, isLost }) => (isLost ? [] : [curve.steps])));
  const isEqual = ends.every((end) => end <= common * (1 + NEAR));
  if (ends.length > 0) {
    notes.push(
      haveOwnLengths
        ? `The losses are those at the last step of each of ${counted(all.length, 'training')}.`
        : isEqual
          ? `The losses are those at the last step, ${common}, of each of ${counted(all.length, 'training')}.`
          : common > 0
            ? `The trainings end at different steps; the losses are those at ${common} steps, the last that all have.`
            : 'The trainings have no step in common, so no losses of equal training can be compared.',
    );
  }
  return all.flatMap(({ first, curve, isLost }): Measurement[] => {
    const end = haveOwnLengths
      ? curve.steps.length - 1
      : curve.steps.findLastIndex((one) => one <= common * (1 + NEAR));
    if (isLost) return [{ ...first, loss: null, curve }];
    return end < 0 ? [] : [{ ...first, loss: curve.losses[end]!, curve }];
  });
}

/** Steps that differ by less than this share are one: trainings log a step before or after another. */
export const NEAR = 0.01;

/** The last step that all have logged, within 1 %; 0 where there is none. */
export function commonStep(curves: readonly (readonly number[])[]): number {
  const [fewest] = [...curves].sort((p, q) => p.length - q.length);
  const sets = curves.map((steps) => [...steps]);
  const isNear = (step: number) => (steps: readonly number[]) => {
    // Ascending: the last one not beyond it is the nearest below.
    const at = steps.findLastIndex((one) => one <= step * (1 + NEAR));
    return at >= 0 && steps[at]! >= step * (1 - NEAR);
  };
  return fewest?.findLast((step) => sets.every(isNear(step))) ?? 0;
}

/** Share of the steps that stand several times from which rows are several trainings, not one that was resumed. */
const REPEATED = 0.8;

/** Whole trainings under one name, each by itself: their repeats are counted as seeds are. */
function repeatsIn(curve: CurveRows, step: ColumnLook, notes: string[]): CurveRows[] {
  const seen = new Map<number, number>();
  const turns = curve.rows.map((i) => {
    const turn = seen.get(step.numbers[i]!) ?? 0;
    seen.set(step.numbers[i]!, turn + 1);
    return turn;
  });
  const counts = [...seen.values()];
  const isRepeated = counts.length > 1 && counts.filter((count) => count > 1).length >= REPEATED * counts.length;
  if (!isRepeated) return [curve];
  const sentence = 'Steps that stand several times through a whole training are taken as repeats of it.';
  if (!notes.includes(sentence)) notes.push(sentence);
  return Array.from({ length: Math.max(...counts) }, (_, turn) => ({
    first: { ...curve.first, id: `${curve.first.id}, repeat ${turn + 1}`, seed: curve.first.seed + turn * REPEAT },
    rows: curve.rows.filter((_, k) => turns[k] === turn),
  }));
}
