/** What a program is given before its first segment of tokens: what it is evaluated on, initial parameters, and each run's own numbers. */
import { initialParameters } from '../model/initialise.ts';
import type { Cohort, CohortRun } from '../model/training.ts';
import { MULTIPLIERS } from './ops/context.ts';
import { rotationTable } from './ops/rotary.ts';
import { rulesOf, settingsOf } from './ops/update.ts';
import { NEVER, RUN } from './ops/update-slots.ts';
import { pack, tensorOfBlock, type ParameterLayout } from './parameters.ts';
import type { Program } from './program.ts';
import type { Session } from './session.ts';
import type { Slot } from './tape.ts';

/** @param runs the part of the cohort's runs that trains in this session. */
export function writeInputs(
  session: Session,
  io: Program['io'],
  layout: ParameterLayout,
  cohort: Cohort,
  runs: readonly CohortRun[],
): void {
  const { stream, shape, steps } = cohort;
  session.write(io.evaluationWindows, wholeBatches(stream.evaluation, shape.context + 1, io.evaluationWindows.entries));
  session.write(io.tensorOfBlock, asUploadable(tensorOfBlock(layout)));
  if (io.rotations) session.write(io.rotations, rotationTable(shape));
  for (const [slot, words] of io.constants) session.write(slot, words());
  runs.forEach((run, r) => {
    session.write(io.parameters, pack(layout, initialParameters(run.table, run.seed)), r * layout.stride);
    const rows: [Slot, Uint32Array<ArrayBuffer>][] = [
      [io.settings, settingsOf(run, steps)],
      [io.rules, rulesOf(run)],
      [io.multipliers, MULTIPLIERS.words(run.table.forward)],
      [io.runStates, RUN.words({ step: 0, divergedAt: NEVER })],
    ];
    for (const [slot, words] of rows) session.write(slot, words, r * words.length);
  });
}

/** Typed arrays are not over shared memory here. */
export function asUploadable(values: Uint32Array): Uint32Array<ArrayBuffer> {
  return values as Uint32Array<ArrayBuffer>;
}

/** Rounded up by repeating the first window; what that adds is not read. */
function wholeBatches(windows: Uint32Array, length: number, entries: number): Uint32Array<ArrayBuffer> {
  const padded = new Uint32Array(entries);
  padded.set(windows);
  for (let at = windows.length; at < entries; at += length) padded.set(windows.subarray(0, length), at);
  return padded;
}
