/** Rows that are steps of trainings: each training's losses on the way, and the last that all have. */
import type { Measurement } from '../model/measurement.ts';
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

/** Ascending; where a step stands twice, as after a resumed training, the later row counts. */
export function curveOf(
  rows: readonly number[],
  step: ColumnLook,
  loss: ColumnLook,
  notes: string[],
  name: string,
): { steps: number[]; losses: number[] } {
  const at = new Map<number, number>();
  for (const i of rows) at.set(step.numbers[i]!, loss.numbers[i]!);
  const steps = [...at.keys()].sort((p, q) => p - q);
  const twice = rows.length - steps.length;
  if (twice > 0)
    notes.push(
      `${name ? `${name}: ` : ''}${counted(twice, 'step')} ${twice === 1 ? 'stands' : 'stand'} twice, as after a resumed training; the later row counts.`,
    );
  return { steps, losses: steps.map((one) => at.get(one)!) };
}

/** Each with its losses on the way, and the loss at the last step that all have. */
export function ofCurves(
  curves: readonly { first: Measurement; rows: number[] }[],
  step: ColumnLook,
  loss: ColumnLook,
  notes: string[],
): Measurement[] {
  const all = curves.map(({ first, rows }) => ({
    first,
    curve: curveOf(
      rows.filter((i) => Number.isFinite(loss.numbers[i]!)),
      step,
      loss,
      notes,
      [first.series, first.size].filter((one) => one !== null).join(' '),
    ),
  }));
  const ends = all.flatMap(({ curve }) => curve.steps.at(-1) ?? []);
  const common = Math.min(...ends);
  const isEqual = ends.every((end) => end <= common * 1.01);
  notes.push(
    isEqual
      ? `The losses are those at the last step, ${common}, of each of ${counted(all.length, 'training')}.`
      : `The trainings end at different steps; the losses are those at ${common} steps, the last that all have.`,
  );
  return all.map(({ first, curve }) => {
    const end = curve.steps.findLastIndex((one) => one <= common * 1.01);
    return { ...first, loss: end < 0 ? null : curve.losses[end]!, curve };
  });
}
