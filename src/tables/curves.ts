/** Rows that are steps of trainings: each training's losses on the way, and the last that all have. */
import type { Measurement } from '../model/measurement.ts';
import { saysDiverged } from './cell-numbers.ts';
import type { ColumnLook } from './columns.ts';
import { counted } from './sheet.ts';

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
  const all = curves.map(({ first, rows }) => {
    const name = [first.series, first.size].filter((one) => one !== null).join(' ');
    const last = rows.reduce((latest, i) => (step.numbers[i]! >= step.numbers[latest]! ? i : latest));
    return { first, curve: curveOf(rows, columns, notes, name), isLost: saysDiverged(loss.cells[last]!) };
  });
  const ends = all.flatMap(({ curve, isLost }) => (isLost ? [] : (curve.steps.at(-1) ?? [])));
  const common = ends.reduce((least, end) => Math.min(least, end), Infinity);
  const isEqual = ends.every((end) => end <= common * 1.01);
  if (ends.length > 0) {
    notes.push(
      haveOwnLengths
        ? `The losses are those at the last step of each of ${counted(all.length, 'training')}.`
        : isEqual
          ? `The losses are those at the last step, ${common}, of each of ${counted(all.length, 'training')}.`
          : `The trainings end at different steps; the losses are those at ${common} steps, the last that all have.`,
    );
  }
  return all.map(({ first, curve, isLost }) => {
    const end = haveOwnLengths ? curve.steps.length - 1 : curve.steps.findLastIndex((one) => one <= common * 1.01);
    return { ...first, loss: isLost || end < 0 ? null : curve.losses[end]!, curve };
  });
}
