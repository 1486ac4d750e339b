/** Section "kernels": where the time of a training step goes, each launch timed alone. */
import { recordCohort } from '../../src/gpu/capacity.ts';
import { FILL } from '../../src/gpu/engine.ts';
import { writeInputs } from '../../src/gpu/inputs.ts';
import { MatmulChoices } from '../../src/gpu/matmul/choices.ts';
import { timeOf, tune } from '../../src/gpu/matmul/tuner.ts';
import { NEVER, RUN } from '../../src/gpu/ops/update-slots.ts';
import { Session } from '../../src/gpu/session.ts';
import type { KernelFigures, KernelRow } from './figures.ts';
import { BATCHES, cohortName, gptCohort, gptOfWidth } from './gpt.ts';
import type { Section } from './section.ts';
import { spreadOf } from './spread.ts';

/** Widths and runs. A cohort of small models, and a large one, are for an adapter that has the room. */
const FULL = {
  software: [
    [16, 1],
    [64, 1],
    [256, 1],
  ],
  gpu: [
    [64, 1],
    [64, 16],
    [256, 1],
    [512, 1],
  ],
};
const QUICK = [[32, 1]];
const ROUNDS = 5;

export const kernels: Section<KernelFigures> = async ({ device, adapter }, { quick, tell }) => {
  const { software } = adapter;
  const matmuls = new MatmulChoices({ software, subgroups: device.features.has('subgroups') });
  const target = { fill: FILL[software ? 'software' : 'gpu'], matmuls };
  const sizes = quick ? QUICK : FULL[software ? 'software' : 'gpu'];
  const rounds = quick ? 1 : ROUNDS;
  const columns: KernelFigures['columns'] = [];
  for (const [width, runs] of sizes) {
    const cohort = gptCohort(gptOfWidth(width), { steps: BATCHES, runs });
    recordCohort(cohort, runs, target);
    // Its patience may end before all shapes have raced.
    while (matmuls.missing.size > 0) await tune(device, matmuls);
    const { program, layout } = recordCohort(cohort, runs, target);
    const session = await Session.prepare(device, program.slots, program.step);
    try {
      writeInputs(session, program.io, layout, cohort, cohort.runs);
      const times = new Map(program.step.map((launch) => [launch, [] as number[]]));
      for (let round = 1; round <= rounds; round++) {
        tell(`kernels: ${cohortName(width, runs)}, round ${round} of ${rounds}`);
        for (const [launch, own] of times) {
          // The update's preparation counts steps, and many times over it would count past the last batch.
          session.write(program.io.clock, new Uint32Array(program.io.clock.entries));
          session.write(program.io.runStates, RUN.words(...cohort.runs.map(() => ({ step: 0, divergedAt: NEVER }))));
          own.push(await timeOf(session, launch));
        }
      }
      const names = [...new Set(program.step.map(({ kernel }) => groupOf(kernel.label)))];
      const rows = names.map((kernel): KernelRow => {
        const launches = program.step.filter((launch) => groupOf(launch.kernel.label) === kernel);
        const rowRounds = Array.from({ length: rounds }, (_, round) =>
          launches.reduce((sum, launch) => sum + times.get(launch)![round], 0),
        );
        return { kernel, launches: launches.length, time: spreadOf(rowRounds) };
      });
      columns.push({ width, runs, rows });
    } finally {
      session.destroy();
    }
  }
  return { columns };
};

/** Which variant multiplies is another section's matter. */
const groupOf = (label: string) => (label.startsWith('matmul ') ? 'matrix products' : label);
