/** What a program is given before its first step: tokens, initial parameters, and each run's own numbers. */
import { initialParameters } from '../model/initialise.ts';
import type { Cohort, CohortRun } from '../model/training.ts';
import { rotationTable } from './ops/rotary.ts';
import { NEVER, rulesOf, settingsOf } from './ops/update.ts';
import { pack, tensorOfBlock, type ParameterLayout } from './parameters.ts';
import type { Program } from './program.ts';
import type { Session } from './session.ts';

/** @param runs the part of the cohort's runs that trains in this session. */
export function writeInputs(
  session: Session,
  io: Program['io'],
  layout: ParameterLayout,
  cohort: Cohort,
  runs: readonly CohortRun[],
): void {
  const { stream, shape, steps } = cohort;
  session.write(io.trainStream, asUploadable(stream.train));
  session.write(io.trainStarts, asUploadable(stream.trainStarts.subarray(0, io.trainStarts.entries)));
  session.write(io.evaluationStream, asUploadable(stream.evaluation));
  session.write(io.evaluationStarts, paddedStarts(stream.evaluationStarts, io.evaluationStarts.entries));
  session.write(io.tensorOfBlock, asUploadable(tensorOfBlock(layout)));
  if (io.rotations) session.write(io.rotations, rotationTable(shape));
  for (const [slot, words] of io.constants) session.write(slot, words());
  runs.forEach((run, r) => {
    session.write(io.parameters, pack(layout, initialParameters(run.table, run.seed)), r * layout.stride);
    session.write(io.settings, settingsOf(run, steps), r * 8);
    const rules = rulesOf(run);
    session.write(io.rules, rules, r * rules.length);
    const { embedding, attention, branch, unembedding } = run.table.forward;
    session.write(io.multipliers, new Float32Array([embedding, attention, branch, unembedding]), r * 4);
    session.write(io.runStates, new Uint32Array([0, NEVER]), r * 2);
  });
}

function asUploadable(values: Uint32Array): Uint32Array<ArrayBuffer> {
  return values as Uint32Array<ArrayBuffer>;
}

/** The window rounded up to whole batches by repeating its first sequence; what that adds is not read. */
function paddedStarts(starts: Uint32Array, entries: number): Uint32Array<ArrayBuffer> {
  const padded = new Uint32Array(entries).fill(starts[0]);
  padded.set(starts);
  return padded;
}
